#include "s3/identity/credentials.hpp"

#include "tests/unit/s3/identity/fake_chain.hpp"

using namespace beatsync;
using namespace beatsync::s3;
using namespace beatsync::tests;
using std::chrono::minutes;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(credential_chain)

BOOST_AUTO_TEST_CASE(keys_in_the_environment_come_first) {
  chain c;
  c.secrets("[default]\naws_access_key_id = file\naws_secret_access_key = s\n");
  BOOST_TEST(c.get()->access_key == "file");
  c.env.variables = {
      {"AWS_ACCESS_KEY_ID", "env"}, {"AWS_SECRET_ACCESS_KEY", "s"}, {"AWS_SESSION_TOKEN", "t"}};
  BOOST_TEST(c.get()->access_key == "env");
  BOOST_TEST(c.get()->session_token == "t");
  c.env.variables["AWS_PROFILE"] = "default";
  BOOST_TEST(c.get()->access_key == "env");
}

BOOST_AUTO_TEST_CASE(a_chosen_profile_beats_the_environment) {
  chain c;
  c.env.variables = {
      {"AWS_ACCESS_KEY_ID", "env"}, {"AWS_SECRET_ACCESS_KEY", "s"}, {"AWS_PROFILE", "other"}};
  c.secrets("[dj]\naws_access_key_id = file\naws_secret_access_key = s\naws_session_token = tok\n");
  c.options.profile = "dj";
  const auto keys = c.get();
  BOOST_REQUIRE(keys.has_value());
  BOOST_TEST(keys->access_key == "file");
  BOOST_TEST(keys->session_token == "tok");
  BOOST_TEST(keys->source.starts_with("profile \"dj\" ("));
}

BOOST_AUTO_TEST_CASE(aws_profile_chooses_else_default) {
  chain c;
  c.secrets(
      "[a]\naws_access_key_id = ka\naws_secret_access_key = s\n[default]\naws_access_key_id = "
      "kd\naws_secret_access_key = s\n");
  BOOST_TEST(c.get()->access_key == "kd");
  c.env.variables["AWS_PROFILE"] = "a";
  BOOST_TEST(c.get()->access_key == "ka");
}

BOOST_AUTO_TEST_CASE(half_a_pair_is_an_error_not_a_fall_through) {
  chain c;
  c.env.variables = {{"AWS_ACCESS_KEY_ID", "env"}};
  BOOST_TEST(has(c.refusal(), "AWS_SECRET_ACCESS_KEY is not"));
  c.env.variables.clear();
  c.secrets("[default]\naws_access_key_id = k\n");
  BOOST_TEST(has(c.refusal(), "line 2: profile \"default\" has no aws_secret_access_key"));
}

BOOST_AUTO_TEST_CASE(nothing_found_says_what_to_do) {
  chain c;
  BOOST_TEST(has(c.refusal(), "run `aws configure`"));
  BOOST_TEST(has(c.refusal(), "The credentials of an EC2 instance (IMDS) are not supported"));
  c.config("[profile one]\n[profile two]\n");
  BOOST_TEST(has(c.refusal(), "there are: one two"));
  c.options.profile = "one";
  BOOST_TEST(has(c.refusal(), "aws configure --profile one"));
  c.options.profile = "three";
  const auto unknown = c.get();
  BOOST_TEST((unknown.error().code == errc::bad_configuration));
  BOOST_TEST(has(unknown.error().message, "there are: one two"));
}

BOOST_AUTO_TEST_CASE(what_is_not_supported_is_refused_by_name) {
  chain c;
  c.config(
      "[profile mfa]\nrole_arn = arn:r\nsource_profile = mfa\nmfa_serial = arn:m\n"
      "[profile ec2]\nrole_arn = arn:r\ncredential_source = Ec2InstanceMetadata\n"
      "[profile both]\nrole_arn = arn:r\ncredential_source = Environment\nsource_profile = x\n"
      "[profile none]\nrole_arn = arn:r\n"
      "[profile login]\nlogin_session = arn:l\n");
  const std::pair<const char*, const char*> expected[] = {
      {"mfa", "mfa_serial is not supported"},
      {"ec2", "Ec2InstanceMetadata is not supported"},
      {"both", "both source_profile and credential_source"},
      {"none", "needs source_profile"},
      {"login", "login_session"}};
  for (const auto& [profile, text] : expected) {
    c.options.profile = profile;
    BOOST_TEST(has(c.refusal(), text), c.refusal());
  }
  c.options.profile.clear();
  c.env.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
  BOOST_TEST(has(c.refusal(), "AWS_CONTAINER_CREDENTIALS_FULL_URI is set"));
  BOOST_TEST(c.calls.empty());
}

BOOST_AUTO_TEST_CASE(a_role_is_assumed_with_the_keys_of_another_profile) {
  chain c;
  c.config(
      "[profile dj]\nrole_arn = arn:aws:iam::1:role/dj\nsource_profile = base\nexternal_id = x/y\n"
      "duration_seconds = 900\nrole_session_name = me\nregion = eu-west-1\n");
  c.secrets("[base]\naws_access_key_id = BASEKEY\naws_secret_access_key = s\n");
  c.options.profile = "dj";
  c.reply(200, assumed("ASIA1", "2026-01-31T13:00:00Z"));
  const auto keys = c.get();
  BOOST_REQUIRE(keys.has_value());
  BOOST_TEST(keys->access_key == "ASIA1");
  BOOST_TEST(keys->session_token == "ttt");
  BOOST_TEST((keys->expires == noon + minutes(60)));
  BOOST_REQUIRE(c.calls.size() == 1U);
  const http_call& call = c.calls.front();
  BOOST_TEST(call.method == "POST");
  BOOST_TEST(call.url == "https://sts.eu-west-1.amazonaws.com/");
  BOOST_TEST(
      call.body ==
      "Action=AssumeRole&DurationSeconds=900&ExternalId=x%2Fy&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3A"
      "role%2Fdj&RoleSessionName=me&Version=2011-06-15");
  BOOST_TEST(has(header_of(call, "Authorization"),
                 "Credential=BASEKEY/20260131/eu-west-1/sts/aws4_request"));
  BOOST_TEST(header_of(call, "x-amz-date") == "20260131T120000Z");
}

BOOST_AUTO_TEST_CASE(roles_can_be_chained_but_not_in_circles) {
  chain c;
  c.config(
      "[profile top]\nrole_arn = arn:top\nsource_profile = middle\n[profile middle]\nrole_arn = "
      "arn:mid\n"
      "source_profile = base\n[profile base]\naws_access_key_id = B\naws_secret_access_key = s\n"
      "[profile x]\nrole_arn = arn:x\nsource_profile = y\n[profile y]\nrole_arn = "
      "arn:y\nsource_profile = x\n"
      "[profile self]\nrole_arn = arn:self\nsource_profile = self\naws_access_key_id = S\n"
      "aws_secret_access_key = s\n[profile lost]\nrole_arn = arn:l\nsource_profile = nowhere\n");
  c.reply(200, assumed("ASIAMID", "2026-01-31T13:00:00Z"));
  c.reply(200, assumed("ASIATOP", "2026-01-31T13:00:00Z"));
  c.reply(200, assumed("ASIASELF", "2026-01-31T13:00:00Z"));
  c.options.profile = "top";
  BOOST_TEST(c.get()->access_key == "ASIATOP");
  BOOST_TEST(has(header_of(c.calls[1], "Authorization"), "Credential=ASIAMID/"));
  c.options.profile = "x";
  BOOST_TEST(has(c.refusal(), "leads back to itself"));
  c.options.profile = "self";
  BOOST_TEST(c.get()->access_key == "ASIASELF");
  c.options.profile = "lost";
  BOOST_TEST(has(c.refusal(), "no profile \"nowhere\""));
}

BOOST_AUTO_TEST_CASE(a_role_can_be_assumed_with_the_keys_of_the_environment) {
  chain c;
  c.config("[profile dj]\nrole_arn = arn:r\ncredential_source = Environment\n");
  c.options.profile = "dj";
  BOOST_TEST(has(c.refusal(), "AWS_ACCESS_KEY_ID is not set"));
  c.env.variables = {{"AWS_ACCESS_KEY_ID", "ENVKEY"}, {"AWS_SECRET_ACCESS_KEY", "s"}};
  c.reply(200, assumed("ASIA2", "2026-01-31T13:00:00Z"));
  BOOST_TEST(c.get()->access_key == "ASIA2");
  BOOST_TEST(c.calls.front().url == "https://sts.amazonaws.com/");
  BOOST_TEST(has(header_of(c.calls.front(), "Authorization"), "ENVKEY/20260131/us-east-1/sts"));
}

BOOST_AUTO_TEST_CASE(sts_refusals_keep_the_words_of_the_service) {
  chain c;
  c.config(
      "[profile dj]\nrole_arn = arn:r\nsource_profile = dj\naws_access_key_id = "
      "K\naws_secret_access_key = s\n");
  c.options.profile = "dj";
  c.reply(403,
          "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not "
          "you</Message></Error>"
          "<RequestId>r-1</RequestId></ErrorResponse>");
  const auto refused = c.get();
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == errc::no_credentials));
  BOOST_TEST(refused.error().service_code == "AccessDenied");
  BOOST_TEST(refused.error().service_message == "not you");
  BOOST_TEST(refused.error().request_id == "r-1");
  BOOST_TEST(refused.error().http == 403);
}

BOOST_AUTO_TEST_CASE(answers_of_sts_that_are_none) {
  for (const char* body : {"", "<html>", "<AssumeRoleResponse/>",
                           "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>a</"
                           "AccessKeyId></Credentials>"
                           "</AssumeRoleResult></AssumeRoleResponse>"}) {
    chain c;
    c.config(
        "[default]\nrole_arn = arn:r\nsource_profile = default\naws_access_key_id = "
        "K\naws_secret_access_key = s\n");
    c.reply(200, body);
    BOOST_TEST(has(c.refusal(), "the answer of STS"), body);
  }
}

BOOST_AUTO_TEST_CASE(the_http_port_may_be_missing_or_fail) {
  chain c;
  c.config(
      "[default]\nrole_arn = arn:r\nsource_profile = default\naws_access_key_id = "
      "K\naws_secret_access_key = s\n");
  const auto failed = c.get();
  BOOST_TEST((failed.error().code == errc::connect_failed));
  BOOST_TEST(failed.error().message == "STS: nobody there");
  c.options.http = nullptr;
  BOOST_TEST(has(c.refusal(), "not possible here"));
}

BOOST_AUTO_TEST_CASE(web_identity_from_environment_and_profile) {
  chain c;
  const std::string token = c.home.write("token", "eyJ0.abc\n").string();
  c.env.variables = {{"AWS_WEB_IDENTITY_TOKEN_FILE", token},
                     {"AWS_ROLE_ARN", "arn:w"},
                     {"AWS_REGION", "eu-north-1"}};
  c.reply(200, assumed("ASIAW", "2026-01-31T13:00:00Z", "AssumeRoleWithWebIdentity"));
  BOOST_TEST(c.get()->access_key == "ASIAW");
  BOOST_TEST(c.calls.front().url == "https://sts.eu-north-1.amazonaws.com/");
  BOOST_TEST(has(c.calls.front().body, "Action=AssumeRoleWithWebIdentity&"));
  BOOST_TEST(has(c.calls.front().body, "WebIdentityToken=eyJ0.abc"));
  BOOST_TEST(header_of(c.calls.front(), "Authorization").empty());
  c.env.variables.clear();
  c.config("[default]\nrole_arn = arn:p\nweb_identity_token_file = /nowhere/token\n");
  BOOST_TEST(has(c.refusal(), "cannot be read or is empty"));
}

BOOST_AUTO_TEST_CASE(an_sts_of_ones_own) {
  chain c;
  c.config(
      "[default]\nrole_arn = arn:r\nsource_profile = default\naws_access_key_id = "
      "K\naws_secret_access_key = s\n");
  c.env.variables["AWS_ENDPOINT_URL_STS"] = "http://127.0.0.1:9000/";
  c.reply(200, assumed("ASIA3", "2026-01-31T13:00:00Z"));
  BOOST_TEST(c.get().has_value());
  BOOST_TEST(c.calls.front().url == "http://127.0.0.1:9000/");
}

BOOST_AUTO_TEST_CASE(sso_uses_the_cached_token) {
  chain c;
  c.config(
      "[profile dj]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = DJ Role\n"
      "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = "
      "eu-west-1\n");
  c.options.profile = "dj";
  BOOST_TEST(has(c.refusal(), "run `aws sso login --profile dj`"));
  // SHA-1 of "corp".
  const char* const file = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
  c.home.write(file, "{\"accessToken\":\"tok\",\"expiresAt\":\"2026-01-31T11:59:59Z\"}");
  BOOST_TEST(has(c.refusal(), "has expired"), c.refusal());
  c.home.write(file, "{\"accessToken\":\"tok\",\"expiresAt\":\"2026-01-31T12:30:00UTC\"}");
  c.reply(200,
          "{\"roleCredentials\":{\"accessKeyId\":\"ASIASSO\",\"secretAccessKey\":\"s\","
          "\"sessionToken\":\"t\","
          "\"expiration\":1769864400000}}");
  const auto keys = c.get();
  BOOST_REQUIRE(keys.has_value());
  BOOST_TEST(keys->access_key == "ASIASSO");
  BOOST_TEST((keys->expires == noon + minutes(60)));
  BOOST_TEST(c.calls.back().url ==
             "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?account_id="
             "123456789012&role_name=DJ%20Role");
  BOOST_TEST(header_of(c.calls.back(), "x-amz-sso_bearer_token") == "tok");
}

BOOST_AUTO_TEST_CASE(sso_in_the_older_form_and_its_refusals) {
  chain c;
  c.config(
      "[default]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = "
      "eu-west-1\nsso_account_id = 1\n"
      "sso_role_name = r\n[profile part]\nsso_account_id = 1\n[profile lost]\nsso_account_id = "
      "1\nsso_session = no\n");
  // SHA-1 of the start URL.
  c.home.write(".aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json",
               "{\"accessToken\":\"tok\",\"expiresAt\":\"2026-02-01T00:00:00Z\"}");
  c.reply(401, "{\"message\":\"Session token not found or invalid\"}");
  c.reply(403, "{\"message\":\"No access\"}");
  c.reply(200, "[]");
  BOOST_TEST(has(c.refusal(), "not valid any more; run `aws sso login --profile default`"));
  BOOST_TEST(has(c.refusal(), "No access"));
  BOOST_TEST(has(c.refusal(), "not what GetRoleCredentials should say"));
  c.options.profile = "part";
  BOOST_TEST(has(c.refusal(), "sso_role_name is missing"));
  c.options.profile = "lost";
  BOOST_TEST(has(c.refusal(), "no [sso-session no]"));
}

BOOST_AUTO_TEST_CASE(a_credential_process_is_run) {
  chain c;
  c.config(
      "[default]\ncredential_process = printf "
      "'{\"Version\":1,\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"s\","
      "\"SessionToken\":\"t\",\"Expiration\":\"2026-01-31T13:00:00Z\"}' \"a key\"\n");
  const auto keys = c.get();
  BOOST_REQUIRE(keys.has_value());
  BOOST_TEST(keys->access_key == "a key");
  BOOST_TEST(keys->session_token == "t");
  BOOST_TEST((keys->expires == noon + minutes(60)));
  BOOST_TEST(keys->source == "credential_process of profile \"default\"");
}

BOOST_AUTO_TEST_CASE(a_failing_credential_process_is_told_with_its_own_words) {
  const std::pair<const char*, const char*> cases[] = {
      {"echo no token >&2; exit 3", "exit code 3: no token"},
      {"/nowhere/program", "exit code 127"},
      {"echo hello", "not a JSON object"},
      {"echo '{\"Version\":2}'", "\"Version\": 1"},
      {"echo '{\"Version\":1,\"AccessKeyId\":\"a\"}'", "lacks AccessKeyId or SecretAccessKey"},
      {"echo "
       "'{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"b\",\"Expiration\":\"soon\"}'",
       "no ISO 8601 time"},
      {"head -c 100000 /dev/zero", "more than 64 KiB"},
      {"kill -9 $$", "exit code 137"}};
  for (const auto& [command, text] : cases) {
    chain c;
    c.config("[default]\ncredential_process = " + std::string(command) + "\n");
    BOOST_TEST(has(c.refusal(), text), c.refusal());
  }
}

BOOST_AUTO_TEST_CASE(a_credential_process_that_never_ends_is_killed) {
  chain c;
  c.config("[default]\ncredential_process = exec sleep 1000\n");
  c.options.process_timeout = std::chrono::milliseconds(20);
  BOOST_TEST(has(c.refusal(), "did not finish"));
}

BOOST_AUTO_TEST_CASE(secrets_on_standard_error_are_not_passed_on) {
  chain c;
  c.config(
      "[default]\ncredential_process = echo aws_secret_access_key=CaNaRy0123456789 >&2; exit 1\n");
  BOOST_TEST(!has(c.refusal(), "CaNaRy"));
}

BOOST_AUTO_TEST_CASE(credentials_are_fetched_again_before_they_end) {
  chain c;
  c.config(
      "[default]\nrole_arn = arn:r\nsource_profile = default\naws_access_key_id = "
      "K\naws_secret_access_key = s\n");
  c.reply(200, assumed("ASIA1", "2026-01-31T13:00:00Z"));
  c.reply(200, assumed("ASIA2", "2026-01-31T14:00:00Z"));
  credentials_provider provider(c.env.get(), c.options);
  BOOST_TEST(provider.get()->access_key == "ASIA1");
  c.now = noon + minutes(54);
  BOOST_TEST(provider.get()->access_key == "ASIA1");
  BOOST_TEST(c.calls.size() == 1U);
  c.now = noon + minutes(56);
  BOOST_TEST(provider.get()->access_key == "ASIA2");
  BOOST_TEST(c.calls.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_failed_early_refresh_does_no_harm_until_the_end) {
  chain c;
  c.config(
      "[default]\nrole_arn = arn:r\nsource_profile = default\naws_access_key_id = "
      "K\naws_secret_access_key = s\n");
  c.reply(200, assumed("ASIA1", "2026-01-31T13:00:00Z"));
  credentials_provider provider(c.env.get(), c.options);
  BOOST_TEST(provider.get().has_value());
  c.now = noon + minutes(57);
  BOOST_TEST(provider.get()->access_key == "ASIA1");
  BOOST_TEST(provider.get()->access_key == "ASIA1");
  BOOST_TEST(c.calls.size() == 2U);  // not asked at every request
  c.now = noon + minutes(60);
  BOOST_TEST(!provider.get().has_value());
}

BOOST_AUTO_TEST_CASE(a_refresh_reads_the_files_again_and_happens_once_for_all) {
  chain c;
  c.secrets("[default]\naws_access_key_id = old\naws_secret_access_key = s\n");
  credentials_provider provider(c.env.get(), c.options);
  const auto old = provider.get();
  c.secrets("[default]\naws_access_key_id = new\naws_secret_access_key = s\n");
  BOOST_TEST(provider.get()->access_key == "old");
  BOOST_TEST(provider.refresh(*old)->access_key == "new");
  c.secrets("[default]\naws_access_key_id = newest\naws_secret_access_key = s\n");
  BOOST_TEST(provider.refresh(*old)->access_key == "new");  // somebody else had refreshed
  BOOST_TEST(provider.refresh()->access_key == "newest");
}

BOOST_AUTO_TEST_SUITE_END()
