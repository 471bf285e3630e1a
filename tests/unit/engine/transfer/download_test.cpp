/// Downloads when something is wrong with the object: damaged, changing, gone, archived. What the
/// disk has against them is in download_disk_test.cpp.

#include "tests/unit/engine/sync/sync_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

BOOST_AUTO_TEST_SUITE(transfer_download)

using namespace beatsync;
using namespace beatsync::tests;
using engine::outcome;
using engine::reason;

namespace {

const std::vector<std::size_t> kinds{200, 1500, 5000};

}  // namespace

BOOST_AUTO_TEST_CASE(damage_is_found_and_tried_once_more) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.put("a.mp3", some_bytes(size));
    bool first = true;
    world.threads.transfers = 1;
    world.bucket->set_script([&](const store_event& e) {
      interference what;
      if (e.what == store_call::get && first) {
        first = false;
        what.flip_bit = true;
      }
      return what;
    });
    const auto how = world.download();
    BOOST_TEST(how.count.done == 1U, size);
    BOOST_TEST((world.file("a.mp3") == some_bytes(size)), size);
    world.check_nothing_left();
  }
}

BOOST_AUTO_TEST_CASE(damage_that_stays_leaves_nothing_or_what_was_there) {
  for (const bool keeps_checksums : {true, false}) {  // else the MD5 in the ETag tells
    for (const std::size_t size : kinds) {
      sync_fixture world;
      world.store_settings.keeps_checksums = keeps_checksums;
      world.bucket = std::make_shared<memory_bucket>(world.store_settings);
      world.put("new.mp3", some_bytes(size));
      world.put("old.mp3", some_bytes(size));
      world.add_file("old.mp3", "what was there");
      world.bucket->set_script([](const store_event&) {
        interference what;
        what.flip_bit = true;
        return what;
      });
      auto task = world.task(engine::direction::download);
      task.conflict = engine::on_conflict::source_wins;
      const auto how = world.run(task);
      BOOST_TEST(how.count.failed == 2U, size);
      BOOST_TEST((world.seen.of("dj/music/new.mp3").why == reason::corrupt), size);
      BOOST_TEST(!world.file("new.mp3").has_value());
      BOOST_TEST(world.file("old.mp3").value() == "what was there");
      world.check_totals(how);
      world.check_nothing_left();
    }
  }
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_early_without_a_word_is_found_by_the_listed_size) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.store_settings.keeps_checksums = false;
    world.store_settings.md5_etags = false;
    world.bucket = std::make_shared<memory_bucket>(world.store_settings);
    world.put("a.mp3", some_bytes(size));
    world.bucket->set_script([](const store_event&) {
      interference what;
      what.cut = 100;
      return what;
    });
    const auto how = world.download();
    BOOST_TEST((world.seen.of("dj/music/a.mp3").why == reason::corrupt), size);
    BOOST_TEST(how.count.failed == 1U);
    BOOST_TEST(!world.file("a.mp3").has_value());
    world.check_nothing_left();
  }
}

BOOST_AUTO_TEST_CASE(without_any_evidence_the_item_says_so) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.store_settings.keeps_checksums = false;
    world.store_settings.md5_etags = false;
    world.bucket = std::make_shared<memory_bucket>(world.store_settings);
    world.put("a.mp3", some_bytes(size));
    const auto how = world.download();
    BOOST_TEST(how.count.done == 1U);
    BOOST_TEST(how.count.unverified == 1U, size);
    BOOST_TEST(world.seen.of("dj/music/a.mp3").unverified);
  }
}

BOOST_AUTO_TEST_CASE(other_algorithms_than_ours_are_verified_too) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.store_settings.checksums = {s3::checksum_algorithm::crc32};
    world.bucket = std::make_shared<memory_bucket>(world.store_settings);
    world.put("a.mp3", some_bytes(size));
    world.put("b.mp3", some_bytes(size, 2));
    const auto how = world.download();
    BOOST_TEST(how.count.done == 2U, size);
    BOOST_TEST(how.count.unverified == 0U, size);
  }
}

BOOST_AUTO_TEST_CASE(an_object_that_changes_once_comes_in_its_new_form) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.threads.transfers = 1;
    world.put("a.mp3", some_bytes(size, 1));
    int gets = 0;
    world.bucket->set_script([&](const store_event& e) {
      if (e.what == store_call::get && ++gets == (size > 2000 ? 3 : 1)) {
        world.put("a.mp3", some_bytes(size + 700, 2));
      }
      return interference();
    });
    const auto how = world.download();
    BOOST_TEST(how.count.done == 1U, size);
    BOOST_TEST((world.file("a.mp3") == some_bytes(size + 700, 2)), size);
    world.check_totals(how);
    world.check_nothing_left();
  }
}

BOOST_AUTO_TEST_CASE(an_object_that_keeps_changing_is_not_claimed) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.put("a.mp3", some_bytes(size));
    std::atomic<unsigned> version{0};
    world.bucket->set_script([&](const store_event& e) {
      if (e.what == store_call::get) world.put("a.mp3", some_bytes(size, ++version + 5));
      return interference();
    });
    const auto how = world.download();
    BOOST_TEST((world.seen.of("dj/music/a.mp3").why == reason::changed), size);
    BOOST_TEST(!world.file("a.mp3").has_value());
    BOOST_TEST(how.count.failed == 1U);
    world.check_nothing_left();
  }
}

BOOST_AUTO_TEST_CASE(archived_and_vanished_objects_are_skipped) {
  sync_fixture world;
  world.put("gone.mp3", "x");
  world.put("cold.mp3", "x");
  world.put("fine.mp3", "x");
  world.bucket->set_script([&](const store_event& e) {
    interference what;
    if (e.what == store_call::get && e.key.ends_with("gone.mp3")) {
      what.refuse = scripted_error(s3::errc::no_such_key, 404, "NoSuchKey");
    }
    if (e.what == store_call::get && e.key.ends_with("cold.mp3")) {
      what.refuse = scripted_error(s3::errc::archived, 403, "InvalidObjectState");
    }
    return what;
  });
  const auto how = world.download();
  BOOST_TEST((world.seen.of("dj/music/gone.mp3").why == reason::vanished));
  BOOST_TEST((world.seen.of("dj/music/cold.mp3").why == reason::archived));
  BOOST_TEST(how.count.skipped == 2U);
  BOOST_TEST(how.count.done == 1U);
}

namespace {

stored_object listed_as_archived() {
  stored_object object;
  object.bytes = "x";
  object.etag = "e";
  object.archived = true;
  return object;
}

}  // namespace

// The listing names the storage class; that a copy was restored stands in the object's head only.
BOOST_AUTO_TEST_CASE(of_archived_objects_those_that_were_restored_come) {
  sync_fixture world;
  world.bucket->put("dj/music/cold.mp3", listed_as_archived());
  world.bucket->put("dj/music/restored.mp3", listed_as_archived());
  world.bucket->set_script([&](const store_event& e) {
    if (e.what == store_call::head && e.key.ends_with("restored.mp3")) {
      auto restored = listed_as_archived();
      restored.archived = false;
      world.bucket->put(e.key, restored);
    }
    return interference();
  });
  auto task = world.task(engine::direction::download);
  task.dry_run = true;
  BOOST_TEST(world.run(task).count.skipped == 2U);
  BOOST_TEST(world.bucket->count(store_call::head) == 0U);
  const auto how = world.download();
  BOOST_TEST(how.count.done == 1U);
  BOOST_TEST(world.file("restored.mp3").value() == "x");
  BOOST_TEST((world.seen.of("dj/music/cold.mp3").why == reason::archived));
  BOOST_TEST(world.bucket->count(store_call::get) == 1U);
  world.check_totals(how);
}

BOOST_AUTO_TEST_SUITE_END()
