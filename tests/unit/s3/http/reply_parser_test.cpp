// Heads of answers and chunked bodies, however the bytes arrive.
#include "s3/http/reply_parser.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

using namespace beatsync::s3;
using progress = reply_parser::progress;

namespace {

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

/// Feeds the text in pieces of `step` bytes, as a connection does: what was not used comes again.
progress feed(reply_parser& parser, std::string_view text, std::size_t step, reply_head& head,
              std::size_t& used_in_all) {
  used_in_all = 0;
  std::size_t end = 0;
  while (end < text.size()) {
    end = std::min(end + step, text.size());
    std::size_t used = 0;
    const auto got =
        parser.put_head(bytes(text.substr(used_in_all, end - used_in_all)), used, head);
    used_in_all += used;
    if (got != progress::need_more) return got;
  }
  return progress::need_more;
}

progress whole(std::string_view text, reply_head& head, bool answer_to_head = false) {
  reply_parser parser;
  parser.begin(answer_to_head);
  std::size_t used = 0;
  return feed(parser, text, text.size(), head, used);
}

constexpr std::string_view usual =
    "HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\nETag: \"abc\"\r\n"
    "X-Amz-Meta-Root:  /Volumes/My%20Stick \r\n\r\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(reply_parsing)

BOOST_AUTO_TEST_CASE(a_head_is_the_same_in_pieces_of_any_size) {
  for (std::size_t step = 1; step <= usual.size(); ++step) {
    reply_parser parser;
    parser.begin(false);
    reply_head head;
    std::size_t used = 0;
    BOOST_TEST((feed(parser, usual, step, head, used) == progress::done));
    BOOST_TEST(used == usual.size());
    BOOST_TEST(head.status == 206);
    BOOST_TEST((head.framing == body_framing::length));
    BOOST_TEST(head.length == 5U);
    BOOST_TEST(head.keep_alive);
    BOOST_TEST(head.field("etag") == "\"abc\"");
    BOOST_TEST(head.field("x-amz-meta-root") == "/Volumes/My%20Stick");
    BOOST_TEST(head.field("missing").empty());
    BOOST_TEST(head.fields() == 3U);
  }
}

BOOST_AUTO_TEST_CASE(the_body_is_left_alone) {
  const std::string text = std::string(usual) + "12345";
  reply_parser parser;
  parser.begin(false);
  reply_head head;
  std::size_t used = 0;
  BOOST_TEST((parser.put_head(bytes(text), used, head) == progress::done));
  BOOST_TEST(used == usual.size());
}

BOOST_AUTO_TEST_CASE(how_the_end_of_the_body_is_told) {
  const auto framing = [](std::string_view text, bool to_head = false) {
    reply_head head;
    BOOST_TEST((whole(text, head, to_head) == progress::done));
    return head.framing;
  };
  BOOST_TEST((framing("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") == body_framing::none));
  BOOST_TEST((framing("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", true) == body_framing::none));
  BOOST_TEST((framing("HTTP/1.1 204 No\r\nContent-Length: 9\r\n\r\n") == body_framing::none));
  BOOST_TEST((framing("HTTP/1.1 304 No\r\n\r\n") == body_framing::none));
  BOOST_TEST((framing("HTTP/1.1 100 Continue\r\n\r\n") == body_framing::none));
  BOOST_TEST(
      (framing("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") == body_framing::chunked));
  BOOST_TEST((framing("HTTP/1.1 200 OK\r\n\r\n") == body_framing::until_close));
}

BOOST_AUTO_TEST_CASE(an_answer_to_head_still_says_how_long_the_object_is) {
  reply_head head;
  whole("HTTP/1.1 200 OK\r\nContent-Length: 123456789012\r\n\r\n", head, true);
  BOOST_TEST(head.has_length);
  BOOST_TEST(head.length == 123456789012U);
}

BOOST_AUTO_TEST_CASE(who_closes_is_not_kept) {
  reply_head head;
  whole("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", head);
  BOOST_TEST(!head.keep_alive);
  reply_head old;
  whole("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", old);
  BOOST_TEST(!old.keep_alive);
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_is_refused) {
  for (const std::string_view text :
       {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n"}) {
    reply_head head;
    BOOST_TEST((whole(text, head) == progress::failed), text);
  }
}

BOOST_AUTO_TEST_CASE(a_head_without_end_is_refused_at_64_kib) {
  const std::string field = "x-padding: " + std::string(1000, 'a') + "\r\n";
  std::string text = "HTTP/1.1 200 OK\r\n";
  while (text.size() < 2 * largest_head) text += field;
  for (const std::size_t step : {std::size_t(700), std::size_t(20'000), text.size()}) {
    reply_parser parser;
    parser.begin(false);
    reply_head head;
    std::size_t used = 0;
    BOOST_TEST((feed(parser, text, step, head, used) == progress::failed));
    BOOST_TEST(used <= largest_head + step);
  }
}

BOOST_AUTO_TEST_CASE(chunks_are_joined_whatever_the_sizes_of_input_and_output) {
  constexpr std::string_view head_text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  constexpr std::string_view chunks =
      "5\r\nhello\r\n1;name=value\r\n \r\n6\r\nworld!\r\n0\r\ntrailer: x\r\n\r\n";
  for (std::size_t in = 1; in <= chunks.size(); ++in) {
    for (const std::size_t out : {1U, 2U, 5U, 100U}) {
      reply_parser parser;
      parser.begin(false);
      reply_head head;
      std::size_t used = 0;
      parser.put_head(bytes(head_text), used, head);
      std::string text;
      std::size_t begin = 0;
      std::size_t end = 0;
      progress last = progress::need_more;
      while (last == progress::need_more) {
        std::string buffer(out, '\0');
        std::size_t written = 0;
        last = parser.put_chunks(bytes(chunks.substr(begin, end - begin)), used,
                                 std::as_writable_bytes(std::span(buffer)), written);
        begin += used;
        text += buffer.substr(0, written);
        if (written == out) continue;
        if (end == chunks.size()) break;
        end = std::min(end + in, chunks.size());
      }
      if (last == progress::need_more) {
        std::string none(1, '\0');
        std::size_t written = 0;
        last = parser.put_chunks(bytes(chunks.substr(begin)), used,
                                 std::as_writable_bytes(std::span(none)), written);
      }
      BOOST_TEST((last == progress::done), "input " << in << ", output " << out);
      BOOST_TEST(text == "hello world!");
    }
  }
}

BOOST_AUTO_TEST_CASE(broken_chunks_are_refused) {
  for (const std::string_view chunks : {"zz\r\nhello\r\n", "5\r\nhelloXX0\r\n\r\n"}) {
    reply_parser parser;
    parser.begin(false);
    reply_head head;
    std::size_t used = 0;
    parser.put_head(bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), used, head);
    std::string out(100, '\0');
    std::size_t written = 0;
    const auto got =
        parser.put_chunks(bytes(chunks), used, std::as_writable_bytes(std::span(out)), written);
    BOOST_TEST((got == progress::failed), chunks);
  }
}

BOOST_AUTO_TEST_SUITE_END()
