/// Rows of reliability.md, section 0: bodies that are damaged, cut, silent or refused on their way
/// down. What stands under a final name is whole, or what was there before.

#include "tests/faults/fault_world.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

BOOST_AUTO_TEST_SUITE(bodies_on_their_way_down)

using namespace beatsync;
using namespace beatsync::tests;
using engine::outcome;
using engine::reason;

namespace {

/// Runs the download, expects the one object to fail, and nothing of it to be there.
const engine::item& expect_failure(fault_world& world) {
  const auto how = world.download();
  BOOST_TEST(how.count.failed == 1U);
  BOOST_TEST(how.count.done == 0U);
  BOOST_TEST(!world.file("a.mp3").has_value());
  world.check_books(how);
  return world.of("a.mp3");
}

void expect_success(fault_world& world, const std::string& bytes) {
  const auto how = world.download();
  BOOST_TEST(how.count.done == 1U, world.of("a.mp3").message);
  BOOST_TEST((world.file("a.mp3") == bytes));
  world.check_books(how);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_flipped_bit_is_found_by_md5) {
  for (const std::size_t size : kinds_of_sizes) {
    fault_world world;
    world.store().put("beatcloud", "dj/music/a.mp3", without_checksum(pattern(size)));
    world.on("GetObject", server::flip_body_bit(1000));
    BOOST_TEST((expect_failure(world).why == reason::corrupt), size);
  }
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_is_found_by_the_checksum) {
  for (const char* algorithm : {"CRC64NVME", "CRC32C", "CRC32"}) {
    for (const std::size_t size : kinds_of_sizes) {
      fault_world world;
      server::object_content content;
      content.body = pattern(size);
      content.checksum_algorithm = algorithm;
      content.etag = "not-an-md5";
      world.store().put("beatcloud", "dj/music/a.mp3", content);
      world.on("GetObject", server::flip_body_bit(1000));
      BOOST_TEST((expect_failure(world).why == reason::corrupt), algorithm << " " << size);
      world.store().clear_faults();
      expect_success(world, content.body);
      BOOST_TEST(!world.of("a.mp3").unverified);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_bad_sector_of_the_store_is_found) {
  fault_world world;
  world.put("a.mp3", pattern(1'000'000));
  world.store().corrupt("beatcloud", "dj/music/a.mp3", 12345);
  BOOST_TEST((expect_failure(world).why == reason::corrupt));
}

BOOST_AUTO_TEST_CASE(a_body_that_is_always_cut_fails_within_six_tries) {
  fault_world world;
  world.put("a.mp3", pattern(1'000'000));
  world.on("GetObject", server::cut_body(0, server::close_kind::fin));
  expect_failure(world);
  BOOST_TEST(world.count("GetObject") <= 6U);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_cut_goes_on_where_it_ended) {
  for (const auto how :
       {server::close_kind::clean, server::close_kind::fin, server::close_kind::reset}) {
    fault_world world;
    world.put("a.mp3", pattern(1'000'000));
    world.on("GetObject", server::cut_body(600'000, how), 2);
    expect_success(world, pattern(1'000'000));
  }
}

BOOST_AUTO_TEST_CASE(a_cut_without_content_length_is_found) {
  for (const std::size_t size : kinds_of_sizes) {
    fault_world world;
    world.store().put("beatcloud", "dj/music/a.mp3", without_checksum(pattern(size)));
    world.on("GetObject",
             server::cut_body(size / 20, server::close_kind::clean, server::framing::until_close));
    expect_failure(world);
  }
}

BOOST_AUTO_TEST_CASE(no_answer_ends_in_bounded_time) {
  fault_world world;
  world.put("a.mp3", "x");
  world.on("GetObject", server::no_answer());
  BOOST_TEST((expect_failure(world).error->code == s3::errc::timed_out));
  BOOST_TEST(world.count("GetObject") <= 6U);
}

BOOST_AUTO_TEST_CASE(a_stall_in_the_body_is_cut_and_goes_on) {
  fault_world world;
  world.put("a.mp3", pattern(1'000'000));
  world.on("GetObject", server::stall_body(300'000), 1);
  expect_success(world, pattern(1'000'000));
}

BOOST_AUTO_TEST_CASE(a_stall_for_ever_leaves_nothing) {
  fault_world world;
  world.put("a.mp3", pattern(1'000'000));
  world.on("GetObject", server::stall_body(0));
  expect_failure(world);
}

BOOST_AUTO_TEST_CASE(internal_errors_for_ever_end_within_six_tries) {
  fault_world world;
  world.put("a.mp3", "x");
  world.on("GetObject", server::answer_error(500, "InternalError"));
  BOOST_TEST((expect_failure(world).error->code == s3::errc::server_failed));
  BOOST_TEST(world.count("GetObject") <= 6U);
}

BOOST_AUTO_TEST_CASE(three_times_slow_down_is_waited_for) {
  fault_world world;
  world.put("a.mp3", "x");
  world.on("GetObject", server::answer_error(503, "SlowDown"), 3);
  expect_success(world, "x");
}

BOOST_AUTO_TEST_CASE(redirects_are_not_followed_with_our_signature) {
  for (const char* host : {"127.0.0.1", "localhost"}) {
    fault_world world;
    fault_world stranger;
    world.put("a.mp3", "x");
    world.on("GetObject", server::redirect(307, stranger.store().url(host) + "/beatcloud/a.mp3"));
    expect_failure(world);
    BOOST_TEST(stranger.store().sums().total == 0U);
  }
}

BOOST_AUTO_TEST_CASE(an_object_that_changes_between_ranges_comes_in_one_version) {
  fault_world world;
  world.put("a.mp3", pattern(11 * mebibyte, 1));
  const std::string newer = pattern(11 * mebibyte, 2);
  server::fault_action swap;
  swap.before = [&] { world.put("a.mp3", newer); };
  server::fault_rule second;
  second.operation = "GetObject";
  second.skip = 1;
  second.action = swap;
  world.store().add_fault(second);
  expect_success(world, newer);
}

BOOST_AUTO_TEST_SUITE_END()
