#include "cli/settings/options.hpp"

#include "cli/settings/flag_table.hpp"
#include "cli/settings/nearest.hpp"
#include "cli/settings/unbuilt_flags.hpp"
#include "s3/printable.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace beatsync::cli {

namespace {

constexpr std::string_view help_hint = " `beatsync --help` shows what there is.";

/// Beside the four operations, which may stand together.
constexpr std::pair<std::string_view, command> commands[] = {{"sync", command::sync},
                                                             {"rewrite-xml", command::rewrite_xml},
                                                             {"plan", command::plan},
                                                             {"apply", command::apply},
                                                             {"status", command::status}};

/// How many words a command takes, and how it is said that they are others.
struct word_rule {
  std::size_t least;
  std::size_t most;
  std::string_view wanted;
  std::string_view names;
};

constexpr std::size_t any_number = static_cast<std::size_t>(-1);

word_rule rule_of(command what) {
  switch (what) {
    case command::operations:
      break;
    case command::sync:
      return {2, 2,
              "`sync` takes two places: beatsync sync SRC DST, each a folder or "
              "s3://bucket[/prefix].",
              "SRC and DST"};
    case command::rewrite_xml:
      return {2, 2,
              "`rewrite-xml` takes two files: beatsync rewrite-xml IN OUT --from ROOT --to ROOT.",
              "IN and OUT"};
    case command::plan:
      return {2, 2,
              "`plan` takes two places: beatsync plan SRC DST --shards N --out DIR, each a folder "
              "or s3://bucket[/prefix].",
              "SRC and DST"};
    case command::apply:
      return {1, any_number,
              "`apply` takes manifests, or the place of a plan and a shard: beatsync apply "
              "MANIFEST..., beatsync apply DIR --shard K.",
              "MANIFEST and DIR"};
    case command::status:
      return {1, 1, "`status` takes the place of a plan: beatsync status DIR.", "DIR"};
  }
  return {0, any_number, "", "operations"};
}

std::string in_quotes(std::string_view text) { return "`" + s3::printable(text) + "`"; }

/// The flags as CLI11 found them.
class found_flags {
 public:
  explicit found_flags(CLI::App& app) {
    app.allow_extras();
    app.set_help_flag();  // ours have examples first, and one per command
    for (const flag_spec& flag : flag_table()) {
      const std::string names(flag.names);
      CLI::Option* option = nullptr;
      if (flag.shape == flag_shape::truth) {
        option = app.add_flag(names);
      } else {
        // One value per flag: a list that took all words after it would swallow the operations.
        option = app.add_option(names)->expected(1)->allow_extra_args(false)->multi_option_policy(
            CLI::MultiOptionPolicy::TakeAll);
      }
      options_.emplace(flag.shown(), option);
    }
  }

  bool given(std::string_view flag) const { return options_.at(flag)->count() > 0; }

  text_list values(std::string_view flag) const { return options_.at(flag)->results(); }

  std::optional<std::string> value(std::string_view flag) const {
    if (!given(flag)) return std::nullopt;
    return values(flag).back();
  }

  std::optional<text_list> list(std::string_view flag) const {
    if (!given(flag)) return std::nullopt;
    return values(flag);
  }

  /// CLI11 lets people write `--json=false`.
  bool truth(std::string_view flag) const { return given(flag) && values(flag).back() == "true"; }

 private:
  std::map<std::string_view, CLI::Option*> options_;
};

bool has_name(const flag_spec& flag, std::string_view word) {
  std::string_view names = flag.names;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(','), names.size());
    if (names.substr(0, end) == word) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
}

const flag_spec* flag_of_name(std::string_view word) {
  const auto found = std::ranges::find_if(
      flag_table(), [&](const flag_spec& flag) { return has_name(flag, word); });
  return found == flag_table().end() ? nullptr : &*found;
}

/// A flag that lost its value (`--exclude $UNSET --dry-run`) would swallow the next one, and the
/// run would do what it was not meant to.
result<void> check_values(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    const std::string_view word = arguments[i];
    const std::string_view letter = word.substr(0, 2);  // all flags of one letter are truths
    if (word.substr(letter.size()).starts_with('=') && flag_of_name(letter) != nullptr) {
      return usage_error{std::string(letter) + " takes no value."};
    }
    const flag_spec* flag = flag_of_name(word);
    if (flag == nullptr || flag->shape == flag_shape::truth || i + 1 == arguments.size()) continue;
    const std::string& value = arguments[++i];
    if (!value.starts_with("--") && flag_of_name(value) == nullptr) continue;
    const std::string& name = arguments[i - 1];
    return usage_error{name + " needs a value, and got " + in_quotes(value) + ": write " + name +
                       "=" + s3::printable(value) + " if you mean that name."};
  }
  return {};
}

std::uint8_t bit_of(command what) {
  switch (what) {
    case command::operations:
      return for_operations;
    case command::sync:
      return for_sync;
    case command::rewrite_xml:
      return for_rewrite;
    case command::plan:
      return for_plan;
    case command::apply:
      return for_apply;
    case command::status:
      return for_status;
  }
  return 0;
}

std::string_view name_of(command what) {
  switch (what) {
    case command::operations:
      return "the four operations";
    case command::sync:
      return "`sync`";
    case command::rewrite_xml:
      return "`rewrite-xml`";
    case command::plan:
      return "`plan`";
    case command::apply:
      return "`apply`";
    case command::status:
      return "`status`";
  }
  return {};
}

usage_error unknown_flag(const std::string& word) {
  const std::string flag = word.substr(0, word.find('='));
  if (flag == "--discord-url") {
    return {
        "--discord-url does not exist: the URL is a secret, and other users of this machine see "
        "command lines. Write DISCORD_URL into config.json."};
  }
  const std::string_view advice = advice_for_unbuilt(flag);
  if (!advice.empty()) return {flag + " is not built yet: " + std::string(advice)};

  std::vector<std::string_view> known;
  for (const flag_spec& spec : flag_table()) known.push_back(spec.shown());
  const std::string_view guess = nearest(flag, known);
  const std::string tail =
      guess.empty() ? std::string(help_hint) : " Did you mean " + std::string(guess) + "?";
  return {"there is no flag " + in_quotes(flag) + "." + tail};
}

/// What is left when CLI11 has taken its flags: words, and flags that are none of ours.
result<text_list> words_of(const std::vector<std::string>& left) {
  text_list words;
  bool only_words = false;
  for (const std::string& word : left) {
    if (!only_words && word == "--") {
      only_words = true;
    } else if (!only_words && word.size() > 1 && word.front() == '-') {
      return unknown_flag(word);
    } else {
      words.push_back(word);
    }
  }
  return words;
}

result<operation> one_operation(const std::string& word) {
  if (const auto what = operation_from(word)) return *what;
  std::vector<std::string_view> known(dj_operations.begin(), dj_operations.end());
  for (const auto& [name, what] : commands) {
    known.push_back(name);
    if (word != name) continue;
    return usage_error{in_quotes(word) + " stands alone, without operations beside it. " +
                       std::string(rule_of(what).wanted)};
  }
  const std::string_view guess = nearest(word, known);
  if (!guess.empty()) {
    return usage_error{"there is no operation " + in_quotes(word) + ". Did you mean " +
                       std::string(guess) + "?"};
  }
  return usage_error{"there is no operation " + in_quotes(word) +
                     ". There are upload_music, download_music, upload_xml and download_xml, and "
                     "the commands sync, rewrite-xml, plan, apply and status."};
}

/// Positional words: the command and what it needs.
result<void> take_words(const text_list& words, options& into) {
  if (into.what == command::operations) {
    for (const std::string& word : words) {
      const auto what = one_operation(word);
      if (!what) return what.error();
      into.operations.push_back(*what);
    }
    return {};
  }
  if (into.help) return {};
  const word_rule rule = rule_of(into.what);
  const std::size_t count = words.size() - 1;
  if (count < rule.least || count > rule.most) return usage_error{std::string(rule.wanted)};
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i].empty()) return usage_error{std::string(rule.names) + " must not be empty."};
  }
  if (into.what == command::apply) {
    into.manifests.assign(words.begin() + 1, words.end());
  } else {
    into.source = words[1];
    if (count > 1) into.target = words[2];
  }
  return {};
}

std::string hint_for(command what) {
  for (const auto& [name, known] : commands) {
    if (known != what) continue;
    return " `beatsync " + std::string(name) + " --help` shows what there is.";
  }
  return std::string(help_hint);
}

result<void> check_flags(const found_flags& found, const options& given) {
  for (const flag_spec& flag : flag_table()) {
    if (!found.given(flag.shown())) continue;
    const std::string name(flag.shown());
    if ((flag.commands & bit_of(given.what)) == 0) {
      return usage_error{name + " means nothing to " + std::string(name_of(given.what)) + "." +
                         hint_for(given.what)};
    }
    const std::string last = found.values(name).back();
    if (flag.shape == flag_shape::truth && last != "true" && last != "false") {
      return usage_error{name + " takes no value."};
    }
    for (const std::string& value : found.values(name)) {
      if (value.empty()) return usage_error{name + " needs a value, and got an empty one."};
    }
  }
  return {};
}

result<void> check_pairs(const options& given) {
  const auto both = [](const char* a, const char* b) {
    return usage_error{std::string(a) + " and " + b + " contradict each other: give one of them."};
  };
  if (given.verbose && given.quiet) return both("--verbose", "--quiet");
  if (given.overwrite && given.no_overwrite) return both("--overwrite", "--no-overwrite");
  const bool dates = given.aws_use_date_modified.value_or(false);
  if (dates && given.overwrite) return both("--aws-use-date-modified", "--overwrite");
  if (dates && given.no_overwrite) return both("--aws-use-date-modified", "--no-overwrite");
  if (dates && given.size_only) return both("--aws-use-date-modified", "--size-only");
  if (given.what == command::plan && (!given.shards || !given.out)) {
    return usage_error{
        "`plan` needs --shards N (how many machines or tasks are to share the work) and --out DIR "
        "(where the manifests go: a folder or s3://bucket/prefix)."};
  }
  if (given.what == command::apply && given.shard && given.manifests.size() > 1) {
    return usage_error{"--shard goes with one place of a plan: beatsync apply DIR --shard K."};
  }
  if (given.what != command::rewrite_xml || given.help) return {};
  if (given.from_roots.empty() || given.to_root.empty()) {
    return usage_error{
        "`rewrite-xml` needs --from ROOT (what the locations begin with now) and --to ROOT (what "
        "they are to begin with)."};
  }
  if (given.json && given.target == "-") {
    return usage_error{
        "--json and the XML cannot both go to standard output: give rewrite-xml a file as OUT."};
  }
  return {};
}

void take_values(const found_flags& found, options& into) {
  into.usb_path = found.value("--usb-path");
  into.xml_path = found.value("--xml-path");
  into.xml_root = found.value("--xml-root");
  into.xml_import_user = found.value("--xml-import-user");
  into.user = found.value("--user");
  into.aws_profile = found.value("--profile");
  into.sync_operations = found.list("--sync-operations");
  into.upload_include_dirs = found.list("--upload-include-dirs");
  into.upload_exclude_dirs = found.list("--upload-exclude-dirs");
  into.download_include_dirs = found.list("--download-include-dirs");
  into.download_exclude_dirs = found.list("--download-exclude-dirs");
  into.bucket_url = found.value("--bucket-url");
  into.endpoint_url = found.value("--endpoint-url");
  into.region = found.value("--region");
  into.log_dir = found.value("--log-dir");
  into.config = found.value("--config");
  into.ca_bundle = found.value("--ca-bundle");
  into.addressing_style = found.value("--addressing-style");
  into.transfers = found.value("--transfers");
  into.import_root = found.value("--import-root");
  into.shards = found.value("--shards");
  into.out = found.value("--out");
  into.shard = found.value("--shard");
  into.include = found.values("--include");
  into.exclude = found.values("--exclude");
  into.from_roots = found.values("--from");
  into.to_root = found.value("--to").value_or("");
}

void take_truths(const found_flags& found, options& into) {
  if (found.given("--aws-use-date-modified")) {
    into.aws_use_date_modified = found.truth("--aws-use-date-modified");
  }
  into.dry_run = found.truth("--dry-run");
  into.size_only = found.truth("--size-only");
  into.overwrite = found.truth("--overwrite");
  into.no_overwrite = found.truth("--no-overwrite");
  into.allow_unmatched = found.truth("--allow-unmatched");
  into.no_fsync = found.truth("--no-fsync");
  into.json = found.truth("--json");
  into.verbose = found.truth("--verbose");
  into.quiet = found.truth("--quiet");
  into.version = found.truth("--version");
  into.help = found.truth("--help");
}

}  // namespace

result<options> parse_options(const std::vector<std::string>& arguments) {
  if (const auto valued = check_values(arguments); !valued) return valued.error();
  CLI::App app;
  const found_flags found(app);
  options into;
  text_list words;
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
    app.parse(std::move(reversed));
    auto left = words_of(app.remaining());
    if (!left) return left.error();
    words = std::move(*left);
    take_values(found, into);
    take_truths(found, into);
  } catch (const CLI::ArgumentMismatch& e) {
    const std::string what = e.what();  // `--usb-path: 1 required  missing`
    return usage_error{s3::printable(what.substr(0, what.find(':'))) + " needs a value."};
  } catch (const CLI::Error& e) {
    return usage_error{s3::printable(e.what()) + "." + std::string(help_hint)};
  }

  if (!words.empty() && words.front() == "help") {  // what people type first
    into.help = true;
    words.erase(words.begin());
  }
  for (const auto& [name, what] : commands) {
    const bool old_spelling =
        what == command::rewrite_xml && !words.empty() && words.front() == "rewrite_xml";
    if (!words.empty() && (words.front() == name || old_spelling)) into.what = what;
  }
  if (into.version) return into;
  if (const auto taken = take_words(words, into); !taken) return taken.error();
  if (into.help) return into;
  if (const auto fits = check_flags(found, into); !fits) return fits.error();
  if (const auto agree = check_pairs(into); !agree) return agree.error();
  return into;
}

}  // namespace beatsync::cli
