#include "engine/difference/difference.hpp"

#include "tests/unit/engine/difference/difference_fixture.hpp"

#include <cerrno>
#include <string>
#include <vector>

using namespace beatsync;
using engine::direction;
using engine::on_conflict;
using lines = std::vector<std::string>;

BOOST_FIXTURE_TEST_SUITE(set_difference, tests::difference_fixture)

BOOST_AUTO_TEST_CASE(uploads_what_the_bucket_lacks) {
  for (const auto* name : {"a.txt", "a/x", "a b", "only/here", "z"}) local(name);
  for (const auto* name : {"a.txt", "a/x", "only/there", "zz"}) remote(name);
  const auto all = run(direction::upload);
  BOOST_TEST(all.moves() == (lines{"a b > p/a b missing", "only/here > p/only/here missing",
                                   "z > p/z missing"}),
             boost::test_tools::per_element());
  BOOST_TEST(all.unchanged == 2U);
  BOOST_TEST(all.compared == 7U);
  BOOST_TEST(!all.stopped);
}

BOOST_AUTO_TEST_CASE(downloads_what_the_library_lacks) {
  for (const auto* name : {"a.txt", "a/x", "only/here"}) local(name);
  for (const auto* name : {"a.txt", "a/x", "a/y", "only/there"}) remote(name, "12345");
  const auto all = run(direction::download);
  BOOST_TEST(all.moves() == (lines{"p/a/y > a/y missing", "p/only/there > only/there missing"}),
             boost::test_tools::per_element());
  BOOST_REQUIRE(all.actions.size() == 2U);
  BOOST_TEST(all.actions[0].size == 5U);
  BOOST_TEST(all.actions[0].etag == bucket->find("p/a/y")->etag);
  BOOST_TEST(!all.actions[0].target_exists);
  BOOST_TEST(!all.actions[0].mtime_known);
  BOOST_TEST(all.differs.size() == 2U);
}

BOOST_AUTO_TEST_CASE(reports_other_sizes_and_leaves_them) {
  local("x", "123");
  remote("x", "12345");
  for (const auto way : {direction::upload, direction::download}) {
    const auto all = run(way);
    BOOST_TEST(all.actions.empty());
    BOOST_REQUIRE(all.differs.size() == 1U);
    BOOST_TEST(all.differs[0].local_size == 3U);
    BOOST_TEST(all.differs[0].remote_size == 5U);
    BOOST_TEST(all.differs[0].key == "p/x");
    BOOST_TEST(all.differs[0].path == "x");
  }
}

BOOST_AUTO_TEST_CASE(lets_the_source_win_when_asked) {
  local("x", "123", 77);
  remote("x", "12345");
  const auto up = run(direction::upload, on_conflict::source_wins);
  BOOST_REQUIRE(up.moves() == lines{"x > p/x differs"});
  BOOST_TEST(up.actions[0].target_exists);
  BOOST_TEST(up.actions[0].etag == bucket->find("p/x")->etag);
  BOOST_TEST(up.actions[0].size == 3U);
  BOOST_TEST(up.actions[0].mtime_ns == 77);
  const auto down = run(direction::download, on_conflict::source_wins);
  BOOST_REQUIRE(down.moves() == lines{"p/x > x differs"});
  BOOST_TEST(down.actions[0].target_exists);
  BOOST_TEST(down.actions[0].target_size == 3U);
  BOOST_TEST(down.actions[0].target_mtime_ns == 77);
}

BOOST_AUTO_TEST_CASE(drops_markers_and_junk_of_the_bucket) {
  for (const auto* name : {"d/", "", "deep/er/"}) remote(name, "");
  for (const auto* name : {"._x", ".DS_Store", "d/Thumbs.db", "x"}) remote(name);
  const auto all = run(direction::download);
  BOOST_TEST(all.moves() == lines{"p/x > x missing"}, boost::test_tools::per_element());
  BOOST_TEST(all.refusals.empty());
  BOOST_TEST(all.compared == 1U);
}

BOOST_AUTO_TEST_CASE(refuses_keys_that_are_no_paths) {
  for (const auto* name : {"../escape", "a//b", "a/./b", "/etc/passwd", "full/", "ok"}) {
    remote(name);
  }
  remote(std::string(256, 'x'));
  const auto all = run(direction::download);
  BOOST_TEST(all.moves() == lines{"p/ok > ok missing"}, boost::test_tools::per_element());
  BOOST_TEST(
      all.refused() == (lines{"p/../escape skipped hostile_name",
                              "p//etc/passwd skipped hostile_name", "p/a/./b skipped hostile_name",
                              "p/a//b skipped hostile_name", "p/full/ skipped hostile_name",
                              "p/" + std::string(256, 'x') + " skipped invalid_name"}),
      boost::test_tools::per_element());
  for (const auto& r : all.refusals) {
    BOOST_TEST(!r.message.empty());
    if (r.why == engine::reason::hostile_name) BOOST_TEST(r.path.empty());
  }
  // On upload they are somebody else's business.
  BOOST_TEST(run(direction::upload).refusals.empty());
}

BOOST_AUTO_TEST_CASE(says_of_archived_objects_that_they_are) {
  tests::stored_object object;
  object.bytes = "1";
  object.etag = "e";
  object.archived = true;
  bucket->put("p/cold", object);
  const auto missing = run(direction::download);
  BOOST_REQUIRE(missing.actions.size() == 1U);
  BOOST_TEST(missing.actions[0].archived);
  local("cold", "123");
  const auto other = run(direction::download, on_conflict::source_wins);
  BOOST_REQUIRE(other.actions.size() == 1U);
  BOOST_TEST(other.actions[0].archived);
}

BOOST_AUTO_TEST_CASE(finds_names_that_are_file_and_folder) {
  for (const auto* name : {"a", "a.b", "a/b", "a/c/d", "f/x", "ok/1"}) remote(name);
  local("f");
  const auto all = run(direction::download);
  BOOST_TEST(
      all.moves() == (lines{"p/a > a missing", "p/a.b > a.b missing", "p/ok/1 > ok/1 missing"}),
      boost::test_tools::per_element());
  BOOST_TEST(all.refused() == (lines{"p/a/b failed collision", "p/a/c/d failed collision",
                                     "p/f/x failed collision"}),
             boost::test_tools::per_element());
}

// One object named like a folder that is here does not keep the rest out of that folder.
BOOST_AUTO_TEST_CASE(fills_a_folder_beside_an_object_of_its_name) {
  for (const auto* name : {"House", "House.txt", "House/new1", "House/old", "House/sub/new2",
                           "Empty", "Empty/x", "Link", "Link/x", "Techno", "Techno/x"}) {
    remote(name);
  }
  local("House/old");
  files.add_folder("/lib/Empty");
  files.add_folder("/elsewhere");
  files.add_link("/lib/Link", "/elsewhere");
  const auto all = run(direction::download);
  BOOST_TEST(all.moves() == (lines{"p/Empty/x > Empty/x missing", "p/House.txt > House.txt missing",
                                   "p/House/new1 > House/new1 missing",
                                   "p/House/sub/new2 > House/sub/new2 missing",
                                   "p/Link > Link missing", "p/Techno > Techno missing"}),
             boost::test_tools::per_element());
  BOOST_TEST(all.refused() == (lines{"p/Empty failed collision", "p/House failed collision",
                                     "p/Link/x failed collision", "p/Techno/x failed collision"}),
             boost::test_tools::per_element());
  BOOST_TEST(all.unchanged == 1U);
}

BOOST_AUTO_TEST_CASE(finds_that_folder_across_pages) {
  remote("House");
  for (int i = 0; i < 2'500; ++i) remote("House-" + std::to_string(100'000 + i));
  remote("House/new");
  local("House/old");
  const auto all = run(direction::download);
  BOOST_TEST(all.refused() == lines{"p/House failed collision"}, boost::test_tools::per_element());
  BOOST_REQUIRE(all.actions.size() == 2'501U);
  BOOST_TEST(all.actions.back().path == "House/new");
}

BOOST_AUTO_TEST_CASE(looks_for_a_folder_only_where_there_may_be_one) {
  local("z");
  for (int i = 0; i < 3'000; ++i) remote("x" + std::to_string(100'000 + i));
  remote("a");
  remote("a.b");
  remote("a/b");
  std::size_t looks = 0;
  files.set_script([&looks](const tests::fs_event& e) {
    if (e.operation == "status_of") ++looks;
    return 0;
  });
  BOOST_TEST(run(direction::download).actions.size() == 3'002U);
  BOOST_TEST(looks <= 5U);  // at `a`, the last names of three pages, and the scan at `z`
}

BOOST_AUTO_TEST_CASE(names_odd_files_of_the_source) {
  local("ok");
  files.add_special("/lib/pipe", engine::file_kind::fifo);
  files.add_link("/lib/lost", "nowhere");
  local("\xff");
  const auto all = run(direction::upload);
  BOOST_TEST(all.refused() == (lines{"p/lost skipped dangling_link", "p/pipe skipped not_regular",
                                     "\xff skipped invalid_name"}),
             boost::test_tools::per_element());
  BOOST_TEST(all.moves() == lines{"ok > p/ok missing"}, boost::test_tools::per_element());
  // As a target they matter only where they stand in the way.
  remote("pipe");
  const auto down = run(direction::download);
  BOOST_TEST(down.refused() == lines{"p/pipe failed collision"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(takes_an_unreadable_folder_for_unknown_not_for_empty) {
  local("a/x");
  local("b/y");
  remote("a/z");
  remote("b/z");
  files.set_script([](const tests::fs_event& e) {
    return e.operation == "open_folder" && e.path == "/lib/a" ? EACCES : 0;
  });
  const auto up = run(direction::upload);
  BOOST_TEST(up.refused() == lines{"p/a/ skipped unreadable"}, boost::test_tools::per_element());
  BOOST_TEST(up.moves() == lines{"b/y > p/b/y missing"}, boost::test_tools::per_element());
  const auto down = run(direction::download);
  BOOST_TEST(down.refused() == lines{"p/a/z skipped unreadable"}, boost::test_tools::per_element());
  BOOST_TEST(down.moves() == lines{"p/b/z > b/z missing"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_own_leftovers) {
  local("d/.beatsync-0123456789abcdef.part");
  BOOST_TEST(run(direction::download).stale == lines{"d/.beatsync-0123456789abcdef.part"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(works_without_a_local_folder) {
  remote("x");
  boost::asio::io_context context;
  tests::memory_store store(context.get_executor(), bucket);
  boost::asio::thread_pool pool(1);
  engine::difference_inputs inputs;
  inputs.way = direction::download;
  inputs.prefix = "p/";
  inputs.store = &store;
  inputs.files = &files;
  inputs.file_threads = &pool;
  tests::difference_run all;
  engine::difference_stream stream(inputs);
  auto collecting = collect(stream, all);
  boost::asio::co_spawn(context, std::move(collecting), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  context.run();
  BOOST_TEST(all.moves() == lines{"p/x > x missing"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_listing_that_fails_stops_everything) {
  local("x");
  remote("y");
  bucket->set_script([](const tests::store_event& e) {
    tests::interference what;
    if (is_list(e)) what.refuse = tests::scripted_error(s3::errc::access_denied, 403);
    return what;
  });
  const auto all = run(direction::upload);
  BOOST_REQUIRE(all.stopped);
  BOOST_TEST(all.actions.empty());
  BOOST_REQUIRE(all.stopped->error);
  BOOST_TEST((all.stopped->error->code == s3::errc::access_denied));
}

BOOST_AUTO_TEST_CASE(a_second_page_that_fails_stops_it_too) {
  for (int i = 0; i < 2'500; ++i) remote("x" + std::to_string(100'000 + i));
  bucket->set_script([](const tests::store_event& e) {
    tests::interference what;
    if (is_list(e) && e.number == 2) {
      what.refuse = tests::scripted_error(s3::errc::connection_lost);
    }
    return what;
  });
  const auto all = run(direction::download);
  BOOST_REQUIRE(all.stopped);
  BOOST_TEST(all.actions.size() == 1'000U);  // what was certain was handed out before
}

BOOST_AUTO_TEST_CASE(a_library_that_goes_away_stops_it) {
  local("a");
  remote("b");
  files.set_script([this](const tests::fs_event& e) {
    if (e.operation == "status_of") files.exchange("/lib");
    return 0;
  });
  for (const auto way : {direction::upload, direction::download}) {
    BOOST_TEST(run(way).stopped.has_value());
    local("a");
  }
}

BOOST_AUTO_TEST_CASE(the_first_decisions_do_not_wait_for_the_end) {
  for (int i = 0; i < 3'000; ++i) remote("x" + std::to_string(100'000 + i));
  std::size_t lists = 0;
  bucket->set_script([&lists](const tests::store_event& e) {
    if (is_list(e)) ++lists;
    return tests::interference();
  });
  boost::asio::io_context context;
  tests::memory_store store(context.get_executor(), bucket);
  boost::asio::thread_pool pool(1);
  auto root = files.open_root("/lib");
  BOOST_REQUIRE(root);
  engine::difference_inputs inputs;
  inputs.way = direction::download;
  inputs.prefix = "p/";
  inputs.root = root->get();
  inputs.root_path = "/lib";
  inputs.store = &store;
  inputs.files = &files;
  inputs.file_threads = &pool;
  engine::difference_stream stream(inputs);
  std::size_t lists_at_first = 0;
  const auto take_one = [&]() -> boost::asio::awaitable<void> {
    const auto first = co_await stream.next();
    BOOST_TEST(first.has_value());
    BOOST_TEST(!first->actions.empty());
    BOOST_TEST(!first->last);
    lists_at_first = lists;
    co_await stream.drain();
  };
  boost::asio::co_spawn(context, take_one, [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  context.run();
  BOOST_TEST(lists_at_first <= 2U);  // the page at hand and the one read ahead
}

BOOST_AUTO_TEST_SUITE_END()
