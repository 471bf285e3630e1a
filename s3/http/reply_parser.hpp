#pragma once

/// The head of an HTTP answer, and chunked bodies: Beast's parser fed by hand, so that nothing here
/// touches a socket.
///
/// Bodies with a length never pass through the parser. Belongs to one thread. Errors: bad_reply
/// (no HTTP/1.x, a head over 64 KiB, contradicting lengths, broken chunks).

#include "s3/error.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::s3 {

/// Stores send heads of about 1 KiB; the limit is the one of most proxies.
inline constexpr std::size_t largest_head = 64 * 1024;

/// How the end of a body is told.
enum class body_framing : std::uint8_t {
  none,    ///< there is none: HEAD, 1xx, 204, 304, or a length of 0
  length,  ///< Content-Length
  chunked,
  until_close,  ///< only the closed connection ends it
};

struct reply_head {
  int status = 0;
  bool keep_alive = false;
  body_framing framing = body_framing::none;
  bool has_length = false;  ///< Content-Length was there; also with answers to HEAD
  std::uint64_t length = 0;

  /// First value of a field, without blanks around it; names in any case. Empty where it is not
  /// there.
  std::string_view field(std::string_view name) const noexcept;

  struct entry {
    std::string_view name;
    std::string_view value;
  };
  std::size_t fields() const noexcept { return places_.size(); }
  entry field_at(std::size_t i) const noexcept;

  void clear();
  void add_field(std::string_view name, std::string_view value);

 private:
  struct place {
    std::uint32_t name = 0, name_size = 0, value_size = 0;
  };
  std::string text_;
  std::vector<place> places_;
};

class reply_parser {
 public:
  reply_parser();
  ~reply_parser();
  reply_parser(const reply_parser&) = delete;
  reply_parser& operator=(const reply_parser&) = delete;

  /// For the next answer. An answer to HEAD has no body whatever its head says.
  void begin(bool answer_to_head);

  enum class progress : std::uint8_t { need_more, done, failed };

  /// Takes bytes of the head; `used` of them are done with. `done`: the head is complete in `out`.
  progress put_head(std::span<const std::byte> input, std::size_t& used, reply_head& out);

  /// Takes bytes of a chunked body and writes what they carry to `out`; stops when `out` is full
  /// (need_more with written == out.size()), when input is needed, or at the end (done).
  progress put_chunks(std::span<const std::byte> input, std::size_t& used, std::span<std::byte> out,
                      std::size_t& written);

  const std::string& problem() const noexcept { return problem_; }

 private:
  struct machine;
  std::unique_ptr<machine> machine_;
  std::string problem_;
};

}  // namespace beatsync::s3
