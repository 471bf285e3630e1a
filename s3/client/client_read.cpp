// HeadObject and GetObject.
#include "s3/client/exchange.hpp"
#include "s3/client/explain.hpp"
#include "s3/client/head_operation.hpp"
#include "s3/http/http_connection.hpp"
#include "s3/printable.hpp"
#include "s3/replies/object_reply.hpp"

#include <atomic>
#include <functional>
#include <utility>

namespace beatsync::s3 {

namespace asio = boost::asio;

namespace {

/// Streams into the sink and goes on where the try before broke off, from the same version of the
/// object.
class get_operation final : public operation {
 public:
  /// Asks with a HEAD how large the object is.
  using size_finder = std::function<asio::awaitable<result<object_head>>()>;

  get_operation(const get_request& request, body_sink& sink, size_finder find_size,
                std::atomic<bool>& shows_checksums)
      : operation("GetObject", "GET", request.key),
        request_(request),
        sink_(sink),
        find_size_(std::move(find_size)),
        shows_checksums_(shows_checksums) {}

  object_head head;

  void prepare() override;
  bool accepts(int status) const override { return status == 200 || status == 206; }
  awaitable<failure_ptr> take(http_connection& from) override;
  void refused(failure& why) override { refuses_checksum_mode(why, headers, shows_checksums_); }
  std::uint64_t progress() const override { return received_; }

 private:
  bool ranged() const noexcept { return request_.range.size != 0; }
  std::uint64_t first() const noexcept { return request_.range.first + received_; }
  failure_ptr judge(const reply_head& reply);
  awaitable<failure_ptr> find_total();
  failure_ptr unusable(const std::string& what) const;

  const get_request& request_;
  body_sink& sink_;
  size_finder find_size_;
  std::atomic<bool>& shows_checksums_;
  std::uint64_t received_ = 0;
  bool started_ = false;                 ///< `head` is of the answer that was begun
  std::optional<std::uint64_t> total_;   ///< bytes of the whole object
  std::optional<std::uint64_t> wanted_;  ///< bytes of this try's body
};

void get_operation::prepare() {
  headers.clear();
  std::string version = request_.if_match;
  if (version.empty() && started_) version = head.etag;
  if (!version.empty()) headers.emplace_back("if-match", '"' + version + '"');
  if (request_.want_checksum && !ranged() && shows_checksums_) {
    headers.emplace_back(checksum_mode, "ENABLED");
  }
  if (!ranged() && received_ == 0) return;
  std::string range = "bytes=" + std::to_string(first()) + '-';
  if (ranged()) {
    range += std::to_string(request_.range.first + request_.range.size - 1);
  } else if (total_) {
    range += std::to_string(*total_ - 1);
  }
  headers.emplace_back("range", std::move(range));
}

failure_ptr get_operation::unusable(const std::string& what) const {
  return bad_answer("the answer for '" + printable(request_.key) + "' cannot be used: " + what);
}

/// Holds the head against what was asked for and what earlier heads said.
failure_ptr get_operation::judge(const reply_head& reply) {
  object_head now = read_object_head(reply);
  const bool asked_range = ranged() || received_ != 0;
  wanted_.reset();
  std::optional<std::uint64_t> total = total_;
  if (reply.status == 206) {
    if (!asked_range) return unusable("a part (206) although all was asked for");
    const auto range = parse_content_range(reply.field("content-range"));
    if (!range) return unusable("no valid Content-Range");
    const std::uint64_t last =
        ranged() ? request_.range.first + request_.range.size - 1 : range->total - 1;
    if (range->first != first() || range->last != last) return unusable("another range");
    total = range->total;
    wanted_ = last - first() + 1;
  } else {
    const bool is_all_the_same = received_ == 0 && request_.range.first == 0 && reply.has_length &&
                                 reply.length == request_.range.size;
    if (asked_range && !is_all_the_same)
      return unusable("the whole object although a part was asked for");
    if (reply.has_length) total = reply.length;
    wanted_ = total;
  }
  if (reply.has_length && reply.length != wanted_) return unusable("its length contradicts itself");
  if (total_ && total != total_) return unusable("the object's size has changed");
  const bool other_version =
      (started_ && now.etag != head.etag) || (!request_.if_match.empty() && !now.etag.empty() &&
                                              now.etag != unquoted_etag(request_.if_match));
  if (other_version) {
    return transport_failure(make_error(
        errc::precondition_failed,
        "the object '" + printable(request_.key) + "' was changed by somebody else meanwhile"));
  }
  total_ = total;
  if (!started_) {
    head = std::move(now);
    started_ = true;
  }
  if (total_) head.size = *total_;
  return nullptr;
}

asio::awaitable<failure_ptr> get_operation::take(http_connection& from) {
  if (auto bad = judge(from.head())) co_return bad;
  if (from.head().framing == body_framing::until_close && !wanted_) {
    // Only a closed connection would tell the end, and that is what a broken one looks like, too.
    if (auto bad = co_await find_total()) co_return bad;
    wanted_ = total_;
  }
  std::uint64_t now = 0;
  const bool whole = co_await from.read_body(sink_, wanted_, now);
  received_ += now;
  if (whole && !wanted_) head.size = received_;  // chunked: its end was announced
  if (whole) co_return nullptr;
  failure_ptr broken = transport_failure(from.failure());
  if (now == wanted_) {  // there is nothing left to ask for
    if (broken->why.what == remedy::retry) co_return nullptr;
    broken->why.what = remedy::give_up;
  }
  if (!total_ && broken->why.what != remedy::give_up) {
    // Perhaps nothing but the announcement of the end is missing.
    if (auto bad = co_await find_total()) co_return bad;
    if (received_ == *total_) co_return nullptr;
  }
  co_return broken;
}

asio::awaitable<failure_ptr> get_operation::find_total() {
  const result<object_head> found = co_await find_size_();
  if (found.has_error()) co_return transport_failure(found.error());
  if (found->etag != head.etag) co_return unusable("the object has changed");
  total_ = found->size;
  head.size = found->size;
  co_return nullptr;
}

}  // namespace

asio::awaitable<result<object_head>> client::head(const std::string& key) {
  head_operation op(key, exchange_->shared().shows_checksums);
  const result<void> done = co_await exchange_->run(op);
  if (done.has_error()) co_return done.error();
  co_return std::move(op.head);
}

/// One try only: for finding out what became of a write, while its own time is running.
asio::awaitable<result<object_head>> client::quick_head(const std::string& key) {
  head_operation op(key, exchange_->shared().shows_checksums);
  op.most_tries = 1;
  const result<void> done = co_await exchange_->run(op);
  if (done.has_error()) co_return done.error();
  co_return std::move(op.head);
}

asio::awaitable<result<object_head>> client::get(const get_request& request, body_sink& sink) {
  get_operation::size_finder find_size = [this, &request] { return head(request.key); };
  get_operation op(request, sink, std::move(find_size), exchange_->shared().shows_checksums);
  const result<void> done = co_await exchange_->run(op);
  if (done.has_error()) co_return done.error();
  co_return std::move(op.head);
}

}  // namespace beatsync::s3
