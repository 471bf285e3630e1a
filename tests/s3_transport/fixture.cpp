#include "tests/s3_transport/fixture.hpp"

#include "s3/checksum.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/throwaway_ca.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstring>
#include <exception>
#include <random>

namespace beatsync::tests {

using boost::asio::awaitable;

namespace {

struct authority {
  temp_dir folder{"beatsync-s3-transport"};
  throwaway_ca ca{folder.path()};
  certificate_files good = ca.issue();
};

authority& the_authority() {
  static authority one;
  return one;
}

s3::result<void> copy_out(const std::string& text, std::uint64_t offset,
                          std::span<std::byte> buffer) {
  BOOST_REQUIRE(offset + buffer.size() <= text.size());
  std::memcpy(buffer.data(), text.data() + offset, buffer.size());
  return {};
}

}  // namespace

server::server_options good_tls() {
  server::server_options options;
  options.tls = true;
  options.certificate = the_authority().good.certificate;
  options.key = the_authority().good.key;
  return options;
}

std::string trusted_ca() { return the_authority().ca.ca_file().string(); }

s3::session_options quick_options() {
  using std::chrono::milliseconds;
  s3::session_options options;
  options.bucket = bucket;
  options.ca_bundle = trusted_ca();
  options.timeouts.expect_continue = options.timeouts.first_byte;  // asking shall be answered
  options.timeouts.tick = milliseconds(20);
  options.retry.base = milliseconds(1);
  options.retry.base_when_throttled = milliseconds(1);
  return options;
}

s3::session_options impatient_options() {
  using std::chrono::milliseconds;
  s3::session_options options = quick_options();
  options.timeouts.first_byte = milliseconds(1000);
  options.timeouts.first_byte_after_body = milliseconds(1000);
  options.timeouts.no_progress = milliseconds(1000);
  options.retry.silence = milliseconds(4000);
  return options;
}

s3::environment with_keys(std::map<std::string, std::string> variables) {
  variables.try_emplace("AWS_ACCESS_KEY_ID", "test-access-key");
  variables.try_emplace("AWS_SECRET_ACCESS_KEY", "test-secret-key");
  s3::environment env;
  env.home = the_authority().folder.path().string();
  env.variable = [variables](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
  return env;
}

std::shared_ptr<s3::session> opened(const s3::session_options& options,
                                    const s3::environment& env) {
  return ok(s3::open_session(options, env));
}

bench::bench(server::server_options options, s3::session_options client_options)
    : server_(std::move(options)) {
  server_.create_bucket(bucket);
  if (client_options.endpoint_url.empty()) client_options.endpoint_url = server_.url();
  session_ = opened(client_options);
}

void bench::run(const step& test) { run_with(session_, test); }

void run_with(const std::shared_ptr<s3::session>& session, const bench::step& test) {
  boost::asio::io_context context(1);
  s3::client client(context.get_executor(), session);
  std::exception_ptr problem;
  bool ended = false;
  boost::asio::co_spawn(context, test(client), [&](std::exception_ptr e) {
    problem = e;
    ended = true;
  });
  context.run();  // returns only when no work is left behind
  if (problem) std::rethrow_exception(problem);
  BOOST_TEST(ended);
}

server::fault_rule on(const std::string& operation, server::fault_action action,
                      std::uint64_t times) {
  server::fault_rule rule;
  rule.operation = operation;
  rule.times = times;
  rule.action = std::move(action);
  return rule;
}

awaitable<void> pause(std::chrono::milliseconds time) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, time);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

std::string pattern(std::size_t size, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random() & 0xff);
  return text;
}

s3::checksum sum_of(const std::string& text, s3::checksum_algorithm algorithm) {
  s3::crc_stream stream(algorithm);
  stream.update(std::as_bytes(std::span(text)));
  return stream.value();
}

awaitable<s3::result<void>> stream_source::read(std::uint64_t offset, std::span<std::byte> buffer) {
  bytes_read += buffer.size();
  co_return copy_out(text_, offset, buffer);
}

awaitable<s3::result<void>> memory_source::read(std::uint64_t offset, std::span<std::byte> buffer) {
  co_return copy_out(text_, offset, buffer);
}

awaitable<s3::result<void>> text_sink::commit(std::size_t size) {
  text_.append(reinterpret_cast<const char*>(buffer_.data()), size);
  co_return s3::result<void>();
}

awaitable<s3::result<std::string>> get_text(s3::client& client, std::string key) {
  s3::get_request request;
  request.key = std::move(key);
  text_sink sink;
  const s3::result<s3::object_head> got = co_await client.get(request, sink);
  if (got.has_error()) co_return got.error();
  BOOST_TEST(got->size == sink.text().size());
  co_return sink.text();
}

awaitable<s3::result<s3::put_answer>> put_text(s3::client& client, std::string key,
                                               std::string text) {
  s3::put_request request;
  request.key = std::move(key);
  request.sum = sum_of(text, client.upload_checksum());
  stream_source body(std::move(text));
  co_return co_await client.put(request, body);
}

}  // namespace beatsync::tests
