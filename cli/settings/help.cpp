#include "cli/settings/help.hpp"

namespace beatsync::cli {

namespace {

constexpr std::string_view operations_help =
    R"(beatsync keeps a DJ's music library and a shared S3 bucket in step.

Examples:
  beatsync upload_music                    the stick's new tracks go into the beatcloud
  beatsync download_music download_xml     friends' tracks and a friend's rekordbox XML
  beatsync upload_music --dry-run          what would be uploaded
  beatsync                                 what SYNC_OPERATIONS of the config lists
  beatsync upload_music --upload-include-dirs "House" --json
  beatsync sync "./DJ Music" s3://bucket/music           (see beatsync sync --help)
  beatsync rewrite-xml in.xml out.xml --from E:/ --to /Volumes/DJ
                                           (see beatsync rewrite-xml --help)
  beatsync plan SRC DST --shards 100 --out DIR, apply, status
                                           (many machines: see beatsync plan --help)

Usage: beatsync [OPERATION...] [FLAG...]

Operations, done in the order given:
  upload_music     files of `USB_PATH/DJ Music` that the beatcloud lacks
  download_music   files of the beatcloud that `USB_PATH/DJ Music` lacks
  upload_xml       XML_PATH, as the XML of USER
  download_xml     the XML of XML_IMPORT_USER, its locations rewritten to my own stick

Keys of config.json; a flag wins over the variable BEATSYNC_<KEY>, that over the config:
  --usb-path DIR            the stick; its folder `DJ Music` is the library
  --xml-path FILE           my rekordbox XML
  --xml-root ROOT           the stick as rekordbox sees it (E:/), if that differs from USB_PATH
  --xml-import-user NAME    whose XML download_xml brings
  --user NAME               my name in the beatcloud (else the operating system's)
  --bucket-url URL          s3://bucket[/prefix]
  --endpoint-url URL        another store than AWS: https://minio.example.org:9000
  --region NAME             its region, if it cannot be asked
  --profile NAME            profile of the AWS files (AWS_PROFILE)
  --upload-include-dirs DIR, --upload-exclude-dirs DIR
  --download-include-dirs DIR, --download-exclude-dirs DIR
                            folders or files below `DJ Music`; give them as often as you like
  --aws-use-date-modified   of names on both sides whose size or time differs, the newer wins
  --sync-operations NAME    an operation to do where none is named; as often as you like
  --log-dir DIR             does nothing yet

What moves:
  -n, --dry-run             say what would be done, and do nothing
  --include GLOB, --exclude GLOB
                            names below `DJ Music`; * and ? stop at a slash, ** does not
  --overwrite               names on both sides that differ: the source wins
  --no-overwrite            names on both sides are left alone (the default)
  --size-only               never compare times
  --import-root ROOT        download_xml: the root in the other DJ's XML
  --allow-unmatched         XML: go on although no location begins with the root

The rest:
  --config FILE             instead of ~/.config/beatsync/config.json, config/config.json,
                            config.json
  --ca-bundle FILE          authorities to trust, instead of the system's
  --addressing-style STYLE  auto, path or virtual
  --transfers N             most requests in flight (16; small files up to 256)
  --no-fsync                faster; a power cut may cost the files of the last seconds
  --json                    one JSON object per line on standard output
  -v, --verbose             every request
  -q, --quiet               errors only
  --version, -h, --help

Exit codes: 0 done, 1 some items failed, 2 usage or configuration, 3 some items skipped,
4 could not start or had to stop, 130 and 143 interrupted.
)";

constexpr std::string_view sync_help =
    R"(beatsync sync: brings a folder and a place in a bucket in step, or two places in buckets.

Examples:
  beatsync sync "/Volumes/DJ/DJ Music" s3://bucket/dj/music     up
  beatsync sync s3://bucket/dj/music ./copy                      down
  beatsync sync s3://bucket/dj/music s3://archive/music          inside the store
  beatsync sync ./samples s3://bucket/samples --dry-run
  beatsync sync ./samples s3://bucket/samples --exclude "**/*.wav"
  beatsync sync ./samples s3://bucket --endpoint-url https://127.0.0.1:9000 --ca-bundle ca.pem

Usage: beatsync sync SRC DST [FLAG...]

SRC and DST are folders or s3://bucket[/prefix], one of them at least in a bucket. The contents of
SRC go into DST; slashes at the end mean nothing. Names that DST lacks are transferred, and names
whose size differs. Nothing is ever deleted.

Between two buckets the store itself copies: both must be within reach of one endpoint and one
account, and neither place may be within the other.

  -n, --dry-run             say what would be done, and do nothing
  --include GLOB, --exclude GLOB
                            names below SRC; * and ? stop at a slash, ** does not
  --no-overwrite            leave names alone that DST has already
  --overwrite               the source wins where sizes differ (the default)
  --aws-use-date-modified   of names on both sides whose size or time differs, the newer wins
  --size-only               never compare times
  --endpoint-url URL        another store than AWS
  --region NAME, --profile NAME, --ca-bundle FILE, --addressing-style auto|path|virtual
  --transfers N             most requests in flight (16; small files up to 256)
  --no-fsync                faster; a power cut may cost the files of the last seconds
  --config FILE             AWS_PROFILE, ENDPOINT_URL and REGION are taken from it
  --json, -v, --verbose, -q, --quiet, -h, --help
)";

constexpr std::string_view rewrite_help =
    R"(beatsync rewrite-xml: moves the locations of a rekordbox XML to another root.

Examples:
  beatsync rewrite-xml bob.xml mine.xml --from "/Volumes/BOB" --to E:/
  beatsync rewrite-xml bob.xml mine.xml --from E:/ --from "/Volumes/BOB" --to /Volumes/DJ
  beatsync rewrite-xml - - --from D:/Music --to /media/dj < in.xml > out.xml
  beatsync rewrite-xml in.xml out.xml --from E:/ --to F:/ --dry-run

Usage: beatsync rewrite-xml IN OUT --from ROOT --to ROOT [FLAG...]

`-` is standard input or output. Only the beginning of each location changes; every other byte of
OUT is IN's. OUT is replaced when all of IN has been read and found well-formed, and not before.

  --from ROOT         what locations begin with now; as often as you like, the longest match wins
  --to ROOT           what they begin with afterwards: /Volumes/DJ, E:/, //server/share
  --allow-unmatched   write OUT although no location begins with --from
  -n, --dry-run       say what would be done, and write nothing
  --no-fsync          do not wait until OUT is safely on the disk
  --json, -v, --verbose, -q, --quiet, -h, --help
)";

constexpr std::string_view plan_help =
    R"(beatsync plan: writes down what has to move, for many machines to carry out.

Examples:
  beatsync plan /lustre/music s3://bucket/music --shards 100 --out /lustre/plan
  beatsync plan s3://bucket/music /lustre/music --shards 100 --out s3://jobs/plan-1
  beatsync plan s3://old/music s3://new/music --shards 20 --out ./plan
  beatsync apply /lustre/plan --shard auto         in each task of a job array
  beatsync status /lustre/plan                     how far all of them have come

Usage: beatsync plan SRC DST --shards N --out DIR [FLAG...]

SRC and DST as with sync. The difference goes into N manifests (shard-00000.jsonl, ..., one JSON
object a line, to be read before anything moves) of about equal work. Nothing is transferred.

  --shards N                how many manifests, 1 to 10000
  --out DIR                 where they go: a folder or s3://bucket/prefix, without a plan so far
  --include GLOB, --exclude GLOB
                            names below SRC; * and ? stop at a slash, ** does not
  --no-overwrite            leave names alone that DST has already
  --overwrite               the source wins where sizes differ (the default)
  --aws-use-date-modified   of names on both sides whose size or time differs, the newer wins (not
                            between buckets)
  --size-only               never compare times
  --endpoint-url URL        another store than AWS
  --region NAME, --profile NAME, --ca-bundle FILE, --addressing-style auto|path|virtual
  --transfers N             most requests in flight (16; small files up to 256)
  --config FILE             AWS_PROFILE, ENDPOINT_URL and REGION are taken from it
  --json, -v, --verbose, -q, --quiet, -h, --help
)";

constexpr std::string_view apply_help =
    R"(beatsync apply: carries out a manifest that plan has written.

Examples:
  beatsync apply /lustre/plan --shard 17
  beatsync apply s3://jobs/plan-1 --shard auto     the task's number of a Slurm array or of an
                                                   indexed Kubernetes job
  beatsync apply plan/shard-00000.jsonl plan/shard-00001.jsonl

Usage: beatsync apply DIR --shard K|auto [FLAG...]
       beatsync apply MANIFEST... [FLAG...]

What the manifest says happens, or it is told why not: a source or a target that is not as it was
when the plan was made fails, and is left alone. What is there already counts as unchanged, so that
a shard may be run again as often as you like. The result goes beside the manifest.

  --shard K                 the shard, from 0; auto: SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX
  --endpoint-url URL        the store that the plan was made for
  --region NAME, --profile NAME, --ca-bundle FILE, --addressing-style auto|path|virtual
  --transfers N             most requests in flight (16; small files up to 256)
  --no-fsync                faster; a power cut may cost the files of the last seconds
  --config FILE             AWS_PROFILE, ENDPOINT_URL and REGION are taken from it
  --json, -v, --verbose, -q, --quiet, -h, --help
)";

constexpr std::string_view status_help =
    R"(beatsync status: how far the shards of a plan have come.

Examples:
  beatsync status /lustre/plan
  beatsync status s3://jobs/plan-1 --json

Usage: beatsync status DIR [FLAG...]

DIR is where plan has put its manifests. Ends with 0 when all shards are done, else with 1; the
shards that are not are listed as job arrays take them (3,17-19).

  --endpoint-url URL        another store than AWS
  --region NAME, --profile NAME, --ca-bundle FILE, --addressing-style auto|path|virtual
  --transfers N             most requests in flight (16)
  --config FILE             AWS_PROFILE, ENDPOINT_URL and REGION are taken from it
  --json, -v, --verbose, -q, --quiet, -h, --help
)";

}  // namespace

std::string_view help_for(command what) noexcept {
  switch (what) {
    case command::operations:
      return operations_help;
    case command::sync:
      return sync_help;
    case command::rewrite_xml:
      return rewrite_help;
    case command::plan:
      return plan_help;
    case command::apply:
      return apply_help;
    case command::status:
      return status_help;
  }
  return operations_help;
}

std::string_view version_text() noexcept { return "beatsync " BEATSYNC_VERSION "\n"; }

}  // namespace beatsync::cli
