#include "engine/difference/difference.hpp"
#include "tests/unit/engine/difference/difference_fixture.hpp"

#include <string>
#include <vector>

using namespace beatsync;
using engine::direction;
using engine::on_conflict;
using lines = std::vector<std::string>;

BOOST_FIXTURE_TEST_SUITE(set_difference_of_selected_names, tests::difference_fixture)

BOOST_AUTO_TEST_CASE(lists_only_what_was_included) {
  for (const auto* name : {"alice/x", "bob/x", "carol.mp3", "dave/x"}) remote(name);
  engine::selection names;
  names.include_dirs = {"bob", "carol.mp3", "nobody"};
  const auto all = run(direction::download, on_conflict::leave, names);
  BOOST_TEST(all.moves() == (lines{"p/bob/x > bob/x missing", "p/carol.mp3 > carol.mp3 missing"}),
             boost::test_tools::per_element());
  BOOST_REQUIRE(all.warnings.size() == 1U);
  BOOST_TEST(all.warnings[0].find("nobody") != std::string::npos);
  lines listed;
  for (const auto& e : bucket->events()) {
    if (is_list(e)) listed.push_back(e.key);
  }
  BOOST_TEST(listed == (lines{"p/bob", "p/carol.mp3", "p/nobody"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(finds_an_included_folder_that_is_in_no_normal_form) {
  remote("Vi\u00EA\u0323t/x");  // as Windows types it
  engine::selection names;
  names.include_dirs = {"Vi\u1EC7t"};
  const auto all = run(direction::download, on_conflict::leave, names);
  BOOST_TEST(all.actions.size() == 1U);
  BOOST_TEST(all.warnings.empty());
}

BOOST_AUTO_TEST_CASE(skips_an_excluded_folder_after_one_page) {
  for (int i = 0; i < 5'000; ++i) remote("m/x" + std::to_string(100'000 + i));
  remote("a");
  remote("z");
  engine::selection names;
  names.exclude_dirs = {"m"};
  const auto all = run(direction::download, on_conflict::leave, names);
  BOOST_TEST(all.moves() == (lines{"p/a > a missing", "p/z > z missing"}),
             boost::test_tools::per_element());
  BOOST_TEST(bucket->count(tests::store_call::list) == 2U);
  BOOST_TEST(all.warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_literal_name_wins_over_its_reading_as_a_pattern) {
  engine::selection names;
  names.include_dirs = {"[Free] House"};
  for (const auto* name : {"[Free] House/x", "F House/x"}) remote(name);
  BOOST_TEST(run(direction::download, on_conflict::leave, names).moves() ==
                 lines{"p/[Free] House/x > [Free] House/x missing"},
             boost::test_tools::per_element());

  bucket->remove("p/[Free] House/x");
  BOOST_TEST(run(direction::download, on_conflict::leave, names).moves() ==
                 lines{"p/F House/x > F House/x missing"},
             boost::test_tools::per_element());

  files.add_folder("/lib/[Free] House");  // the local side counts as well
  BOOST_TEST(run(direction::download, on_conflict::leave, names).moves().empty());

  // Names that only begin alike do not make it literal.
  files.erase("/lib/[Free] House");
  remote("[Free] House.txt");
  BOOST_TEST(run(direction::download, on_conflict::leave, names).moves() ==
                 lines{"p/F House/x > F House/x missing"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
