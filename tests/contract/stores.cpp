#include "tests/contract/stores.hpp"

#include "s3/client/client.hpp"
#include "s3/client/session.hpp"
#include "tests/stores/tls_store.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/throwaway_ca.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <optional>
#include <ostream>

namespace beatsync::tests {
namespace {

tls_store_kind remote_kind(store_kind kind) {
  switch (kind) {
    case store_kind::minio:
      return tls_store_kind::minio;
    case store_kind::versity:
      return tls_store_kind::versity;
    default:
      return tls_store_kind::strict;
  }
}

s3::environment environment_with(const std::string& access_key, const std::string& secret_key) {
  s3::environment env;
  env.variable = [=](const char* name) -> std::optional<std::string> {
    if (std::string_view(name) == "AWS_ACCESS_KEY_ID") return access_key;
    if (std::string_view(name) == "AWS_SECRET_ACCESS_KEY") return secret_key;
    return std::nullopt;
  };
  return env;
}

std::shared_ptr<s3::session> open(tls_store& server, const wrong_settings& wrong,
                                  const std::string& ca_file) {
  s3::session_options options;
  options.bucket = wrong.bucket.empty() ? server.fresh_bucket() : wrong.bucket;
  options.endpoint_url = server.url;
  options.region = "us-east-1";
  options.ca_bundle = ca_file;
  options.random = [] { return 0.0; };  // retries at once: what fails here fails for good
  const auto secret = wrong.secret_key.empty() ? server.secret_key : wrong.secret_key;
  auto session = s3::open_session(options, environment_with(server.access_key, secret));
  BOOST_REQUIRE_MESSAGE(session.has_value(), s3::describe(session.error()));
  return *session;
}

/// Runs to the end; then no work may be left on the context.
void run(boost::asio::io_context& context, s3::object_store& store, const store_test& test) {
  std::exception_ptr failure;
  bool ended = false;
  auto body = test(store);
  boost::asio::co_spawn(context, std::move(body), [&](std::exception_ptr e) {
    failure = e;
    ended = true;
  });
  context.run();
  if (failure) std::rethrow_exception(failure);
  BOOST_TEST(ended);
}

}  // namespace

std::ostream& operator<<(std::ostream& out, store_kind kind) {
  if (kind == store_kind::memory) return out << "memory store";
  return out << remote_kind(kind);
}

std::vector<store_kind> all_stores() {
  return {store_kind::memory, store_kind::strict, store_kind::minio, store_kind::versity};
}

std::vector<store_kind> remote_stores() {
  return {store_kind::strict, store_kind::minio, store_kind::versity};
}

void on_fresh_bucket(store_kind kind, const store_test& test, const wrong_settings& wrong) {
  boost::asio::io_context context(1);
  if (kind == store_kind::memory) {
    memory_bucket_settings settings;
    settings.checksums.push_back(s3::checksum_algorithm::crc32);
    memory_store store(context.get_executor(), std::make_shared<memory_bucket>(settings));
    run(context, store, test);
    return;
  }
  tls_store* server = tls_store_of(remote_kind(kind));
  if (!server) return;
  temp_dir elsewhere;
  const throwaway_ca other_ca(elsewhere.path());
  const auto session =
      open(*server, wrong, wrong.own_ca ? other_ca.ca_file().string() : server->ca_file);
  s3::client store(context.get_executor(), session);
  run(context, store, test);
}

}  // namespace beatsync::tests
