#include "engine/names/ancestor_guard.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>

using namespace beatsync::engine;

BOOST_AUTO_TEST_SUITE(files_that_would_have_to_be_folders)

BOOST_AUTO_TEST_CASE(are_found_among_names_in_rising_order) {
  ancestor_guard guard;
  const auto blocked = [&guard](std::string_view name) {
    const bool blocks = guard.blocks(name);
    if (!blocks) guard.add(name);
    return blocks;
  };
  BOOST_TEST(!blocked("a"));
  BOOST_TEST(!blocked("a b"));
  BOOST_TEST(!blocked("a.txt"));
  BOOST_TEST(blocked("a/b"));
  BOOST_TEST(blocked("a/c/d"));
  BOOST_TEST(!blocked("a0"));
  BOOST_TEST(!blocked("b/c"));
  BOOST_TEST(!blocked("b/c.d/e"));
  BOOST_TEST(blocked("b/c/d"));
  BOOST_TEST(!blocked("b/cc"));
  BOOST_TEST(!blocked("bb"));
}

BOOST_AUTO_TEST_SUITE_END()
