#include "s3/client/session.hpp"

#include "s3/client/session_state.hpp"
#include "s3/http_date.hpp"
#include "s3/identity/aws_config.hpp"
#include "s3/identity/blocking_http.hpp"
#include "s3/identity/profile_name.hpp"

#include <utility>

namespace beatsync::s3 {
namespace {

struct chosen_bundle {
  std::string file;
  std::string source;
};

/// `--ca-bundle`, AWS_CA_BUNDLE, the profile's `ca_bundle`; empty: the system's store.
chosen_bundle choose_ca_bundle(const session_options& options, const environment& env,
                               const aws_section& profile) {
  const std::string& source = options.ca_bundle_source;
  if (!options.ca_bundle.empty()) {
    return {options.ca_bundle, source.empty() ? "--ca-bundle" : source};
  }
  if (std::string file = env.text("AWS_CA_BUNDLE"); !file.empty()) return {file, "AWS_CA_BUNDLE"};
  return {env.expand_home(profile.text("ca_bundle")), "ca_bundle of the AWS profile"};
}

std::string choose_profile(const session_options& options, const environment& env) {
  if (!options.profile.empty()) return options.profile;
  std::string name = profile_from_environment(env);
  return name.empty() ? "default" : name;
}

/// Where no region is known, requests are signed for this one; AWS's answer then names the right
/// one.
constexpr const char* first_guess = "us-east-1";

}  // namespace

session::session(std::unique_ptr<state> s) : state_(std::move(s)) {}
session::~session() = default;

std::string session::describe() const {
  const auto place = state_->place.get();
  const auto keys = state_->keys.get();
  const endpoint& e = place->where;
  std::string text = e.url() + " (" + e.source + "), bucket " + e.bucket;
  text += e.path_style ? " in the path" : " in the host name";
  text += ", region " + place->region + ", credentials from " + keys->source;
  if (keys->expires && *keys->expires <= state_->signing_time())
    text += " (ended at " + format_iso8601(*keys->expires) + ")";
  if (e.tls) text += ", certificates checked against " + state_->roots;
  return text;
}

std::string session::store_name() const {
  const auto place = state_->place.get();
  return place->where.aws ? "aws" : place->where.url();
}

result<std::shared_ptr<session>> open_session(const session_options& options,
                                              const environment& env) {
  const auto files = aws_config::load(env);
  if (files.has_error()) return files.error();
  const auto profile = files->require_profile(choose_profile(options, env));
  if (profile.has_error()) return profile.error();

  auto state = std::make_unique<session::state>(options);

  location place;
  place.region = choose_region(options.region, options.configured_region, env, *profile);
  endpoint_wishes wishes;
  wishes.bucket = options.bucket;
  wishes.flag_url = options.endpoint_url;
  wishes.flag_source = options.endpoint_source;
  wishes.configured_url = options.configured_endpoint_url;
  wishes.region = place.region;
  wishes.style = options.style;
  auto where = choose_endpoint(wishes, env, *files, *profile);
  if (where.has_error()) return where.error();
  place.where = *std::move(where);
  if (place.region.empty()) place.region = first_guess;

  const chosen_bundle bundle = choose_ca_bundle(options, env, *profile);
  state->roots = bundle.file.empty() ? "the system's authorities" : bundle.file;
  if (place.where.tls) {
    auto tls = tls_context::create(bundle.file, bundle.source);
    if (tls.has_error()) return tls.error();
    state->tls = *std::move(tls);
  }

  credentials_options wanted;
  if (options.profile_is_explicit) wanted.profile = options.profile;
  wanted.region = place.region;
  wanted.http = blocking_http(bundle.file);
  wanted.now = options.now;
  state->provider = std::make_shared<credentials_provider>(env, std::move(wanted));
  auto keys = state->provider->get();
  if (keys.has_error()) return keys.error();
  state->set_keys(*std::move(keys));
  state->place.set(std::move(place));
  return std::make_shared<session>(std::move(state));
}

}  // namespace beatsync::s3
