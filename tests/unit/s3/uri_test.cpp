#include "s3/uri.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::s3;

BOOST_AUTO_TEST_SUITE(uri)

BOOST_AUTO_TEST_CASE(only_unreserved_characters_stay) {
  std::string unreserved, others;
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const std::string encoded = percent_encode(std::string(1, c));
    if (encoded.size() == 1)
      unreserved += c;
    else
      BOOST_TEST(encoded.size() == 3U);
  }
  BOOST_TEST(unreserved == "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");
}

BOOST_AUTO_TEST_CASE(digits_are_upper_case_and_utf8_goes_byte_by_byte) {
  BOOST_TEST(percent_encode("ö/ä\xFF") == "%C3%B6%2F%C3%A4%FF");
}

BOOST_AUTO_TEST_CASE(paths_keep_their_slashes_and_are_never_normalised) {
  BOOST_TEST(percent_encode_path("a//b/../c/./d") == "a//b/../c/./d");
  BOOST_TEST(percent_encode_path("[Free] 100% + 1?#.mp3") ==
             "%5BFree%5D%20100%25%20%2B%201%3F%23.mp3");
}

BOOST_AUTO_TEST_CASE(decoding_undoes_encoding_for_every_byte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  BOOST_TEST((percent_decode(percent_encode(all), plus_sign::literal) == all));
  BOOST_TEST((percent_decode(percent_encode(all), plus_sign::blank) == all));
}

BOOST_AUTO_TEST_CASE(decoding_happens_once) {
  BOOST_TEST((percent_decode("100%2525", plus_sign::literal) == "100%25"));
}

BOOST_AUTO_TEST_CASE(a_plus_is_a_blank_only_where_asked) {
  BOOST_TEST((percent_decode("a+b%2Bc", plus_sign::blank) == "a b+c"));
  BOOST_TEST((percent_decode("a+b%2Bc", plus_sign::literal) == "a+b+c"));
}

BOOST_AUTO_TEST_CASE(broken_escapes_are_refused) {
  for (const char* text : {"%", "a%4", "%zz", "%4g", "%%41", "ok%"})
    BOOST_TEST(!percent_decode(text, plus_sign::blank).has_value(), text);
  BOOST_TEST((percent_decode("%c3%B6", plus_sign::blank) == "ö"));
}

BOOST_AUTO_TEST_CASE(queries_are_sorted_by_encoded_name_and_keep_empty_values) {
  query_parameters parameters;
  parameters.emplace_back("prefix", "");
  parameters.emplace_back("list-type", "2");
  parameters.emplace_back("start-after", "a b+c/ö");
  parameters.emplace_back("uploads", "");
  parameters.emplace_back("b", "2");
  parameters.emplace_back("b", "1");
  BOOST_TEST(canonical_query(parameters) ==
             "b=1&b=2&list-type=2&prefix=&start-after=a%20b%2Bc%2F%C3%B6&uploads=");
  BOOST_TEST(canonical_query(query_parameters()) == "");
}

BOOST_AUTO_TEST_SUITE_END()
