/// Rows of reliability.md, section 0: names that would write elsewhere or over each other, and
/// listings that lie.

#include "tests/faults/fault_world.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

BOOST_AUTO_TEST_SUITE(names_and_listings)

using namespace beatsync;
using namespace beatsync::tests;
using engine::outcome;
using engine::reason;

namespace {

std::size_t files_on(const fault_world& world) {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(world.library().parent_path())) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  return files;
}

/// The listing cannot be trusted: the run stops, in bounded requests.
void expect_stop(fault_world& world) {
  const auto how = world.download();
  BOOST_REQUIRE(how.stopped.has_value());
  BOOST_TEST(!how.stopped->interrupted);
  BOOST_TEST(world.count("ListObjectsV2") <= 20U);
  world.check_books(how);
}

}  // namespace

BOOST_AUTO_TEST_CASE(hostile_keys_write_nothing_anywhere) {
  fault_world world;
  const std::vector<std::string> hostile{
      "../../escape.txt", "a/../../escape.txt", "/etc/escape", "a//b", "./c", "a/./d", ".."};
  for (const std::string& name : hostile) world.put(name, "x");
  world.put("fine.mp3", "x");
  const auto how = world.download();
  BOOST_TEST(how.count.done == 1U);
  BOOST_TEST(how.count.skipped == hostile.size());
  for (const std::string& name : hostile) {
    BOOST_TEST((world.of(name).why == reason::hostile_name), name);
  }
  BOOST_TEST(files_on(world) == 1U);
  BOOST_TEST(!std::filesystem::exists(world.library().parent_path().parent_path() / "escape.txt"));
}

BOOST_AUTO_TEST_CASE(a_file_that_would_have_to_be_a_folder_is_a_collision) {
  fault_world world;
  world.put("a", "file");
  world.put("a/b", "below");
  const auto how = world.download();
  BOOST_TEST(how.count.done == 1U);
  BOOST_TEST(how.count.failed == 1U);
  const bool first_done = world.of("a").result == outcome::done;
  BOOST_TEST((world.of(first_done ? "a/b" : "a").why == reason::collision));
}

BOOST_AUTO_TEST_CASE(control_characters_in_keys_come_through) {
  fault_world world;
  const std::string name = "esc\x1b[31m and\rcr & 100% + \xF0\x9F\x8E\xB5.mp3";
  world.put(name, "x");
  BOOST_TEST(world.download().count.done == 1U);
  BOOST_TEST(world.file(name).value() == "x");
}

BOOST_AUTO_TEST_CASE(odd_files_do_not_stop_the_others) {
  fault_world world;
  world.add_file("a.mp3", "x");
  world.add_file("z.mp3", "x");
  world.add_file("bad\xFFname.mp3", "x");
  std::filesystem::create_symlink("nowhere", world.library() / "dangling.mp3");
  std::filesystem::create_directory_symlink(world.library(), world.library() / "loop");
  BOOST_REQUIRE(::mkfifo((world.library() / "fifo.mp3").c_str(), 0600) == 0);
  const auto how = world.upload();
  BOOST_TEST(!how.stopped);
  BOOST_TEST(how.count.done == 2U);
  BOOST_TEST((world.of("dangling.mp3").why == reason::dangling_link));
  BOOST_TEST((world.of("fifo.mp3").why == reason::not_regular));
  BOOST_TEST((world.of("loop/").why == reason::link_loop));
  BOOST_TEST(how.count.skipped == 4U);
  BOOST_TEST(how.count.failed == 0U);
}

BOOST_AUTO_TEST_CASE(a_token_for_ever_stops_at_its_first_repetition) {
  fault_world world;
  world.put("a.mp3", "x");
  world.on("ListObjectsV2", server::same_token());
  expect_stop(world);
}

BOOST_AUTO_TEST_CASE(tokens_that_go_round_stop) {
  fault_world world;
  world.put("a.mp3", "x");
  world.on("ListObjectsV2", server::token_cycle(3));
  expect_stop(world);
}

BOOST_AUTO_TEST_CASE(listings_that_contradict_themselves_stop) {
  const std::vector<server::fault_action> lies{
      server::missing_token(),   server::unsorted_listing(),
      server::duplicate_entry(), server::extra_key("elsewhere/x.mp3"),
      server::size_text("-1"),   server::size_text("many")};
  for (const server::fault_action& lie : lies) {
    fault_world world;
    world.put("a.mp3", "x");
    world.put("b.mp3", "x");
    world.on("ListObjectsV2", lie);
    BOOST_TEST_CONTEXT(lie.name) { expect_stop(world); }
  }
}

BOOST_AUTO_TEST_CASE(a_listing_with_an_error_in_it_stops_an_upload_too) {
  for (const auto& lie : {server::ok_with_error("AccessDenied"), server::ok_with_empty_body(),
                          server::ok_with_truncated_body(), server::ok_with_html()}) {
    fault_world world;
    world.add_file("a.mp3", "x");
    world.put("b.mp3", "x");
    world.on("ListObjectsV2", lie);
    const auto how = world.upload();
    BOOST_TEST(how.stopped.has_value(), lie.name);
    BOOST_TEST(!world.object("a.mp3").has_value(), lie.name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
