#include "cli/settings/config_keys.hpp"

#include "cli/settings/nearest.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace beatsync::cli {

namespace {

using enum value_kind;

constexpr config_key ours[] = {
    {"USB_PATH", path},
    {"XML_PATH", path},
    {"XML_ROOT", path},
    {"XML_IMPORT_USER", text},
    {"USER", text},
    {"AWS_PROFILE", text},
    {"SYNC_OPERATIONS", operations},
    {"UPLOAD_INCLUDE_DIRS", texts},
    {"UPLOAD_EXCLUDE_DIRS", texts},
    {"DOWNLOAD_INCLUDE_DIRS", texts},
    {"DOWNLOAD_EXCLUDE_DIRS", texts},
    {"AWS_USE_DATE_MODIFIED", truth},
    {"BUCKET_URL", text},
    {"ENDPOINT_URL", text},
    {"REGION", text},
    {"LOG_DIR", path},
    {"DISCORD_URL", text},
};

// Every key that stood in a config.json, config.yaml or the documentation of a-rich/DJ-Tools from
// its first release to 2.9, in byte order, without those that are ours.
constexpr std::string_view upstream[] = {
    "ADUIO_HEADROOM",
    "ARTIST_FIRST",
    "AUDIO_BITRATE",
    "AUDIO_DESTINATION",
    "AUDIO_FORMAT",
    "AUDIO_HEADROOM",
    "AUTO_PLAYLIST_DEFAULT_LIMIT",
    "AUTO_PLAYLIST_DEFAULT_PERIOD",
    "AUTO_PLAYLIST_DEFAULT_TYPE",
    "AUTO_PLAYLIST_FUZZ_RATIO",
    "AUTO_PLAYLIST_POST_LIMIT",
    "AUTO_PLAYLIST_SUBREDDITS",
    "AUTO_PLAYLIST_SUBREDDIT_LIMIT",
    "AUTO_PLAYLIST_TOP_PERIOD",
    "AUTO_PLAYLIST_TRACK_LIMIT",
    "AUTO_PLAYLIST_UPDATE",
    "BUILD_PLAYLISTS",
    "BUILD_PLAYLISTS_REMAINDER",
    "CHECK_LOCAL_DIRS",
    "CHECK_SPOTIFY_PLAYLISTS",
    "CHECK_TRACKS",
    "CHECK_TRACKS_FUZZ_RATIO",
    "CHECK_TRACKS_LOCAL_DIRS",
    "CHECK_TRACKS_SPOTIFY_PLAYLISTS",
    "CHECK_TRACK_OVERLAP",
    "CHECK_TRACK_OVERLAP_FUZZ_RATIO",
    "COLLECTION_PATH",
    "COLLECTION_PLAYLISTS",
    "COLLECTION_PLAYLISTS_REMAINDER",
    "COLLECTION_PLAYLIST_FILTERS",
    "COPY_PLAYLISTS",
    "COPY_PLAYLISTS_DESTINATION",
    "COPY_PLAYLISTS_TRACKS",
    "COPY_PLAYLISTS_TRACKS_DESTINATION",
    "COPY_TRACKS_PLAYLISTS",
    "COPY_TRACKS_PLAYLISTS_DESTINATION",
    "DISCORD_CONTENT_SIZE_LIMIT",
    "DOWNLOAD_COLLECTION",
    "DOWNLOAD_FROM_SPOTIFY",
    "DOWNLOAD_INCLUDE_SPOTIFY",
    "DOWNLOAD_MUSIC",
    "DOWNLOAD_SPOTIFY",
    "DOWNLOAD_SPOTIFY_PLAYLIST",
    "DOWNLOAD_XML",
    "DRYRUN",
    "GENERATE_GENRE_PLAYLISTS",
    "GENERATE_GENRE_PLAYLISTS_PURE",
    "GENERATE_GENRE_PLAYLISTS_REMAINDER",
    "GENERATE_TAGS_PLAYLISTS",
    "GENERATE_TAGS_PLAYLISTS_REMAINDER",
    "GENRE_EXCLUDE_DIRS",
    "GENRE_PLAYLISTS_PURE",
    "GENRE_TAG_DELIMITER",
    "GENRE_VERBOSE",
    "GET_GENRES",
    "IMPORT_USER",
    "LOCAL_CHECK_DIRS",
    "LOCAL_DIRS",
    "LOG_LEVEL",
    "NORMALIZE_ADUIO_HEADROOM",
    "NORMALIZE_AUDIO",
    "PLATFORM",
    "PLAYLIST_FROM_UPLOAD",
    "PROCESS_RECORDING",
    "PURE_GENRE_PLAYLISTS",
    "RANDOMIZE_PLAYLISTS",
    "RANDOMIZE_TRACKS",
    "RANDOMIZE_TRACKS_PLAYLISTS",
    "RANDOMIZE_TRACKS_TAG",
    "RECORDING_FILE",
    "RECORDING_PLAYLIST",
    "REDDIT_CLIENT_ID",
    "REDDIT_CLIENT_SECRET",
    "REDDIT_USER_AGENT",
    "REKORDBOX_PLAYLISTS",
    "REKORDBOX_PLAYLISTS_REMAINDER",
    "SHUFFLE_PLAYLISTS",
    "SKIP_TRIM_INITIAL_SILENCE",
    "SPOTIFY_CHECK_PLAYLISTS",
    "SPOTIFY_CLIENT_ID",
    "SPOTIFY_CLIENT_SECRET",
    "SPOTIFY_PLAYLISTS",
    "SPOTIFY_PLAYLISTS_CHECK",
    "SPOTIFY_PLAYLISTS_CHECK_FUZZ_RATIO",
    "SPOTIFY_PLAYLIST_DEFAULT_LIMIT",
    "SPOTIFY_PLAYLIST_DEFAULT_PERIOD",
    "SPOTIFY_PLAYLIST_DEFAULT_TYPE",
    "SPOTIFY_PLAYLIST_FROM_UPLOAD",
    "SPOTIFY_PLAYLIST_FUZZ_RATIO",
    "SPOTIFY_PLAYLIST_POST_LIMIT",
    "SPOTIFY_PLAYLIST_SUBREDDITS",
    "SPOTIFY_PLAYLIST_UPDATE",
    "SPOTIFY_REDIRECT_URI",
    "SPOTIFY_USERNAME",
    "TRIM_INITIAL_SILENCE",
    "UPLOAD_COLLECTION",
    "UPLOAD_MUSIC",
    "UPLOAD_XML",
    "URL_DOWNLOAD",
    "URL_DOWNLOAD_DESTINATION",
    "VERBOSITY",
    "YOUTUBE_DL",
    "YOUTUBE_DL_LOCATION",
    "YOUTUBE_DL_URL",
};
static_assert(std::ranges::is_sorted(upstream));

}  // namespace

std::span<const config_key> config_keys() noexcept { return ours; }

const config_key* find_key(std::string_view name) noexcept {
  const auto found = std::ranges::find(ours, name, &config_key::name);
  return found == std::end(ours) ? nullptr : found;
}

bool is_upstream_key(std::string_view name) noexcept {
  return std::ranges::binary_search(upstream, name);
}

std::string_view likely_key(std::string_view name) {
  std::vector<std::string_view> known;
  for (const config_key& key : ours) known.push_back(key.name);
  if (const std::string_view found = nearest(name, known); !found.empty()) return found;
  // Half a name (`BUCKET`, `ENDPOINT`, `IMPORT_USER`), where it can only be one.
  constexpr std::size_t shortest_half = 5;
  if (name.size() < shortest_half) return {};
  std::string_view whole;
  for (const std::string_view key : known) {
    if (key.find(name) == std::string_view::npos) continue;
    if (!whole.empty()) return {};
    whole = key;
  }
  return whole;
}

std::string flag_of(std::string_view key) {
  std::string flag = "--";
  for (const char c : key) {
    flag += c == '_' ? '-' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return flag;
}

}  // namespace beatsync::cli
