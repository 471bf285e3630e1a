#include "s3/http/tls_context.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>

#include <string>

BOOST_AUTO_TEST_SUITE(tls_context)

using namespace beatsync;

BOOST_AUTO_TEST_CASE(offers_the_cheaper_cipher_first_and_the_others_after_it) {
  const auto context = s3::tls_context::create("");
  BOOST_REQUIRE(context.has_value());
  const std::string server = "s3.example.com";
  const s3::ssl_handle ssl = (*context)->new_handle(server, &server);
  BOOST_TEST(SSL_get_cipher_list(ssl.get(), 0) == std::string("TLS_AES_128_GCM_SHA256"));
  std::string others;
  for (int i = 1; const char* name = SSL_get_cipher_list(ssl.get(), i); ++i) {
    others += std::string(name) + ' ';
  }
  for (const char* name : {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
                           "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"}) {
    BOOST_TEST(others.find(name) != std::string::npos, name << " is missing in " << others);
  }
}

BOOST_AUTO_TEST_SUITE_END()
