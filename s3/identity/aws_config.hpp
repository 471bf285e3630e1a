#pragma once

/// The shared AWS files, `~/.aws/config` and `~/.aws/credentials`, read as botocore reads them.
///
/// Grammar (Python's RawConfigParser, then botocore's configloader): `[section]` lines; `key =
/// value` or `key: value`; a line indented deeper than its key continues the value, and where that
/// value is empty, the lines below are nested `key = value` (`s3 =`, `[services x]`); `#` or `;`
/// first on a line begins a comment, after a value it belongs to the value. Keys are
/// case-insensitive. Sections of config: `default`, `profile NAME` (quotes allowed), `sso-session
/// NAME`, `services NAME`; of credentials: NAME. Where both files have a key, the credentials file
/// wins; where one has it twice, the later one (botocore refuses). A section with an
/// aws_access_key_id replaces the whole key of the section before it, secret and token too.
/// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
///
/// Values; safe to share between threads once built. Errors: bad_configuration with file and line.

#include "s3/error.hpp"
#include "s3/identity/environment.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::s3 {

struct aws_setting {
  std::string value;
  std::map<std::string, std::string, std::less<>> nested;
  std::string file;  ///< as it was opened
  int line = 0;
};

/// One section; names of settings in lower case.
class aws_section {
 public:
  /// The value; nothing where it is unset or empty.
  std::optional<std::string> get(std::string_view name) const;
  /// The value or "".
  std::string text(std::string_view name) const;
  /// `s3 =` / `addressing_style = path`: nested("s3", "addressing_style").
  std::optional<std::string> nested(std::string_view name, std::string_view inner) const;
  const aws_setting* find(std::string_view name) const;

  std::map<std::string, aws_setting, std::less<>> settings;
};

class aws_config {
 public:
  /// Reads AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, else the files of `~/.aws`. A missing
  /// file is an empty one, and so is /dev/null; one that cannot be read or parsed is an error.
  static result<aws_config> load(const environment& env);

  /// From texts; the names are for messages.
  static result<aws_config> parse(std::string_view config, const std::string& config_name,
                                  std::string_view credentials,
                                  const std::string& credentials_name);

  const aws_section* profile(std::string_view name) const;
  const aws_section* sso_session(std::string_view name) const;
  const aws_section* services(std::string_view name) const;

  std::vector<std::string> profile_names() const;
  const std::string& credentials_name() const noexcept { return credentials_name_; }

  /// The profile, or an error that lists the ones there are. `default` always exists, empty if need
  /// be.
  result<aws_section> require_profile(const std::string& name) const;

 private:
  std::map<std::string, aws_section, std::less<>> profiles_;
  std::map<std::string, aws_section, std::less<>> sso_sessions_;
  std::map<std::string, aws_section, std::less<>> services_;
  std::string config_name_;
  std::string credentials_name_;
};

}  // namespace beatsync::s3
