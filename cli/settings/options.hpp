#pragma once

/// The command line as plain values. Reading it decides nothing about the world: no file is opened,
/// no variable is looked at. Pure.
///
/// One table of flags serves all commands; a flag that means nothing to the command given is
/// refused, as are flags of other tools that this one does not have yet: nothing is ignored.

#include "cli/settings/operation.hpp"
#include "cli/settings/usage_error.hpp"

#include <optional>
#include <string>
#include <vector>

namespace beatsync::cli {

enum class command : std::uint8_t { operations, sync, rewrite_xml, plan, apply, status };

using text_list = std::vector<std::string>;

struct options {
  command what = command::operations;
  bool help = false;     ///< of `what`, nothing else is to be done
  bool version = false;  ///< likewise

  std::vector<operation> operations;  ///< in the order given
  std::string source;                 ///< sync, plan: SRC; rewrite-xml: IN; status: DIR
  std::string target;                 ///< sync, plan: DST; rewrite-xml: OUT
  text_list manifests;                ///< apply: MANIFEST..., or DIR where there is a shard
  text_list from_roots;               ///< rewrite-xml --from
  std::string to_root;                ///< rewrite-xml --to

  // The config's keys. Not given: the environment or the config decides.
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

  // The rest.
  std::optional<std::string> config;
  std::optional<std::string> ca_bundle;
  std::optional<std::string> addressing_style;
  std::optional<std::string> transfers;
  std::optional<std::string> import_root;
  std::optional<std::string> shards;  ///< plan
  std::optional<std::string> out;     ///< plan
  std::optional<std::string> shard;   ///< apply
  text_list include;
  text_list exclude;
  bool dry_run = false;
  bool size_only = false;
  bool overwrite = false;
  bool no_overwrite = false;
  bool allow_unmatched = false;
  bool no_fsync = false;
  bool verbose = false;
  bool quiet = false;
  bool json = false;
};

/// `arguments` without the program's name.
result<options> parse_options(const std::vector<std::string>& arguments);

}  // namespace beatsync::cli
