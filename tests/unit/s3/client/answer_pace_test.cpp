#include "s3/client/answer_pace.hpp"

#include <boost/test/unit_test.hpp>

using beatsync::s3::answer_pace;
using namespace std::chrono_literals;

namespace {

void answers(answer_pace& pace, int count, answer_pace::milliseconds each) {
  for (int i = 0; i < count; ++i) pace.waited(each);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pace_of_answers)

BOOST_AUTO_TEST_CASE(a_few_answers_tell_nothing) {
  answer_pace pace;
  answers(pace, 19, 10ms);
  BOOST_TEST(!pace.patience());
  pace.waited(10ms);
  BOOST_TEST(pace.patience().has_value());
}

BOOST_AUTO_TEST_CASE(nobody_is_cut_within_a_second) {
  answer_pace pace;
  answers(pace, 1000, 1ms);
  BOOST_TEST((pace.patience() == 1000ms));
}

BOOST_AUTO_TEST_CASE(where_answers_differ_much_more_is_usual) {
  answer_pace pace;
  for (int i = 0; i < 100; ++i) pace.waited(i % 2 == 0 ? 100ms : 700ms);
  BOOST_REQUIRE(pace.patience().has_value());
  BOOST_TEST((*pace.patience() > 2000ms));
  BOOST_TEST((*pace.patience() < 5000ms));
}

BOOST_AUTO_TEST_CASE(a_store_that_is_slow_as_a_rule_is_waited_for) {
  answer_pace pace;
  answers(pace, 100, 3000ms);
  BOOST_TEST(!pace.patience());
}

BOOST_AUTO_TEST_CASE(a_store_that_becomes_slow_is_cut_off_a_few_times_only) {
  answer_pace pace;
  answers(pace, 1000, 50ms);
  int cuts = 0;
  for (; pace.patience() && cuts < 100; ++cuts) {
    pace.waited(*pace.patience());  // cut
    pace.waited(4000ms);            // asked again, and as slow
  }
  BOOST_TEST(cuts <= 3);
  answers(pace, 100, 50ms);
  BOOST_TEST((pace.patience() == 1000ms));
}

BOOST_AUTO_TEST_SUITE_END()
