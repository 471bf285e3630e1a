#include "s3/http_date.hpp"
#include "s3/identity/child_process.hpp"
#include "s3/identity/credential_sources.hpp"
#include "s3/printable.hpp"
#include "s3/redact.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace beatsync::s3 {
namespace {

error bad_process(const std::string& profile, const std::string& what) {
  return make_error(errc::no_credentials,
                    "credential_process of profile \"" + printable(profile) + "\": " + what);
}

std::string member(const simdjson::dom::object& object, std::string_view name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return std::string();
  return std::string(text);
}

}  // namespace

result<credentials> parse_process_output(std::string_view json, const std::string& name) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(json.data(), json.size()).get(object) != simdjson::SUCCESS)
    return bad_process(name, "its output is not a JSON object");
  std::int64_t version = 0;
  if (object["Version"].get(version) != simdjson::SUCCESS || version != 1)
    return bad_process(name, "its output has to say \"Version\": 1");
  credentials keys;
  keys.access_key = member(object, "AccessKeyId");
  keys.secret_key = member(object, "SecretAccessKey");
  keys.session_token = member(object, "SessionToken");
  if (keys.access_key.empty() || keys.secret_key.empty())
    return bad_process(name, "its output lacks AccessKeyId or SecretAccessKey");
  const std::string expiration = member(object, "Expiration");
  if (!expiration.empty()) {
    const auto time = parse_iso8601(expiration);
    if (!time)
      return bad_process(name, "Expiration \"" + printable(expiration) + "\" is no ISO 8601 time");
    keys.expires = std::chrono::floor<std::chrono::seconds>(*time);
  }
  keys.source = "credential_process of profile \"" + printable(name) + "\"";
  return sendable(std::move(keys));
}

result<credentials> from_process(const std::string& command, const std::string& name,
                                 std::chrono::milliseconds timeout) {
  // A command continued on a further line is one command, not two.
  std::string one_line = command;
  std::replace(one_line.begin(), one_line.end(), '\n', ' ');
  const auto ran = run_command(one_line, timeout);
  if (!ran) return bad_process(name, ran.error().message);
  if (ran->exit_code != 0) {
    std::string complaint = printable(redact(ran->err), 500);
    while (complaint.ends_with("\\n")) complaint.resize(complaint.size() - 2);
    return bad_process(name, "exit code " + std::to_string(ran->exit_code) +
                                 (complaint.empty() ? std::string() : ": " + complaint));
  }
  return parse_process_output(ran->out, name);
}

}  // namespace beatsync::s3
