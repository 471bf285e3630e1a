/// Uploads when something is in the way: files that change, stores that know less, other DJs.

#include "tests/unit/engine/sync/sync_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>

BOOST_AUTO_TEST_SUITE(transfer_upload)

using namespace beatsync;
using namespace beatsync::tests;
using engine::outcome;
using engine::reason;

namespace {

/// One of each kind: a file job, one streamed request, parts.
const std::vector<std::size_t> kinds{200, 1500, 5000};

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_that_changes_once_is_uploaded_as_it_is_then) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.add_file("a.mp3", some_bytes(size, 1));
    bool changed = false;
    // When the store is half through the body (or, for a small file, when it was just read).
    world.files->set_script([&](const fs_event& e) {
      if (e.operation == "read" && !changed) {
        changed = true;
        world.files->add_file("/stick/DJ Music/a.mp3", some_bytes(size, 2),
                              1'700'000'000'000'000'000);
      }
      return 0;
    });
    const auto how = world.upload();
    BOOST_TEST(how.count.done == 1U, size);
    BOOST_TEST((world.object("a.mp3") == some_bytes(size, 2)), size);
    world.check_totals(how);
    world.check_nothing_left();
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_keeps_changing_is_not_claimed) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.add_file("a.mp3", some_bytes(size, 1));
    world.add_file("b.mp3", "at rest");
    std::int64_t time = 1'700'000'000'000'000'000;
    world.files->set_script([&](const fs_event& e) {
      if (e.operation == "read" && e.path.ends_with("/a.mp3")) {
        world.files->add_file(e.path, some_bytes(size, 3), ++time);
      }
      return 0;
    });
    const auto how = world.upload();
    BOOST_TEST((world.seen.of("dj/music/a.mp3").result == outcome::failed), size);
    BOOST_TEST((world.seen.of("dj/music/a.mp3").why == reason::changed), size);
    BOOST_TEST(!world.object("a.mp3").has_value(), size);
    BOOST_TEST(world.object("b.mp3").has_value());
    world.check_totals(how);
    world.check_nothing_left();
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_cut_while_it_goes_out_is_not_claimed) {
  for (const std::size_t size : {std::size_t{1500}, std::size_t{5000}}) {
    sync_fixture world;
    world.add_file("a.mp3", some_bytes(size));
    world.bucket->set_script([&](const store_event& e) {
      interference what;
      if (e.what == store_call::put || e.what == store_call::upload_part) {
        what.midway = [&] { world.files->add_file("/stick/DJ Music/a.mp3", "short", 5); };
      }
      return what;
    });
    const auto how = world.upload();
    // The short file is what there is now, and it is uploaded whole.
    BOOST_TEST(how.count.done == 1U, size);
    BOOST_TEST(world.object("a.mp3").value() == "short", size);
    world.check_nothing_left();
  }
}

BOOST_AUTO_TEST_CASE(stores_that_know_fewer_checksums_are_served) {
  using algorithm = s3::checksum_algorithm;
  for (const auto& known : {std::vector<algorithm>{algorithm::crc32c}, std::vector<algorithm>{}}) {
    for (const std::size_t size : kinds) {
      sync_fixture world;
      world.store_settings.checksums = known;
      world.bucket = std::make_shared<memory_bucket>(world.store_settings);
      world.add_file("a.mp3", some_bytes(size));
      const auto how = world.upload();
      BOOST_TEST(how.count.done == 1U, size);
      BOOST_TEST((world.object("a.mp3") == some_bytes(size)), size);
      BOOST_TEST(world.bucket->find("dj/music/a.mp3")->sum.known() == !known.empty());
      world.check_nothing_left();
    }
  }
}

BOOST_AUTO_TEST_CASE(stores_without_conditional_writes_are_served) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.store_settings.conditional_writes = false;
    world.bucket = std::make_shared<memory_bucket>(world.store_settings);
    world.add_file("a.mp3", some_bytes(size));
    world.add_file("b.mp3", some_bytes(size, 2));
    BOOST_TEST(world.upload().count.done == 2U, size);
    BOOST_TEST((world.object("a.mp3") == some_bytes(size)), size);
    world.check_nothing_left();
  }
}

BOOST_AUTO_TEST_CASE(nobody_elses_upload_is_overwritten) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.add_file("a.mp3", some_bytes(size));
    bool come = false;
    world.bucket->set_script([&](const store_event& e) {
      const bool last_step = e.what == store_call::put || e.what == store_call::complete_upload;
      if (last_step && !come) {
        come = true;
        world.put("a.mp3", "theirs");
      }
      return interference();
    });
    const auto how = world.upload();
    BOOST_TEST((world.seen.of("dj/music/a.mp3").result == outcome::skipped), size);
    BOOST_TEST((world.seen.of("dj/music/a.mp3").why == reason::differs), size);
    BOOST_TEST(world.object("a.mp3").value() == "theirs");
    world.check_totals(how);
    world.check_nothing_left();
  }
}

BOOST_AUTO_TEST_CASE(an_object_that_changed_since_the_listing_is_not_replaced) {
  sync_fixture world;
  world.add_file("a.mp3", "mine");
  world.put("a.mp3", "listed by us");
  world.bucket->set_script([&](const store_event& e) {
    if (e.what == store_call::put) world.put("a.mp3", "theirs");
    return interference();
  });
  auto task = world.task(engine::direction::upload);
  task.conflict = engine::on_conflict::source_wins;
  const auto how = world.run(task);
  BOOST_TEST((world.seen.of("dj/music/a.mp3").why == reason::changed));
  BOOST_TEST(how.count.failed == 1U);
  BOOST_TEST(world.object("a.mp3").value() == "theirs");
}

namespace {

/// The last request of an upload is answered so, the first `times` times.
memory_bucket::script last_step_refused(s3::errc code, int http, int times) {
  return [=, left = std::make_shared<int>(times)](const store_event& e) {
    interference what;
    const bool last_step = e.what == store_call::put || e.what == store_call::complete_upload;
    if (last_step && (*left)-- > 0) what.refuse = scripted_error(code, http);
    return what;
  };
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_object_that_is_said_to_be_there_and_is_not_is_uploaded) {
  for (const std::size_t size : kinds) {
    for (const bool lost_upload : {false, true}) {
      sync_fixture world;
      world.add_file("a.mp3", some_bytes(size));
      const auto code = lost_upload ? s3::errc::no_such_upload : s3::errc::precondition_failed;
      world.bucket->set_script(last_step_refused(code, lost_upload ? 404 : 409, 1));
      BOOST_TEST(world.upload().count.done == 1U, size);
      BOOST_TEST((world.object("a.mp3") == some_bytes(size)), size);
      world.check_nothing_left();
    }
  }
}

BOOST_AUTO_TEST_CASE(an_upload_that_the_store_never_takes_is_a_failure) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.add_file("a.mp3", some_bytes(size));
    world.bucket->set_script(last_step_refused(s3::errc::precondition_failed, 409, 100));
    BOOST_TEST(world.upload().count.failed == 1U, size);
    BOOST_TEST((world.seen.of("dj/music/a.mp3").why == reason::store), size);
    world.check_nothing_left();
  }
}

BOOST_AUTO_TEST_CASE(one_501_does_not_end_the_conditions_of_all) {
  sync_fixture world;
  for (const char* name : {"a.mp3", "b.mp3"}) world.add_file(name, name);
  auto task = world.task(engine::direction::upload);
  bool refused = false;
  world.bucket->set_script([&](const store_event& e) {
    interference what;
    if (e.what != store_call::put) return what;
    if (e.key.ends_with("a.mp3") && !std::exchange(refused, true)) {
      what.refuse = scripted_error(s3::errc::server_failed, 501, "NotImplemented");
    } else if (e.key.ends_with("a.mp3")) {
      world.put("a.mp3", "theirs");  // held against the condition still
    }
    return what;
  });
  world.run(task);
  BOOST_TEST(world.object("a.mp3").value() == "theirs");
  BOOST_TEST(world.object("b.mp3").value() == "b.mp3");
}

BOOST_AUTO_TEST_CASE(our_own_upload_whose_answer_was_lost_counts_as_done) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.add_file("a.mp3", some_bytes(size));
    // The first try stored it; the client's second try of the same request meets it.
    bool first = true;
    world.bucket->set_script([&](const store_event& e) {
      interference what;
      const bool last_step = e.what == store_call::put || e.what == store_call::complete_upload;
      if (last_step && first) {
        first = false;
        what.lose = scripted_error(s3::errc::precondition_failed, 412);
      }
      return what;
    });
    BOOST_TEST(world.upload().count.done == 1U, size);
    BOOST_TEST((world.object("a.mp3") == some_bytes(size)), size);
  }
}

BOOST_AUTO_TEST_CASE(a_failed_part_aborts_the_whole) {
  sync_fixture world;
  world.add_file("a.mp3", some_bytes(9000));
  world.bucket->set_script([](const store_event& e) {
    interference what;
    if (e.what == store_call::upload_part && e.part == 3) {
      what.refuse = scripted_error(s3::errc::server_failed, 500, "InternalError");
    }
    return what;
  });
  const auto how = world.upload();
  BOOST_TEST((world.seen.of("dj/music/a.mp3").why == reason::store));
  BOOST_TEST(world.seen.of("dj/music/a.mp3").error->service_code == "InternalError");
  BOOST_TEST(!world.object("a.mp3").has_value());
  BOOST_TEST(how.unanswered_aborts.empty());
  world.check_totals(how);
  world.check_nothing_left();
}

BOOST_AUTO_TEST_CASE(an_abort_without_answer_is_named) {
  sync_fixture world;
  world.add_file("a.mp3", some_bytes(9000));
  world.bucket->set_script([](const store_event& e) {
    interference what;
    if (e.what == store_call::complete_upload || e.what == store_call::abort_upload) {
      what.refuse = scripted_error(s3::errc::timed_out);
    }
    return what;
  });
  const auto how = world.upload();
  BOOST_TEST(how.count.failed == 1U);
  BOOST_REQUIRE(how.unanswered_aborts.size() == 1U);
  BOOST_TEST(how.unanswered_aborts.front() == "dj/music/a.mp3 (upload-1)");
}

BOOST_AUTO_TEST_CASE(damage_on_the_way_is_tried_once_more) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.add_file("a.mp3", some_bytes(size));
    int damaged = 0;
    world.bucket->set_script([&](const store_event& e) {
      interference what;
      if ((e.what == store_call::put || e.what == store_call::upload_part) && damaged++ == 0) {
        what.refuse = scripted_error(s3::errc::checksum_mismatch, 400, "BadDigest");
      }
      return what;
    });
    BOOST_TEST(world.upload().count.done == 1U, size);
    BOOST_TEST((world.object("a.mp3") == some_bytes(size)), size);
    world.check_nothing_left();
  }
}

// Written in place after its part was summed up: the store sees other bytes than were announced.
BOOST_AUTO_TEST_CASE(a_large_file_that_is_written_meanwhile_is_not_called_damaged) {
  for (const int times : {1, 100}) {
    sync_fixture world;
    world.threads.transfers = 1;
    world.add_file("a.mp3", some_bytes(5000, 1));
    int written = 0;
    world.bucket->set_script([&](const store_event& e) {
      interference what;
      if (e.what == store_call::upload_part && written < times) {
        world.files->add_file("/stick/DJ Music/a.mp3", some_bytes(5000, 2),
                              1'700'000'000'000'000'000 + ++written);
        what.refuse = scripted_error(s3::errc::checksum_mismatch, 400, "BadDigest");
      }
      return what;
    });
    const auto how = world.upload();
    BOOST_TEST(how.count.done == (times == 1 ? 1U : 0U));
    if (times == 1) BOOST_TEST((world.object("a.mp3") == some_bytes(5000, 2)));
    if (times != 1) BOOST_TEST((world.seen.of("dj/music/a.mp3").why == reason::changed));
    BOOST_TEST(!how.stopped.has_value());
    world.check_nothing_left();
  }
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read_are_skipped_and_the_rest_done) {
  sync_fixture world;
  world.add_file("locked.mp3", "x");
  world.add_file("gone.mp3", "x");
  world.add_file("bad sector.mp3", "x");
  world.add_file("fine.mp3", "x");
  world.files->set_script([](const fs_event& e) {
    if (e.operation == "open_file" && e.path.ends_with("locked.mp3")) return EACCES;
    if (e.operation == "open_file" && e.path.ends_with("gone.mp3")) return ENOENT;
    if (e.operation == "read" && e.path.ends_with("sector.mp3")) return EIO;
    return 0;
  });
  const auto how = world.upload();
  BOOST_TEST((world.seen.of("dj/music/locked.mp3").why == reason::unreadable));
  BOOST_TEST((world.seen.of("dj/music/gone.mp3").why == reason::vanished));
  BOOST_TEST((world.seen.of("dj/music/bad sector.mp3").result == outcome::failed));
  BOOST_TEST(how.count.done == 1U);
  BOOST_TEST(how.count.skipped == 2U);
  BOOST_TEST(!how.stopped);
  world.check_totals(how);
}

BOOST_AUTO_TEST_CASE(running_out_of_handles_is_waited_for) {
  sync_fixture world;
  for (int i = 0; i < 10; ++i) world.add_file(std::to_string(i), "x");
  int refused = 0;
  world.files->set_script([&](const fs_event& e) {
    if (e.operation == "open_file" && refused < 20) {
      ++refused;
      return EMFILE;
    }
    return 0;
  });
  BOOST_TEST(world.upload().count.done == 10U);
}

BOOST_AUTO_TEST_CASE(another_stick_in_its_place_stops_the_run) {
  sync_fixture world;
  for (int i = 0; i < 20; ++i) world.add_file(std::to_string(i), "x");
  int reads = 0;
  world.files->set_script([&](const fs_event& e) {
    if (e.operation == "read" && ++reads == 3) {
      world.files->exchange("/stick/DJ Music");
      return EIO;
    }
    return 0;
  });
  const auto how = world.upload();
  BOOST_TEST(how.stopped.has_value());
  BOOST_TEST(!how.stopped->interrupted);
  BOOST_TEST(how.count.done < 20U);
  world.check_totals(how);
}

BOOST_AUTO_TEST_CASE(a_missing_permission_stops_the_run_with_one_message) {
  sync_fixture world;
  for (int i = 0; i < 100; ++i) world.add_file(std::to_string(i), "x");
  world.bucket->set_script([](const store_event& e) {
    interference what;
    if (e.what == store_call::put) {
      what.refuse = scripted_error(s3::errc::access_denied, 403, "AccessDenied");
    }
    return what;
  });
  const auto how = world.upload();
  BOOST_REQUIRE(how.stopped.has_value());
  BOOST_TEST((how.stopped->error->code == s3::errc::access_denied));
  BOOST_TEST(how.count.failed < 100U);
  world.check_totals(how);
}

BOOST_AUTO_TEST_SUITE_END()
