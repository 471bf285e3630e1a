#include "s3/identity/credential_chain.hpp"

#include "s3/identity/aws_config.hpp"
#include "s3/identity/credential_sources.hpp"
#include "s3/identity/endpoint.hpp"
#include "s3/identity/profile_name.hpp"
#include "s3/printable.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::s3 {
namespace {

error not_usable(const std::string& profile, const std::string& what) {
  return make_error(errc::no_credentials, "profile \"" + printable(profile) + "\": " + what);
}

/// Follows one profile, and the profiles it leans on. The order is botocore's:
/// create_credential_resolver and ProfileProviderBuilder in its credentials.py.
class profile_reader {
 public:
  profile_reader(const aws_config& files, const credentials_options& options,
                 const service_calls& calls)
      : files_(files), options_(options), calls_(calls) {}

  /// Nothing where the profile names no credentials at all.
  result<std::optional<credentials>> read(const std::string& name) {
    const auto section = enter(name);
    if (!section) return section.error();
    if (asks_for_role(*section)) return some(role(name, *section));
    return read_own(name, *section, options_.profile.empty());
  }

 private:
  static result<std::optional<credentials>> some(result<credentials>&& found) {
    if (!found) return found.error();
    return std::optional<credentials>(*std::move(found));
  }

  static bool asks_for_role(const aws_section& section) {
    return section.get("role_arn") && !section.get("web_identity_token_file");
  }

  result<aws_section> enter(const std::string& name) {
    auto section = files_.require_profile(name);
    if (!section) return section;
    if (std::find(visited_.begin(), visited_.end(), name) != visited_.end())
      return not_usable(name, "its source_profile leads back to itself");
    visited_.push_back(name);
    if (calls_.region.empty()) calls_.region = section->text("region");
    return section;
  }

  /// All but a role that other credentials have to ask for.
  result<std::optional<credentials>> read_own(const std::string& name, const aws_section& section,
                                              bool environment_too) {
    auto by_token = web_identity(name, section, environment_too);
    if (!by_token || *by_token) return by_token;
    if (section.get("sso_account_id") || section.get("sso_role_name"))
      return some(sso(name, section));
    const aws_setting* const key = section.find("aws_access_key_id");
    if (key != nullptr && key->file == files_.credentials_name()) return from_keys(section, name);
    if (section.get("login_session"))
      return not_usable(
          name,
          "login_session (`aws login`) is not supported; run `aws configure export-credentials "
          "--profile " +
              printable(name) + " --format env` and set what it prints");
    if (const auto command = section.get("credential_process"))
      return some(from_process(*command, name, options_.process_timeout));
    return from_keys(section, name);
  }

  /// Each setting of the environment beats the profile's.
  result<std::optional<credentials>> web_identity(const std::string& name,
                                                  const aws_section& section,
                                                  bool environment_too) {
    const auto setting = [&](const char* variable, const char* key) {
      const std::string text = environment_too ? calls_.env.text(variable) : std::string();
      return text.empty() ? section.text(key) : text;
    };
    const std::string token_file =
        setting("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
    if (token_file.empty()) return std::optional<credentials>();
    role_request wanted;
    wanted.role_arn = setting("AWS_ROLE_ARN", "role_arn");
    wanted.session_name = setting("AWS_ROLE_SESSION_NAME", "role_session_name");
    wanted.duration = section.text("duration_seconds");
    if (wanted.role_arn.empty())
      return not_usable(name,
                        "a web identity token file is set, but it has no role_arn and "
                        "AWS_ROLE_ARN is not set; the token is given for a role only");
    return some(assume_role_with_token(wanted, token_file, calls_));
  }

  result<credentials> role(const std::string& name, const aws_section& section) {
    role_request wanted;
    wanted.role_arn = section.text("role_arn");
    wanted.session_name = section.text("role_session_name");
    wanted.external_id = section.text("external_id");
    wanted.duration = section.text("duration_seconds");
    if (section.get("mfa_serial"))
      return not_usable(
          name, "mfa_serial is not supported; run `aws configure export-credentials --profile " +
                    printable(name) +
                    " --format env`, which asks for the code, and set what it prints");
    const auto source = source_of_role(name, section);
    if (!source) return source.error();
    return assume_role(wanted, *source, calls_);
  }

  result<credentials> source_of_role(const std::string& name, const aws_section& section) {
    const auto profile = section.get("source_profile");
    const auto place = section.get("credential_source");
    if (profile && place)
      return not_usable(name, "it has both source_profile and credential_source; keep one");
    if (profile) return source_profile(name, *profile, section);
    if (!place)
      return not_usable(name, "role_arn needs source_profile or credential_source = Environment");
    if (*place != "Environment")
      return not_usable(name, "credential_source = " + printable(*place) +
                                  " is not supported; Environment is, and source_profile");
    auto keys = from_environment(calls_.env);
    if (!keys) return keys.error();
    if (!*keys)
      return not_usable(name, "credential_source = Environment, but AWS_ACCESS_KEY_ID is not set");
    return **std::move(keys);
  }

  result<credentials> source_profile(const std::string& name, const std::string& source,
                                     const aws_section& section) {
    auto keys = source == name ? from_keys(section, name) : read_source(source);
    if (!keys) return keys.error();
    if (!*keys)
      return not_usable(name,
                        "its source_profile \"" + printable(source) + "\" has no credentials");
    return **std::move(keys);
  }

  /// A source with keys of its own gives those: its role is for who chooses it. So a profile may
  /// also name itself.
  result<std::optional<credentials>> read_source(const std::string& name) {
    const auto section = enter(name);
    if (!section) return section.error();
    const bool has_keys =
        section->get("aws_access_key_id") || section->get("aws_secret_access_key");
    if (asks_for_role(*section) && !has_keys) return some(role(name, *section));
    return read_own(name, *section, false);
  }

  result<credentials> sso(const std::string& name, const aws_section& section) {
    sso_request wanted;
    wanted.profile = name;
    wanted.account_id = section.text("sso_account_id");
    wanted.role_name = section.text("sso_role_name");
    wanted.session = section.text("sso_session");
    const aws_section* where = &section;
    if (!wanted.session.empty()) {
      where = files_.sso_session(wanted.session);
      if (where == nullptr)
        return not_usable(name, "there is no [sso-session " + printable(wanted.session) + "]");
    }
    wanted.start_url = where->text("sso_start_url");
    wanted.region = where->text("sso_region");
    const std::pair<const char*, const std::string*> needed[] = {
        {"sso_account_id", &wanted.account_id},
        {"sso_role_name", &wanted.role_name},
        {"sso_start_url", &wanted.start_url},
        {"sso_region", &wanted.region}};
    for (const auto& [key, value] : needed)
      if (value->empty())
        return not_usable(name, std::string(key) + " is missing; run `aws configure sso`");
    return from_sso(wanted, calls_);
  }

  const aws_config& files_;
  const credentials_options& options_;
  service_calls calls_;
  std::vector<std::string> visited_;
};

error nothing_found(const std::string& profile, bool chosen, const environment& env,
                    const aws_config& files) {
  if (chosen)
    return not_usable(profile, "it has no credentials; run `aws configure --profile " +
                                   printable(profile) +
                                   "` or add aws_access_key_id and aws_secret_access_key");
  for (const char* const name :
       {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"})
    if (!env.text(name).empty())
      return make_error(errc::no_credentials, std::string(name) +
                                                  " is set, but credentials of a container are not "
                                                  "supported; set AWS_ACCESS_KEY_ID and "
                                                  "AWS_SECRET_ACCESS_KEY");
  std::string message =
      "no credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, run `aws configure`, "
      "or "
      "choose a profile with --profile or AWS_PROFILE";
  const auto names = files.profile_names();
  if (!names.empty()) message += "; there are:";
  for (const auto& name : names) message += " " + printable(name);
  message += ". The credentials of an EC2 instance (IMDS) are not supported";
  return make_error(errc::no_credentials, std::move(message));
}

}  // namespace

result<credentials> find_credentials(const environment& env, const credentials_options& options,
                                     std::chrono::sys_seconds now) {
  const std::string from_variable = profile_from_environment(env);
  if (options.profile.empty()) {
    auto keys = from_environment(env);
    if (!keys) return keys.error();
    if (*keys) return **std::move(keys);
  }

  const auto files = aws_config::load(env);
  if (!files) return files.error();
  const bool chosen = !options.profile.empty() || !from_variable.empty();
  const std::string profile = !options.profile.empty() ? options.profile
                              : !from_variable.empty() ? from_variable
                                                       : std::string("default");
  const auto section = files->require_profile(profile);
  if (!section) return section.error();
  service_calls calls{env, options.http, *files, *section, choose_region({}, {}, env, *section),
                      now};
  if (calls.region.empty()) calls.region = options.region;
  profile_reader reader(*files, options, calls);
  auto found = reader.read(profile);
  if (!found) return found.error();
  if (!*found) return nothing_found(profile, chosen, env, *files);
  return **std::move(found);
}

}  // namespace beatsync::s3
