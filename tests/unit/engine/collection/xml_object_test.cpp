#include "engine/collection/xml_object.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(xml_object)

using namespace beatsync;

BOOST_AUTO_TEST_CASE(at_most_ten_names_are_suggested) {
  std::vector<std::string> many;
  for (char c = 'a'; c < 'l'; ++c) many.emplace_back(1, c);
  BOOST_TEST(engine::no_xml_text(many, {}).find("i, j, …") != std::string::npos);
  many.pop_back();
  BOOST_TEST(engine::no_xml_text(many, {}).find("i, j.") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
