#include "engine/difference/names_ahead.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace beatsync::engine;

namespace {

local_batch batch_of(const std::vector<std::string>& names, bool last = false) {
  local_batch batch;
  for (const auto& name : names) {
    local_entry e;
    e.offset = static_cast<std::uint32_t>(batch.text.size());
    e.length = static_cast<std::uint32_t>(name.size());
    batch.text += name;
    batch.entries.push_back(e);
  }
  batch.last = last;
  return batch;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(names_read_ahead)

BOOST_AUTO_TEST_CASE(are_found_by_name_and_by_index) {
  names_ahead names;
  BOOST_TEST(names.empty());
  BOOST_TEST(!names.index_behind("a"));
  names.add(batch_of({"b", "d"}));
  names.add(batch_of({}));  // a folder of links that lead nowhere
  names.add(batch_of({"f", "h"}));
  BOOST_TEST(names.size() == 4U);
  BOOST_TEST(names.name_at(1) == "d");
  BOOST_TEST(names.name_at(2) == "f");
  BOOST_TEST(*names.index_behind("") == 0U);
  BOOST_TEST(*names.index_behind("b") == 1U);
  BOOST_TEST(*names.index_behind("c") == 1U);
  BOOST_TEST(*names.index_behind("e") == 2U);
  BOOST_TEST(*names.index_behind("g") == 3U);
  BOOST_TEST(!names.index_behind("h"));  // what follows is not known yet
  names.add(batch_of({}, true));
  BOOST_TEST(names.complete());
  BOOST_TEST(*names.index_behind("h") == 4U);
}

BOOST_AUTO_TEST_CASE(keep_their_index_when_others_are_gone) {
  names_ahead names;
  names.add(batch_of({"a", "b", "c"}));
  names.add(batch_of({"d"}));
  const auto bytes = names.bytes();
  names.pop_front();
  BOOST_TEST(names.size() == 1U);
  BOOST_TEST(names.bytes() < bytes);
  BOOST_TEST(names.name_at(3) == "d");
  BOOST_TEST(*names.index_behind("a") == 3U);  // compared long ago
  names.pop_front();
  BOOST_TEST(names.empty());
  BOOST_TEST(names.bytes() == 0U);
  BOOST_TEST(names.end() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
