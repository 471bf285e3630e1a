#pragma once

/// config.json: where it is, and what stands in it.
///
/// parse_config() is pure; find_config() looks at the disk; read_config() does both. Errors name
/// file, line, key and what was expected. A key in another place of the order wins nothing here:
/// settings.hpp merges.

#include "cli/settings/options.hpp"
#include "cli/settings/surroundings.hpp"
#include "cli/settings/usage_error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::cli {

/// The values given. Empty texts count as not given: upstream's template has every key with "".
struct config_values {
  std::optional<std::string> usb_path;
  std::optional<std::string> xml_path;
  std::optional<std::string> xml_root;
  std::optional<std::string> xml_import_user;
  std::optional<std::string> user;
  std::optional<std::string> aws_profile;
  std::optional<text_list> sync_operations;
  std::optional<text_list> upload_include_dirs;
  std::optional<text_list> upload_exclude_dirs;
  std::optional<text_list> download_include_dirs;
  std::optional<text_list> download_exclude_dirs;
  std::optional<bool> aws_use_date_modified;
  std::optional<std::string> bucket_url;
  std::optional<std::string> endpoint_url;
  std::optional<std::string> region;
  std::optional<std::string> log_dir;
  std::optional<std::string> discord_url;
};

struct config_file {
  std::string path;  ///< absolute; empty: there is none
  config_values values;
  std::vector<std::string> warnings;
  bool is_kept = true;  ///< false: a pipe; nothing is kept beside it
  std::string told;     ///< which one it is, for people; empty: there is none
};

/// `name` is what messages call the file.
result<config_file> parse_config(std::string_view text, const std::string& name);

/// `--config`, else `$BEATSYNC_CONFIG` (both must be there), else
/// `$XDG_CONFIG_HOME/beatsync/config.json` (`~/.config`), `config/config.json`, `config.json`;
/// empty where none of these three is there.
struct config_place {
  std::string path;
};
result<config_place> find_config(const std::optional<std::string>& flag,
                                 const surroundings& around);

/// `$XDG_CONFIG_HOME/beatsync/config.json` (`~/.config`): where one that is not there yet belongs.
/// Empty: there is no home folder.
std::string usual_config(const surroundings& around);

/// find_config() and parse_config(); without a file, and for /dev/null, all values are empty.
result<config_file> read_config(const std::optional<std::string>& flag, const surroundings& around);

}  // namespace beatsync::cli
