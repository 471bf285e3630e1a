#include "engine/files/library_lock.hpp"

#include "tests/support/memory_file_system.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <string>

#include <unistd.h>

using namespace beatsync;
using engine::lock_library;

BOOST_AUTO_TEST_SUITE(one_run_per_library)

BOOST_AUTO_TEST_CASE(the_second_is_told_who_the_first_is) {
  tests::memory_file_system files;
  engine::file_status root;
  root.device = 1;
  root.inode = 2;
  auto first = lock_library(files, "/state", root, "/stick/DJ Music", "s3/b/p");
  BOOST_REQUIRE(first);
  const auto second = lock_library(files, "/state", root, "/stick/DJ Music", "s3/b/p");
  BOOST_REQUIRE(!second);
  BOOST_TEST(second.error().busy);
  BOOST_TEST(second.error().message.find(std::to_string(::getpid())) != std::string::npos);
  BOOST_TEST(second.error().message.find("/stick/DJ Music") != std::string::npos);

  first->reset();
  BOOST_TEST(lock_library(files, "/state", root, "/stick/DJ Music", "s3/b/p").has_value());
}

BOOST_AUTO_TEST_CASE(other_libraries_and_prefixes_are_free) {
  tests::memory_file_system files;
  engine::file_status one;
  one.inode = 1;
  engine::file_status two;
  two.inode = 2;
  const auto first = lock_library(files, "/state", one, "/a", "b/p");
  const auto second = lock_library(files, "/state", two, "/b", "b/p");
  const auto third = lock_library(files, "/state", one, "/a", "b/q");
  BOOST_TEST(first.has_value());
  BOOST_TEST(second.has_value());
  BOOST_TEST(third.has_value());
}

BOOST_AUTO_TEST_CASE(a_state_folder_that_cannot_be_made_says_what_to_do) {
  tests::memory_file_system files;
  files.set_script(
      [](const tests::fs_event& e) { return e.operation == "make_folder" ? EROFS : 0; });
  const auto refused = lock_library(files, "/state", engine::file_status(), "/a", "b");
  BOOST_REQUIRE(!refused);
  BOOST_TEST(!refused.error().busy);
  BOOST_TEST(refused.error().message.find("XDG_STATE_HOME") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
