#include "cli/settings/flag_table.hpp"

namespace beatsync::cli {

namespace {

using enum flag_shape;

constexpr flag_spec table[] = {
    // The keys of config.json.
    {"--usb-path", value, for_operations},
    {"--xml-path", value, for_operations},
    {"--xml-root", value, for_operations},
    {"--xml-import-user", value, for_operations},
    {"--user", value, for_operations},
    {"--aws-profile,--profile", value, for_store},
    {"--sync-operations", values, for_operations},
    {"--upload-include-dirs", values, for_operations},
    {"--upload-exclude-dirs", values, for_operations},
    {"--download-include-dirs", values, for_operations},
    {"--download-exclude-dirs", values, for_operations},
    {"--aws-use-date-modified", truth, for_difference},
    {"--bucket-url", value, for_operations},
    {"--endpoint-url", value, for_store},
    {"--region", value, for_store},
    {"--log-dir", value, for_operations},
    // The rest.
    {"--config", value, for_store},
    {"--ca-bundle", value, for_store},
    {"--addressing-style", value, for_store},
    {"--transfers", value, for_store},
    {"--import-root", value, for_operations},
    {"--include", values, for_difference},
    {"--exclude", values, for_difference},
    {"--size-only", truth, for_difference},
    {"--overwrite", truth, for_difference},
    {"--no-overwrite", truth, for_difference},
    {"--allow-unmatched", truth, for_operations | for_rewrite},
    {"--from", values, for_rewrite},
    {"--to", value, for_rewrite},
    {"--shards", value, for_plan},
    {"--out", value, for_plan},
    {"--shard", value, for_apply},
    {"-n,--dryrun,--dry-run", truth, for_operations | for_sync | for_rewrite},
    {"--no-fsync", truth, for_operations | for_sync | for_rewrite | for_apply},
    {"--json", truth, for_all},
    {"-v,--verbose", truth, for_all},
    {"-q,--quiet", truth, for_all},
    {"--version", truth, for_all},
    {"-h,--help", truth, for_all},
};

}  // namespace

std::string_view flag_spec::shown() const noexcept {
  const std::size_t comma = names.rfind(',');
  return comma == std::string_view::npos ? names : names.substr(comma + 1);
}

std::span<const flag_spec> flag_table() noexcept { return table; }

}  // namespace beatsync::cli
