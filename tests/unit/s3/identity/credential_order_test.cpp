// Which of several sources in one place is taken: as botocore takes them (credentials.hpp).
#include "s3/identity/credentials.hpp"
#include "tests/unit/s3/identity/fake_chain.hpp"

using namespace beatsync;
using namespace beatsync::s3;
using namespace beatsync::tests;

namespace {

const std::string process =
    "credential_process = echo "
    "'{\"Version\":1,\"AccessKeyId\":\"PROCESS\",\"SecretAccessKey\":\"s\"}'\n";
const std::string other_keys = "aws_access_key_id = KEYS\naws_secret_access_key = s\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(credential_order)

BOOST_AUTO_TEST_CASE(new_keys_are_not_sent_with_the_token_of_old_ones) {
  chain c;
  c.config("[default]\n" + other_keys + "aws_session_token = OLDTOKEN\n");
  c.secrets("[default]\naws_access_key_id = NEW\naws_secret_access_key = s\n");
  const auto keys = c.get();
  BOOST_REQUIRE(keys.has_value());
  BOOST_TEST(keys->access_key == "NEW");
  BOOST_TEST(keys->session_token.empty());
}

BOOST_AUTO_TEST_CASE(a_process_stands_between_the_keys_of_the_two_files) {
  chain c;
  c.config("[default]\n" + process + other_keys);
  BOOST_TEST(c.get()->access_key == "PROCESS");
  c.config("[default]\naws_access_key_id = HALF\n" + process);
  BOOST_TEST(c.get()->access_key == "PROCESS");
  c.config("[default]\n" + process);
  c.secrets("[default]\n" + other_keys);
  BOOST_TEST(c.get()->access_key == "KEYS");
  c.secrets("[default]\naws_access_key_id = HALF\n");
  BOOST_TEST(has(c.refusal(), "has no aws_secret_access_key"));
}

BOOST_AUTO_TEST_CASE(a_command_may_be_continued_on_the_next_line) {
  chain c;
  c.config(
      "[default]\ncredential_process = printf\n"
      "    '{\"Version\":1,\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"s\"}'\n    LONG\n");
  const auto keys = c.get();
  BOOST_REQUIRE(keys.has_value());
  BOOST_TEST(keys->access_key == "LONG");
}

BOOST_AUTO_TEST_CASE(a_source_profile_with_keys_gives_them_whatever_its_own_role_is) {
  chain c;
  c.config(
      "[profile derived]\nrole_arn = arn:derived\nsource_profile = base\n"
      "[profile base]\nrole_arn = arn:base\nsource_profile = base\n" +
      other_keys);
  c.options.profile = "derived";
  c.reply(200, assumed("ASIA", "2026-01-31T13:00:00Z"));
  BOOST_TEST(c.get()->access_key == "ASIA");
  BOOST_REQUIRE(c.calls.size() == 1U);
  BOOST_TEST(has(c.calls[0].body, "arn%3Aderived"));
  BOOST_TEST(has(header_of(c.calls[0], "Authorization"), "Credential=KEYS/"));
}

BOOST_AUTO_TEST_CASE(web_identity_of_the_environment_stands_behind_a_role_of_the_profile) {
  chain c;
  const std::string token = c.home.write("token", "eyJ0.abc").string();
  c.config("[profile dj]\n" + other_keys + "[profile role]\nrole_arn = arn:profile\n" +
           "source_profile = dj\n[profile token]\nrole_arn = arn:token\n" +
           "web_identity_token_file = /nowhere\n");
  c.env.variables = {{"AWS_WEB_IDENTITY_TOKEN_FILE", token}, {"AWS_ROLE_ARN", "arn:env"}};
  const auto role_of = [&c](const char* profile) {
    c.env.variables["AWS_PROFILE"] = profile;
    c.reply(200, assumed("ASIA", "2026-01-31T13:00:00Z", "AssumeRoleWithWebIdentity"));
    (void)c.get();
    return c.calls.empty() ? std::string() : c.calls.back().body;
  };
  BOOST_TEST(has(role_of("dj"), "arn%3Aenv"));
  BOOST_TEST(has(role_of("token"), "arn%3Aenv"));
  BOOST_TEST(has(role_of("role"), "arn%3Aprofile"));

  c.options.profile = "dj";  // chosen by flag: the environment does not count
  BOOST_TEST(c.get()->access_key == "KEYS");
  c.options.profile.clear();
  c.env.variables.erase("AWS_ROLE_ARN");
  c.env.variables["AWS_PROFILE"] = "dj";
  BOOST_TEST(has(c.refusal(), "no role_arn and AWS_ROLE_ARN is not set"));
}

BOOST_AUTO_TEST_CASE(aws_default_profile_chooses_before_aws_profile) {
  chain c;
  c.secrets("[default]\n" + other_keys +
            "[a]\naws_access_key_id = A\naws_secret_access_key = s\n"
            "[b]\naws_access_key_id = B\naws_secret_access_key = s\n");
  c.env.variables["AWS_DEFAULT_PROFILE"] = "a";
  BOOST_TEST(c.get()->access_key == "A");
  c.env.variables["AWS_PROFILE"] = "b";
  BOOST_TEST(c.get()->access_key == "A");
}

BOOST_AUTO_TEST_CASE(what_would_split_a_header_is_refused_by_name) {
  const std::pair<const char*, const char*> broken[] = {{"AWS_ACCESS_KEY_ID", "k\n"},
                                                        {"AWS_SECRET_ACCESS_KEY", "s\r"},
                                                        {"AWS_SESSION_TOKEN", "t\r\nx-amz-acl: a"}};
  for (const auto& [name, value] : broken) {
    chain c;
    c.env.variables = {{"AWS_ACCESS_KEY_ID", "k"}, {"AWS_SECRET_ACCESS_KEY", "s"}};
    c.env.variables[name] = value;
    BOOST_TEST(has(c.refusal(), std::string(name) + " has a line break"), c.refusal());
  }
  chain c;
  c.config("[default]\n" + other_keys + "aws_session_token = one\n  two\n");
  BOOST_TEST(has(c.refusal(), "profile \"default\""));
  BOOST_TEST(has(c.refusal(), "aws_session_token has a line break"));
  c.config(
      "[default]\ncredential_process = echo '{\"Version\":1,\"AccessKeyId\":\"k\","
      "\"SecretAccessKey\":\"s\",\"SessionToken\":\"a\\\\nb\"}'\n");
  BOOST_TEST(has(c.refusal(), "session token has a line break"), c.refusal());
}

BOOST_AUTO_TEST_SUITE_END()
