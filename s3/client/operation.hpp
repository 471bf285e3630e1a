#pragma once

/// One S3 operation as the retry loop sees it: what to send, how to take the answer, and what it
/// remembers between tries.
///
/// Lives in the frame of the client call that made it; belongs to one thread.

#include "s3/checksum.hpp"
#include "s3/client/retry_policy.hpp"
#include "s3/error.hpp"
#include "s3/object_store.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::s3 {

class http_connection;

/// Names in lower case.
using header_list = std::vector<std::pair<std::string, std::string>>;

/// One try that did not work.
struct failure {
  error what;
  judgement why;
  std::optional<std::chrono::seconds> retry_after;
  bool maybe_done = false;  ///< the store has the whole request, and may have carried it out
};
/// Null: the try worked. A pointer, since it is handed up through the coroutines of every request:
/// Asio keeps frames of up to 1,020 bytes for the next one, larger ones are allocated each time.
using failure_ptr = std::unique_ptr<failure>;

class operation {
 public:
  template <class T>
  using awaitable = boost::asio::awaitable<T>;

  operation(std::string_view op_name, std::string_view op_method, std::string_view op_key)
      : name(op_name), method(op_method), key(op_key) {}
  virtual ~operation() = default;
  operation(const operation&) = delete;
  operation& operator=(const operation&) = delete;

  std::string_view name;    ///< `PutObject`, for messages
  std::string_view method;  ///< of the next try
  std::string_view key;     ///< empty: the bucket
  std::string query;        ///< canonical
  header_list headers;      ///< of the next try; all are signed

  std::span<const std::byte> content;  ///< a body in memory
  body_source* body = nullptr;         ///< or one that is streamed
  bool hash_content = false;           ///< sign the content's SHA-256 over TLS too
  bool expect_continue = false;

  bool idempotent = true;  ///< may be sent again at once when a kept connection turns out dead
  bool slow = false;       ///< the store is silent while it works: minutes are allowed
  bool cleanup = false;    ///< goes on after stop(), within its time
  bool lasting = false;  ///< what it makes must be known to be removed: stop() lets it be answered
  int most_tries = 0;    ///< fewer than usual; 0: as usual
  checksum_algorithm checksum_sent = checksum_algorithm::none;

  bool sends_body() const noexcept { return method == "PUT" || method == "POST"; }

  /// Before every try: brings headers up to date.
  virtual void prepare() {}

  /// A status that take() can make something of; everything else is a refusal.
  virtual bool accepts(int status) const { return status == 200; }

  /// Takes the answer, body included. Nothing: it worked.
  virtual awaitable<failure_ptr> take(http_connection& from) = 0;

  /// After a refusal was read: may change the verdict (and, in prepare(), the next try).
  virtual void refused(failure& /*why*/) {}

  /// The store may have carried the request out although no good answer came: look whether it did.
  virtual awaitable<bool> settle(const failure& /*after*/) { co_return false; }

  /// Bytes of body that no earlier try had moved so far; progress that counts.
  virtual std::uint64_t progress() const { return 0; }
};

/// The errors of a broken connection.
failure_ptr transport_failure(error what);
/// An answer that cannot be believed.
failure_ptr bad_answer(std::string message);

/// An operation whose answer is a text (or nothing).
class text_operation : public operation {
 public:
  using operation::operation;

  bool accepts(int status) const override { return status >= 200 && status < 300; }
  awaitable<failure_ptr> take(http_connection& from) override;

 protected:
  /// The body is here. `head` fields may be read from `from`.
  virtual failure_ptr understand(const http_connection& from, std::vector<char> text);

  std::size_t largest_text = 1024 * 1024;
};

/// `<Error>` inside a 200, judged by its code; nothing where the text is no such document.
failure_ptr error_in_success(std::string_view text);

}  // namespace beatsync::s3
