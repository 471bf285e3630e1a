#include "cli/settings/options.hpp"

#include "cli/settings/flag_table.hpp"
#include "cli/settings/help.hpp"
#include "cli/settings/unbuilt_flags.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace beatsync::cli;

namespace {

options good(const std::vector<std::string>& arguments) {
  const auto given = parse_options(arguments);
  BOOST_REQUIRE_MESSAGE(given.has_value(), (given ? "" : given.error().message)
                                               << " for " << arguments.front());
  return *given;
}

std::string bad(const std::vector<std::string>& arguments) {
  const auto given = parse_options(arguments);
  BOOST_REQUIRE_MESSAGE(!given.has_value(), "should have been refused");
  return given.error().message;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(options_suite)

BOOST_AUTO_TEST_CASE(operations_keep_their_order_and_both_spellings) {
  const options given = good({"upload-music", "download_xml", "upload_music"});
  BOOST_TEST((given.what == command::operations));
  BOOST_REQUIRE_EQUAL(given.operations.size(), 3U);
  BOOST_TEST((given.operations[0] == operation::upload_music));
  BOOST_TEST((given.operations[1] == operation::download_xml));
  BOOST_TEST((given.operations[2] == operation::upload_music));
}

BOOST_AUTO_TEST_CASE(nothing_at_all_is_the_configs_list) {
  const auto given = parse_options({});
  BOOST_REQUIRE(given.has_value());
  BOOST_TEST((given->what == command::operations));
  BOOST_TEST(given->operations.empty());
}

BOOST_AUTO_TEST_CASE(flags_stand_before_between_and_after_the_words) {
  const options given =
      good({"--json", "upload_music", "-n", "upload_xml", "--usb-path", "/stick"});
  BOOST_TEST(given.json);
  BOOST_TEST(given.dry_run);
  BOOST_TEST(given.operations.size() == 2U);
  BOOST_TEST(given.usb_path.value() == "/stick");
}

BOOST_AUTO_TEST_CASE(every_key_of_the_config_has_its_flag) {
  const options given =
      good({"upload_music", "--usb-path=/u", "--xml-path=/x", "--xml-root=E:/",
            "--xml-import-user=bob", "--user=ann", "--aws-profile=dj", "--upload-include-dirs=a",
            "--upload-include-dirs", "b", "--download-exclude-dirs=c", "--aws-use-date-modified",
            "--bucket-url=s3://b", "--endpoint-url=https://h", "--region=r", "--log-dir=/l"});
  BOOST_TEST(given.xml_path.value() == "/x");
  BOOST_TEST(given.xml_root.value() == "E:/");
  BOOST_TEST(given.xml_import_user.value() == "bob");
  BOOST_TEST(given.user.value() == "ann");
  BOOST_TEST(given.aws_profile.value() == "dj");
  BOOST_TEST(given.upload_include_dirs.value() == (text_list{"a", "b"}));
  BOOST_TEST(given.download_exclude_dirs.value() == (text_list{"c"}));
  BOOST_TEST(given.aws_use_date_modified.value());
  BOOST_TEST(given.bucket_url.value() == "s3://b");
  BOOST_TEST(given.endpoint_url.value() == "https://h");
  BOOST_TEST(given.region.value() == "r");
  BOOST_TEST(given.log_dir.value() == "/l");
}

BOOST_AUTO_TEST_CASE(profile_has_the_name_other_tools_give_it_too) {
  BOOST_TEST(good({"upload_music", "--profile", "dj"}).aws_profile.value() == "dj");
}

BOOST_AUTO_TEST_CASE(a_list_takes_one_value_per_flag_and_leaves_the_words_alone) {
  const options given = good({"--exclude", "*.wav", "upload_music", "--exclude", "**/x"});
  BOOST_TEST(given.exclude == (text_list{"*.wav", "**/x"}));
  BOOST_TEST(given.operations.size() == 1U);
}

BOOST_AUTO_TEST_CASE(brackets_and_commas_are_part_of_a_value) {
  const options given = good({"upload_music", "--upload-include-dirs", "[Free] House, [New]"});
  BOOST_TEST(given.upload_include_dirs.value() == (text_list{"[Free] House, [New]"}));
  const options whole = good({"sync", "[a,b]", "s3://b"});
  BOOST_TEST(whole.source == "[a,b]");
}

BOOST_AUTO_TEST_CASE(the_last_of_two_single_values_counts) {
  BOOST_TEST(good({"upload_music", "--user", "a", "--user", "b"}).user.value() == "b");
}

BOOST_AUTO_TEST_CASE(sync_takes_two_places) {
  const options given = good({"sync", "./x", "s3://b/p", "--no-overwrite", "--transfers", "4"});
  BOOST_TEST((given.what == command::sync));
  BOOST_TEST(given.source == "./x");
  BOOST_TEST(given.target == "s3://b/p");
  BOOST_TEST(given.no_overwrite);
  BOOST_TEST(given.transfers.value() == "4");
  BOOST_TEST(contains(bad({"sync", "./x"}), "two places"));
  BOOST_TEST(contains(bad({"sync", "a", "b", "c"}), "two places"));
  BOOST_TEST(contains(bad({"sync", "", "s3://b"}), "empty"));
}

BOOST_AUTO_TEST_CASE(plan_apply_and_status_take_their_words) {
  BOOST_TEST((good({"plan", "a", "s3://b", "--shards", "2", "--out", "p"}).what == command::plan));
  BOOST_TEST(contains(bad({"plan", "a", "s3://b", "--out", "p"}), "--shards N"));
  BOOST_TEST(contains(bad({"plan", "a", "--shards", "2", "--out", "p"}), "two places"));
  BOOST_TEST(contains(bad({"plan", "a", "s3://b", "--shards", "2", "--out", "p", "-n"}), "`plan`"));
  BOOST_TEST(good({"apply", "a", "b"}).manifests == (text_list{"a", "b"}));
  BOOST_TEST(contains(bad({"apply"}), "MANIFEST"));
  BOOST_TEST(contains(bad({"apply", "a", "b", "--shard", "1"}), "one place"));
  BOOST_TEST(contains(bad({"apply", "a", "--exclude", "x"}), "means nothing to `apply`"));
  BOOST_TEST((good({"status", "a"}).what == command::status));
  BOOST_TEST(contains(bad({"status", "a", "b"}), "status DIR"));
  BOOST_TEST(contains(bad({"stauts", "a"}), "Did you mean status"));
}

BOOST_AUTO_TEST_CASE(rewrite_takes_two_files_and_two_roots) {
  const options given = good({"rewrite-xml", "-", "out.xml", "--from", "E:/", "--from", "/V",
                              "--to", "/W", "--allow-unmatched"});
  BOOST_TEST((given.what == command::rewrite_xml));
  BOOST_TEST(given.source == "-");
  BOOST_TEST(given.target == "out.xml");
  BOOST_TEST(given.from_roots == (text_list{"E:/", "/V"}));
  BOOST_TEST(given.to_root == "/W");
  BOOST_TEST(contains(bad({"rewrite-xml", "a", "b", "--from", "/x"}), "--to ROOT"));
  BOOST_TEST(contains(bad({"rewrite-xml", "a", "-", "--from", "/x", "--to", "/y", "--json"}),
                      "standard output"));
}

BOOST_AUTO_TEST_CASE(words_after_two_dashes_are_never_flags) {
  const options given = good({"sync", "--json", "--", "-odd-folder", "s3://b"});
  BOOST_TEST(given.source == "-odd-folder");
}

BOOST_AUTO_TEST_CASE(a_mistyped_flag_gets_the_nearest_one) {
  BOOST_TEST(bad({"upload_music", "--dry-rum"}) ==
             "there is no flag `--dry-rum`. Did you mean --dry-run?");
  BOOST_TEST(contains(bad({"upload_music", "--usb_path=/x"}), "Did you mean --usb-path?"));
  BOOST_TEST(contains(bad({"upload_music", "--frobnicate"}), "beatsync --help"));
  BOOST_TEST(contains(bad({"upload_music", "-x"}), "there is no flag `-x`"));
}

BOOST_AUTO_TEST_CASE(a_mistyped_operation_gets_the_nearest_one) {
  BOOST_TEST(contains(bad({"uplod_music"}), "Did you mean upload_music?"));
  BOOST_TEST(contains(bad({"snyc", "a", "s3://b"}), "Did you mean sync?"));
  BOOST_TEST(contains(bad({"xyzzy"}), "upload_music, download_music"));
}

BOOST_AUTO_TEST_CASE(a_command_stands_alone) {
  BOOST_TEST(contains(bad({"upload_music", "sync", "a", "s3://b"}), "`sync` stands alone"));
  BOOST_TEST(contains(bad({"upload_music", "sync", "a", "s3://b"}), "beatsync sync SRC DST"));
  BOOST_TEST(contains(bad({"upload_music", "status"}), "beatsync status DIR"));
}

BOOST_AUTO_TEST_CASE(flags_of_peers_are_refused_by_name) {
  for (const char* flag : {"--delete",
                           "--acl",
                           "--storage-class",
                           "--sse",
                           "--bwlimit",
                           "--checksum",
                           "--exact-timestamps",
                           "--follow-symlinks",
                           "--no-verify-ssl",
                           "--delete-after",
                           "--remove",
                           "-P",
                           "--progress",
                           "-u",
                           "--update",
                           "--fast-list",
                           "--retries",
                           "--low-level-retries",
                           "--retry-count",
                           "--track-renames",
                           "--timeout",
                           "--cli-read-timeout",
                           "--ca-cert",
                           "--min-size",
                           "--max-size",
                           "--min-age",
                           "--max-age",
                           "--modify-window",
                           "--ignore-case",
                           "--checksum-algorithm",
                           "--suffix",
                           "--compare-dest",
                           "--case-conflict",
                           "--no-paginate",
                           "--stat",
                           "--raw"}) {
    const std::string said = bad({"sync", "a", "s3://b", flag});
    BOOST_TEST(said.starts_with(std::string(flag) + " is not built yet: "), said);
  }
  BOOST_TEST(contains(bad({"sync", "a", "s3://b", "--acl=public-read"}), "--acl is not built yet"));
  BOOST_TEST(contains(bad({"upload_music", "--delete"}), "nothing is ever deleted"));
}

BOOST_AUTO_TEST_CASE(no_flag_is_both_built_and_unbuilt) {
  for (const flag_spec& flag : flag_table()) {
    BOOST_TEST(advice_for_unbuilt(flag.shown()).empty(), flag.shown());
    BOOST_TEST(advice_for_unbuilt(flag.names.substr(0, flag.names.find(','))).empty(), flag.names);
  }
}

BOOST_AUTO_TEST_CASE(the_dry_run_of_aws_cli_is_ours_too) {
  BOOST_TEST(good({"upload_music", "--dryrun"}).dry_run);
}

BOOST_AUTO_TEST_CASE(secrets_do_not_go_onto_the_command_line) {
  BOOST_TEST(contains(bad({"upload_music", "--discord-url=https://d/secret"}), "secret"));
  BOOST_TEST(!contains(bad({"upload_music", "--discord-url=https://d/hush"}), "hush"));
}

BOOST_AUTO_TEST_CASE(flags_that_mean_nothing_to_a_command_are_refused) {
  BOOST_TEST(
      contains(bad({"sync", "a", "s3://b", "--usb-path", "/x"}), "--usb-path means nothing"));
  BOOST_TEST(contains(bad({"rewrite-xml", "a", "b", "--from=/a", "--to=/b", "--region=x"}),
                      "--region means nothing"));
  BOOST_TEST(contains(bad({"upload_music", "--from", "/x"}), "--from means nothing"));
  BOOST_TEST(contains(bad({"upload_music", "--from", "/x"}), "`beatsync --help` shows"));
  BOOST_TEST(contains(bad({"sync", "a", "s3://b", "--user", "x"}), "`beatsync sync --help` shows"));
}

BOOST_AUTO_TEST_CASE(contradictions_are_refused) {
  BOOST_TEST(contains(bad({"upload_music", "-v", "-q"}), "contradict"));
  BOOST_TEST(contains(bad({"upload_music", "--overwrite", "--no-overwrite"}), "contradict"));
  BOOST_TEST(
      contains(bad({"upload_music", "--aws-use-date-modified", "--size-only"}), "contradict"));
  BOOST_TEST(
      contains(bad({"upload_music", "--aws-use-date-modified", "--overwrite"}), "contradict"));
}

BOOST_AUTO_TEST_CASE(a_flag_without_its_value_is_refused) {
  BOOST_TEST(bad({"upload_music", "--usb-path"}) == "--usb-path needs a value.");
  BOOST_TEST(bad({"upload_music", "--json=maybe"}) == "--json takes no value.");
  BOOST_TEST(bad({"upload_music", "-n=1"}) == "-n takes no value.");
  BOOST_TEST(bad({"-h=1"}) == "-h takes no value.");
  BOOST_TEST(good({"upload_music", "--exclude", "-n=1"}).exclude == (text_list{"-n=1"}));
  BOOST_TEST(!good({"upload_music", "--json=false"}).json);
  BOOST_TEST(contains(bad({"upload_music", "--usb-path="}), "needs a value"));
  BOOST_TEST(contains(bad({"upload_music", "--user", ""}), "needs a value"));
}

// `--exclude $UNSET --dry-run` would run in earnest.
BOOST_AUTO_TEST_CASE(a_flag_is_not_the_value_of_another) {
  BOOST_TEST(bad({"upload_music", "--exclude", "--dry-run"}) ==
             "--exclude needs a value, and got `--dry-run`: write --exclude=--dry-run if you mean "
             "that name.");
  for (const char* word : {"-n", "-h", "--json", "--json=true", "--no-such-flag", "--"}) {
    BOOST_TEST(contains(bad({"upload_music", "--usb-path", word}), "--usb-path needs a value"));
  }
  BOOST_TEST(good({"upload_music", "--exclude=--dry-run"}).exclude == (text_list{"--dry-run"}));
  BOOST_TEST(good({"upload_music", "--exclude", "-x"}).exclude == (text_list{"-x"}));
  BOOST_TEST(good({"upload_music", "--exclude", "-"}).exclude == (text_list{"-"}));
  const options after = good({"sync", "--", "--exclude", "s3://b"});
  BOOST_TEST(after.source == "--exclude");
}

BOOST_AUTO_TEST_CASE(names_in_messages_are_safe_for_a_terminal) {
  const std::string said = bad({"upload\x1b[2J_music"});
  BOOST_TEST(!contains(said, "\x1b"));
}

BOOST_AUTO_TEST_CASE(help_wins_over_everything_that_may_be_wrong) {
  BOOST_TEST(good({"--help"}).help);
  BOOST_TEST(good({"sync", "--help"}).help);
  BOOST_TEST((good({"sync", "-h"}).what == command::sync));
  BOOST_TEST((good({"rewrite-xml", "--help"}).what == command::rewrite_xml));
  BOOST_TEST(good({"help", "sync"}).help);
  BOOST_TEST(good({"--version"}).version);
}

BOOST_AUTO_TEST_CASE(help_begins_with_examples_and_names_every_flag) {
  for (const command what : {command::operations, command::sync, command::rewrite_xml,
                             command::plan, command::apply, command::status}) {
    const std::string_view text = help_for(what);
    BOOST_TEST(text.find("Examples:") < text.find("Usage:"));
    BOOST_TEST(text.ends_with('\n'));
    for (std::size_t at = 0, end = 0; at < text.size(); at = end + 1) {
      end = std::min(text.find('\n', at), text.size());
      BOOST_TEST(end - at <= 100U);
    }
  }
  const std::set<std::string_view> quiet = {"--from", "--to"};  // of rewrite-xml only
  for (const flag_spec& flag : flag_table()) {
    if (quiet.contains(flag.shown())) continue;
    BOOST_TEST(contains(help_for(command::operations), flag.shown()), flag.shown());
  }
  BOOST_TEST(contains(help_for(command::rewrite_xml), "--from ROOT"));
  const std::pair<command, std::uint8_t> own_help[] = {{command::sync, for_sync},
                                                       {command::rewrite_xml, for_rewrite},
                                                       {command::plan, for_plan},
                                                       {command::apply, for_apply},
                                                       {command::status, for_status}};
  for (const auto& [what, bit] : own_help) {
    for (const flag_spec& flag : flag_table()) {
      if ((flag.commands & bit) == 0 || flag.shown() == "--version") continue;
      BOOST_TEST(contains(help_for(what), flag.shown()), flag.shown());
    }
  }
  // Sizes alone differ everywhere else.
  for (const command what : {command::operations, command::sync, command::plan}) {
    BOOST_TEST(contains(help_for(what), "whose size or time differs, the newer wins"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
