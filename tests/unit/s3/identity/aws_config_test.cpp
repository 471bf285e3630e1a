#include "s3/identity/aws_config.hpp"

#include "s3/identity/aws_config_parser.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/s3/identity/fake_environment.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace beatsync;
using namespace beatsync::s3;

namespace {

result<aws_config> parse(std::string_view config, std::string_view credentials = "") {
  return aws_config::parse(config, "config", credentials, "credentials");
}

std::string message_of(std::string_view config) {
  const auto parsed = parse(config);
  BOOST_REQUIRE(!parsed.has_value());
  BOOST_TEST((parsed.error().code == errc::bad_configuration));
  return parsed.error().message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(aws_files)

BOOST_AUTO_TEST_CASE(profiles_of_config_and_credentials_are_merged) {
  const auto files = parse(
      "[default]\nregion = us-west-2\n\n[profile dj]\nregion=eu-central-1\naws_access_key_id = "
      "from-config\n",
      "[dj]\naws_access_key_id = from-credentials\naws_secret_access_key : a=b:c\n[only]\n");
  BOOST_REQUIRE(files.has_value());
  const aws_section* const dj = files->profile("dj");
  BOOST_REQUIRE(dj != nullptr);
  BOOST_TEST(dj->text("region") == "eu-central-1");
  BOOST_TEST(dj->text("aws_access_key_id") == "from-credentials");
  BOOST_TEST(dj->text("aws_secret_access_key") == "a=b:c");
  BOOST_TEST(dj->find("aws_access_key_id")->file == "credentials");
  BOOST_TEST(dj->find("aws_access_key_id")->line == 2);
  BOOST_TEST(files->profile_names().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_key_and_its_token_come_from_one_section) {
  const char* const old_keys =
      "[profile dj]\nregion = r\naws_access_key_id = OLD\naws_secret_access_key = old\n"
      "aws_session_token = OLDTOKEN\naws_security_token = OLDTOKEN\n";
  const auto files =
      parse(old_keys, "[dj]\naws_access_key_id = NEW\naws_secret_access_key = new\n");
  BOOST_REQUIRE(files.has_value());
  const aws_section& dj = *files->profile("dj");
  BOOST_TEST(dj.text("aws_access_key_id") == "NEW");
  BOOST_TEST(dj.text("aws_secret_access_key") == "new");
  BOOST_TEST(!dj.get("aws_session_token").has_value());
  BOOST_TEST(!dj.get("aws_security_token").has_value());
  BOOST_TEST(dj.text("region") == "r");

  const auto twice = parse("",
                           "[dj]\naws_access_key_id = OLD\naws_session_token = OLDTOKEN\n"
                           "[dj]\naws_access_key_id = NEW\naws_secret_access_key = new\n");
  BOOST_TEST(!twice->profile("dj")->get("aws_session_token").has_value());

  const auto elsewhere = parse(old_keys, "[dj]\nregion = other\n");
  BOOST_TEST(elsewhere->profile("dj")->text("aws_session_token") == "OLDTOKEN");
}

BOOST_AUTO_TEST_CASE(only_default_and_profile_sections_of_config_are_profiles) {
  const auto files = parse(
      "[profile one]\n[profile \"with blank\"]\n[profile 'quoted']\n[profile a "
      "b]\n[bare]\n[profilex y]\n"
      "[sso-session corp]\nsso_region = eu-west-1\n[services stores]\n[plugins]\n[profile "
      "default]\nregion = r\n");
  BOOST_REQUIRE(files.has_value());
  const std::vector<std::string> expected = {"default", "one", "quoted", "with blank"};
  BOOST_TEST(files->profile_names() == expected, boost::test_tools::per_element());
  BOOST_REQUIRE(files->sso_session("corp") != nullptr);
  BOOST_TEST(files->sso_session("corp")->text("sso_region") == "eu-west-1");
  BOOST_TEST((files->services("stores") != nullptr));
}

BOOST_AUTO_TEST_CASE(comments_blank_lines_case_and_crlf) {
  const auto files = parse(
      "\xEF\xBB\xBF# a comment\r\n; another\r\n[default]   # after a [section]\r\n\r\n  # indented "
      "comment\r\n"
      "REGION = eu-north-1\t \r\noutput = json # stays\r\nempty =\r\n");
  BOOST_REQUIRE(files.has_value());
  const aws_section& section = *files->profile("default");
  BOOST_TEST(section.text("region") == "eu-north-1");
  BOOST_TEST(section.text("output") == "json # stays");
  BOOST_TEST(!section.get("empty").has_value());
}

BOOST_AUTO_TEST_CASE(nested_settings) {
  const auto files = parse(
      "[profile dj]\ns3 =\n    addressing_style = path\n    max_concurrent_requests = 20\nregion = "
      "r\n"
      "[services stores]\ns3 = \n  endpoint_url = https://minio.example:9000\nsts =\n  "
      "endpoint_url = x\n");
  BOOST_REQUIRE(files.has_value());
  const aws_section& dj = *files->profile("dj");
  BOOST_TEST((dj.nested("s3", "addressing_style") == "path"));
  BOOST_TEST((!dj.nested("s3", "nothing").has_value()));
  BOOST_TEST(dj.text("region") == "r");
  BOOST_TEST(
      (files->services("stores")->nested("s3", "endpoint_url") == "https://minio.example:9000"));
}

BOOST_AUTO_TEST_CASE(deeper_lines_continue_a_value_and_equal_ones_do_not) {
  const auto files = parse("[default]\n  a = 1\n  b = 2\n    continued\n  c = 3\n");
  BOOST_REQUIRE(files.has_value());
  const aws_section& section = *files->profile("default");
  BOOST_TEST(section.text("a") == "1");
  BOOST_TEST(section.text("b") == "2\ncontinued");
  BOOST_TEST(section.text("c") == "3");
}

BOOST_AUTO_TEST_CASE(the_later_of_two_wins) {
  const auto files = parse("[default]\na=1\na=2\nb=1\n[default]\nb=3\n");
  BOOST_REQUIRE(files.has_value());
  BOOST_TEST(files->profile("default")->text("a") == "2");
  BOOST_TEST(files->profile("default")->text("b") == "3");
}

BOOST_AUTO_TEST_CASE(errors_name_file_and_line) {
  BOOST_TEST(message_of("region = x\n").starts_with("config, line 1: a setting before the first"));
  BOOST_TEST(message_of("[default]\n\nnonsense\n").starts_with("config, line 3: `key = value`"));
  BOOST_TEST(message_of("[default\n") == "config, line 1: `[default` has no closing `]`");
  BOOST_TEST(message_of("[default]\ns3 =\n  nested\n").starts_with("config, line 3: nested"));
  BOOST_TEST(message_of("[default]\ns3 =\n  = value\n").starts_with("config, line 3: nested"));
  BOOST_TEST(message_of("[default]\n= value\n").starts_with("config, line 2:"));
}

BOOST_AUTO_TEST_CASE(header_words_are_those_of_a_shell) {
  const std::vector<std::string> expected = {"profile", "my dj", "x"};
  BOOST_TEST(header_words("profile \"my dj\"  x") == expected, boost::test_tools::per_element());
  BOOST_TEST(header_words("profile \"open").empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_profile_is_told_with_the_known_ones) {
  const auto files = parse("[profile one]\n[profile two]\n");
  const auto missing = files->require_profile("tree");
  BOOST_REQUIRE(!missing.has_value());
  BOOST_TEST(missing.error().message ==
             "there is no profile \"tree\" in config or credentials; there are: one two");
  BOOST_TEST(files->require_profile("default").has_value());
  BOOST_TEST(parse("")->require_profile("x").error().message.find("aws configure") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(files_are_found_by_variable_or_in_the_home_folder) {
  const tests::temp_dir home;
  home.write(".aws/config", "[default]\nregion = home\n");
  home.write(".aws/credentials", "[default]\naws_access_key_id = k\n");
  home.write("other", "[default]\nregion = other\n");
  tests::fake_environment env;
  env.home = home.path().string();
  auto files = aws_config::load(env.get());
  BOOST_REQUIRE(files.has_value());
  BOOST_TEST(files->profile("default")->text("region") == "home");
  BOOST_TEST(files->profile("default")->text("aws_access_key_id") == "k");
  env.variables["AWS_CONFIG_FILE"] = "~/other";
  env.variables["AWS_SHARED_CREDENTIALS_FILE"] = "~/missing";
  files = aws_config::load(env.get());
  BOOST_REQUIRE(files.has_value());
  BOOST_TEST(files->profile("default")->text("region") == "other");
  BOOST_TEST(!files->profile("default")->get("aws_access_key_id").has_value());
  env.variables["AWS_CONFIG_FILE"] = home.path().string();
  files = aws_config::load(env.get());
  BOOST_REQUIRE(!files.has_value());
  BOOST_TEST(files.error().message.ends_with("is not a file"));
}

BOOST_AUTO_TEST_CASE(the_null_device_is_an_empty_file) {
  tests::fake_environment env;
  env.variables["AWS_CONFIG_FILE"] = "/dev/null";
  env.variables["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
  const auto files = aws_config::load(env.get());
  BOOST_REQUIRE(files.has_value());
  BOOST_TEST(files->profile_names().empty());
}

BOOST_AUTO_TEST_SUITE_END()
