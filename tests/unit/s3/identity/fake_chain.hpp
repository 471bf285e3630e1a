#pragma once

/// The credential chain with all that is around it in the hands of a test.

#include "s3/http_date.hpp"
#include "s3/identity/credentials.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/s3/identity/fake_environment.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace beatsync::tests {

inline const std::chrono::sys_seconds noon = s3::parse_amz_date("20260131T120000Z").value();

/// A home folder with AWS files, an HTTP port that answers from a list, and a clock.
struct chain {
  temp_dir home;
  fake_environment env;
  s3::credentials_options options;
  std::vector<s3::http_call> calls;
  std::vector<s3::http_reply> replies;
  std::chrono::sys_seconds now = noon;

  chain() {
    env.home = home.path().string();
    options.now = [this] { return now; };
    options.http = [this](const s3::http_call& what) -> s3::result<s3::http_reply> {
      calls.push_back(what);
      if (calls.size() > replies.size())
        return s3::make_error(s3::errc::connect_failed, "nobody there");
      return replies[calls.size() - 1];
    };
  }
  void config(std::string_view text) { home.write(".aws/config", text); }
  void secrets(std::string_view text) { home.write(".aws/credentials", text); }
  void reply(int status, const std::string& body) { replies.push_back({status, body}); }
  s3::result<s3::credentials> get() { return s3::credentials_provider(env.get(), options).get(); }
  std::string refusal() {
    const auto found = get();
    BOOST_REQUIRE(!found.has_value());
    return s3::describe(found.error());
  }
};

inline bool has(const std::string& text, std::string_view piece) {
  return text.find(piece) != std::string::npos;
}

inline std::string assumed(const char* key, const char* expiration,
                           const char* action = "AssumeRole") {
  const std::string name(action);
  return "<" + name + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + name +
         "Result><Credentials><AccessKeyId>" + key +
         "</AccessKeyId><SecretAccessKey>sss</SecretAccessKey><SessionToken>ttt</"
         "SessionToken><Expiration>" +
         expiration + "</Expiration></Credentials></" + name + "Result></" + name + "Response>";
}

inline std::string header_of(const s3::http_call& what, std::string_view name) {
  for (const auto& [key, value] : what.headers)
    if (key == name) return value;
  return std::string();
}

}  // namespace beatsync::tests
