#include "cli/output/unforeseen.hpp"

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <new>
#include <stdexcept>
#include <system_error>

using namespace beatsync::cli;

BOOST_AUTO_TEST_SUITE(unforeseen)

BOOST_AUTO_TEST_CASE(what_is_short_is_named_with_its_limit) {
  const auto says = [](const std::exception& e, const char* words) {
    return describe_unforeseen(e).find(words) != std::string::npos;
  };
  BOOST_TEST(says(std::bad_alloc(), "memory"));
  BOOST_TEST(says(std::bad_alloc(), "ulimit -v"));
  for (const int code : {EMFILE, ENFILE}) {
    const boost::system::error_code of_boost(code, boost::system::system_category());
    BOOST_TEST(says(boost::system::system_error(of_boost, "eventfd"), "ulimit -n"));
  }
  const boost::system::error_code again(EAGAIN, boost::system::system_category());
  BOOST_TEST(says(boost::system::system_error(again, "thread"), "ulimit -u"));
  BOOST_TEST(says(std::system_error(EAGAIN, std::generic_category()), "ulimit -u"));
  BOOST_TEST(describe_unforeseen(std::runtime_error("odd")) ==
             "stopped by an unexpected error: odd");
}

BOOST_AUTO_TEST_SUITE_END()
