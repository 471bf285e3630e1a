// Numbers, names and guesses as people read them.

#include "cli/output/human_units.hpp"
#include "cli/output/progress_line.hpp"
#include "cli/settings/bucket_url.hpp"
#include "cli/settings/nearest.hpp"
#include "cli/settings/surroundings.hpp"
#include "engine/plan/json_text.hpp"
#include "tests/unit/cli/support.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace beatsync;
using namespace beatsync::cli;
using engine::base64;
using engine::json_object;
using engine::json_quoted;

BOOST_AUTO_TEST_SUITE(texts_suite)

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

BOOST_AUTO_TEST_CASE(distances_count_edits_and_swaps) {
  BOOST_TEST(edit_distance("", "abc") == 3U);
  BOOST_TEST(edit_distance("abc", "abc") == 0U);
  BOOST_TEST(edit_distance("ABC", "abc") == 0U);
  BOOST_TEST(edit_distance("usb-path", "USB_PATH") == 0U);
  BOOST_TEST(edit_distance("paht", "path") == 1U);
  BOOST_TEST(edit_distance("kitten", "sitting") == 3U);
}

BOOST_AUTO_TEST_CASE(suggestions_are_near_or_none) {
  constexpr std::array<std::string_view, 3> known = {"upload_music", "download_music", "sync"};
  BOOST_TEST(nearest("upload_musci", known) == "upload_music");
  BOOST_TEST(nearest("snyc", known) == "sync");
  BOOST_TEST(nearest("xy", known).empty());
  BOOST_TEST(nearest("delete", known).empty());
  BOOST_TEST(nearest(std::string(5000, 'x'), known).empty());
}

BOOST_AUTO_TEST_CASE(the_progress_line_promises_a_time_only_when_the_total_is_known) {
  engine::progress p;
  p.names_compared = 1200;
  BOOST_TEST(progress_line("upload_music", p, 0) == "upload_music: comparing, 1,200 names so far");
  p.items_planned = 2000;
  p.items_finished = 812;
  p.bytes_planned = 3'000'000'000;
  p.bytes_moved = 1'200'000'000;
  BOOST_TEST(progress_line("upload_music", p, 41'300'000) ==
             "upload_music: 812 of 2,000+ files, 1.2 GB of 3.0 GB+, 41.3 MB/s");
  p.listing_complete = true;
  BOOST_TEST(progress_line("upload_music", p, 41'300'000) ==
             "upload_music: 812 of 2,000 files, 1.2 GB of 3.0 GB, 41.3 MB/s, 0:44 left");
  BOOST_TEST(progress_line("upload_music", p, 0) ==
             "upload_music: 812 of 2,000 files, 1.2 GB of 3.0 GB");
  p.bytes_moved = 4'000'000'000;  // a file grew
  BOOST_TEST(progress_line("x", p, 1e6).ends_with("0:00 left"));
}

BOOST_AUTO_TEST_CASE(the_rate_is_that_of_the_last_ten_seconds) {
  using namespace std::chrono_literals;
  rate_meter rate;
  const std::chrono::steady_clock::time_point zero{};
  rate.add(zero, 0);
  BOOST_TEST(rate.per_second() == 0);
  rate.add(zero + 250ms, 1000);
  BOOST_TEST(rate.per_second() == 0);  // too short to tell
  for (int second = 1; second <= 20; ++second) {
    rate.add(zero + std::chrono::seconds(second), static_cast<std::uint64_t>(second) * 1000);
  }
  BOOST_TEST(rate.per_second() == 1000, boost::test_tools::tolerance(0.01));
  for (int second = 21; second <= 40; ++second) {
    rate.add(zero + std::chrono::seconds(second),
             20'000 + static_cast<std::uint64_t>(second - 20) * 5000);
  }
  BOOST_TEST(rate.per_second() == 5000, boost::test_tools::tolerance(0.01));
  rate.reset();
  BOOST_TEST(rate.per_second() == 0);
}

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

BOOST_AUTO_TEST_CASE(paths_become_absolute) {
  const auto around = tests::surroundings_with();
  BOOST_TEST(around.absolute("") == "");
  BOOST_TEST(around.absolute("/a//b/") == "/a/b");
  BOOST_TEST(around.absolute("/") == "/");
  BOOST_TEST(around.absolute("a") == "/work/a");
  BOOST_TEST(around.absolute("./a/../b/.") == "/work/b");
  BOOST_TEST(around.absolute("~") == "/home/ann");
  BOOST_TEST(around.absolute("~/a") == "/home/ann/a");
  BOOST_TEST(around.absolute("~bob") == "/work/~bob");
}

BOOST_AUTO_TEST_CASE(bucket_urls_end_at_a_slash) {
  BOOST_TEST(parse_bucket_url("s3://b", "X")->prefix == "");
  BOOST_TEST(parse_bucket_url("s3://b/", "X")->prefix == "");
  BOOST_TEST(parse_bucket_url("s3://b/p", "X")->prefix == "p/");
  BOOST_TEST(parse_bucket_url("s3://b/p/q//", "X")->prefix == "p/q/");
  BOOST_TEST(parse_bucket_url("s3://b/p#?%20", "X")->prefix == "p#?%20/");  // literally
  BOOST_TEST(parse_bucket_url("s3://b/p", "X")->text("dj/") == "s3://b/p/dj/");
  BOOST_TEST(!parse_bucket_url("s3://", "X").has_value());
  BOOST_TEST(!parse_bucket_url("s3:///p", "X").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
