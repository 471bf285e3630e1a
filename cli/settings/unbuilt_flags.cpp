#include "cli/settings/unbuilt_flags.hpp"

#include <algorithm>

namespace beatsync::cli {

namespace {

struct unbuilt {
  std::string_view flag;
  std::string_view advice;
};

constexpr std::string_view no_deletes =
    "nothing is ever deleted by this program. Remove what you do not want yourself, on both sides.";
constexpr std::string_view bucket_default =
    "set it as the default of the bucket (encryption, storage class, ownership), which then holds "
    "for everything that is uploaded.";
constexpr std::string_view no_headers =
    "objects get their content type and the time of the file, nothing else.";
constexpr std::string_view links =
    "uploads follow symbolic links (with a guard against loops), downloads never write through "
    "one. There is no choice yet; --exclude leaves names out.";
constexpr std::string_view by_size =
    "names on both sides are compared by size, and by time with --aws-use-date-modified. Every "
    "transfer is verified by checksum anyway.";
constexpr std::string_view by_date = "see --aws-use-date-modified, which lets the newer side win.";
constexpr std::string_view limits =
    "use --transfers N to have fewer requests in flight, or a traffic shaper of your system.";
constexpr std::string_view workers = "use --transfers N for the number of requests in flight.";
constexpr std::string_view verified =
    "certificates are always verified. For a server with a certificate of your own authority, give "
    "that authority's PEM file with --ca-bundle.";
constexpr std::string_view globs =
    "use --include GLOB and --exclude GLOB, as often as you like; --include wins.";
constexpr std::string_view signing = "requests are always signed.";
constexpr std::string_view keep = "use --no-overwrite to leave names alone that are there already.";
constexpr std::string_view parts = "parts are chosen by the size of each file.";
constexpr std::string_view shown = "progress is shown on a terminal and nowhere else; -q hides it.";
constexpr std::string_view pages =
    "listings are always whole, and as fast as the store allows: leave it out.";
constexpr std::string_view retries =
    "requests are tried again as long as that may help: leave it out.";
constexpr std::string_view waits =
    "every wait has its limit, and what stalls is tried again: leave it out.";
constexpr std::string_view by_name =
    "files are chosen by name only: use --include GLOB and --exclude GLOB.";
constexpr std::string_view letter_case =
    "upper and lower case are two names, as they are in the bucket; in a GLOB [Aa] means both.";
constexpr std::string_view replaced =
    "what is replaced is not kept: use --no-overwrite, or the bucket's versioning.";

// aws-cli's `s3 sync`, s5cmd, rclone, mc mirror, s3cmd: docs/dev/peers.md §1.
constexpr unbuilt table[] = {
    {"--delete", no_deletes},
    {"--delete-after", no_deletes},
    {"--delete-before", no_deletes},
    {"--delete-during", no_deletes},
    {"--delete-excluded", no_deletes},
    {"--delete-removed", no_deletes},
    {"--max-delete", no_deletes},
    {"--remove", no_deletes},
    {"--backup-dir", no_deletes},
    {"--acl", bucket_default},
    {"--acl-public", bucket_default},
    {"--acl-private", bucket_default},
    {"--grants", bucket_default},
    {"--storage-class", bucket_default},
    {"--sse", bucket_default},
    {"--sse-c", bucket_default},
    {"--sse-c-key", bucket_default},
    {"--sse-kms-key-id", bucket_default},
    {"--server-side-encryption", bucket_default},
    {"--metadata", no_headers},
    {"--metadata-directive", no_headers},
    {"--content-type", no_headers},
    {"--cache-control", no_headers},
    {"--content-encoding", no_headers},
    {"--content-disposition", no_headers},
    {"--content-language", no_headers},
    {"--expires", no_headers},
    {"--add-header", no_headers},
    {"--header-upload", no_headers},
    {"--no-guess-mime-type", no_headers},
    {"--attr", no_headers},
    {"--preserve", "times are always kept, permissions and owners never."},
    {"--follow-symlinks", links},
    {"--no-follow-symlinks", links},
    {"--copy-links", links},
    {"--links", links},
    {"--checksum", by_size},
    {"--check-md5", by_size},
    {"--ignore-size", by_size},
    {"--exact-timestamps", by_date},
    {"--update", by_date},
    {"--if-source-newer", by_date},
    {"--if-size-differ", by_size},
    {"--newer-than", by_date},
    {"--older-than", by_date},
    {"-u", by_date},
    {"--modify-window",
     "times count as equal within two seconds, and --size-only leaves them out of it."},
    {"--checksum-algorithm",
     "the checksum is one that the store takes, and every transfer is verified: leave it out."},
    {"--min-size", by_name},
    {"--max-size", by_name},
    {"--min-age", by_name},
    {"--max-age", by_name},
    {"--ignore-case", letter_case},
    {"--case-conflict", letter_case},
    {"--track-renames",
     "what was renamed is transferred under its new name: rename it on both sides first."},
    {"--suffix", replaced},
    {"--compare-dest", "names are compared with those of DST only: leave it out."},
    {"--raw", "SRC and DST are taken literally, only --include and --exclude take a GLOB."},
    {"--fast-list", pages},
    {"--no-paginate", pages},
    {"--retries", retries},
    {"--low-level-retries", retries},
    {"--retry-count", retries},
    {"--timeout", waits},
    {"--contimeout", waits},
    {"--cli-read-timeout", waits},
    {"--cli-connect-timeout", waits},
    {"--bwlimit", limits},
    {"--limit-rate", limits},
    {"--limit-upload", limits},
    {"--limit-download", limits},
    {"--tpslimit", limits},
    {"--numworkers", workers},
    {"--concurrency", workers},
    {"--checkers", workers},
    {"--max-concurrent-requests", workers},
    {"--part-size", parts},
    {"--multipart-chunk-size-mb", parts},
    {"--s3-chunk-size", parts},
    {"--s3-upload-concurrency", workers},
    {"--multi-thread-streams", workers},
    {"--no-verify-ssl", verified},
    {"--no-check-certificate", verified},
    {"--insecure", verified},
    {"--ca-cert", "give the PEM file with --ca-bundle FILE."},
    {"--no-sign-request", signing},
    {"--filter", globs},
    {"--filter-from", globs},
    {"--exclude-from", globs},
    {"--include-from", globs},
    {"--files-from", globs},
    {"--rexclude", globs},
    {"--rinclude", globs},
    {"--ignore-existing", keep},
    {"--skip-existing", keep},
    {"--no-clobber", keep},
    {"--immutable", keep},
    {"-P", shown},
    {"--progress", shown},
    {"--stat", shown},
    {"--no-progress", shown},
    {"--show-progress", shown},
    {"--stats", shown},
    {"--only-show-errors", "use -q."},
    {"--recursive", "`sync` always takes whole folders: leave it out."},
    {"--page-size", "listings come in pages of 1,000, the most the store gives: leave it out."},
    {"--request-payer", "the requester-pays header is not sent."},
    {"--source-region",
     "both buckets of a copy are reached with one endpoint, region and account: see --region."},
    {"--interactive", "use --dry-run first, and read what it would do."},
    {"--watch", "run it again; a run with nothing to do only lists."},
    {"--force", "nothing here has to be forced: leave it out."},
    {"--log-file", "send standard error to a file: 2>FILE, with -v for every request."},
    {"--log-level", "use -v or -q."},
    {"--debug", "use -v."},
    {"--output", "use --json."},
    {"--link-configs", "the config is found where you keep it: see --config."},
    {"--link_configs", "the config is found where you keep it: see --config."},
};

}  // namespace

std::string_view advice_for_unbuilt(std::string_view flag) noexcept {
  const auto found = std::ranges::find(table, flag, &unbuilt::flag);
  return found == std::end(table) ? std::string_view() : found->advice;
}

}  // namespace beatsync::cli
