#include "s3/identity/service_url.hpp"

#include <utility>

namespace beatsync::s3 {
namespace {

bool ignored(const environment& env, const aws_section& profile) {
  return switched_on("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls", env,
                     profile);
}

std::string variable_of(const std::string& service) {
  std::string name = "AWS_ENDPOINT_URL_";
  for (const char c : service) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

}  // namespace

bool switched_on(const char* variable, std::string_view setting, const environment& env,
                 const aws_section& profile) {
  std::string text = env.text(variable);
  if (text.empty()) text = profile.text(setting);
  return text == "true" || text == "True" || text == "TRUE";
}

std::optional<service_url> url_from_environment(const std::string& service, const environment& env,
                                                const aws_section& profile) {
  if (ignored(env, profile)) return std::nullopt;
  for (const std::string& name : {variable_of(service), std::string("AWS_ENDPOINT_URL")})
    if (std::string url = env.text(name.c_str()); !url.empty())
      return service_url{std::move(url), name};
  return std::nullopt;
}

std::optional<service_url> url_from_profile(const std::string& service, const environment& env,
                                            const aws_config& files, const aws_section& profile) {
  if (ignored(env, profile)) return std::nullopt;
  if (const aws_section* const services = files.services(profile.text("services")))
    if (const auto url = services->nested(service, "endpoint_url"))
      return service_url{*url, "services section of the AWS profile"};
  if (const auto url = profile.get("endpoint_url"))
    return service_url{*url, "endpoint_url of the AWS profile"};
  return std::nullopt;
}

}  // namespace beatsync::s3
