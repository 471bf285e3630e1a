// UploadPartCopy: the store takes a part from an object it has.
#include "s3/client/exchange.hpp"
#include "s3/client/session_state.hpp"
#include "s3/replies/object_reply.hpp"
#include "s3/replies/reply_xml.hpp"
#include "s3/uri.hpp"

#include <memory>
#include <utility>

namespace beatsync::s3 {

namespace asio = boost::asio;

namespace {

class copy_operation final : public text_operation {
 public:
  copy_operation(const copy_part_request& request, const std::string& bucket)
      : text_operation("UploadPartCopy", "PUT", request.key) {
    query = canonical_query(
        {{"partNumber", std::to_string(request.number)}, {"uploadId", request.upload_id}});
    headers.emplace_back("x-amz-copy-source", '/' + percent_encode(bucket) + '/' +
                                                  percent_encode_path(request.source_key));
    if (!request.source_etag.empty()) {
      headers.emplace_back("x-amz-copy-source-if-match", '"' + request.source_etag + '"');
    }
    if (request.range.size != 0) {
      headers.emplace_back("x-amz-copy-source-range",
                           "bytes=" + std::to_string(request.range.first) + '-' +
                               std::to_string(request.range.first + request.range.size - 1));
    }
    slow = true;  // it answers when it has copied
  }

  completion copied;

 private:
  failure_ptr understand(const http_connection&, std::vector<char> text) override {
    const std::string_view view(text.data(), text.size());
    // The head of the answer goes out before the copy is made; what went wrong comes in the body.
    if (auto refusal = error_in_success(view)) return refusal;
    auto parsed = parse_copy(view);
    if (parsed.has_error()) return transport_failure(parsed.error());
    if (!parsed->done) return bad_answer("the store's answer does not say that it has copied");
    copied = *std::move(parsed);
    return nullptr;
  }
};

}  // namespace

asio::awaitable<result<uploaded_part>> client::upload_part_copy(const copy_part_request& request) {
  std::string bucket = request.source_bucket;
  if (bucket.empty()) bucket = exchange_->shared().options.bucket;
  copy_operation op(request, bucket);
  const result<void> done = co_await exchange_->run(op);
  if (done.has_error()) co_return done.error();
  uploaded_part part;
  part.number = request.number;
  part.size = request.range.size;
  part.etag = std::move(op.copied.etag);
  part.sum = op.copied.sum;
  co_return part;
}

}  // namespace beatsync::s3
