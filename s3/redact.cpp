#include "s3/redact.hpp"

#include <algorithm>
#include <array>

namespace beatsync::s3 {
namespace {

constexpr std::string_view removed = "[removed]";

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool starts_with_ignoring_case(std::string_view text, std::string_view lower_case) noexcept {
  return text.size() >= lower_case.size() &&
         std::equal(lower_case.begin(), lower_case.end(), text.begin(),
                    [](char a, char b) { return a == lower(b); });
}

/// Whatever stands behind these names is a secret, or leads to one.
constexpr std::array<std::string_view, 18> names = {"authorization",
                                                    "x-amz-security-token",
                                                    "x-amz-signature",
                                                    "x-amz-credential",
                                                    "x-amz-sso_bearer_token",
                                                    "signature",
                                                    "credential",
                                                    "secretaccesskey",
                                                    "aws_secret_access_key",
                                                    "aws_session_token",
                                                    "aws_access_key_id",
                                                    "sessiontoken",
                                                    "accesstoken",
                                                    "refreshtoken",
                                                    "clientsecret",
                                                    "webidentitytoken",
                                                    "accesskeyid",
                                                    "awsaccesskeyid"};

bool is_name_byte(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

/// Length of the secret name at the front of `text`, 0 for none.
std::size_t secret_name(std::string_view text) noexcept {
  for (const std::string_view name : names)
    if (starts_with_ignoring_case(text, name) &&
        (text.size() == name.size() || !is_name_byte(text[name.size()])))
      return name.size();
  return 0;
}

/// Between name and value: `: `, `=`, `":"`, `>`, `%3D`.
std::size_t separator(std::string_view text) noexcept {
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '"' || text[at] == '\'')) ++at;
  while (at < text.size() && text[at] == ' ') ++at;
  if (text.substr(at).starts_with("%3D")) return at + 3;
  if (at == text.size() || (text[at] != ':' && text[at] != '=' && text[at] != '>')) return 0;
  ++at;
  while (at < text.size() && text[at] == ' ') ++at;
  if (at < text.size() && (text[at] == '"' || text[at] == '\'')) ++at;
  return at;
}

/// A header's value goes to the end of its line (Authorization has commas and blanks in it), any
/// other one to the next delimiter.
std::size_t value_size(std::string_view text, bool whole_line) noexcept {
  return std::min(text.size(), text.find_first_of(whole_line ? "\r\n\"" : "\r\n\t \"'<>&,;}"));
}

void replace_all(std::string& text, std::string_view what) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), removed);
    at += removed.size();
  }
}

/// Access key ids have 20 capitals and digits and begin with A (AKIA, ASIA, …).
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
std::size_t key_id(std::string_view text) noexcept {
  if (!text.starts_with("AKIA") && !text.starts_with("ASIA")) return 0;
  std::size_t size = 0;
  while (size < text.size() &&
         ((text[size] >= 'A' && text[size] <= 'Z') || (text[size] >= '0' && text[size] <= '9')))
    ++size;
  return size >= 16 ? size : 0;
}

}  // namespace

std::string redact(std::string_view text, std::span<const std::string> secrets) {
  std::string out;
  out.reserve(text.size());
  bool in_name = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (!in_name) {
      if (const std::size_t name = secret_name(rest)) {
        const std::size_t gap = separator(rest.substr(name));
        if (gap != 0) {
          const bool header = starts_with_ignoring_case(rest, "authorization");
          out.append(rest.substr(0, name + gap));
          const std::size_t value = value_size(rest.substr(name + gap), header);
          if (value != 0) out += removed;
          at += name + gap + value;
          continue;
        }
      }
      if (const std::size_t id = key_id(rest)) {
        out.append(rest.substr(0, 4)).append("…");
        at += id;
        continue;
      }
    }
    in_name = is_name_byte(rest.front());
    out += rest.front();
    ++at;
  }
  for (const std::string& secret : secrets)
    if (secret.size() >= 8) replace_all(out, secret);
  return out;
}

}  // namespace beatsync::s3
