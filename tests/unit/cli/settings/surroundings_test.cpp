#include "cli/settings/surroundings.hpp"

#include "tests/support/temp_dir.hpp"
#include "tests/unit/cli/support.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace beatsync;

BOOST_AUTO_TEST_SUITE(surroundings_suite)

BOOST_AUTO_TEST_CASE(paths_become_absolute) {
  const auto around = tests::surroundings_with();
  BOOST_TEST(around.absolute("") == "");
  BOOST_TEST(around.absolute("/a//b/") == "/a/b");
  BOOST_TEST(around.absolute("/") == "/");
  BOOST_TEST(around.absolute("a") == "/work/a");
  BOOST_TEST(around.absolute("./a/../b/.") == "/work/b");
  BOOST_TEST(around.absolute("~") == "/home/ann");
  BOOST_TEST(around.absolute("~/a") == "/home/ann/a");
  BOOST_TEST(around.absolute("~bob") == "/work/~bob");
}

BOOST_AUTO_TEST_CASE(two_dots_behind_a_link_lead_above_its_target) {
  const tests::temp_dir dir;
  std::filesystem::create_directories(dir / "real/sub");
  std::filesystem::create_directory_symlink("real/sub", dir / "link");
  auto around = tests::surroundings_with();
  around.working_folder = std::filesystem::canonical(dir.path()).string();
  BOOST_TEST(around.absolute("link/../new") == around.working_folder + "/real/new");
  BOOST_TEST(around.absolute("link/..") == around.working_folder + "/real");
  BOOST_TEST(around.absolute("real/../new") == around.working_folder + "/new");
  BOOST_TEST(around.absolute("link/new") == around.working_folder + "/link/new");
  BOOST_TEST(around.absolute("missing/../new") == around.working_folder + "/new");
}

BOOST_AUTO_TEST_SUITE_END()
