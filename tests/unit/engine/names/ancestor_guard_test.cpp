#include "engine/names/ancestor_guard.hpp"

#include <boost/test/unit_test.hpp>

#include <string_view>
#include <vector>

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

BOOST_AUTO_TEST_CASE(names_beneath_are_looked_for_ahead) {
  const auto ahead = [](std::vector<std::string_view> names, bool all) {
    std::vector<beatsync::s3::object_summary> objects(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) objects[i].key = names[i];
    return may_have_names_beneath(objects, all);
  };
  BOOST_TEST(ahead({"a", "a/b"}, true));
  BOOST_TEST(ahead({"a", "a b", "a.b", "a/b", "b"}, true));
  BOOST_TEST(!ahead({"a", "a.b", "a0", "b"}, false));
  BOOST_TEST(!ahead({"a", "b", "b/c"}, false));
  BOOST_TEST(!ahead({"a"}, true));
  BOOST_TEST(ahead({"a"}, false));  // the next page may have some
  BOOST_TEST(ahead({"a", "a.b"}, false));
  BOOST_TEST(!ahead({"a", "a.b"}, true));
}

BOOST_AUTO_TEST_SUITE_END()
