#pragma once

/// The fault script: rules that pick requests, and what happens to the ones picked.
///
/// The first rule that matches and is not used up is applied, one rule per request. Rules are
/// values; build the action with one of the functions below and change its fields where a test
/// needs a mixture. Hooks run on a thread of the server and may call the server.

#include "tests/s3_server/listing.hpp"
#include "tests/s3_server/request_log.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace beatsync::s3_server {

enum class close_kind {
  clean,  ///< over TLS with close_notify, then FIN
  fin,    ///< FIN alone: over TLS a truncation
  reset,  ///< RST
};

enum class framing { content_length, chunked, until_close };

struct fault_action {
  std::string name;  ///< shown in the request log

  // While the request is being taken.
  std::chrono::milliseconds delay{0};  ///< after the head was read, before anything else
  bool never_answer = false;           ///< reads what comes, says nothing, until the client goes
  std::optional<std::uint64_t> stop_reading_after;  ///< reads this much of the body, then no more
  std::optional<std::uint64_t> refuse_after;  ///< answers after this much of the body and closes,
                                              ///< the rest unread (so the client gets an RST)
  /// `100 Continue` comes only after this much of the body, then nothing is read for a while (so
  /// that the client sees it while it sends); its first bytes may go out in time.
  std::optional<std::uint64_t> continue_after;
  std::size_t continue_in_time = 0;
  bool hold_afterwards = false;  ///< after refuse_after: neither reads on nor closes
  std::optional<std::uint64_t> flip_upload_bit;  ///< bit number in the body as received

  // The operation itself.
  bool perform = true;           ///< false: only answer
  bool drop_answer = false;      ///< closes without a byte of an answer
  std::function<void()> before;  ///< called before the operation
  std::function<void()> after;   ///< called after it, before the answer
  std::function<void(listing_page&)> edit_listing;

  // The answer. `status` alone makes an error document with `code`.
  int status = 0;
  std::string code;
  std::string message;
  std::optional<std::string> body;
  std::string content_type = "application/xml";
  std::vector<std::pair<std::string, std::string>> headers;  ///< set or replaced
  std::vector<std::string> without_headers;                  ///< removed, in lower case

  // The way it goes out. Byte numbers count the answer's body.
  framing frame = framing::content_length;
  std::optional<std::uint64_t> flip_bit;  ///< bit number in the body
  std::optional<std::uint64_t> cut_after;
  close_kind cut = close_kind::fin;
  std::optional<std::uint64_t> stall_after;
  std::chrono::milliseconds stall{0};  ///< 0: for ever
  std::uint64_t bytes_per_second = 0;  ///< of head and body; 0: no limit
  std::optional<std::uint64_t> hook_after;
  std::function<void()> hook;     ///< called once so many bytes have gone out
  bool close_afterwards = false;  ///< ends the connection after the answer
};

struct fault_rule {
  std::string operation;                            ///< AWS's name; empty: any
  std::string method;                               ///< empty: any
  std::string key;                                  ///< exact, decoded; empty: any
  std::string target_contains;                      ///< of the raw target
  std::function<bool(const request_record&)> when;  ///< more conditions; empty: none
  std::uint64_t skip = 0;   ///< matching requests that pass before the first hit
  std::uint64_t times = 1;  ///< hits; 0: for ever
  double probability = 1;   ///< of each hit, drawn from `seed`
  std::uint64_t seed = 1;
  fault_action action;
};

// Statuses and bodies; the operation is not performed.
fault_action answer_error(int status, std::string code, std::string message = "scripted fault");
fault_action answer_body(int status, std::string body, std::string type = "application/xml");
fault_action ok_with_error(std::string code);  ///< 200 with an <Error> document
fault_action ok_with_empty_body();
fault_action ok_with_truncated_body();  ///< 200, a well-begun document that stops
fault_action ok_with_html();
fault_action ok_with_wrong_root();
fault_action whitespace_then_error(std::string code);  ///< as AWS does while it is working
fault_action redirect(int status, std::string location);

// Time.
fault_action delay_answer(std::chrono::milliseconds time);
fault_action no_answer();
fault_action stall_body(std::uint64_t after, std::chrono::milliseconds time = {});
fault_action trickle(std::uint64_t bytes_per_second);
fault_action stop_reading(std::uint64_t after);
/// `100 Continue` when `after` bytes of the body have come all the same; `in_time` bytes of it
/// before any.
fault_action late_continue(std::uint64_t after, std::size_t in_time = 0);

// Cuts and damage.
fault_action cut_body(std::uint64_t after, close_kind how, framing frame = framing::content_length);
fault_action drop_after_performing(close_kind how = close_kind::fin);
fault_action drop_before_performing(close_kind how = close_kind::fin);
fault_action flip_body_bit(std::uint64_t bit);
fault_action flip_upload_bit(std::uint64_t bit);
fault_action refuse_body(std::uint64_t after, int status, std::string code);
/// The same, but the connection stays open, and nothing is read from it.
fault_action refuse_body_and_hold(std::uint64_t after, int status, std::string code);
fault_action wrong_content_range(std::string value);
fault_action wrong_date(std::string http_date);
fault_action call_after(std::uint64_t body_bytes, std::function<void()> hook);

// Listings that lie.
fault_action same_token(std::string token = "for-ever");
/// Tokens that come round after `length` pages; use it in a rule with times = 0.
fault_action token_cycle(std::uint64_t length);
fault_action missing_token();
fault_action unsorted_listing();
fault_action duplicate_entry();
fault_action extra_key(std::string key);
fault_action size_text(std::string text);  ///< instead of the first entry's size
fault_action raw_keys();

/// Thread-safe list of rules.
class fault_list {
 public:
  std::size_t add(fault_rule rule);
  void clear();
  std::uint64_t hits(std::size_t id) const;
  /// The action for this request, or nothing.
  std::optional<fault_action> match(const request_record& request);

 private:
  struct entry {
    fault_rule rule;
    std::uint64_t seen = 0;
    std::uint64_t hits = 0;
    std::mt19937_64 random;
  };
  mutable std::mutex mutex_;
  std::vector<entry> entries_;
  std::size_t first_ = 0;  ///< id of entries_[0]; ids go on rising over clear()
};

/// What happens to a connection before any request: for tests of connecting and handshaking.
enum class connection_fault {
  silent,   ///< accepted, never read
  close,    ///< closed at once (FIN)
  reset,    ///< closed at once (RST)
  garbage,  ///< answers bytes that are neither TLS nor HTTP, then closes
};

}  // namespace beatsync::s3_server
