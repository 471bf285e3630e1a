// PutObject and DeleteObjects.
#include "s3/client/exchange.hpp"
#include "s3/client/explain.hpp"
#include "s3/client/request_head.hpp"
#include "s3/client/upload_headers.hpp"
#include "s3/client/write_proof.hpp"
#include "s3/hash.hpp"
#include "s3/http/http_connection.hpp"
#include "s3/printable.hpp"
#include "s3/replies/object_reply.hpp"
#include "s3/replies/reply_xml.hpp"
#include "s3/uri.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::s3 {

namespace asio = boost::asio;

namespace {

/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html
constexpr std::uint64_t largest_put = 5ULL * 1024 * 1024 * 1024;
/// Smaller bodies are with the server before it could say no.
constexpr std::uint64_t asked_for_before = 64 * 1024;
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
constexpr std::size_t most_deletes = 1000;

class put_operation final : public text_operation {
 public:
  put_operation(const put_request& request, body_source& source, write_proof::head_finder find)
      : text_operation("PutObject", "PUT", request.key),
        request_(request),
        source_(source),
        proof_(std::move(find)) {
    add_object_headers(headers, request.content_type, request.headers, request.metadata);
    add_checksum(headers, request.sum);
    add_conditions(headers, request.if_none_match, request.if_match);
    checksum_sent = request.sum.algorithm;
    const bool conditional = request.if_none_match || !request.if_match.empty();
    idempotent = !conditional;  // the second one would fail on the first one's object
    content = source.in_memory();
    if (!content.empty() || source.size() == 0) return;
    body = &source;
    expect_continue = conditional && source.size() > asked_for_before;
  }

  put_answer answer;

  /// RFC 9110, 10.1.1: a 417 is about the expectation; the same without it may be fine.
  void refused(failure& why) override {
    if (why.what.http != 417 || !expect_continue) return;
    expect_continue = false;
    why.why.what = remedy::retry_once;
  }

  awaitable<bool> settle(const failure& after) override {
    if (!proof_.needed_after(after)) co_return false;
    const std::optional<object_head> stored =
        co_await proof_.stored(source_.size(), request_.sum, &source_);
    if (!stored) co_return false;
    answer.etag = stored->etag;
    co_return true;
  }

 private:
  failure_ptr understand(const http_connection& from, std::vector<char> text) override {
    if (auto refusal = error_in_success({text.data(), text.size()})) return refusal;
    answer.etag = unquoted_etag(from.head().field("etag"));
    if (answer.etag.empty()) return bad_answer("the store's answer to the upload has no ETag");
    return nullptr;
  }

  const put_request& request_;
  body_source& source_;
  write_proof proof_;
};

/// XML 1.0 cannot carry most control characters, not even as references.
bool fits_xml(std::string_view key) noexcept {
  return std::none_of(key.begin(), key.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
  });
}

class delete_operation final : public text_operation {
 public:
  explicit delete_operation(std::span<const std::string> keys)
      : text_operation("DeleteObjects", "POST", "") {
    query = canonical_query({{"delete", ""}});
    document_ = "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>";
    for (const std::string& k : keys) {
      document_ += "<Object><Key>" + xml_escape(k) + "</Key></Object>";
    }
    document_ += "</Delete>";
    headers.emplace_back("content-md5", md5_base64(document_));  // AWS demands it or a checksum
    headers.emplace_back("content-type", "application/xml");
    content = std::as_bytes(std::span(document_));
    hash_content = true;
    largest_text = 16 * 1024 * 1024;
  }

  std::vector<delete_refusal> refusals;

 private:
  failure_ptr understand(const http_connection&, std::vector<char> text) override {
    const std::string_view view(text.data(), text.size());
    if (auto refusal = error_in_success(view)) return refusal;
    auto parsed = parse_delete(view);
    if (parsed.has_error()) return transport_failure(parsed.error());
    refusals = *std::move(parsed);
    return nullptr;
  }

  std::string document_;
};

delete_failure failed_delete(delete_refusal&& refusal) {
  delete_failure f;
  f.key = std::move(refusal.key);
  f.why.code = classify(403, refusal.why.code, false).code;
  f.why.message = "the object '" + printable(f.key) + "' could not be deleted";
  f.why.service_code = std::move(refusal.why.code);
  f.why.service_message = std::move(refusal.why.message);
  f.why.request_id = std::move(refusal.why.request_id);
  return f;
}

}  // namespace

asio::awaitable<result<put_answer>> client::put(const put_request& request, body_source& body) {
  if (body.size() > largest_put) {
    co_return make_error(errc::too_large, "'" + printable(request.key) +
                                              "' is larger than the 5 GiB that one PUT may carry");
  }
  write_proof::head_finder find = [this, &request] { return quick_head(request.key); };
  put_operation op(request, body, std::move(find));
  if (const auto bad = unsafe_header(op.headers)) co_return *bad;
  const result<void> done = co_await exchange_->run(op);
  if (done.has_error()) co_return done.error();
  co_return std::move(op.answer);
}

asio::awaitable<result<std::vector<delete_failure>>> client::delete_objects(
    const std::vector<std::string>& keys) {
  std::vector<delete_failure> failures;
  std::vector<std::string> batch;
  for (std::size_t i = 0; i < keys.size() || !batch.empty(); ++i) {
    if (i < keys.size() && fits_xml(keys[i])) {
      batch.push_back(keys[i]);
    } else if (i < keys.size()) {
      text_operation one("DeleteObject", "DELETE", keys[i]);
      const result<void> done = co_await exchange_->run(one);
      if (done.has_error() && done.error().code != errc::no_such_key) co_return done.error();
    }
    if (batch.empty() || (batch.size() < most_deletes && i + 1 < keys.size())) continue;
    delete_operation op(batch);
    const result<void> done = co_await exchange_->run(op);
    if (done.has_error()) co_return done.error();
    for (delete_refusal& refusal : op.refusals)
      failures.push_back(failed_delete(std::move(refusal)));
    batch.clear();
  }
  co_return failures;
}

}  // namespace beatsync::s3
