// What is there: objects, multipart uploads, their parts.
#include "s3/client/exchange.hpp"
#include "s3/http/http_connection.hpp"
#include "s3/replies/reply_xml.hpp"
#include "s3/uri.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::s3 {

namespace asio = boost::asio;

namespace {

/// 1,000 keys of 1,024 bytes, every byte percent-encoded, with what surrounds them: under 4 MiB;
/// what is longer is no listing (reliability.md, row 14).
constexpr std::size_t largest_page = 16 * 1024 * 1024;
/// Uploads and parts come 1,000 to a page; more pages than this are a store gone mad.
constexpr int most_pages = 10'000;

class list_operation final : public text_operation {
 public:
  explicit list_operation(const list_request& request)
      : text_operation("ListObjectsV2", "GET", ""), request_(request) {
    query_parameters wanted;
    wanted.emplace_back("list-type", "2");
    wanted.emplace_back("encoding-type", "url");  // XML cannot carry every key
    wanted.emplace_back("max-keys", std::to_string(request.max_keys));
    if (!request.prefix.empty()) wanted.emplace_back("prefix", request.prefix);
    if (!request.delimiter.empty()) wanted.emplace_back("delimiter", request.delimiter);
    if (!request.continuation_token.empty()) {
      wanted.emplace_back("continuation-token", request.continuation_token);
    } else if (!request.start_after.empty()) {
      wanted.emplace_back("start-after", request.start_after);
    }
    query = canonical_query(wanted);
    largest_text = largest_page;
  }

  list_page page;

 private:
  failure_ptr understand(const http_connection&, std::vector<char> text) override {
    if (auto refusal = error_in_success({text.data(), text.size()})) return refusal;
    auto parsed = parse_list(std::move(text), request_.prefix);
    if (parsed.has_error()) return transport_failure(parsed.error());
    if (!parsed->next_token.empty() && parsed->next_token == request_.continuation_token) {
      return bad_answer("the listing does not advance: the same page comes again and again");
    }
    page = *std::move(parsed);
    return nullptr;
  }

  const list_request& request_;
};

/// A text operation whose answer one of reply_xml's functions reads.
template <class T>
class parsed_operation final : public text_operation {
 public:
  using parser = result<T> (*)(std::string_view);
  parsed_operation(std::string_view op_name, std::string_view op_key, parser parse)
      : text_operation(op_name, "GET", op_key), parse_(parse) {
    largest_text = largest_page;
  }

  T answer{};

 private:
  failure_ptr understand(const http_connection&, std::vector<char> text) override {
    const std::string_view view(text.data(), text.size());
    if (auto refusal = error_in_success(view)) return refusal;
    auto parsed = parse_(view);
    if (parsed.has_error()) return transport_failure(parsed.error());
    answer = *std::move(parsed);
    return nullptr;
  }

  parser parse_;
};

error endless(std::string_view what) {
  return make_error(errc::bad_reply, std::string("the listing of ") + std::string(what) +
                                         " does not advance: the same page comes again and again");
}

}  // namespace

asio::awaitable<result<list_page>> client::list(const list_request& request) {
  list_operation op(request);
  const result<void> done = co_await exchange_->run(op);
  if (done.has_error()) co_return done.error();
  co_return std::move(op.page);
}

asio::awaitable<result<std::vector<pending_upload>>> client::list_uploads(
    const std::string& prefix) {
  std::vector<pending_upload> all;
  std::string key_marker;
  std::string id_marker;
  for (int pages = 0; pages < most_pages; ++pages) {
    parsed_operation<uploads_page> op("ListMultipartUploads", "", &parse_uploads);
    query_parameters wanted;
    wanted.emplace_back("uploads", "");
    wanted.emplace_back("encoding-type", "url");
    if (!prefix.empty()) wanted.emplace_back("prefix", prefix);
    if (!key_marker.empty()) wanted.emplace_back("key-marker", key_marker);
    if (!id_marker.empty()) wanted.emplace_back("upload-id-marker", id_marker);
    op.query = canonical_query(wanted);
    const result<void> done = co_await exchange_->run(op);
    if (done.has_error()) co_return done.error();
    std::move(op.answer.uploads.begin(), op.answer.uploads.end(), std::back_inserter(all));
    if (!op.answer.truncated) co_return all;
    if (op.answer.next_key_marker == key_marker && op.answer.next_upload_id_marker == id_marker) {
      break;
    }
    key_marker = std::move(op.answer.next_key_marker);
    id_marker = std::move(op.answer.next_upload_id_marker);
  }
  co_return endless("multipart uploads");
}

asio::awaitable<result<std::vector<uploaded_part>>> client::list_parts(
    const std::string& key, const std::string& upload_id) {
  std::vector<uploaded_part> all;
  int marker = 0;
  for (;;) {
    parsed_operation<parts_page> op("ListParts", key, &parse_parts);
    query_parameters wanted;
    wanted.emplace_back("uploadId", upload_id);
    if (marker != 0) wanted.emplace_back("part-number-marker", std::to_string(marker));
    op.query = canonical_query(wanted);
    const result<void> done = co_await exchange_->run(op);
    if (done.has_error()) co_return done.error();
    std::move(op.answer.parts.begin(), op.answer.parts.end(), std::back_inserter(all));
    if (!op.answer.truncated) co_return all;
    if (op.answer.next_part_number_marker <= marker) break;
    marker = op.answer.next_part_number_marker;
  }
  co_return endless("parts");
}

}  // namespace beatsync::s3
