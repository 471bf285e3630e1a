#include "s3/client/head_operation.hpp"

#include "s3/http/http_connection.hpp"
#include "s3/replies/object_reply.hpp"

#include <algorithm>

namespace beatsync::s3 {

void head_operation::prepare() {
  headers.clear();
  if (shows_checksums_) headers.emplace_back(checksum_mode, "ENABLED");
  if (!by_get_) return;
  method = "GET";
  if (!empty_) headers.emplace_back("range", "bytes=0-0");
}

bool head_operation::accepts(int status) const {
  return status == 200 || (by_get_ && status == 206);
}

boost::asio::awaitable<failure_ptr> head_operation::take(http_connection& from) {
  const reply_head& reply = from.head();
  head = read_object_head(reply);
  if (reply.status == 206) {
    const auto range = parse_content_range(reply.field("content-range"));
    if (!range) co_return bad_answer("the store's answer has no valid Content-Range");
    head.size = range->total;
    std::vector<char> one_byte;
    const bool read = co_await from.read_text(one_byte, 1);
    if (!read) co_return transport_failure(from.failure());
    co_return nullptr;
  }
  if (!reply.has_length) co_return bad_answer("the store does not say how large the object is");
  head.size = reply.length;
  co_return nullptr;
}

bool refuses_checksum_mode(failure& why, const header_list& sent, std::atomic<bool>& shows) {
  const bool asked =
      std::ranges::find(sent, checksum_mode, &header_list::value_type::first) != sent.end();
  if (!asked ||
      !is_checksum_refusal(why.what.http, why.what.service_code, why.what.service_message, "")) {
    return false;
  }
  shows = false;
  why.why.what = remedy::retry;
  return true;
}

void head_operation::refused(failure& why) {
  if (refuses_checksum_mode(why, headers, shows_checksums_)) return;
  if (by_get_ && !empty_ && why.what.http == 416) {
    empty_ = true;  // it has no first byte: asked for whole, it tells the rest of its head
    why.why.what = remedy::retry;
  }
  if (by_get_ || !why.what.service_code.empty()) return;
  if (why.what.http != 400 && why.what.http != 403) return;
  by_get_ = true;
  if (why.why.what == remedy::give_up) why.why.what = remedy::retry_once;
}

}  // namespace beatsync::s3
