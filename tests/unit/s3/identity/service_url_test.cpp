// Where STS and SSO are asked: the four steps that S3's own endpoint has, and their switch.
#include "s3/identity/credentials.hpp"
#include "tests/unit/s3/identity/fake_chain.hpp"

using namespace beatsync;
using namespace beatsync::s3;
using namespace beatsync::tests;

namespace {

/// A profile with a role, and settings of its own.
struct role_chain : chain {
  explicit role_chain(const std::string& settings = "") {
    config("[default]\nrole_arn = arn:r\nsource_profile = base\n" + settings +
           "\n[profile base]\naws_access_key_id = K\naws_secret_access_key = s\n"
           "endpoint_url = https://not.this\n"
           "[services own]\nsts =\n  endpoint_url = https://services.sts\n");
  }
  std::string asked() {
    calls.clear();
    (void)get();
    return calls.empty() ? std::string() : calls.front().url;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(service_urls)

BOOST_AUTO_TEST_CASE(the_usual_four_steps) {
  role_chain c("services = own\nendpoint_url = https://profile.all/");
  BOOST_TEST(c.asked() == "https://services.sts/");
  c.env.variables["AWS_ENDPOINT_URL"] = "https://env.all";
  BOOST_TEST(c.asked() == "https://env.all/");
  c.env.variables["AWS_ENDPOINT_URL_STS"] = "https://env.sts/";
  BOOST_TEST(c.asked() == "https://env.sts/");
  role_chain plain("endpoint_url = https://profile.all/");
  BOOST_TEST(plain.asked() == "https://profile.all/");
  role_chain usual;
  BOOST_TEST(usual.asked() == "https://sts.amazonaws.com/");
}

BOOST_AUTO_TEST_CASE(the_switch_holds_for_them_too) {
  role_chain c("services = own\nendpoint_url = https://profile.all");
  c.env.variables = {{"AWS_ENDPOINT_URL_STS", "https://env.sts"},
                     {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}};
  BOOST_TEST(c.asked() == "https://sts.amazonaws.com/");
  role_chain by_profile("ignore_configured_endpoint_urls = true");
  by_profile.env.variables = {{"AWS_ENDPOINT_URL", "https://env.all"}};
  BOOST_TEST(by_profile.asked() == "https://sts.amazonaws.com/");
}

BOOST_AUTO_TEST_CASE(the_token_of_sso_goes_where_the_switch_lets_it) {
  chain c;
  c.config(
      "[default]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n"
      "sso_account_id = 1\nsso_role_name = r\nservices = own\n"
      "[services own]\nsso =\n  endpoint_url = https://services.sso\n");
  // SHA-1 of the start URL.
  c.home.write(".aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json",
               "{\"accessToken\":\"tok\",\"expiresAt\":\"2026-02-01T00:00:00Z\"}");
  (void)c.get();
  BOOST_REQUIRE(c.calls.size() == 1U);
  BOOST_TEST(c.calls[0].url.starts_with("https://services.sso/federation/credentials?"));
  c.env.variables = {{"AWS_ENDPOINT_URL_SSO", "https://env.sso"},
                     {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}};
  (void)c.get();
  BOOST_REQUIRE(c.calls.size() == 2U);
  BOOST_TEST(c.calls[1].url.starts_with("https://portal.sso.eu-west-1.amazonaws.com/"));

  c.home.write(".aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json",
               "{\"accessToken\":\"tok\\r\\nx: y\",\"expiresAt\":\"2026-02-01T00:00:00Z\"}");
  BOOST_TEST(has(c.refusal(), "the cached token has a line break"));
  BOOST_TEST(c.calls.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
