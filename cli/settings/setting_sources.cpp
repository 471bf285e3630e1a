#include "cli/settings/setting_sources.hpp"

#include "cli/settings/config_keys.hpp"
#include "s3/printable.hpp"

#include <algorithm>
#include <array>

namespace beatsync::cli {

std::optional<std::string> setting_sources::variable(std::string_view key) const {
  const std::string name = "BEATSYNC_" + std::string(key);
  return around_.variable(name.c_str());
}

std::string setting_sources::in_config(std::string_view key) const {
  return std::string(key) + " in " +
         (config_name_.empty() ? "config.json" : s3::printable(config_name_));
}

std::optional<sourced_text> setting_sources::text(std::string_view key,
                                                  const std::optional<std::string>& flag,
                                                  const std::optional<std::string>& config) const {
  if (flag) return sourced_text{*flag, flag_of(key)};
  if (auto value = variable(key)) return sourced_text{*value, "BEATSYNC_" + std::string(key)};
  if (config) return sourced_text{*config, in_config(key)};
  return std::nullopt;
}

std::optional<text_list> setting_sources::list(std::string_view key,
                                               const std::optional<text_list>& flag,
                                               const std::optional<text_list>& config) const {
  if (flag) return flag;
  const auto value = variable(key);
  if (!value) return config;
  text_list entries;
  std::size_t at = 0;
  while (at <= value->size()) {
    const std::size_t end = std::min(value->find('\n', at), value->size());
    if (end > at) entries.push_back(value->substr(at, end - at));
    at = end + 1;
  }
  return entries;
}

result<bool> setting_sources::truth(std::string_view key, const std::optional<bool>& flag,
                                    const std::optional<bool>& config, bool otherwise) const {
  if (flag) return *flag;
  const auto value = variable(key);
  if (!value) return config.value_or(otherwise);
  constexpr std::array<std::string_view, 4> yes = {"1", "true", "yes", "on"};
  constexpr std::array<std::string_view, 4> no = {"0", "false", "no", "off"};
  if (std::ranges::find(yes, *value) != yes.end()) return true;
  if (std::ranges::find(no, *value) != no.end()) return false;
  return usage_error{"BEATSYNC_" + std::string(key) + " is `" + s3::printable(*value) +
                     "`: expected true or false."};
}

}  // namespace beatsync::cli
