#include "engine/plan/json_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::engine;

BOOST_AUTO_TEST_SUITE(json_texts)

BOOST_AUTO_TEST_CASE(json_texts_are_always_well_formed) {
  BOOST_TEST(json_quoted("a\"b\\c\n\t\x01") == R"("a\"b\\c\n\t\u0001")");
  BOOST_TEST(json_quoted("bö") == "\"bö\"");
  BOOST_TEST(json_quoted("a\xff\xc3z\xf0\x9f\x8e\xb5") == "\"a\xef\xbf\xbd\xef\xbf\xbdz🎵\"");
  BOOST_TEST(json_quoted("\xed\xa0\x80") ==
             "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");  // a surrogate
  BOOST_TEST(base64("") == "");
  BOOST_TEST(base64("f") == "Zg==");
  BOOST_TEST(base64("fo") == "Zm8=");
  BOOST_TEST(base64("foo") == "Zm9v");
  BOOST_TEST(base64("\xff\xfe\xfd\xfc") == "//79/A==");
}

BOOST_AUTO_TEST_CASE(json_objects_are_one_line) {
  json_object object;
  BOOST_TEST(object.line() == "{}");
  object.text("a", "x\ny").number("n", 5).seconds("s", 1.5).truth("t", true).raw("r", "[1]");
  object.bytes("path", "/\xff");
  BOOST_TEST(object.line() ==
             R"({"a":"x\ny","n":5,"s":1.500,"t":true,"r":[1],"path_base64":"L/8="})");
}

BOOST_AUTO_TEST_SUITE_END()
