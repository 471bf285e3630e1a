#include "s3/identity/aws_config.hpp"

#include "s3/identity/aws_config_parser.hpp"
#include "s3/printable.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace beatsync::s3 {
namespace {

/// Such files have a few kilobytes; more is a mistake (a device, a log) that would fill memory.
constexpr std::uintmax_t largest_file = 4 << 20;

result<std::string> read_text(const std::string& path) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (status.type() == std::filesystem::file_type::not_found) return std::string();
  // /dev/null is the usual way to say "no file"; for botocore it is an empty one.
  if (status.type() == std::filesystem::file_type::character) return std::string();
  if (!failure && !std::filesystem::is_regular_file(status))
    return make_error(errc::bad_configuration, path + " is not a file");
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return make_error(errc::bad_configuration, "cannot read " + path + ": " + std::strerror(errno) +
                                                   "; check its permissions");
  if (std::filesystem::file_size(path, failure) > largest_file)
    return make_error(errc::bad_configuration, path + " is too large for an AWS file (over 4 MiB)");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

using section_map = std::map<std::string, aws_section, std::less<>>;

/// These make one key together: a new pair must not be sent with the token of an old one.
constexpr const char* parts_of_key[] = {"aws_access_key_id", "aws_secret_access_key",
                                        "aws_session_token", "aws_security_token"};

void merge(section_map& into, const std::string& name, aws_section&& section) {
  auto& target = into[name].settings;
  if (section.find("aws_access_key_id") != nullptr)
    for (const char* const part : parts_of_key) target.erase(part);
  for (auto& [key, setting] : section.settings) target[key] = std::move(setting);
}

std::string path_from(const environment& env, const char* variable, const char* usual) {
  const std::string named = env.text(variable);
  return env.expand_home(named.empty() ? std::string(usual) : named);
}

const aws_section* find_in(const section_map& sections, std::string_view name) {
  const auto found = sections.find(name);
  return found == sections.end() ? nullptr : &found->second;
}

}  // namespace

const aws_setting* aws_section::find(std::string_view name) const {
  const auto found = settings.find(name);
  return found == settings.end() ? nullptr : &found->second;
}

std::optional<std::string> aws_section::get(std::string_view name) const {
  const aws_setting* const setting = find(name);
  if (setting == nullptr || setting->value.empty()) return std::nullopt;
  return setting->value;
}

std::string aws_section::text(std::string_view name) const {
  return get(name).value_or(std::string());
}

std::optional<std::string> aws_section::nested(std::string_view name,
                                               std::string_view inner) const {
  const aws_setting* const setting = find(name);
  if (setting == nullptr) return std::nullopt;
  const auto found = setting->nested.find(inner);
  if (found == setting->nested.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

result<aws_config> aws_config::load(const environment& env) {
  const std::string config = path_from(env, "AWS_CONFIG_FILE", "~/.aws/config");
  const std::string secrets = path_from(env, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  const auto config_text = read_text(config);
  if (!config_text) return config_text.error();
  const auto secrets_text = read_text(secrets);
  if (!secrets_text) return secrets_text.error();
  return parse(*config_text, config, *secrets_text, secrets);
}

result<aws_config> aws_config::parse(std::string_view config, const std::string& config_name,
                                     std::string_view credentials,
                                     const std::string& credentials_name) {
  aws_config made;
  made.config_name_ = config_name;
  made.credentials_name_ = credentials_name;
  auto sections = parse_ini(config, config_name);
  if (!sections) return sections.error();
  for (ini_section& section : *sections) {
    const auto words = header_words(section.header);
    if (section.header == "default")
      merge(made.profiles_, "default", std::move(section.content));
    else if (words.size() == 2 && words[0] == "profile")
      merge(made.profiles_, words[1], std::move(section.content));
    else if (words.size() == 2 && words[0] == "sso-session")
      merge(made.sso_sessions_, words[1], std::move(section.content));
    else if (words.size() == 2 && words[0] == "services")
      merge(made.services_, words[1], std::move(section.content));
  }
  auto secrets = parse_ini(credentials, credentials_name);
  if (!secrets) return secrets.error();
  for (ini_section& section : *secrets)
    merge(made.profiles_, section.header, std::move(section.content));
  return made;
}

const aws_section* aws_config::profile(std::string_view name) const {
  return find_in(profiles_, name);
}

const aws_section* aws_config::sso_session(std::string_view name) const {
  return find_in(sso_sessions_, name);
}

const aws_section* aws_config::services(std::string_view name) const {
  return find_in(services_, name);
}

std::vector<std::string> aws_config::profile_names() const {
  std::vector<std::string> names;
  for (const auto& [name, section] : profiles_) names.push_back(name);
  return names;
}

result<aws_section> aws_config::require_profile(const std::string& name) const {
  if (const aws_section* const found = profile(name)) return *found;
  if (name == "default") return aws_section();
  std::string message = "there is no profile \"" + printable(name) + "\" in " +
                        printable(config_name_) + " or " + printable(credentials_name_);
  if (profiles_.empty()) {
    message += "; both have no profiles: run `aws configure --profile " + printable(name) + "`";
  } else {
    message += "; there are:";
    for (const auto& known : profile_names()) message += " " + printable(known);
  }
  return make_error(errc::bad_configuration, std::move(message));
}

}  // namespace beatsync::s3
