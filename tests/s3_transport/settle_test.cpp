// Writes whose answer is lost or a lie: never success without proof, never failure against it.
#include "tests/s3_transport/fixture.hpp"

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;

namespace {

constexpr std::size_t part_size = 5 * 1024 * 1024;  // S3's least

/// Uploads two parts and completes them.
awaitable<s3::result<s3::put_answer>> multipart(s3::client& c, std::string first,
                                                std::string second, bool with_sum = true) {
  const auto algorithm =
      with_sum ? s3::checksum_algorithm::crc64nvme : s3::checksum_algorithm::none;
  s3::create_upload_request create;
  create.key = "big";
  create.algorithm = algorithm;
  const std::string id = ok(co_await c.create_upload(create));
  s3::complete_upload_request complete;
  complete.key = "big";
  complete.upload_id = id;
  complete.size = first.size() + second.size();
  complete.sum = sum_of(first + second, algorithm);
  int number = 0;
  for (const std::string& text : {first, second}) {
    s3::upload_part_request part;
    part.key = "big";
    part.upload_id = id;
    part.number = ++number;
    part.sum = sum_of(text, algorithm);
    stream_source body(text);
    complete.parts.push_back(ok(co_await c.upload_part(part, body)));
  }
  co_return co_await c.complete_upload(complete);
}

struct story {
  std::string first = pattern(part_size, 1);
  std::string second = pattern(1000, 2);
};

}  // namespace

BOOST_AUTO_TEST_SUITE(settling)

BOOST_AUTO_TEST_CASE(a_multipart_upload_works_with_and_without_checksums) {
  for (const bool with_sum : {true, false}) {
    bench b;
    const story s;
    b.run([&](s3::client& c) -> awaitable<void> {
      const s3::put_answer answer = ok(co_await multipart(c, s.first, s.second, with_sum));
      BOOST_TEST(answer.etag.ends_with("-2"));
    });
    BOOST_TEST((b.store().get(bucket, "big")->body == s.first + s.second));
  }
}

BOOST_AUTO_TEST_CASE(a_complete_that_lies_is_no_success) {
  const std::vector<std::pair<const char*, server::fault_action>> lies = {
      {"InternalError", server::ok_with_error("InternalError")},
      {"SlowDown", server::ok_with_error("SlowDown")},
      {"AccessDenied", server::ok_with_error("AccessDenied")},
      {"blanks and an error", server::whitespace_then_error("InternalError")},
      {"empty", server::ok_with_empty_body()},
      {"truncated", server::ok_with_truncated_body()},
      {"HTML", server::ok_with_html()},
      {"wrong root", server::ok_with_wrong_root()}};
  for (const auto& [name, lie] : lies) {
    bench b;
    b.store().add_fault(on("CompleteMultipartUpload", lie));
    const story s;
    b.run([&](s3::client& c) -> awaitable<void> {
      const s3::result<s3::put_answer> answer = co_await multipart(c, s.first, s.second);
      BOOST_TEST(answer.has_error(), name);
    });
    BOOST_TEST(b.count("CompleteMultipartUpload") <= 6U, name);
  }
}

BOOST_AUTO_TEST_CASE(a_complete_that_worked_but_said_nonsense_is_settled_by_head) {
  for (const bool with_sum : {true, false}) {
    bench b;
    server::fault_action nonsense;
    nonsense.status = 200;
    nonsense.body = "";
    nonsense.perform = true;
    b.store().add_fault(on("CompleteMultipartUpload", nonsense));
    const story s;
    b.run([&](s3::client& c) -> awaitable<void> {
      const s3::put_answer answer = ok(co_await multipart(c, s.first, s.second, with_sum));
      BOOST_TEST(answer.etag.ends_with("-2"));
    });
    BOOST_TEST(b.count("CompleteMultipartUpload") == 1U);
    BOOST_TEST(b.count("HeadObject") == 1U);
  }
}

BOOST_AUTO_TEST_CASE(a_lost_complete_is_settled_by_head) {
  bench b;
  b.store().add_fault(on("CompleteMultipartUpload", server::drop_after_performing()));
  const story s;
  b.run([&](s3::client& c) -> awaitable<void> { ok(co_await multipart(c, s.first, s.second)); });
  BOOST_TEST((b.store().get(bucket, "big")->body == s.first + s.second));
}

BOOST_AUTO_TEST_CASE(a_complete_that_worked_although_the_store_said_it_failed_is_settled_by_head) {
  for (const int status : {500, 503, 524}) {
    bench b;
    server::fault_action failure;
    failure.status = status;
    failure.body = "";
    failure.perform = true;
    b.store().add_fault(on("CompleteMultipartUpload", failure, 1));
    const story s;
    b.run([&](s3::client& c) -> awaitable<void> { ok(co_await multipart(c, s.first, s.second)); });
    BOOST_TEST(b.count("CompleteMultipartUpload") == 2U, status);  // the second: no such upload
    BOOST_TEST(b.count("HeadObject") == 1U, status);
  }
}

BOOST_AUTO_TEST_CASE(a_complete_that_met_another_writer_is_not_repeated) {
  bench b;
  b.store().add_fault(
      on("CompleteMultipartUpload", server::answer_error(409, "ConditionalRequestConflict")));
  const story s;
  b.run([&](s3::client& c) -> awaitable<void> {
    const s3::result<s3::put_answer> answer = co_await multipart(c, s.first, s.second);
    BOOST_TEST(failed(answer).code == s3::errc::precondition_failed);
  });
  BOOST_TEST(b.count("CompleteMultipartUpload") == 1U);
}

BOOST_AUTO_TEST_CASE(a_complete_that_fails_once_is_repeated) {
  bench b;
  b.store().add_fault(on("CompleteMultipartUpload", server::ok_with_error("InternalError"), 2));
  const story s;
  b.run([&](s3::client& c) -> awaitable<void> { ok(co_await multipart(c, s.first, s.second)); });
  BOOST_TEST(b.count("CompleteMultipartUpload") == 3U);
}

BOOST_AUTO_TEST_CASE(an_older_object_of_the_same_size_is_no_proof) {
  bench b;
  const story s;
  b.store().put(bucket, "big", pattern(s.first.size() + s.second.size(), 9));
  b.store().add_fault(on("CompleteMultipartUpload", server::ok_with_empty_body()));
  for (const bool with_sum : {true, false}) {
    b.run([&](s3::client& c) -> awaitable<void> {
      const s3::result<s3::put_answer> answer = co_await multipart(c, s.first, s.second, with_sum);
      BOOST_TEST(failed(answer).code == s3::errc::bad_reply);
    });
  }
}

BOOST_AUTO_TEST_CASE(a_put_whose_answer_is_always_lost_is_settled_by_head) {
  for (const bool with_sum : {true, false}) {
    bench b;
    b.store().add_fault(on("PutObject", server::drop_after_performing()));
    const std::string text = pattern(300'000);
    b.run([&](s3::client& c) -> awaitable<void> {
      s3::put_request request;
      request.key = "key";
      if (with_sum) request.sum = sum_of(text);
      stream_source body(text);
      const s3::put_answer answer = ok(co_await c.put(request, body));
      BOOST_TEST(answer.etag.size() == 32U);
    });
    BOOST_TEST(b.count("PutObject") == 1U);
    BOOST_TEST(b.count("HeadObject") == 1U);
  }
}

BOOST_AUTO_TEST_CASE(a_lost_conditional_put_does_not_fail_on_its_own_object) {
  bench b;
  b.store().add_fault(on("PutObject", server::drop_after_performing(), 1));
  b.store().add_fault(on("HeadObject", server::answer_error(503, "SlowDown"), 1));
  b.run([&](s3::client& c) -> awaitable<void> {
    s3::put_request request;
    request.key = "key";
    request.if_none_match = true;
    request.sum = sum_of("text");
    memory_source body("text");
    ok(co_await c.put(request, body));
  });
}

BOOST_AUTO_TEST_CASE(a_put_that_never_arrives_is_repeated_and_then_an_error) {
  bench b;
  b.store().add_fault(on("PutObject", server::drop_before_performing()));
  b.run([&](s3::client& c) -> awaitable<void> {
    const s3::result<s3::put_answer> put = co_await put_text(c, "key", "text");
    BOOST_TEST(failed(put).code == s3::errc::connection_lost);
  });
  BOOST_TEST(b.count("PutObject") <= 6U);
  BOOST_TEST(b.count("PutObject") >= 2U);
}

BOOST_AUTO_TEST_CASE(bits_that_flip_on_the_way_up_are_refused_and_sent_again) {
  bench b;
  b.store().add_fault(on("PutObject", server::flip_upload_bit(77), 2));
  const std::string text = pattern(100'000);
  b.run([&](s3::client& c) -> awaitable<void> { ok(co_await put_text(c, "key", text)); });
  BOOST_TEST((b.store().get(bucket, "key")->body == text));
}

BOOST_AUTO_TEST_CASE(a_listing_that_does_not_advance_is_an_error) {
  bench b;
  for (int i = 0; i < 5; ++i) b.store().put(bucket, "k" + std::to_string(i), "x");
  b.store().add_fault(on("ListObjectsV2", server::same_token("again")));
  b.run([](s3::client& c) -> awaitable<void> {
    s3::list_request request;
    request.continuation_token = "again";
    const s3::result<s3::list_page> page = co_await c.list(request);
    BOOST_TEST(page.has_error());
  });
}

BOOST_AUTO_TEST_SUITE_END()
