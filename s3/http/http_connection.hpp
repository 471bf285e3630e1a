#pragma once

/// One HTTP/1.1 connection and its deadlines: sends a request, reads the answer's head, and leaves
/// the body to be read straight into wherever it goes.
///
/// Per request: begin(), send(), read_head(), then read_text() or read_body() (unless the head says
/// that there is no body), end(). After false, failure() says what happened. Belongs to one thread.
/// Every phase has a deadline; whoever misses it is cut off, and the error names phase and host.
///
/// Errors: connect_failed, connection_lost, timed_out, tls_failed, certificate_rejected, bad_reply,
/// short_body, source_failed, sink_failed, cancelled.

#include "s3/http/reply_parser.hpp"
#include "s3/http/timeouts.hpp"
#include "s3/http/watchdog.hpp"
#include "s3/http/wire.hpp"
#include "s3/object_store.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::s3 {

/// What goes out. The views must live until send() has completed.
struct outgoing {
  std::string_view head;               ///< request line and fields, up to the empty line
  std::span<const std::byte> content;  ///< sent together with the head
  body_source* body = nullptr;         ///< streamed after the head instead
  bool expect_continue = false;        ///< the head asks for it: wait before the body
  bool answer_to_head = false;         ///< method HEAD: whatever the answer says, no body follows
};

/// Times of one request; shorter than the session's where little of it is left.
struct request_times {
  std::chrono::milliseconds first_byte{};
  /// How long an answer is waited for at most: the least that is found here while it is waited for.
  /// Null: for this one it does not matter. Must outlive the request.
  const std::optional<std::chrono::milliseconds>* patience = nullptr;
  std::chrono::milliseconds no_progress{};
  std::chrono::milliseconds expect_continue{};
};

class http_connection final : public watched {
 public:
  template <class T>
  using awaitable = boost::asio::awaitable<T>;

  http_connection(const boost::asio::any_io_executor& executor, watchdog& dog, std::string host,
                  std::uint16_t port);
  ~http_connection() override;

  awaitable<bool> connect(const boost::asio::ip::tcp::endpoint& where,
                          std::chrono::milliseconds limit);
  awaitable<bool> shake_hands(std::shared_ptr<tls_context> context,
                              std::chrono::milliseconds limit);

  void begin(const request_times& times);
  awaitable<bool> send(const outgoing& request);
  awaitable<bool> read_head();
  const reply_head& head() const noexcept { return head_; }

  /// The whole body, at most `limit` bytes (bad_reply beyond).
  awaitable<bool> read_text(std::vector<char>& out, std::size_t limit);
  /// Streams the body. `expected`: how long it must be, for answers that do not say it themselves
  /// (short_body, bad_reply where it is not).
  /// `received` counts what was committed, also when it ends badly.
  awaitable<bool> read_body(body_sink& sink, std::optional<std::uint64_t> expected,
                            std::uint64_t& received);

  /// The request is over. True: the connection is as good as new.
  bool end() noexcept;

  error failure() const;
  /// Not a byte of an answer came.
  bool unanswered() const noexcept { return !answered_; }
  /// The answer was waited for no longer than request_times::patience.
  bool impatient() const noexcept { return impatient_; }
  /// The server has all of the request, so it may have carried it out.
  bool sent_all() const noexcept { return sent_all_; }
  bool used_before() const noexcept { return requests_ > 1; }
  /// When the last bytes moved (to within one tick).
  steady_time last_progress() const noexcept { return moved_; }

  const std::string& host() const noexcept { return host_; }
  std::uint16_t port() const noexcept { return port_; }
  bool encrypted() const noexcept { return wire_.encrypted(); }
  bool resumed() const noexcept { return wire_.resumed(); }
  /// For the pool: the peer has closed it meanwhile.
  bool is_dead() const noexcept { return wire_.is_dead(); }
  steady_time idle_since{};

  void cut(errc code, std::string message) noexcept;

 private:
  enum class phase : std::uint8_t {
    idle,
    connect,
    handshake,
    send,
    wait_for_continue,
    first_byte,
    receive
  };

  void look(steady_time now) override;
  void lose_patience();
  void enter(phase p, std::chrono::milliseconds limit);
  std::string timeout_message() const;
  bool fail(errc code, std::string message);

  awaitable<bool> send_streamed(body_source& body);
  awaitable<bool> wait_for_continue();
  awaitable<bool> parse_head(bool stop_at_continue);
  reply_parser::progress take_head();
  bool final_head_came();
  bool early_answer(std::span<const std::byte> bytes);
  void start_body(std::optional<std::uint64_t> expected);
  /// Fills `out` with the next bytes of the body; fewer only at its end or after a failure.
  awaitable<std::size_t> read_piece(std::span<std::byte> out);
  awaitable<std::size_t> read_chunks(std::span<std::byte> out);
  bool fail_short();

  std::string host_;
  std::uint16_t port_;
  watchdog& dog_;
  wire wire_;
  reply_parser parser_;
  reply_head head_;
  byte_ring inbox_;  ///< received, not yet understood
  std::optional<error> failure_;
  request_times times_;

  phase phase_ = phase::idle;
  std::chrono::milliseconds limit_{};
  steady_time deadline_{};
  steady_time moved_{};
  std::uint64_t traffic_seen_ = 0;
  bool busy_elsewhere_ = false;  ///< disk or hashing: the peer is not to blame

  std::uint64_t requests_ = 0;
  std::optional<std::uint64_t> body_left_;  ///< nothing: its end is found by reading
  std::uint64_t body_read_ = 0;
  std::size_t head_bytes_ = 0;     ///< of the head that is being parsed
  std::size_t interim_bytes_ = 0;  ///< of all heads before the final one
  bool answer_to_head_ = false;
  bool parsing_ = false;     ///< in the middle of a head
  bool head_ready_ = false;  ///< the final head came while we were sending
  bool sent_all_ = false;
  bool impatient_ = false;
  bool answered_ = false;
  bool body_done_ = false;
};

}  // namespace beatsync::s3
