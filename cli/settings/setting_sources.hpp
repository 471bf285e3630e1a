#pragma once

/// The order in which one setting is looked for: flag, `BEATSYNC_*` variable, config.json. Pure.

#include "cli/settings/options.hpp"
#include "cli/settings/surroundings.hpp"
#include "cli/settings/usage_error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace beatsync::cli {

/// Where a value came from, as messages name it.
struct sourced_text {
  std::string value;
  std::string source;  ///< `--user`, `BEATSYNC_USER`, `USER in /x/config.json`
};

class setting_sources {
 public:
  /// `config_name`: the file's path, for messages.
  setting_sources(const surroundings& around, std::string config_name)
      : around_(around), config_name_(std::move(config_name)) {}

  /// `key` as in the config; its variable is `BEATSYNC_<key>`.
  std::optional<sourced_text> text(std::string_view key, const std::optional<std::string>& flag,
                                   const std::optional<std::string>& config) const;

  /// Lists in variables have one entry per line.
  std::optional<text_list> list(std::string_view key, const std::optional<text_list>& flag,
                                const std::optional<text_list>& config) const;

  /// Variables take 1, true, yes, on and their opposites.
  result<bool> truth(std::string_view key, const std::optional<bool>& flag,
                     const std::optional<bool>& config, bool otherwise) const;

  std::optional<std::string> variable(std::string_view key) const;

  /// `USB_PATH in /x/config.json`, for what is missing there.
  std::string in_config(std::string_view key) const;

 private:
  const surroundings& around_;
  const std::string config_name_;
};

}  // namespace beatsync::cli
