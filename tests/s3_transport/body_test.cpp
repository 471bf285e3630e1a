// Bodies that are cut, damaged in their framing, or contradict their heads.
#include "tests/s3_transport/fixture.hpp"

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;
using server::close_kind;
using server::fault_rule;
using server::framing;

namespace {

constexpr std::size_t size = 700'000;

fault_rule on_get(server::fault_action action, std::uint64_t times = 1) {
  return on("GetObject", std::move(action), times);
}

/// GETs `key` (put by the caller) whole; the result is the text or the error.
s3::result<std::string> fetched(bench& b, const std::string& key = "key") {
  s3::result<std::string> got = std::string();
  b.run([&](s3::client& c) -> awaitable<void> { got = co_await get_text(c, key); });
  return got;
}

server::request_record nth_get(bench& b, std::size_t n) {
  const auto all = b.store().requests();
  BOOST_REQUIRE(all.size() > n);
  return all[n];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bodies)

BOOST_AUTO_TEST_CASE(a_cut_body_goes_on_where_it_stopped_from_the_same_version) {
  bench b;
  const std::string text = pattern(size);
  b.store().put(bucket, "key", text);
  for (const auto how : {close_kind::clean, close_kind::fin, close_kind::reset}) {
    for (const std::uint64_t after : {1UL, 16'383UL, 16'384UL, 16'385UL, 300'000UL, size - 1}) {
      b.store().clear_faults();
      b.store().clear_log();
      b.store().add_fault(on_get(server::cut_body(after, how)));
      const s3::result<std::string> got = fetched(b);
      BOOST_TEST((ok(got) == text), "cut after " << after);
      const std::size_t tries = b.store().requests().size();
      if (how == close_kind::reset && tries == 1) continue;  // the kernel may still deliver it all
      const server::request_record second = nth_get(b, 1);
      BOOST_TEST(second.header("if-match").has_value());
      BOOST_TEST(second.signed_ok);
      if (how != close_kind::reset) {  // a reset may take bytes with it that were on their way
        BOOST_TEST(second.header("range").value_or("") ==
                   "bytes=" + std::to_string(after) + "-" + std::to_string(size - 1));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(chunked_bodies_are_read_and_their_cuts_seen) {
  bench b;
  const std::string text = pattern(size);
  b.store().put(bucket, "key", text);
  server::fault_action chunked;
  chunked.frame = framing::chunked;
  b.store().add_fault(on_get(chunked));
  BOOST_TEST((ok(fetched(b)) == text));
  for (const std::uint64_t after : {0UL, 1UL, 65'536UL, size - 1, size}) {
    for (const auto how : {close_kind::clean, close_kind::fin}) {
      b.store().clear_faults();
      b.store().add_fault(on_get(server::cut_body(after, how, framing::chunked)));
      BOOST_TEST((ok(fetched(b)) == text), "chunked, cut after " << after);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_body_without_length_is_held_against_the_size_that_head_tells) {
  bench b;
  const std::string text = pattern(size);
  b.store().put(bucket, "key", text);
  server::fault_action open_end;
  open_end.frame = framing::until_close;
  b.store().add_fault(on_get(open_end));
  BOOST_TEST((ok(fetched(b)) == text));

  b.store().clear_faults();
  b.store().add_fault(on_get(server::cut_body(1000, close_kind::clean, framing::until_close)));
  BOOST_TEST((ok(fetched(b)) == text));
}

BOOST_AUTO_TEST_CASE(a_body_that_is_always_cut_is_an_error_after_six_tries) {
  bench b;
  b.store().put(bucket, "key", pattern(size));
  b.store().add_fault(on_get(server::cut_body(0, close_kind::clean), 0));
  const s3::error e = failed(fetched(b));
  BOOST_TEST(e.code == s3::errc::short_body);
  BOOST_TEST(b.count("GetObject") == 6U);
}

BOOST_AUTO_TEST_CASE(a_cut_inside_the_answers_head_is_tried_again) {
  bench b;
  const std::string text = pattern(1000);
  b.store().put(bucket, "key", text);
  b.store().add_fault(on_get(server::drop_after_performing(), 2));
  BOOST_TEST((ok(fetched(b)) == text));
  BOOST_TEST(b.count("GetObject") == 3U);
}

BOOST_AUTO_TEST_CASE(an_object_that_changes_between_two_tries_is_no_mixture) {
  bench b;
  b.store().put(bucket, "key", pattern(size, 1));
  server::fault_action cut = server::cut_body(100'000, close_kind::clean);
  cut.after = [&] { b.store().put(bucket, "key", pattern(size, 2)); };
  b.store().add_fault(on_get(cut));
  const s3::error e = failed(fetched(b));
  BOOST_TEST(e.code == s3::errc::precondition_failed);
}

BOOST_AUTO_TEST_CASE(ranges_are_delivered_and_their_heads_checked) {
  bench b;
  const std::string text = pattern(size);
  b.store().put(bucket, "key", text);
  const auto range = [&](std::uint64_t first, std::uint64_t n) {
    s3::result<std::string> got = std::string();
    b.run([&](s3::client& c) -> awaitable<void> {
      s3::get_request request;
      request.key = "key";
      request.range.first = first;
      request.range.size = n;
      text_sink sink;
      const s3::result<s3::object_head> head = co_await c.get(request, sink);
      if (head.has_error()) {
        got = head.error();
      } else {
        BOOST_TEST(head->size == size);
        got = sink.text();
      }
    });
    return got;
  };
  BOOST_TEST((ok(range(0, 10)) == text.substr(0, 10)));
  BOOST_TEST((ok(range(5, size - 5)) == text.substr(5)));
  BOOST_TEST((ok(range(0, size)) == text));

  for (const char* wrong :
       {"bytes 0-9/700000", "bytes 5-13/700000", "bytes 5-14/14", "bytes x", "bytes 5-14/*", ""}) {
    b.store().clear_faults();
    b.store().add_fault(on_get(server::wrong_content_range(wrong), 0));
    BOOST_TEST(failed(range(5, 10)).code == s3::errc::bad_reply, wrong);
  }

  b.store().clear_faults();
  b.store().add_fault(on_get(server::answer_body(200, text), 0));  // ignores the range
  BOOST_TEST(failed(range(5, 10)).code == s3::errc::bad_reply);
}

BOOST_AUTO_TEST_CASE(a_broken_range_goes_on_within_itself) {
  bench b;
  const std::string text = pattern(size);
  b.store().put(bucket, "key", text);
  b.store().add_fault(on_get(server::cut_body(1000, close_kind::clean)));
  b.run([&](s3::client& c) -> awaitable<void> {
    s3::get_request request;
    request.key = "key";
    request.range.first = 5000;
    request.range.size = 20'000;
    text_sink sink;
    ok(co_await c.get(request, sink));
    BOOST_TEST((sink.text() == text.substr(5000, 20'000)));
  });
  BOOST_TEST(nth_get(b, 1).header("range").value_or("") == "bytes=6000-24999");
}

BOOST_AUTO_TEST_CASE(chunks_that_end_before_their_range_does_are_no_whole) {
  bench b;
  const std::string text = pattern(size);
  b.store().put(bucket, "key", text);
  const std::string etag = b.store().get(bucket, "key")->etag;
  const auto chunks_of = [&](std::size_t sent) {
    server::fault_action answer = server::answer_body(206, text.substr(5000, sent));
    answer.frame = framing::chunked;
    answer.headers.emplace_back("Content-Range", "bytes 5000-24999/" + std::to_string(size));
    answer.headers.emplace_back("ETag", '"' + etag + '"');
    return answer;
  };
  const auto get_range = [&](const server::fault_action& answer) {
    b.store().clear_faults();
    b.store().clear_log();
    b.store().add_fault(on_get(answer));
    s3::result<std::string> got = std::string();
    b.run([&](s3::client& c) -> awaitable<void> {
      s3::get_request request;
      request.key = "key";
      request.range.first = 5000;
      request.range.size = 20'000;
      text_sink sink;
      const s3::result<s3::object_head> head = co_await c.get(request, sink);
      if (head.has_error()) {
        got = head.error();
      } else {
        got = sink.text();
      }
    });
    return got;
  };
  for (const auto& answer :
       {chunks_of(20'000), server::cut_body(20'000, close_kind::clean, framing::chunked)}) {
    BOOST_TEST((ok(get_range(answer)) == text.substr(5000, 20'000)));
    BOOST_TEST(b.count("GetObject") == 1U);
  }
  for (const std::size_t sent : {0U, 1U, 19'999U}) {
    BOOST_TEST((ok(get_range(chunks_of(sent))) == text.substr(5000, 20'000)), sent);
    BOOST_TEST(nth_get(b, 1).header("range").value_or("") ==
               "bytes=" + std::to_string(5000 + sent) + "-24999");
  }
  BOOST_TEST(failed(get_range(chunks_of(20'001))).code == s3::errc::bad_reply);
  BOOST_TEST(b.count("GetObject") == 1U);
}

BOOST_AUTO_TEST_CASE(empty_objects_have_empty_bodies) {
  bench b;
  b.store().put(bucket, "key", "");
  BOOST_TEST(ok(fetched(b)).empty());
}

BOOST_AUTO_TEST_CASE(answers_that_are_no_http_or_far_too_large_are_refused) {
  bench b;
  b.store().put(bucket, "key", "x");
  server::fault_action big_head;
  big_head.headers.emplace_back("x-padding", std::string(100'000, 'a'));
  b.store().add_fault(on_get(big_head, 0));
  BOOST_TEST(failed(fetched(b)).code == s3::errc::bad_reply);

  fault_rule on_list;
  on_list.operation = "ListObjectsV2";
  on_list.times = 0;
  on_list.action = server::answer_body(200, std::string(20'000'000, ' '));
  b.store().add_fault(on_list);
  b.run([](s3::client& c) -> awaitable<void> {
    s3::list_request request;
    const s3::result<s3::list_page> page = co_await c.list(request);
    BOOST_TEST(failed(page).code == s3::errc::bad_reply);
  });
}

BOOST_AUTO_TEST_CASE(a_sink_that_fails_ends_the_call_at_once) {
  class full_disk final : public s3::body_sink {
   public:
    std::span<std::byte> prepare() override { return buffer_; }
    awaitable<s3::result<void>> commit(std::size_t) override {
      co_return s3::make_error(s3::errc::sink_failed, "the disk is full");
    }

   private:
    std::vector<std::byte> buffer_ = std::vector<std::byte>(5000);
  };
  bench b;
  b.store().put(bucket, "key", pattern(size));
  b.run([](s3::client& c) -> awaitable<void> {
    s3::get_request request;
    request.key = "key";
    full_disk sink;
    const s3::result<s3::object_head> head = co_await c.get(request, sink);
    const s3::error e = failed(head);
    BOOST_TEST(e.code == s3::errc::sink_failed);
    BOOST_TEST(e.message == "the disk is full");
  });
  BOOST_TEST(b.count("GetObject") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
