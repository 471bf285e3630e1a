// s3-test-server: the strict test server as a program, for any S3 client.
#include "tests/s3_server/options.hpp"
#include "tests/s3_server/server.hpp"
#include "tests/support/throwaway_ca.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdint>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace {

using beatsync::s3_server::server;
using beatsync::s3_server::server_options;

constexpr const char* examples = R"(
Examples:
  s3-test-server --port 9000 --folder ./buckets --bucket music
  s3-test-server --throwaway-tls ./tls --bucket music --latency-ms 80
  AWS_CA_BUNDLE=./tls/ca.pem AWS_ACCESS_KEY_ID=test-access-key \
    AWS_SECRET_ACCESS_KEY=test-secret-key \
    aws --endpoint-url https://127.0.0.1:PORT s3 ls s3://music

It prints "listening on URL" when it is ready and ends on SIGINT or SIGTERM. While it runs,
GET /_s3-test-server/stats shows what it has seen, GET /_s3-test-server/reset sets that to zero.)";

struct arguments {
  server_options options;
  std::string throwaway_tls;
  std::string access_key = "test-access-key";
  std::string secret_key = "test-secret-key";
  std::string session_token;
  std::vector<std::string> buckets;
  std::vector<std::string> patterns;
  std::vector<std::string> synthetic;
  std::uint64_t latency_ms = 0;
  std::uint64_t stall_ms = 5000;
  bool memory = false;
  bool lenient = false;
  bool log = false;
};

void describe(CLI::App& app, arguments& in) {
  auto& options = in.options;
  auto& network = options.conditions;
  app.add_option("--port", options.port, "port to listen on; 0: a free one");
  app.add_option("--address", options.address, "address to listen on (default 127.0.0.1)");
  auto* folder = app.add_option("--folder", options.folder, "keep objects in this folder");
  app.add_flag("--memory", in.memory, "keep objects in memory (default)")->excludes(folder);
  auto* certificate = app.add_option("--tls-cert", options.certificate, "certificate chain, PEM");
  auto* key = app.add_option("--tls-key", options.key, "its key, PEM");
  certificate->needs(key);
  key->needs(certificate);
  app.add_option("--throwaway-tls", in.throwaway_tls,
                 "make a CA (ca.pem) and a certificate in this folder and use them")
      ->excludes(certificate);
  app.add_option("--access-key", in.access_key, "default test-access-key");
  app.add_option("--secret-key", in.secret_key, "default test-secret-key");
  app.add_option("--session-token", in.session_token, "token that requests must carry");
  app.add_option("--bucket", in.buckets, "create this bucket; may be repeated");
  app.add_option("--region", options.region, "default us-east-1");
  app.add_option("--threads", options.threads, "I/O threads (default 1)");
  app.add_flag("--lenient", in.lenient,
               "small parts, unsigned payloads over HTTP and unsigned x-amz-* headers pass");
  app.add_option("--latency-ms", in.latency_ms, "before each answer");
  app.add_option("--bandwidth", network.bandwidth, "bytes per second and connection");
  app.add_option("--rate-503", network.rate_503, "share of requests answered 503 SlowDown");
  app.add_option("--stall-rate", network.stall_rate, "share of requests that wait first");
  app.add_option("--stall-ms", in.stall_ms, "how long those wait (default 5000)");
  app.add_option("--reset-rate", network.reset_rate,
                 "share of requests that end in a reset instead of an answer");
  app.add_option("--close-after", network.close_after, "requests per connection");
  app.add_option("--seed", network.seed, "of the random rates");
  app.add_flag("--fast-etags", options.differences.fast_etags,
               "no MD5 over bodies: ETags that do not look like one");
  app.add_flag("--default-checksum", options.differences.default_checksum,
               "store a CRC64NVME where the client sent no checksum, as AWS does");
  app.add_option("--pattern", in.patterns,
                 "BUCKET/KEY=BYTES: an object of so many pseudo-random bytes; may be repeated");
  app.add_option("--synthetic", in.synthetic,
                 "BUCKET/PREFIX=COUNT or =COUNT:PER_FOLDER: so many empty objects named "
                 "d000000/track 00000000.mp3 and so on, 50 to a folder; PER_FOLDER 0: no folders");
  app.add_flag("--log", in.log, "print one line per request on standard error at the end");
  app.footer(examples);
}

void add_pattern(server& running, const std::string& text) {
  const auto slash = text.find('/');
  const auto equals = text.rfind('=');
  if (slash == std::string::npos || equals == std::string::npos || equals < slash) {
    throw CLI::ValidationError("--pattern", "expected BUCKET/KEY=BYTES, got " + text);
  }
  running.put_pattern(text.substr(0, slash), text.substr(slash + 1, equals - slash - 1),
                      std::stoull(text.substr(equals + 1)));
}

void add_synthetic(server& running, const std::string& text) {
  const auto slash = text.find('/');
  const auto equals = text.rfind('=');
  if (slash == std::string::npos || equals == std::string::npos || equals < slash) {
    throw CLI::ValidationError("--synthetic", "expected BUCKET/PREFIX=COUNT, got " + text);
  }
  const auto numbers = text.substr(equals + 1);
  const auto colon = numbers.find(':');
  const auto per_folder = colon == std::string::npos ? 50 : std::stoull(numbers.substr(colon + 1));
  running.put_synthetic(text.substr(0, slash), text.substr(slash + 1, equals - slash - 1),
                        std::stoull(numbers), per_folder);
}

void print_log(const server& running) {
  for (const auto& request : running.requests()) {
    std::cerr << request.number << ' ' << request.connection << ' ' << request.method << ' '
              << request.target << ' ' << request.operation << ' ' << request.status << ' '
              << request.bytes_in << ' ' << request.bytes_out
              << (request.signed_ok ? " signed" : " unsigned")
              << (request.fault.empty() ? "" : " fault: " + request.fault) << '\n';
  }
}

int serve(arguments& in) {
  auto& options = in.options;
  options.credentials = {{in.access_key, {in.secret_key, in.session_token, false}}};
  options.strict = !in.lenient;
  options.conditions.latency = std::chrono::milliseconds(in.latency_ms);
  options.conditions.stall = std::chrono::milliseconds(in.stall_ms);
  if (!in.log) options.log_limit = 0;
  if (!in.throwaway_tls.empty()) {
    const auto files = beatsync::tests::throwaway_ca(in.throwaway_tls).issue();
    options.certificate = files.certificate;
    options.key = files.key;
  }
  options.tls = !options.certificate.empty();

  // Blocked before the server starts its threads, so that only sigwait() below sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  server running(options);
  for (const auto& bucket : in.buckets) running.create_bucket(bucket);
  for (const auto& pattern : in.patterns) add_pattern(running, pattern);
  for (const auto& keys : in.synthetic) add_synthetic(running, keys);
  std::cout << "listening on " << running.url() << std::endl;
  int signal = 0;
  sigwait(&signals, &signal);
  if (in.log) print_log(running);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A strict S3 server for tests: SigV4, checksums, conditions, faults.");
  arguments in;
  describe(app, in);
  try {
    app.parse(argc, argv);
    return serve(in);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::cerr << "s3-test-server: " << error.what() << '\n';
    return 1;
  }
}
