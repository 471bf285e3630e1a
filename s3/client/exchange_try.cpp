// One try of an operation: sign, send, read the answer, and see what it means.
#include "s3/client/exchange.hpp"
#include "s3/client/exchange_presence.hpp"
#include "s3/client/explain.hpp"
#include "s3/client/request_head.hpp"
#include "s3/http/body_pieces.hpp"
#include "s3/http_date.hpp"
#include "s3/replies/object_reply.hpp"
#include "s3/replies/reply_xml.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::s3 {

namespace asio = boost::asio;

namespace {

/// Refusals are small; one that is not says nothing useful.
constexpr std::size_t largest_refusal = 1024 * 1024;
/// Head and body of small requests share one TLS record.
constexpr std::size_t largest_joined = 16 * 1024;

std::optional<std::chrono::seconds> retry_after(const reply_head& head) {
  const auto seconds = parse_number(head.field("retry-after"));  // the form with a date: none sends
  if (!seconds || *seconds > 3600) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

/// Its clock. Some proxies drop the Date of an answer.
std::optional<std::chrono::sys_seconds> server_time(const reply_head& head,
                                                    const error_reply& said) {
  if (const auto date = parse_http_date(head.field("date"))) return date;
  const auto time = parse_iso8601(said.server_time);
  if (!time) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(*time);
}

std::string request_id_of(const reply_head& head) {
  return std::string(head.field("x-amz-request-id"));
}

}  // namespace

/// Plain HTTP: somebody on the way could change the body, so its hash is signed.
asio::awaitable<result<std::string>> client::exchange::hash_of_body(operation& op) {
  sha256_stream hash;
  if (op.body == nullptr) {
    hash.update(op.content);
    co_return to_hex(hash.finish());
  }
  const piece_taker add = [&hash](std::span<const std::byte> bytes) { hash.update(bytes); };
  const result<void> read = co_await for_each_piece(*op.body, add);
  if (read.has_error()) co_return read.error();
  co_return to_hex(hash.finish());
}

asio::awaitable<failure_ptr> client::exchange::try_once(operation& op, trial& facts) {
  if (credentials_run_out()) {
    const result<void> fresh = co_await fresh_credentials();
    if (interrupted(op)) co_return transport_failure(make_error(errc::cancelled, "stopped"));
    if (fresh.has_error()) co_return transport_failure(fresh.error());
  }
  facts.place = place_.current();
  facts.keys = keys_.current();
  error problem = make_error(errc::connect_failed, "no connection");
  connection_ptr connection = co_await acquire(op, facts, problem);
  if (!connection) {
    if (interrupted(op)) problem.code = errc::cancelled;
    co_return transport_failure(std::move(problem));
  }
  failure_ptr bad;
  {
    const presence here(*this, *connection, op.lasting);
    bad = co_await talk(op, facts, *connection);
    facts.moved = connection->last_progress();
  }
  if (connection->end()) pool_.put_back(std::move(connection));
  co_return bad;
}

asio::awaitable<failure_ptr> client::exchange::talk(operation& op, trial& facts,
                                                    http_connection& connection) {
  std::string_view payload_hash = empty_payload_hash;
  std::string hash;
  if (op.sends_body() && facts.place->where.tls && !op.hash_content) {
    payload_hash = unsigned_payload;
  } else if (op.sends_body()) {
    result<std::string> computed = co_await hash_of_body(op);
    if (computed.has_error()) co_return transport_failure(computed.error());
    hash = *std::move(computed);
    payload_hash = hash;
  }
  outgoing request;
  std::uint64_t body_size = op.content.size();
  if (op.body != nullptr) body_size = op.body->size();
  const std::size_t room = op.content.size() < largest_joined ? op.content.size() : 0;
  std::string head = request_head(op, *facts.place, signer_, *facts.keys, payload_hash, body_size,
                                  shared().signing_time(), room);
  request.content = op.content;
  if (head.size() + op.content.size() <= largest_joined) {
    head.append(reinterpret_cast<const char*>(op.content.data()), op.content.size());
    request.content = {};
  }
  request.head = head;
  request.body = op.body;
  request.expect_continue = op.expect_continue;
  request.answer_to_head = op.method == "HEAD";

  connection.begin(facts.times);
  bool ok = co_await connection.send(request);
  const steady_time sent = std::chrono::steady_clock::now();
  if (ok) ok = co_await connection.read_head();
  if (!ok) {
    failure_ptr broken = transport_failure(connection.failure());
    broken->maybe_done = connection.sent_all();
    facts.was_stale = connection.used_before() && connection.unanswered() && op.idempotent &&
                      broken->what.code == errc::connection_lost;
    facts.was_late =
        connection.impatient() && connection.unanswered() && broken->what.code == errc::timed_out;
    if (facts.was_late) waited(std::chrono::steady_clock::now() - sent);
    co_return broken;
  }
  if (facts.prompt) waited(std::chrono::steady_clock::now() - sent);
  facts.status = connection.head().status;
  if (!op.accepts(facts.status)) co_return co_await read_refusal(op, facts, connection);
  failure_ptr bad;
  if (op.sends_body() && !connection.sent_all()) {
    bad = bad_answer("the store says that it has done it, but has not taken the whole body");
  } else {
    bad = co_await op.take(connection);
  }
  if (bad) {
    bad->maybe_done = true;
    if (bad->what.http == 0 && bad->what.code == errc::bad_reply) bad->what.http = facts.status;
    if (bad->what.request_id.empty()) bad->what.request_id = request_id_of(connection.head());
  }
  co_return bad;
}

asio::awaitable<failure_ptr> client::exchange::read_refusal(operation& op, trial& facts,
                                                            http_connection& connection) {
  std::vector<char> text;
  // Where the text breaks off, the status alone has to do.
  const bool whole = co_await connection.read_text(text, largest_refusal);
  std::optional<error_reply> said;
  if (whole) said = parse_error({text.data(), text.size()});
  if (!said) said.emplace();

  const reply_head& head = connection.head();
  facts.region = said->region;
  if (facts.region.empty()) facts.region = std::string(head.field("x-amz-bucket-region"));
  facts.server_time = server_time(head, *said);

  auto f = std::make_unique<failure>();
  const bool other_region = !facts.region.empty() && facts.region != facts.place->region;
  f->why = classify(head.status, said->code, other_region);
  if (op.checksum_sent != checksum_algorithm::none &&
      is_checksum_refusal(head.status, said->code, said->message, said->header,
                          op.method == "PUT")) {
    f->why.what = remedy::drop_checksum;
    f->why.code = errc::checksum_refused;
  }
  if (f->why.code == errc::no_such_key && op.key.empty()) f->why.code = errc::no_such_bucket;
  f->retry_after = retry_after(head);
  f->what.code = f->why.code;
  f->what.http = head.status;
  f->what.message = explain_refusal(f->why.code, op, *facts.place);
  const auto& end = facts.keys->expires;
  if (f->why.code == errc::expired_token && end && *end <= shared().signing_time())
    f->what.message += "; " + facts.keys->source + " says that it ended at " + format_iso8601(*end);
  f->what.service_code = std::move(said->code);
  f->what.service_message = std::move(said->message);
  f->what.request_id = std::move(said->request_id);
  if (f->what.request_id.empty()) f->what.request_id = request_id_of(head);
  // Of the failures of the store, and of "there already" and "gone" after one of those.
  f->maybe_done =
      head.status >= 500 || head.status == 404 || head.status == 409 || head.status == 412;
  op.refused(*f);
  co_return f;
}

}  // namespace beatsync::s3
