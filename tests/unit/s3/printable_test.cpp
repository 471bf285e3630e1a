#include "s3/printable.hpp"

#include "s3/error.hpp"
#include "s3/redact.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace beatsync::s3;

BOOST_AUTO_TEST_SUITE(texts_for_people)

BOOST_AUTO_TEST_CASE(what_people_can_read_stays) {
  BOOST_TEST(printable("Björk – Jóga 🎧 \\o/.mp3") == "Björk – Jóga 🎧 \\o/.mp3");
}

BOOST_AUTO_TEST_CASE(terminals_are_not_steered) {
  BOOST_TEST(printable("\x1b[31mred\n\t\r\x7f") == "\\x1b[31mred\\n\\t\\r\\x7f");
  BOOST_TEST(printable("a\u202egpj.exe") == "a\\u{202e}gpj.exe");
  BOOST_TEST(printable("csi \u009b31m") == "csi \\u{009b}31m");
  BOOST_TEST(printable(std::string_view("nul\0", 4)) == "nul\\x00");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_are_shown_as_bytes) {
  BOOST_TEST(printable("caf\xe9") == "caf\\xe9");
  BOOST_TEST(printable("\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80") ==
             "\\xc0\\xaf \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80");
  BOOST_TEST(printable("\xe2\x82") == "\\xe2\\x82");
}

BOOST_AUTO_TEST_CASE(long_texts_are_cut) { BOOST_TEST(printable("abcdef", 3) == "abc…"); }

BOOST_AUTO_TEST_CASE(xml_text_is_escaped) {
  BOOST_TEST(xml_escape("a&b<c>\"d'\n\r\t") == "a&amp;b&lt;c&gt;&quot;d&apos;&#10;&#13;&#9;");
}

BOOST_AUTO_TEST_CASE(an_error_is_told_in_one_line) {
  error e = make_error(errc::access_denied, "cannot list s3://bucket/dj");
  e.http = 403;
  e.service_code = "AccessDenied";
  e.service_message = "No\x1b[2J way";
  e.request_id = "4442587FB7D0A2F9";
  BOOST_TEST(
      describe(e) ==
      "cannot list s3://bucket/dj (the store says AccessDenied: No\\x1b[2J way, HTTP 403, request "
      "4442587FB7D0A2F9)");
  BOOST_TEST(describe(make_error(errc::timed_out, "")) == "timed_out");
}

BOOST_AUTO_TEST_CASE(every_code_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  const int last = static_cast<int>(errc::bad_configuration);
  for (int i = 1; i <= last; ++i) names.insert(name_of(static_cast<errc>(i)));
  BOOST_TEST(names.size() == static_cast<std::size_t>(last));
  BOOST_TEST(names.count("unknown") == 0U);
}

BOOST_AUTO_TEST_CASE(what_stops_a_run) {
  for (const errc code :
       {errc::no_such_bucket, errc::bad_credentials, errc::expired_token, errc::resolve_failed,
        errc::certificate_rejected, errc::no_credentials, errc::cancelled})
    BOOST_TEST(stops_everything(code), name_of(code));
  for (const errc code : {errc::no_such_key, errc::corrupt_body, errc::throttled,
                          errc::source_failed, errc::archived})
    BOOST_TEST(!stops_everything(code), name_of(code));
}

BOOST_AUTO_TEST_CASE(a_failed_result_throws_its_description) {
  const result<int> failed = make_error(errc::no_such_key, "no k");
  BOOST_CHECK_EXCEPTION(failed.value(), std::runtime_error, [](const std::runtime_error& e) {
    return std::string(e.what()) == "no k";
  });
}

BOOST_AUTO_TEST_CASE(secrets_are_removed_from_headers_queries_json_and_xml) {
  const std::string canary = "CaNaRy/SeCrEt+0123456789abcdef";
  const std::string texts[] = {
      "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/x, Signature=" + canary +
          "\r\nHost: h",
      "x-amz-security-token: " + canary + "\r\n",
      "GET /k?X-Amz-Credential=a&X-Amz-Signature=" + canary + "&X-Amz-Security-Token=" + canary +
          "&b=1",
      "{\"SecretAccessKey\": \"" + canary + "\", \"SessionToken\":\"" + canary + "\", \"x\": 1}",
      "<SecretAccessKey>" + canary + "</SecretAccessKey><SessionToken>" + canary +
          "</SessionToken>",
      "aws_secret_access_key = " + canary + "\naws_session_token=" + canary,
      "x-amz-sso_bearer_token: " + canary,
      "Action=AssumeRoleWithWebIdentity&WebIdentityToken=" + canary};
  for (const auto& text : texts)
    BOOST_TEST(redact(text).find(canary) == std::string::npos, redact(text));
}

BOOST_AUTO_TEST_CASE(what_is_no_secret_survives_redaction) {
  BOOST_TEST(redact("Host: h\r\nAuthorization: abc def\r\nContent-Length: 5\r\n") ==
             "Host: h\r\nAuthorization: [removed]\r\nContent-Length: 5\r\n");
  BOOST_TEST(redact("SignatureDoesNotMatch for key dj/signature tune.mp3") ==
             "SignatureDoesNotMatch for key dj/signature tune.mp3");
}

BOOST_AUTO_TEST_CASE(key_ids_are_shortened_and_given_secrets_removed) {
  BOOST_TEST(redact("key AKIAIOSFODNN7EXAMPLE is unknown") == "key AKIA… is unknown");
  const std::string secrets[] = {"hunter22hunter22", "short"};
  BOOST_TEST(redact("said hunter22hunter22, short", secrets) == "said [removed], short");
}

BOOST_AUTO_TEST_SUITE_END()
