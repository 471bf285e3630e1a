#include "cli/output/exit_code.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace beatsync;
using namespace beatsync::cli;

BOOST_AUTO_TEST_SUITE(exit_code_suite)

BOOST_AUTO_TEST_CASE(the_first_in_the_contracts_order_wins_whichever_came_first) {
  const std::vector<exit_code> order = {exit_code::interrupted, exit_code::stopped,
                                        exit_code::usage,       exit_code::some_failed,
                                        exit_code::skipped,     exit_code::ok};
  for (std::size_t a = 0; a < order.size(); ++a) {
    for (std::size_t b = 0; b < order.size(); ++b) {
      BOOST_TEST((combine(order[a], order[b]) == order[std::min(a, b)]));
    }
  }
  BOOST_TEST((combine(exit_code::ok, exit_code::terminated) == exit_code::terminated));
}

BOOST_AUTO_TEST_CASE(later_operations_run_after_0_1_and_3) {
  BOOST_TEST(goes_on_after(exit_code::ok));
  BOOST_TEST(goes_on_after(exit_code::some_failed));
  BOOST_TEST(goes_on_after(exit_code::skipped));
  BOOST_TEST(!goes_on_after(exit_code::usage));
  BOOST_TEST(!goes_on_after(exit_code::stopped));
  BOOST_TEST(!goes_on_after(exit_code::interrupted));
  BOOST_TEST(!goes_on_after(exit_code::terminated));
}

BOOST_AUTO_TEST_CASE(how_an_operation_ended_is_one_number) {
  engine::report how;
  how.count.differs = 3;
  how.warnings = {"w"};
  BOOST_TEST((code_of(how, 0) == exit_code::ok));
  how.count.skipped = 1;
  BOOST_TEST((code_of(how, 0) == exit_code::skipped));
  how.count.failed = 1;
  BOOST_TEST((code_of(how, 0) == exit_code::some_failed));

  // A place without a plan is mistyped, as a missing folder is.
  how.stopped = engine::stop_because("none", engine::stop_cause::no_plan);
  BOOST_TEST((code_of(how, 0) == exit_code::usage));
  for (const auto cause : {engine::stop_cause::disk_full, engine::stop_cause::locked}) {
    how.stopped = engine::stop_because("full", cause);
    BOOST_TEST((code_of(how, 0) == exit_code::stopped));
  }

  how.stopped.emplace();
  BOOST_TEST((code_of(how, 0) == exit_code::stopped));
  how.stopped->error.emplace();
  how.stopped->error->code = s3::errc::access_denied;
  BOOST_TEST((code_of(how, 0) == exit_code::stopped));
  for (const s3::errc ours : {s3::errc::no_credentials, s3::errc::bad_configuration}) {
    how.stopped->error->code = ours;
    BOOST_TEST((code_of(how, 0) == exit_code::usage));
  }
  how.stopped->interrupted = true;
  BOOST_TEST((code_of(how, SIGINT) == exit_code::interrupted));
  BOOST_TEST((code_of(how, SIGTERM) == exit_code::terminated));
}

BOOST_AUTO_TEST_SUITE_END()
