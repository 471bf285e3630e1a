#include "cli/settings/surroundings.hpp"

#include "tests/unit/cli/support.hpp"

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_SUITE_END()
