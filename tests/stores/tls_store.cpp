#include "tests/stores/tls_store.hpp"

#include "tests/support/real_servers.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/throwaway_ca.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <memory>
#include <ostream>
#include <set>

namespace beatsync::tests {
namespace {

class strict_store final : public tls_store {
 public:
  strict_store() {
    s3_server::server_options options;
    const auto files = ca_.issue();
    options.tls = true;
    options.certificate = files.certificate;
    options.key = files.key;
    access_key = "test-access-key";
    secret_key = "test-secret-key";
    options.credentials = {{access_key, {secret_key, "", false}}};
    server_ = std::make_unique<s3_server::server>(std::move(options));
    url = server_->url();
    ca_file = ca_.ca_file();
  }

  void make_bucket(const std::string& name) override { server_->create_bucket(name); }
  s3_server::server* strict() noexcept override { return server_.get(); }

 private:
  temp_dir folder_{"beatsync-strict-server"};
  throwaway_ca ca_{folder_.path()};
  std::unique_ptr<s3_server::server> server_;
};

class real_store final : public tls_store {
 public:
  explicit real_store(server_kind kind) : server_(kind) {
    url = server_.url();
    ca_file = server_.ca_file();
    access_key = server_.access_key();
    secret_key = server_.secret_key();
  }

  void make_bucket(const std::string& name) override { server_.make_bucket(name); }

 private:
  real_server server_;
};

server_kind real_kind(tls_store_kind kind) {
  return kind == tls_store_kind::minio ? server_kind::minio : server_kind::versity;
}

/// Says once what is left out; fails where it must not be.
bool is_there(tls_store_kind kind) {
  if (kind == tls_store_kind::strict) return true;
  const std::string why = why_no_server(real_kind(kind));
  if (why.empty()) return true;
  BOOST_REQUIRE_MESSAGE(!servers_are_required(), why);
  static std::set<tls_store_kind> said;
  if (said.insert(kind).second) BOOST_TEST_MESSAGE("left out: " << why);
  return false;
}

std::array<std::unique_ptr<tls_store>, 3> stores;

/// Ends the servers before main does: once OpenSSL's own exit handler has run, a server's thread
/// can no longer give back what OpenSSL keeps for it.
struct end_of_stores {
  ~end_of_stores() {
    for (auto& store : stores) store.reset();
  }
};
BOOST_TEST_GLOBAL_FIXTURE(end_of_stores);

}  // namespace

std::ostream& operator<<(std::ostream& out, tls_store_kind kind) {
  return out << (kind == tls_store_kind::strict ? "strict server" : name_of(real_kind(kind)));
}

std::vector<tls_store_kind> all_tls_stores() {
  return {tls_store_kind::strict, tls_store_kind::minio, tls_store_kind::versity};
}

std::string tls_store::fresh_bucket() {
  static int number = 0;
  std::string name = "bucket-" + std::to_string(++number);
  make_bucket(name);
  return name;
}

tls_store* tls_store_of(tls_store_kind kind) {
  if (!is_there(kind)) return nullptr;
  auto& store = stores.at(static_cast<std::size_t>(kind));
  if (!store && kind == tls_store_kind::strict) store = std::make_unique<strict_store>();
  if (!store) store = std::make_unique<real_store>(real_kind(kind));
  return store.get();
}

}  // namespace beatsync::tests
