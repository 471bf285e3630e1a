#include "tests/unit/engine/copy/copy_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(bucket_copies)

using namespace beatsync;
using namespace beatsync::engine;
using namespace beatsync::tests;

BOOST_FIXTURE_TEST_CASE(every_size_is_copied_whole, two_buckets) {
  std::vector<std::size_t> sizes = {0, 1, 999, 1'000, 1'999, 2'000, 2'001, 5'000, 5'001};
  for (const auto size : sizes) {
    from->put("music/" + std::to_string(size), some_bytes(size), {{"mtime", "1700000000.25"}});
  }
  const report how = run();
  BOOST_TEST(!how.stopped);
  BOOST_TEST(how.count.done == sizes.size());
  for (const auto size : sizes) {
    BOOST_TEST((copied(std::to_string(size)) == some_bytes(size)), size);
    const auto object = to->find("copy/" + std::to_string(size));
    BOOST_REQUIRE(object.has_value());
    BOOST_TEST_REQUIRE(object->metadata.size() == 1u);
    BOOST_TEST(object->metadata[0].second == "1700000000.25");
  }
  BOOST_TEST(to->pending_uploads() == 0u);
  BOOST_TEST(to->count(store_call::upload_part_copy) == 4u + 1u + 3u + 5u + 6u);
  seen.items.clear();
  const report again = run();
  BOOST_TEST(again.count.planned == 0u);
  BOOST_TEST(again.count.unchanged == sizes.size());
}

BOOST_FIXTURE_TEST_CASE(a_source_that_changed_is_taken_as_it_is, two_buckets) {
  from->put("music/a", "first");
  bool once = true;
  from->set_script([&](const store_event& event) {
    if (event.what == store_call::head && std::exchange(once, false))
      from->put("music/a", "second one");
    return interference();
  });
  const report how = run();
  BOOST_TEST(how.count.done == 1u);
  BOOST_TEST(copied("a") == "second one");
}

BOOST_FIXTURE_TEST_CASE(a_source_that_changes_under_the_copy_fails_or_is_whole, two_buckets) {
  from->put("music/a", some_bytes(5'000));
  int changes = 0;
  to->set_script([&](const store_event& event) {
    if (event.what == store_call::upload_part_copy && event.part == 3) {
      from->put("music/a", some_bytes(5'000, static_cast<unsigned>(++changes) + 1));
    }
    return interference();
  });
  const report how = run();
  BOOST_TEST(how.count.failed == 1u);
  BOOST_TEST((seen.of("copy/a").why == reason::changed));
  BOOST_TEST(copied("a") == "(none)");
  BOOST_TEST(to->pending_uploads() == 0u);
}

BOOST_FIXTURE_TEST_CASE(somebody_elses_object_is_left, two_buckets) {
  from->put("music/a", "mine");
  to->set_script([&](const store_event& event) {
    if (event.what == store_call::complete_upload) to->put("copy/a", "theirs");
    return interference();
  });
  const report how = run();
  BOOST_TEST(how.count.skipped == 1u);
  BOOST_TEST(copied("a") == "theirs");
  BOOST_TEST(to->pending_uploads() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_lost_answer_is_no_failure, two_buckets) {
  from->put("music/a", "mine");
  to->set_script([&](const store_event& event) {
    interference what;
    if (event.what == store_call::complete_upload) {
      what.lose = scripted_error(s3::errc::precondition_failed, 412);
    }
    return what;
  });
  const report how = run();
  BOOST_TEST(how.count.done == 1u);
  BOOST_TEST(copied("a") == "mine");
}

BOOST_FIXTURE_TEST_CASE(what_the_target_alone_has_is_left, two_buckets) {
  from->put("music/b", "1");
  from->put("music/d", "22");
  for (const char* name : {"a", "c", "e"}) to->put(std::string("copy/") + name, "x");
  to->put("copy/d", "333");
  task.conflict = on_conflict::leave;
  const report how = run();
  BOOST_TEST(how.count.done == 1u);
  BOOST_TEST(how.count.differs == 1u);
  BOOST_TEST_REQUIRE(seen.differences.size() == 1u);
  BOOST_TEST(seen.differences[0].path == "s3://old/music/d");
  BOOST_TEST(seen.differences[0].local_size == 2u);
  BOOST_TEST(to->all().size() == 5u);
}

BOOST_AUTO_TEST_SUITE_END()
