// Construction, stop, and the operations on the bucket itself.
#include "s3/client/client.hpp"

#include "s3/client/exchange.hpp"
#include "s3/http/http_connection.hpp"
#include "s3/replies/reply_xml.hpp"
#include "s3/uri.hpp"

#include <utility>

namespace beatsync::s3 {

namespace asio = boost::asio;

client::client(asio::any_io_executor executor, std::shared_ptr<session> shared)
    : exchange_(std::make_shared<exchange>(std::move(executor), std::move(shared))) {}

client::~client() = default;

void client::stop() noexcept { exchange_->stop(); }

checksum_algorithm client::upload_checksum() const noexcept {
  return exchange_->shared().upload_checksum();
}

std::uint64_t client::slow_downs() const noexcept {
  return exchange_->shared().slow_downs.load(std::memory_order_relaxed);
}

asio::awaitable<result<void>> client::head_bucket() {
  text_operation look("HeadBucket", "HEAD", "");
  const result<void> looked = co_await exchange_->run(look);
  if (looked.has_value() || looked.error().http == 404 || looked.error().http == 0) {
    co_return looked;
  }
  // A refusal of HEAD has no body that says why; the listing's has.
  text_operation ask("HeadBucket", "GET", "");
  ask.query = canonical_query({{"list-type", "2"}, {"max-keys", "1"}});
  co_return co_await exchange_->run(ask);
}

}  // namespace beatsync::s3
