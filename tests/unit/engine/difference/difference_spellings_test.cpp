#include "engine/difference/difference.hpp"
#include "tests/unit/engine/difference/difference_fixture.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace beatsync;
using engine::direction;
using engine::on_conflict;
using lines = std::vector<std::string>;

namespace {

const std::string composed = "caf\u00e9.mp3";
const std::string decomposed = "cafe\u0301.mp3";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(set_difference_of_spellings, tests::difference_fixture)

BOOST_AUTO_TEST_CASE(one_name_in_two_forms_is_one_name) {
  local(decomposed);
  remote(composed);
  for (const auto way : {direction::upload, direction::download}) {
    const auto all = run(way);
    BOOST_TEST(all.actions.empty());
    BOOST_TEST(all.unchanged == 1U);
  }
}

BOOST_AUTO_TEST_CASE(each_side_keeps_its_spelling) {
  local(decomposed, "123");
  remote(composed, "12345");
  const auto up = run(direction::upload, on_conflict::source_wins);
  BOOST_TEST(up.moves() == lines{decomposed + " > p/" + composed + " differs"},
             boost::test_tools::per_element());
  const auto down = run(direction::download, on_conflict::source_wins);
  BOOST_TEST(down.moves() == lines{"p/" + composed + " > " + decomposed + " differs"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(exact_partners_come_first) {
  local(decomposed);
  local(composed);
  remote(composed);
  const auto all = run(direction::upload);
  BOOST_TEST(all.moves() == lines{decomposed + " > p/" + decomposed + " missing"},
             boost::test_tools::per_element());
  BOOST_TEST(all.unchanged == 1U);
}

BOOST_AUTO_TEST_CASE(names_with_one_spelling_are_not_held_back) {
  local("\u30c6.mp3");
  local("b.mp3");
  local("\u00e9.mp3");
  const auto all = run(direction::upload);
  BOOST_TEST(all.moves() == (lines{"b.mp3 > p/b.mp3 missing", "\u30c6.mp3 > p/\u30c6.mp3 missing",
                                   "\u00e9.mp3 > p/\u00e9.mp3 missing"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(more_names_than_can_be_held_are_looked_up) {
  engine::difference_inputs inputs;
  inputs.most_held = 1;
  local("1 " + decomposed);
  local("2 " + decomposed, "123");
  local("3 " + decomposed);
  local("4 " + decomposed);
  local("4 " + composed);
  remote("2 " + composed, "12345");
  remote("3 " + composed);
  remote("4 " + composed);
  inputs.conflict = on_conflict::source_wins;
  inputs.way = direction::upload;
  auto up = run(inputs).moves();
  std::ranges::sort(up);
  BOOST_TEST(up == (lines{"1 " + decomposed + " > p/1 " + decomposed + " missing",
                          "2 " + decomposed + " > p/2 " + composed + " differs",
                          "4 " + decomposed + " > p/4 " + decomposed + " missing"}),
             boost::test_tools::per_element());

  remote("5 " + composed);
  inputs.way = direction::download;
  auto down = run(inputs).moves();
  std::ranges::sort(down);
  BOOST_TEST(down == (lines{"p/2 " + composed + " > 2 " + decomposed + " differs",
                            "p/5 " + composed + " > 5 " + composed + " missing"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
