#pragma once

/// What a run is to do, from all sources: flag, else `BEATSYNC_*` variable, else config.json, else
/// default. (The AWS variables and the profiles are the session's to read; a variable of theirs
/// beats the config, and the config beats a profile.)
///
/// Pure; whether the folders named here exist is places.hpp's question.

#include "cli/settings/bucket_url.hpp"
#include "cli/settings/config_file.hpp"
#include "cli/settings/options.hpp"
#include "cli/settings/surroundings.hpp"
#include "cli/settings/usage_error.hpp"
#include "engine/difference/compare.hpp"
#include "engine/names/selection.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace beatsync::cli {

enum class addressing : std::uint8_t { automatic, path, virtual_hosted };

/// More requests in flight than this have never helped any peer (s5cmd's 256 workers meet
/// `SlowDown` and the limits of file descriptors: docs/dev/peers.md, pain 22).
inline constexpr std::size_t ceiling_of_transfers = 256;

/// How to reach the bucket.
struct store_settings {
  bucket_url place;
  std::string endpoint_url;             ///< by flag or BEATSYNC_ variable: beats AWS variables
  std::string endpoint_source;          ///< which of the two, as messages name it
  std::string configured_endpoint_url;  ///< by config: AWS variables beat it
  std::string region;                   ///< likewise
  std::string configured_region;
  std::string profile;               ///< empty: AWS_PROFILE, else `default`
  bool profile_is_explicit = false;  ///< by flag, BEATSYNC_ variable or config
  std::string ca_bundle;             ///< empty: AWS_CA_BUNDLE, else the system's
  std::string ca_bundle_source;      ///< `--ca-bundle`, `BEATSYNC_CA_BUNDLE`
  addressing style = addressing::automatic;
  std::size_t transfers = 16;  ///< requests in flight
  /// Small ones, where more of them at once are faster (engine/transfer/transfer_window.hpp).
  std::size_t most_transfers = ceiling_of_transfers;
  std::string name;  ///< endpoint and bucket as far as known here; names caches and locks
};

struct settings {
  std::vector<operation> operations;  ///< at least one
  std::string config_path;            ///< empty: there is none
  std::string cache_folder;           ///< $XDG_CACHE_HOME/beatsync; empty: no home
  std::string state_folder;           ///< $XDG_STATE_HOME/beatsync; likewise
  store_settings store;               ///< not for rewrite_xml

  std::string user;
  std::string usb_path;         ///< absolute; the music is in its folder `DJ Music`
  std::string usb_path_source;  ///< `--usb-path`, `USB_PATH in /x/config.json`
  std::string xml_path;         ///< absolute
  std::string xml_path_source;
  std::string xml_root;  ///< as the user spells it; usb_path where not given
  std::string xml_import_user;
  std::string import_root;  ///< --import-root

  engine::direction way = engine::direction::upload;  ///< sync
  std::string local_folder;                           ///< sync: absolute
  std::optional<bucket_url> copy_from;                ///< sync: SRC, where both are in a store
  std::string input;                                  ///< rewrite_xml; `-` or absolute
  std::string output;                                 ///< likewise
  std::uint32_t shards = 1;                           ///< plan
  text_list manifests;                    ///< apply: absolute; empty: a shard of the plan
  std::optional<std::uint32_t> shard;     ///< apply
  std::string plan_folder;                ///< plan, apply, status: absolute; empty: in a store
  std::optional<bucket_url> plan_bucket;  ///< likewise, in a store
  text_list from_roots;
  std::string to_root;

  engine::selection upload_names;  ///< globs of --include and --exclude in all three
  engine::selection download_names;
  engine::selection sync_names;
  engine::on_conflict conflict = engine::on_conflict::leave;
  bool allow_unmatched = false;
  bool dry_run = false;
  bool fsync = true;
  bool verbose = false;
  bool quiet = false;
  bool json = false;

  std::vector<std::string> warnings;  ///< to be shown before anything runs, after the config's

  std::string music_folder() const { return usb_path + "/DJ Music"; }
  /// `<prefix>dj/music/`
  std::string music_prefix() const { return store.place.prefix + "dj/music/"; }
  /// `<prefix>dj/xml/<user>/`
  std::string xml_prefix(const std::string& of_user) const {
    return store.place.prefix + "dj/xml/" + of_user + "/";
  }
  /// `<XML_IMPORT_USER>_rekordbox.xml` beside XML_PATH
  std::string import_target() const;
};

/// Merges and checks everything that can be checked without looking at the disk.
result<settings> make_settings(const options& given, const config_file& config,
                               const surroundings& around);

}  // namespace beatsync::cli
