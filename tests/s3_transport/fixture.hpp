#pragma once

/// A strict server with one bucket, and clients that talk to it with small timeouts.
///
/// The certificate authority is made once per program. Each run() has an io_context of its own and
/// requires that it runs out of work by itself. Threads: the test's own; the server has its own.

#include "s3/client/client.hpp"
#include "s3/client/session.hpp"
#include "tests/s3_server/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <source_location>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace beatsync::tests {

namespace server = s3_server;

inline const std::string bucket = "music";

/// Server options with a good certificate for localhost and 127.0.0.1.
server::server_options good_tls();
/// The PEM file of the authority that good_tls() uses.
std::string trusted_ca();

/// Retries without pauses; the usual timeouts, so that a busy machine changes nothing.
s3::session_options quick_options();
/// The same, but silence is given up after a second: for servers that stall on purpose.
s3::session_options impatient_options();
/// The test server's credentials.
s3::environment with_keys(std::map<std::string, std::string> variables = {});

class bench {
 public:
  explicit bench(server::server_options options = good_tls(),
                 s3::session_options client_options = quick_options());

  server::server& store() noexcept { return server_; }
  const std::shared_ptr<s3::session>& session() const noexcept { return session_; }

  using step = std::function<boost::asio::awaitable<void>(s3::client&)>;
  /// A fresh client (with no connections) for one coroutine.
  void run(const step& test);

  /// How often this operation was asked for.
  std::uint64_t count(const std::string& operation) const { return server_.sums()[operation]; }

 private:
  server::server server_;
  std::shared_ptr<s3::session> session_;
};

/// The session, or the end of the case with what was wrong.
std::shared_ptr<s3::session> opened(const s3::session_options& options,
                                    const s3::environment& env = with_keys());
/// Runs a coroutine with a client to its end.
void run_with(const std::shared_ptr<s3::session>& session, const bench::step& test);

/// A fault of one operation, so many times (0: always).
server::fault_rule on(const std::string& operation, server::fault_action action,
                      std::uint64_t times = 0);

boost::asio::awaitable<void> pause(std::chrono::milliseconds time);

/// Bytes that differ from each other and from one seed to the next.
std::string pattern(std::size_t size, std::uint32_t seed = 1);
s3::checksum sum_of(const std::string& text,
                    s3::checksum_algorithm algorithm = s3::checksum_algorithm::crc64nvme);

/// Streams a string (never offers it in memory).
class stream_source final : public s3::body_source {
 public:
  explicit stream_source(std::string text) : text_(std::move(text)) {}
  std::uint64_t size() const noexcept override { return text_.size(); }
  boost::asio::awaitable<s3::result<void>> read(std::uint64_t offset,
                                                std::span<std::byte> buffer) override;
  std::uint64_t bytes_read = 0;

 private:
  std::string text_;
};

/// Offers a string in memory.
class memory_source final : public s3::body_source {
 public:
  explicit memory_source(std::string text) : text_(std::move(text)) {}
  std::uint64_t size() const noexcept override { return text_.size(); }
  std::span<const std::byte> in_memory() const noexcept override {
    return std::as_bytes(std::span(text_));
  }
  boost::asio::awaitable<s3::result<void>> read(std::uint64_t offset,
                                                std::span<std::byte> buffer) override;

 private:
  std::string text_;
};

/// Keeps what comes, in pieces of `piece` bytes.
class text_sink final : public s3::body_sink {
 public:
  explicit text_sink(std::size_t piece = 100'000) : buffer_(piece) {}
  std::span<std::byte> prepare() override { return buffer_; }
  boost::asio::awaitable<s3::result<void>> commit(std::size_t size) override;
  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::vector<std::byte> buffer_;
};

/// The value, or the end of the case with what the client said.
template <class T>
T ok(s3::result<T> answer, std::source_location at = std::source_location::current()) {
  BOOST_REQUIRE_MESSAGE(answer.has_value(),
                        "line " << at.line() << ": " << s3::describe(answer.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*answer);
}

/// The error that is expected; a success ends the case.
template <class T>
s3::error failed(const s3::result<T>& answer,
                 std::source_location at = std::source_location::current()) {
  BOOST_REQUIRE_MESSAGE(answer.has_error(), "line " << at.line() << ": expected an error");
  return answer.error();
}

/// GET of a whole object into a string.
boost::asio::awaitable<s3::result<std::string>> get_text(s3::client& client, std::string key);
/// PUT of a streamed body with its checksum.
boost::asio::awaitable<s3::result<s3::put_answer>> put_text(s3::client& client, std::string key,
                                                            std::string text);

}  // namespace beatsync::tests

namespace beatsync::s3 {
inline std::ostream& operator<<(std::ostream& out, errc code) { return out << name_of(code); }
}  // namespace beatsync::s3
