#include "tests/s3_server/session.hpp"

#include "tests/s3_server/body_reader.hpp"
#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/refusal.hpp"
#include "tests/s3_server/request.hpp"
#include "tests/s3_server/send.hpp"

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace beatsync::s3_server {
namespace {

namespace asio = boost::asio;

constexpr std::string_view admin_path = "/_s3-test-server/";

enum class next_step { another_request, close_clean, closed };

/// One request on its way.
struct exchange {
  request call;
  request_record record;
  std::optional<fault_action> fault;
  operation what{"Unknown", nullptr};
  std::optional<refusal> unaddressed;  ///< no bucket or key could be found out
};

class session {
 public:
  session(service& shared, channel& wire, std::uint64_t connection)
      : shared_(shared), wire_(wire), connection_(connection) {}

  asio::awaitable<void> run() {
    std::uint64_t served = 0;
    while (true) {
      const bool more = co_await read_head();
      if (!more) break;
      const auto conditions = shared_.conditions();
      last_allowed_ = conditions.close_after != 0 && ++served >= conditions.close_after;
      const auto step = co_await serve(conditions);
      if (step == next_step::closed) co_return;
      if (step == next_step::close_clean) break;
    }
    co_await wire_.close(close_kind::clean);
  }

 private:
  /// False at the end of the stream, or when what comes is not HTTP.
  asio::awaitable<bool> read_head() {
    constexpr std::size_t block = std::size_t{16} * 1024;
    while (true) {
      auto parsed = parse_head(buffered_);
      if (parsed.state == head_state::complete) {
        buffered_.erase(0, parsed.consumed);
        head_ = std::move(parsed.head);
        co_return true;
      }
      if (parsed.state == head_state::malformed) {
        constexpr std::string_view text =
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        co_await wire_.write(as_bytes(text));
        co_return false;
      }
      const auto before = buffered_.size();
      buffered_.resize(before + block);
      const auto room = std::as_writable_bytes(std::span(buffered_)).subspan(before);
      const auto got = co_await wire_.read_some(room);
      buffered_.resize(before + got);
      if (got == 0) co_return false;
    }
  }

  void begin(exchange& now) {
    now.call.head = std::move(head_);
    now.call.differences = shared_.differences();
    try {
      address(now.call);
      now.what = route(now.call);
    } catch (refusal& why) {
      now.unaddressed = std::move(why);
    }
    auto& record = now.record;
    record.arrived = std::chrono::steady_clock::now();
    record.number = shared_.log.next_number();
    record.connection = connection_;
    record.method = now.call.head.method;
    record.target = now.call.head.target;
    record.operation = now.what.name;
    record.bucket = now.call.bucket;
    record.key = now.call.key;
    record.query = now.call.query;
    record.headers = now.call.head.headers;
    record.has_authorization =
        now.call.head.has("authorization") || now.call.has("X-Amz-Signature");
    now.fault = shared_.faults.match(record);
    if (now.fault) {
      record.fault = now.fault->name;
      now.call.fault = &*now.fault;
    }
  }

  void authenticate_call(exchange& now) {
    if (now.unaddressed) throw *now.unaddressed;
    const auto credentials = shared_.credentials();
    const auto region = shared_.objects.region_of(now.call.bucket).value_or("");
    const auth_context context{credentials, region.empty() ? shared_.options.region : region,
                               shared_.now(), shared_.options.tls, shared_.options.strict};
    now.call.who = authenticate(now.call.head, context);
    now.record.signed_ok = now.call.who.kind != auth_kind::anonymous;
    if (now.record.signed_ok) return;
    // As AWS: even who may see nothing learns where the bucket is.
    refusal denied{403, "AccessDenied", "Access Denied"};
    if (!region.empty()) denied.headers.emplace_back("x-amz-bucket-region", region);
    throw denied;
  }

  /// The true answer, before the script changes it.
  asio::awaitable<reply> perform(exchange& now, body_reader& body) {
    std::optional<refusal> why;
    reply answer;
    try {
      authenticate_call(now);
      answer = co_await now.what.run(shared_, now.call, body);
    } catch (refusal& refused) {
      why = std::move(refused);
    } catch (const chunk_error& error) {
      why = refusal{400, "IncompleteBody", error.what()};
    }
    if (why) answer = error_answer(now, *why);
    co_return answer;
  }

  reply error_answer(const exchange& now, const refusal& why) const {
    auto answer = error_reply(why, std::to_string(now.record.number), now.record.method == "HEAD");
    if (why.status == 412 && now.call.differences.close_after_refusal) answer.close = true;
    return answer;
  }

  /// A scripted answer without the operation: still takes the body and looks at the signature.
  asio::awaitable<void> pretend(exchange& now, body_reader& body) {
    try {
      authenticate_call(now);
    } catch (const refusal&) {  // only the log wants to know
    }
    std::vector<std::byte> scratch(std::size_t{64} * 1024);
    while (!body.finished()) co_await body.read_some(scratch);
  }

  void apply_overrides(const exchange& now, reply& answer) const {
    const auto& fault = *now.fault;
    const bool head_only = now.record.method == "HEAD";
    if (fault.status != 0 || fault.body) {
      const refusal why{fault.status == 0 ? 200 : fault.status, fault.code, fault.message};
      answer = error_reply(why, std::to_string(now.record.number), head_only);
      if (fault.body && !head_only) answer.text = *fault.body;
      answer.set("Content-Type", fault.content_type);
    }
    for (const auto& [name, value] : fault.headers) answer.set(name, value);
    if (fault.close_afterwards) answer.close = true;
  }

  asio::awaitable<void> random_troubles(const network_conditions& conditions) {
    if (shared_.chance(conditions.stall_rate)) co_await sleep_for(wire_, conditions.stall);
  }

  asio::awaitable<next_step> serve(const network_conditions& conditions) {
    exchange now;
    if (head_.path.starts_with(admin_path)) co_return co_await administer();
    begin(now);
    const auto* fault = now.call.fault;
    body_reader body(wire_, buffered_, now.call.head, fault, conditions.bandwidth,
                     !now.call.differences.no_continue);
    reply answer;
    bool refused = false;
    if (fault != nullptr) {
      co_await sleep_for(wire_, fault->delay);
      if (fault->never_answer) {
        shared_.log.begin(std::move(now.record));
        co_await wait_for_the_end(wire_, true);
        co_return next_step::close_clean;
      }
      if (fault->before) fault->before();
    }
    co_await random_troubles(conditions);
    const bool overloaded = shared_.chance(conditions.rate_503);
    try {
      if (overloaded) {
        co_await pretend(now, body);
        const refusal slow_down{503, "SlowDown", "Please reduce your request rate."};
        answer = error_answer(now, slow_down);
      } else if (fault == nullptr || fault->perform) {
        answer = co_await perform(now, body);
      } else {
        co_await pretend(now, body);
      }
    } catch (const refused_early&) {
      refused = true;
    }
    if (fault != nullptr && fault->after) fault->after();
    now.record.bytes_in = body.received();
    if (fault != nullptr && fault->drop_answer) {
      shared_.log.begin(std::move(now.record));
      co_await wire_.close(fault->cut);
      co_return next_step::closed;
    }
    if (fault != nullptr) apply_overrides(now, answer);
    bool drained = false;
    if (!refused) drained = co_await drain(body);
    now.record.bytes_in = body.received();
    if (!drained || last_allowed_ || !now.call.head.keep_alive) answer.close = true;
    co_await sleep_for(wire_, conditions.latency);
    if (shared_.chance(conditions.reset_rate)) {
      shared_.log.begin(std::move(now.record));
      co_await wire_.close(close_kind::reset);
      co_return next_step::closed;
    }
    const auto then = co_await finish(now, std::move(answer), conditions.bandwidth);
    if (refused && fault->hold_afterwards) co_await wait_for_the_end(wire_, false);
    co_return then;
  }

  /// What is left of a body whose request was refused: a little is read, much is not.
  static asio::awaitable<bool> drain(body_reader& body) {
    constexpr std::uint64_t limit = std::uint64_t{256} * 1024;
    try {
      co_return co_await body.drain(limit);
    } catch (const refused_early&) {
    } catch (const chunk_error&) {
    }
    co_return false;
  }

  asio::awaitable<next_step> finish(exchange& now, reply answer, std::uint64_t bandwidth) {
    now.record.status = answer.status;
    add_common_headers(answer, now.record.number, shared_.now());
    if (now.fault) {
      for (const auto& name : now.fault->without_headers) answer.remove(name);
    }
    const bool close = answer.close;
    const auto place = shared_.log.begin(std::move(now.record));
    const send_job job{answer, now.call.fault, bandwidth, shared_.log, place};
    const auto outcome = co_await send(wire_, job);
    if (outcome == send_outcome::cut) co_return next_step::closed;
    co_return close ? next_step::close_clean : next_step::another_request;
  }

  /// The way for other programs to ask for the sums: GET stats, POST reset.
  asio::awaitable<next_step> administer() {
    const auto what = head_.path.substr(admin_path.size());
    if (what == "reset") shared_.log.clear();
    const auto text = what == "stats" || what == "reset" ? to_json(shared_.log.sums()) : "";
    const auto answer = std::string(text.empty() ? "HTTP/1.1 404 Not Found" : "HTTP/1.1 200 OK") +
                        "\r\nContent-Type: application/json\r\nConnection: close\r\n"
                        "Content-Length: " +
                        std::to_string(text.size()) + "\r\n\r\n" + text;
    co_await wire_.write(as_bytes(answer));
    co_return next_step::close_clean;
  }

  service& shared_;
  channel& wire_;
  const std::uint64_t connection_;
  std::string buffered_;
  request_head head_;
  bool last_allowed_ = false;
};

}  // namespace

asio::awaitable<void> run_session(service& shared, std::shared_ptr<channel> wire,
                                  std::uint64_t connection) {
  session one(shared, *wire, connection);
  co_await one.run();
}

}  // namespace beatsync::s3_server
