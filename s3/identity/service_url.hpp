#pragma once

/// Where environment and profile say that a service of AWS is to be found: the same steps and the
/// same switch for S3, STS and SSO, so that what is switched off for one gets no token of another.
///
/// The steps: AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's services section, the
/// profile's endpoint_url. AWS_IGNORE_CONFIGURED_ENDPOINT_URLS (or the profile's
/// ignore_configured_endpoint_urls) switches all four off.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
///
/// Pure; any thread. No errors: the URLs are as written, to be parsed by who uses them.

#include "s3/identity/aws_config.hpp"
#include "s3/identity/environment.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace beatsync::s3 {

struct service_url {
  std::string url;
  std::string source;  ///< for people: `AWS_ENDPOINT_URL_STS`, `endpoint_url of the AWS profile`
};

/// A switch of the AWS files: the variable where it is set, else the setting of the profile.
bool switched_on(const char* variable, std::string_view setting, const environment& env,
                 const aws_section& profile);

/// `service` in lower case, as in a services section: `s3`, `sts`, `sso`.
std::optional<service_url> url_from_environment(const std::string& service, const environment& env,
                                                const aws_section& profile);
std::optional<service_url> url_from_profile(const std::string& service, const environment& env,
                                            const aws_config& files, const aws_section& profile);

}  // namespace beatsync::s3
