#include "tests/s3_server/server.hpp"
#include "tests/s3_server/tls_context.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/throwaway_ca.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>

using namespace beatsync::tests;

namespace {

std::shared_ptr<X509> load(const std::filesystem::path& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             std::fclose);
  return {PEM_read_X509(file.get(), nullptr, nullptr, nullptr), X509_free};
}

/// 0 when a client that trusts this CA takes the certificate, else OpenSSL's reason.
int verdict(const std::filesystem::path& ca, const certificate_files& files) {
  const std::shared_ptr<X509_STORE> trusted(X509_STORE_new(), X509_STORE_free);
  X509_STORE_load_file(trusted.get(), ca.c_str());
  const std::shared_ptr<X509_STORE_CTX> context(X509_STORE_CTX_new(), X509_STORE_CTX_free);
  const auto certificate = load(files.certificate);
  X509_STORE_CTX_init(context.get(), trusted.get(), certificate.get(), nullptr);
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

bool is_for(const certificate_files& files, const std::string& host) {
  return X509_check_host(load(files.certificate).get(), host.data(), host.size(), 0, nullptr) == 1;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_good_certificate_is_for_this_machine) {
  const temp_dir folder;
  throwaway_ca ca(folder.path());
  const auto files = ca.issue();
  BOOST_TEST(verdict(ca.ca_file(), files) == X509_V_OK);
  BOOST_TEST(is_for(files, "localhost"));
  BOOST_TEST(is_for(files, "bucket.s3.localhost"));
  BOOST_TEST(!is_for(files, "example.org"));
  const auto certificate = load(files.certificate);
  BOOST_TEST(X509_check_ip_asc(certificate.get(), "127.0.0.1", 0) == 1);
  BOOST_TEST(X509_check_ip_asc(certificate.get(), "::1", 0) == 1);
}

BOOST_AUTO_TEST_CASE(bad_certificates_are_bad) {
  const temp_dir folder;
  throwaway_ca ca(folder.path());
  certificate_request expired;
  expired.name = "expired";
  expired.starts_in_days = -10;
  expired.ends_in_days = -1;
  BOOST_TEST(verdict(ca.ca_file(), ca.issue(expired)) == X509_V_ERR_CERT_HAS_EXPIRED);
  certificate_request nameless;
  nameless.name = "nameless";
  nameless.dns.clear();
  nameless.ip.clear();
  nameless.common_name = "other";
  BOOST_TEST(!is_for(ca.issue(nameless), "localhost"));
  certificate_request alone;
  alone.name = "alone";
  alone.self_signed = true;
  BOOST_TEST(verdict(ca.ca_file(), ca.issue(alone)) != X509_V_OK);
  throwaway_ca other(folder / "other");
  BOOST_TEST(verdict(ca.ca_file(), other.issue()) != X509_V_OK);
}

BOOST_AUTO_TEST_CASE(the_server_takes_the_pair_and_refuses_a_wrong_one) {
  const temp_dir folder;
  throwaway_ca ca(folder.path());
  certificate_request second;
  second.name = "second";
  const auto one = ca.issue();
  const auto two = ca.issue(second);
  beatsync::s3_server::server_options options;
  options.tls = true;
  options.certificate = one.certificate;
  options.key = one.key;
  BOOST_TEST(beatsync::s3_server::make_tls_context(options) != nullptr);
  options.key = two.key;
  BOOST_CHECK_THROW(beatsync::s3_server::make_tls_context(options), std::runtime_error);
}
