#include "cli/output/human_units.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::cli;

BOOST_AUTO_TEST_SUITE(human_units)

BOOST_AUTO_TEST_CASE(bytes_are_counted_in_thousands) {
  BOOST_TEST(human_bytes(0) == "0 bytes");
  BOOST_TEST(human_bytes(1) == "1 byte");
  BOOST_TEST(human_bytes(999) == "999 bytes");
  BOOST_TEST(human_bytes(1000) == "1.0 kB");
  BOOST_TEST(human_bytes(999'949) == "999.9 kB");
  BOOST_TEST(human_bytes(999'950) == "1.0 MB");
  BOOST_TEST(human_bytes(143'249'999) == "143.2 MB");
  BOOST_TEST(human_bytes(3'000'000'000) == "3.0 GB");
  BOOST_TEST(human_bytes(18'446'744'073'709'551'615ULL) == "18.4 EB");
}

BOOST_AUTO_TEST_CASE(counts_and_times) {
  BOOST_TEST(with_commas(0) == "0");
  BOOST_TEST(with_commas(999) == "999");
  BOOST_TEST(with_commas(1000) == "1,000");
  BOOST_TEST(with_commas(1234567) == "1,234,567");
  BOOST_TEST(human_seconds(44) == "0:44");
  BOOST_TEST(human_seconds(723) == "12:03");
  BOOST_TEST(human_seconds(3723) == "1:02:03");
  BOOST_TEST(counted(1, "file", "files") == "1 file");
  BOOST_TEST(counted(4310, "file", "files") == "4,310 files");
}

BOOST_AUTO_TEST_SUITE_END()
