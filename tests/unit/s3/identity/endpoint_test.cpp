#include "s3/identity/endpoint.hpp"

#include "tests/unit/s3/identity/fake_environment.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync;
using namespace beatsync::s3;

namespace {

struct setting {
  endpoint_wishes wishes;
  tests::fake_environment env;
  std::string config;
  std::string profile = "default";

  explicit setting(const char* bucket = "beatcloud") { wishes.bucket = bucket; }

  result<endpoint> choose() const {
    const auto files = aws_config::parse(config, "config", "", "credentials");
    return choose_endpoint(wishes, env.get(), *files, *files->require_profile(profile));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(endpoints)

BOOST_AUTO_TEST_CASE(aws_by_region_with_the_bucket_in_the_host) {
  setting s;
  s.wishes.region = "eu-west-1";
  const auto e = s.choose();
  BOOST_REQUIRE(e.has_value());
  BOOST_TEST(e->host_header() == "beatcloud.s3.eu-west-1.amazonaws.com");
  BOOST_TEST(e->connect_host() == "beatcloud.s3.eu-west-1.amazonaws.com");
  BOOST_TEST(e->path_of("dj/a b+ö") == "/dj/a%20b%2B%C3%B6");
  BOOST_TEST(e->path_of("") == "/");
  BOOST_TEST(e->tls);
  BOOST_TEST(e->port == 443);
  const auto moved = in_region(*e, "ap-south-1");
  BOOST_TEST(moved.host_header() == "beatcloud.s3.ap-south-1.amazonaws.com");
  BOOST_TEST(in_region(*e, "evil.example/").host == e->host);
}

BOOST_AUTO_TEST_CASE(other_partitions_and_no_region) {
  setting s;
  s.wishes.region = "cn-north-1";
  BOOST_TEST(s.choose()->host == "s3.cn-north-1.amazonaws.com.cn");
  s.wishes.region = "";
  BOOST_TEST(s.choose()->host == "s3.us-east-1.amazonaws.com");
  s.wishes.region = "eu west";
  BOOST_TEST((s.choose().error().code == errc::bad_configuration));
}

BOOST_AUTO_TEST_CASE(buckets_that_are_no_host_label_go_into_the_path) {
  for (const char* bucket : {"dj.beatcloud.com", "Old_Bucket", "UPPER"}) {
    const auto e = setting(bucket).choose();
    BOOST_REQUIRE(e.has_value());
    BOOST_TEST(e->path_style, bucket);
    BOOST_TEST(e->path_of("k") == "/" + std::string(bucket) + "/k");
    BOOST_TEST(e->path_of("") == "/" + std::string(bucket));
    BOOST_TEST(e->host_header() == "s3.us-east-1.amazonaws.com");
  }
}

BOOST_AUTO_TEST_CASE(the_order_of_the_urls) {
  setting s;
  s.config =
      "[default]\nservices = mine\nendpoint_url = https://profile\n[services mine]\ns3 =\n  "
      "endpoint_url = "
      "https://services\n";
  BOOST_TEST(s.choose()->host == "services");
  s.wishes.configured_url = "https://configured";
  BOOST_TEST(s.choose()->host == "configured");
  s.env.variables["AWS_ENDPOINT_URL"] = "https://general";
  BOOST_TEST(s.choose()->host == "general");
  s.env.variables["AWS_ENDPOINT_URL_S3"] = "https://special";
  BOOST_TEST(s.choose()->host == "special");
  BOOST_TEST(s.choose()->source == "AWS_ENDPOINT_URL_S3");
  s.wishes.flag_url = "https://flag";
  BOOST_TEST(s.choose()->host == "flag");
  BOOST_TEST(s.choose()->source == "--endpoint-url");
  s.wishes.flag_source = "BEATSYNC_ENDPOINT_URL";
  BOOST_TEST(s.choose()->source == "BEATSYNC_ENDPOINT_URL");
}

BOOST_AUTO_TEST_CASE(configured_urls_of_the_sdks_can_be_switched_off) {
  setting s;
  s.config = "[default]\nendpoint_url = https://profile\n";
  BOOST_TEST(s.choose()->host == "profile");
  s.env.variables["AWS_ENDPOINT_URL"] = "https://general";
  s.env.variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  BOOST_TEST(s.choose()->aws);
  s.wishes.configured_url = "https://ours";
  BOOST_TEST(s.choose()->host == "ours");
}

BOOST_AUTO_TEST_CASE(the_variable_of_a_switch_beats_the_profile) {
  setting s;
  s.config = "[default]\nendpoint_url = https://profile\nignore_configured_endpoint_urls = true\n";
  BOOST_TEST(s.choose()->aws);
  s.env.variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "false";
  BOOST_TEST(s.choose()->host == "profile");
}

BOOST_AUTO_TEST_CASE(fips_servers_have_to_be_named) {
  setting s;
  s.config = "[default]\nuse_fips_endpoint = true\n";
  const auto refused = s.choose();
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST(refused.error().message.find("--endpoint-url https://s3-fips.") != std::string::npos);
  s.wishes.flag_url = "https://s3-fips.us-east-1.amazonaws.com";
  BOOST_TEST(s.choose().has_value());
  s.wishes.flag_url.clear();
  s.env.variables["AWS_USE_FIPS_ENDPOINT"] = "false";
  BOOST_TEST(s.choose().has_value());
}

BOOST_AUTO_TEST_CASE(other_stores_get_the_bucket_in_the_path_unless_asked) {
  setting s;
  s.wishes.flag_url = "https://MinIO.example:9000/";
  BOOST_TEST(s.choose()->host_header() == "minio.example:9000");
  BOOST_TEST(s.choose()->path_of("k") == "/beatcloud/k");
  s.config = "[default]\ns3 =\n  addressing_style = virtual\n";
  BOOST_TEST(s.choose()->host_header() == "beatcloud.minio.example:9000");
  s.wishes.style = addressing_style::path;
  BOOST_TEST(s.choose()->path_style);
  const auto stays = in_region(*s.choose(), "eu-west-1");
  BOOST_TEST(stays.host == "minio.example");
}

BOOST_AUTO_TEST_CASE(an_endpoint_may_have_a_path) {
  setting s;
  for (const char* url :
       {"https://store:8000/storage/v1/s3", "https://store:8000/storage/v1/s3/"}) {
    s.wishes.flag_url = url;
    const auto e = s.choose();
    BOOST_REQUIRE(e.has_value());
    BOOST_TEST(e->path_style);
    BOOST_TEST(e->host_header() == "store:8000");
    BOOST_TEST(e->path_of("a b") == "/storage/v1/s3/beatcloud/a%20b");
    BOOST_TEST(e->path_of("") == "/storage/v1/s3/beatcloud");
    BOOST_TEST(e->url() == "https://store:8000/storage/v1/s3");
    BOOST_TEST(e->url_of("k") == "https://store:8000/storage/v1/s3/beatcloud/k");
  }
  s.wishes.flag_url = "https://store/~a@b:c/..d";
  BOOST_TEST(s.choose()->path_of("k") == "/~a%40b%3Ac/..d/beatcloud/k");
}

BOOST_AUTO_TEST_CASE(behind_a_path_the_bucket_is_in_the_path) {
  setting s;
  s.wishes.flag_url = "https://store/storage/v1/s3";
  s.wishes.style = addressing_style::virtual_hosted;
  const auto refused = s.choose();
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST(
      refused.error().message.find("at https://store/storage/v1/s3 it stands behind the path; "
                                   "use `path`") != std::string::npos);
  s.wishes.style = addressing_style::path;
  BOOST_TEST(s.choose()->path_style);
}

BOOST_AUTO_TEST_CASE(addresses_have_no_bucket_before_them) {
  setting s;
  for (const char* url : {"http://127.0.0.1:9000", "https://[::1]:9000"}) {
    s.wishes.flag_url = url;
    s.wishes.style = addressing_style::automatic;
    BOOST_TEST(s.choose()->path_style, url);
    BOOST_TEST(s.choose()->url() == url);
    s.wishes.style = addressing_style::virtual_hosted;
    BOOST_TEST((s.choose().error().code == errc::bad_configuration), url);
  }
  s.wishes.style = addressing_style::automatic;
  BOOST_TEST(s.choose()->connect_host() == "::1");
  BOOST_TEST(s.choose()->host_header() == "[::1]:9000");
}

BOOST_AUTO_TEST_CASE(default_ports_are_left_out_of_the_host_header) {
  setting s;
  s.wishes.flag_url = "http://store:80";
  BOOST_TEST(s.choose()->host_header() == "store");
  BOOST_TEST(!s.choose()->tls);
  s.wishes.flag_url = "http://store:443";
  BOOST_TEST(s.choose()->host_header() == "store:443");
}

BOOST_AUTO_TEST_CASE(urls_that_are_refused) {
  setting s;
  for (const char* url : {"store:9000",
                          "ftp://store",
                          "https://",
                          "https://user:pw@store",
                          "https://store/base?x=1",
                          "https://store//",
                          "https://store/a//b",
                          "https://store/a//",
                          "https://store/..",
                          "https://store/a/../b",
                          "https://store/./b",
                          "https://store/a b",
                          "https://store/a\x01",
                          "https://store/a\x7f",
                          "https://store/%2e%2e",
                          "https://store/a\\b",
                          "https://store/ö",
                          "https://store/a#f",
                          "https://store/beatcloud",
                          "https://store/s3/beatcloud/",
                          "https://store?x=1",
                          "https://store#f",
                          "https://st ore",
                          "https://store:0",
                          "https://store:65536",
                          "https://store:",
                          "https://store:9x",
                          "https://[::1",
                          "https://[zz]",
                          "https://[::1]9000",
                          "https://st\nore",
                          "https://störe"}) {
    s.wishes.flag_url = url;
    const auto e = s.choose();
    BOOST_TEST(!e.has_value(), url);
    if (!e) BOOST_TEST(e.error().message.starts_with("--endpoint-url: "), e.error().message);
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_style_in_the_profile_is_named_with_its_line) {
  setting s;
  s.config = "[default]\nregion = x\ns3 =\n  addressing_style = fancy\n";
  BOOST_TEST(
      s.choose().error().message.starts_with("config, below line 3: addressing_style = fancy"));
}

BOOST_AUTO_TEST_CASE(bucket_names) {
  for (const char* good : {"abc", "dj.beatcloud.com", "a-1", "Old_Style.Bucket"})
    BOOST_TEST(check_bucket_name(good).has_value(), good);
  for (const char* bad : {"", "ab", "-abc", "abc.", "a..b", "a/b", "a b", "bücket", "abc\n", "_ab"})
    BOOST_TEST(!check_bucket_name(bad).has_value(), bad);
  BOOST_TEST(!check_bucket_name(std::string(256, 'a')).has_value());
}

BOOST_AUTO_TEST_CASE(the_order_of_the_regions) {
  tests::fake_environment env;
  aws_section profile;
  BOOST_TEST(choose_region("", "", env.get(), profile) == "");
  profile.settings["region"].value = "profile";
  BOOST_TEST(choose_region("", "", env.get(), profile) == "profile");
  BOOST_TEST(choose_region("", "config", env.get(), profile) == "config");
  env.variables["AWS_DEFAULT_REGION"] = "default";
  BOOST_TEST(choose_region("", "config", env.get(), profile) == "default");
  env.variables["AWS_REGION"] = "region";
  BOOST_TEST(choose_region("", "config", env.get(), profile) == "region");
  BOOST_TEST(choose_region("flag", "config", env.get(), profile) == "flag");
}

BOOST_AUTO_TEST_SUITE_END()
