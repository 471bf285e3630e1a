// Multipart uploads: create, part, complete, abort.
#include "s3/client/exchange.hpp"
#include "s3/client/upload_headers.hpp"
#include "s3/client/write_proof.hpp"
#include "s3/http/http_connection.hpp"
#include "s3/replies/object_reply.hpp"
#include "s3/replies/reply_xml.hpp"
#include "s3/uri.hpp"

#include <utility>

namespace beatsync::s3 {

namespace asio = boost::asio;

namespace {

/// MinIO answers 400 to parts with a checksum unless Create has declared it, and only the type
/// FULL_OBJECT combines.
void declare_checksum(header_list& headers, checksum_algorithm algorithm) {
  if (algorithm == checksum_algorithm::none) return;
  headers.emplace_back("x-amz-checksum-algorithm", name_of(algorithm));
  headers.emplace_back("x-amz-checksum-type", "FULL_OBJECT");
}

class create_operation final : public text_operation {
 public:
  explicit create_operation(const create_upload_request& request)
      : text_operation("CreateMultipartUpload", "POST", request.key) {
    query = canonical_query({{"uploads", ""}});
    add_object_headers(headers, request.content_type, request.headers, request.metadata);
    declare_checksum(headers, request.algorithm);
    checksum_sent = request.algorithm;
    idempotent = false;
    lasting = true;
  }

  std::string upload_id;

 private:
  failure_ptr understand(const http_connection&, std::vector<char> text) override {
    const std::string_view view(text.data(), text.size());
    if (auto refusal = error_in_success(view)) return refusal;
    auto parsed = parse_initiate(view);
    if (parsed.has_error()) return transport_failure(parsed.error());
    upload_id = *std::move(parsed);
    return nullptr;
  }
};

class part_operation final : public text_operation {
 public:
  part_operation(const upload_part_request& request, body_source& source)
      : text_operation("UploadPart", "PUT", request.key) {
    query = canonical_query(
        {{"partNumber", std::to_string(request.number)}, {"uploadId", request.upload_id}});
    add_checksum(headers, request.sum);
    checksum_sent = request.sum.algorithm;
    content = source.in_memory();
    if (content.empty() && source.size() != 0) body = &source;
  }

  std::string etag;

 private:
  failure_ptr understand(const http_connection& from, std::vector<char> text) override {
    if (auto refusal = error_in_success({text.data(), text.size()})) return refusal;
    etag = unquoted_etag(from.head().field("etag"));
    if (etag.empty()) return bad_answer("the store's answer to a part has no ETag");
    return nullptr;
  }
};

std::string complete_document(const std::vector<uploaded_part>& parts) {
  std::string text = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (const uploaded_part& part : parts) {
    text += "<Part>";
    if (part.sum.known()) {
      const std::string element = "Checksum" + std::string(name_of(part.sum.algorithm));
      text += '<' + element + '>' + to_base64(part.sum) + "</" + element + '>';
    }
    text += "<ETag>&quot;" + part.etag + "&quot;</ETag>";
    text += "<PartNumber>" + std::to_string(part.number) + "</PartNumber></Part>";
  }
  return text + "</CompleteMultipartUpload>";
}

class complete_operation final : public text_operation {
 public:
  complete_operation(const complete_upload_request& request, write_proof::head_finder find)
      : text_operation("CompleteMultipartUpload", "POST", request.key),
        request_(request),
        document_(complete_document(request.parts)),
        proof_(std::move(find)) {
    query = canonical_query({{"uploadId", request.upload_id}});
    headers.emplace_back("content-type", "application/xml");
    headers.emplace_back("x-amz-mp-object-size", std::to_string(request.size));
    add_conditions(headers, request.if_none_match, request.if_match);
    if (request.sum.known()) {
      add_checksum(headers, request.sum);
      headers.emplace_back("x-amz-checksum-type", "FULL_OBJECT");
    }
    checksum_sent = request.sum.algorithm;
    content = std::as_bytes(std::span(document_));
    hash_content = true;
    idempotent = false;
    slow = true;
  }

  put_answer answer;

  /// The upload is spent then:
  /// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
  /// ("On a 409 failure you should re-initiate the multipart upload").
  void refused(failure& why) override {
    if (why.what.service_code == "ConditionalRequestConflict") why.why.what = remedy::give_up;
  }

  awaitable<bool> settle(const failure& after) override {
    if (!proof_.needed_after(after)) co_return false;
    const std::string etag = multipart_etag(request_.parts);
    const std::optional<object_head> stored =
        co_await proof_.stored(request_.size, request_.sum, nullptr, etag);
    if (!stored) co_return false;
    answer.etag = stored->etag;
    co_return true;
  }

 private:
  failure_ptr understand(const http_connection&, std::vector<char> text) override {
    const std::string_view view(text.data(), text.size());
    if (auto refusal = error_in_success(view)) return refusal;
    auto parsed = parse_complete(view);
    if (parsed.has_error()) return transport_failure(parsed.error());
    if (!parsed->done) return bad_answer("the store's answer does not say that it is complete");
    if (request_.sum.known() && parsed->sum.algorithm == request_.sum.algorithm &&
        parsed->sum != request_.sum) {
      failure_ptr wrong = transport_failure(make_error(
          errc::checksum_mismatch, "the store has put other bytes together than were sent"));
      wrong->why.what = remedy::give_up;
      return wrong;
    }
    answer.etag = std::move(parsed->etag);
    return nullptr;
  }

  const complete_upload_request& request_;
  std::string document_;
  write_proof proof_;
};

}  // namespace

asio::awaitable<result<std::string>> client::create_upload(const create_upload_request& request) {
  create_operation op(request);
  if (const auto bad = unsafe_header(op.headers)) co_return *bad;
  const result<void> done = co_await exchange_->run(op);
  if (done.has_error()) co_return done.error();
  co_return std::move(op.upload_id);
}

asio::awaitable<result<uploaded_part>> client::upload_part(const upload_part_request& request,
                                                           body_source& body) {
  part_operation op(request, body);
  const result<void> done = co_await exchange_->run(op);
  if (done.has_error()) co_return done.error();
  uploaded_part part;
  part.number = request.number;
  part.size = body.size();
  part.etag = std::move(op.etag);
  part.sum = request.sum;
  co_return part;
}

asio::awaitable<result<put_answer>> client::complete_upload(
    const complete_upload_request& request) {
  write_proof::head_finder find = [this, &request] { return quick_head(request.key); };
  complete_operation op(request, std::move(find));
  const result<void> done = co_await exchange_->run(op);
  if (done.has_error()) co_return done.error();
  co_return std::move(op.answer);
}

asio::awaitable<result<void>> client::abort_upload(const std::string& key,
                                                   const std::string& upload_id) {
  text_operation op("AbortMultipartUpload", "DELETE", key);
  op.query = canonical_query({{"uploadId", upload_id}});
  op.cleanup = true;
  const result<void> done = co_await exchange_->run(op);
  if (done.has_error() && done.error().code == errc::no_such_upload) co_return result<void>();
  co_return done;
}

}  // namespace beatsync::s3
