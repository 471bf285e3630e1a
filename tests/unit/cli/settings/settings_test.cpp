#include "cli/settings/settings.hpp"

#include "cli/settings/user_name.hpp"
#include "tests/unit/cli/support.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::cli;
using beatsync::engine::direction;
using beatsync::engine::on_conflict;
using beatsync::tests::surroundings_with;

namespace {

using variables = std::map<std::string, std::string>;

config_file config_of(std::string_view text) {
  auto config = parse_config(text, "config.json");
  BOOST_REQUIRE_MESSAGE(config.has_value(), (config ? "" : config.error().message));
  config->path = "/etc/dj/config.json";
  return *config;
}

result<settings> make(const std::vector<std::string>& arguments, std::string_view config,
                      const variables& env = {}) {
  const auto given = parse_options(arguments);
  BOOST_REQUIRE_MESSAGE(given.has_value(), (given ? "" : given.error().message));
  return make_settings(*given, config_of(config), surroundings_with(env));
}

settings good(const std::vector<std::string>& arguments, std::string_view config,
              const variables& env = {}) {
  const auto made = make(arguments, config, env);
  BOOST_REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().message));
  return *made;
}

std::string bad(const std::vector<std::string>& arguments, std::string_view config,
                const variables& env = {}) {
  const auto made = make(arguments, config, env);
  BOOST_REQUIRE_MESSAGE(!made.has_value(), "should have been refused");
  return made.error().message;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

constexpr std::string_view whole =
    R"({"USB_PATH": "/stick", "XML_PATH": "/x/my.xml", "BUCKET_URL": "s3://beats/crew/",
        "XML_IMPORT_USER": "bob", "USER": "ann"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(settings_suite)

BOOST_AUTO_TEST_CASE(flag_beats_variable_beats_config_beats_default) {
  const variables env = {{"BEATSYNC_USER", "eve"}};
  BOOST_TEST(good({"upload_music", "--user", "flo"}, whole, env).user == "flo");
  BOOST_TEST(good({"upload_music"}, whole, env).user == "eve");
  BOOST_TEST(good({"upload_music"}, whole).user == "ann");
  BOOST_TEST(
      good({"upload_music", "--user", "bob"}, R"({"USB_PATH":"/s","BUCKET_URL":"s3://b"})").user ==
      "bob");
  BOOST_TEST(good({"upload_music"}, R"({"USB_PATH":"/s","BUCKET_URL":"s3://b"})").user == "ann");
}

BOOST_AUTO_TEST_CASE(every_text_has_its_variable) {
  const settings s = good({"upload_music"}, "{}",
                          {{"BEATSYNC_USB_PATH", "/u"},
                           {"BEATSYNC_XML_PATH", "/x"},
                           {"BEATSYNC_XML_ROOT", "E:/"},
                           {"BEATSYNC_XML_IMPORT_USER", "bob"},
                           {"BEATSYNC_BUCKET_URL", "s3://b/p"},
                           {"BEATSYNC_ENDPOINT_URL", "https://h"},
                           {"BEATSYNC_REGION", "r1"},
                           {"BEATSYNC_AWS_PROFILE", "dj"},
                           {"BEATSYNC_CA_BUNDLE", "ca.pem"},
                           {"BEATSYNC_ADDRESSING_STYLE", "path"},
                           {"BEATSYNC_TRANSFERS", "7"},
                           {"BEATSYNC_AWS_USE_DATE_MODIFIED", "yes"},
                           {"BEATSYNC_UPLOAD_INCLUDE_DIRS", "House\nDeep, Dub\n"}});
  BOOST_TEST(s.usb_path == "/u");
  BOOST_TEST(s.xml_root == "E:/");
  BOOST_TEST(s.xml_import_user == "bob");
  BOOST_TEST(s.store.place.bucket == "b");
  BOOST_TEST(s.store.place.prefix == "p/");
  BOOST_TEST(s.store.endpoint_url == "https://h");
  BOOST_TEST(s.store.region == "r1");
  BOOST_TEST(s.store.profile == "dj");
  BOOST_TEST(s.store.profile_is_explicit);
  BOOST_TEST(s.store.ca_bundle == "/work/ca.pem");
  BOOST_TEST((s.store.style == addressing::path));
  BOOST_TEST(s.store.transfers == 7U);
  BOOST_TEST((s.conflict == on_conflict::newer_wins));
  BOOST_TEST(s.upload_names.include_dirs == (text_list{"House", "Deep, Dub"}));
}

BOOST_AUTO_TEST_CASE(messages_can_name_what_really_set_a_value) {
  const settings by_config = good({"upload_music"}, whole);
  BOOST_TEST(by_config.usb_path_source == "USB_PATH in /etc/dj/config.json");
  BOOST_TEST(by_config.xml_path_source == "XML_PATH in /etc/dj/config.json");
  const settings by_flag = good({"upload_music", "--usb-path", "/u", "--endpoint-url", "https://h"},
                                whole, {{"BEATSYNC_ENDPOINT_URL", "https://e"}});
  BOOST_TEST(by_flag.usb_path_source == "--usb-path");
  BOOST_TEST(by_flag.store.endpoint_source == "--endpoint-url");
  const settings by_variable = good({"upload_music"}, whole,
                                    {{"BEATSYNC_XML_PATH", "/x"},
                                     {"BEATSYNC_ENDPOINT_URL", "https://e"},
                                     {"BEATSYNC_CA_BUNDLE", "ca.pem"}});
  BOOST_TEST(by_variable.xml_path_source == "BEATSYNC_XML_PATH");
  BOOST_TEST(by_variable.store.endpoint_source == "BEATSYNC_ENDPOINT_URL");
  BOOST_TEST(by_variable.store.ca_bundle_source == "BEATSYNC_CA_BUNDLE");
}

BOOST_AUTO_TEST_CASE(the_config_stands_below_the_aws_variables_for_endpoint_and_region) {
  const std::string_view config =
      R"({"USB_PATH":"/s","BUCKET_URL":"s3://b","ENDPOINT_URL":"https://c","REGION":"rc"})";
  const settings s = good({"upload_music"}, config);
  BOOST_TEST(s.store.endpoint_url.empty());
  BOOST_TEST(s.store.configured_endpoint_url == "https://c");
  BOOST_TEST(s.store.region.empty());
  BOOST_TEST(s.store.configured_region == "rc");
  BOOST_TEST(s.store.name == "https://c/b");
  const variables aws = {{"AWS_ENDPOINT_URL", "https://e"}};
  BOOST_TEST(good({"upload_music"}, config, aws).store.name == "https://e/b");
}

BOOST_AUTO_TEST_CASE(which_profile_is_chosen) {
  const auto with = [](std::string_view profile) {
    return R"({"USB_PATH":"/s","BUCKET_URL":"s3://b","AWS_PROFILE":")" + std::string(profile) +
           "\"}";
  };
  BOOST_TEST(good({"upload_music"}, with("DJ")).store.profile == "DJ");
  BOOST_TEST(good({"upload_music"}, with("DJ")).store.profile_is_explicit);
  for (const char* none : {"", "default", "DEFAULT"}) {
    BOOST_TEST(good({"upload_music"}, with(none)).store.profile.empty());
    BOOST_TEST(!good({"upload_music"}, with(none)).store.profile_is_explicit);
  }
  // The shell's choice beats the config's and is the session's to read.
  for (const char* name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"})
    BOOST_TEST(good({"upload_music"}, with("DJ"), {{name, "x"}}).store.profile.empty());
  BOOST_TEST(
      good({"upload_music", "--profile", "f"}, with("DJ"), {{"AWS_PROFILE", "x"}}).store.profile ==
      "f");
}

// `default` means no choice in the config of the upstream tool only.
BOOST_AUTO_TEST_CASE(the_default_profile_may_be_asked_for_by_name) {
  const std::string_view config = R"({"USB_PATH":"/s","BUCKET_URL":"s3://b","AWS_PROFILE":"DJ"})";
  const variables shell = {{"AWS_PROFILE", "other"}};
  const variables ours = {{"AWS_PROFILE", "other"}, {"BEATSYNC_AWS_PROFILE", "default"}};
  const variables short_one = {{"BEATSYNC_PROFILE", "default"}};
  for (const settings& s :
       {good({"upload_music", "--profile", "default"}, config, shell),
        good({"upload_music"}, config, ours), good({"upload_music"}, config, short_one)}) {
    BOOST_TEST(s.store.profile == "default");
    BOOST_TEST(s.store.profile_is_explicit);
  }
}

BOOST_AUTO_TEST_CASE(paths_are_absolute_and_know_the_home_folder) {
  const settings s = good({"upload_xml"}, R"({"USB_PATH": "stick/", "XML_PATH": "~/x/./my.xml",
                                              "BUCKET_URL": "s3://b"})");
  BOOST_TEST(s.usb_path == "/work/stick");
  BOOST_TEST(s.xml_path == "/home/ann/x/my.xml");
  BOOST_TEST(s.music_folder() == "/work/stick/DJ Music");
  BOOST_TEST(s.xml_root == "/work/stick");
}

BOOST_AUTO_TEST_CASE(xml_root_is_kept_as_it_is_spelled) {
  const auto root = [](const char* text) {
    return good({"upload_music", "--xml-root", text}, whole).xml_root;
  };
  BOOST_TEST(root("E:\\") == "E:\\");
  BOOST_TEST(root("/Volumes/DJ/") == "/Volumes/DJ/");
  BOOST_TEST(contains(bad({"upload_music", "--xml-root", "DJ"}, whole), "--xml-root is `DJ`"));
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_said_with_what_to_do) {
  BOOST_TEST(contains(bad({"upload_music"}, R"({"USB_PATH": "/s"})"), "s3://dj.beatcloud.com"));
  BOOST_TEST(contains(bad({"upload_music"}, R"({"BUCKET_URL": "s3://b"})"),
                      "USB_PATH in /etc/dj/config.json"));
  BOOST_TEST(contains(bad({"download_xml"}, R"({"BUCKET_URL": "s3://b", "USB_PATH": "/s"})"),
                      "XML_IMPORT_USER in /etc/dj/config.json"));
  BOOST_TEST(contains(bad({"upload_xml"}, R"({"BUCKET_URL": "s3://b", "USB_PATH": "/s"})"),
                      "XML_PATH in /etc/dj/config.json"));
  BOOST_TEST(
      contains(bad({"upload_xml"}, R"({"BUCKET_URL": "s3://b", "XML_PATH": "/x"})"), "XML_ROOT"));
  BOOST_TEST(contains(bad({}, whole), "there is nothing to do"));
}

BOOST_AUTO_TEST_CASE(without_a_config_it_is_said_where_one_belongs) {
  const auto said = [](const std::vector<std::string>& words, const variables& env) {
    return make_settings(*parse_options(words), config_file(), surroundings_with(env))
        .error()
        .message;
  };
  const variables bucket = {{"BEATSYNC_BUCKET_URL", "s3://b"}};
  BOOST_TEST(contains(said({"upload_music"}, {}),
                      "write \"BUCKET_URL\": \"s3://your-bucket\" into "
                      "/home/ann/.config/beatsync/config.json, or give --bucket-url"));
  BOOST_TEST(contains(said({"upload_music"}, bucket),
                      "USB_PATH in /home/ann/.config/beatsync/config.json"));
  BOOST_TEST(contains(said({}, {{"XDG_CONFIG_HOME", "/xdg"}}),
                      "SYNC_OPERATIONS in /xdg/beatsync/config.json"));
}

BOOST_AUTO_TEST_CASE(xml_operations_need_no_stick_where_the_root_is_known) {
  const settings s = good({"upload_xml"}, R"({"BUCKET_URL": "s3://b", "XML_PATH": "/x.xml",
                                              "XML_ROOT": "E:/"})");
  BOOST_TEST(s.usb_path.empty());
  BOOST_TEST(s.xml_root == "E:/");
}

BOOST_AUTO_TEST_CASE(operations_come_from_words_else_variable_else_config) {
  const std::string_view config = R"({"USB_PATH": "/s", "BUCKET_URL": "s3://b",
                                      "SYNC_OPERATIONS": ["download_music", "upload-music"]})";
  BOOST_TEST((good({}, config).operations ==
              std::vector{operation::download_music, operation::upload_music}));
  BOOST_TEST((good({"upload_music"}, config).operations == std::vector{operation::upload_music}));
  BOOST_TEST((good({}, config, {{"BEATSYNC_SYNC_OPERATIONS", "upload_music"}}).operations ==
              std::vector{operation::upload_music}));
  BOOST_TEST(contains(bad({"--sync-operations", "nope"}, config), "there is no operation `nope`"));
  BOOST_TEST(
      contains(bad({"upload_music", "--sync-operations", "upload_music"}, config), "in one way"));
}

BOOST_AUTO_TEST_CASE(both_lists_of_one_direction_are_refused) {
  const std::string_view config = R"({"USB_PATH": "/s", "BUCKET_URL": "s3://b",
      "DOWNLOAD_INCLUDE_DIRS": ["a"], "DOWNLOAD_EXCLUDE_DIRS": ["b"]})";
  BOOST_TEST(contains(bad({"upload_music"}, config), "DOWNLOAD_EXCLUDE_DIRS are both given"));
  const std::string_view one = R"({"USB_PATH": "/s", "BUCKET_URL": "s3://b",
      "UPLOAD_EXCLUDE_DIRS": ["b"], "DOWNLOAD_INCLUDE_DIRS": ["a"]})";
  BOOST_TEST(good({"upload_music"}, one).upload_names.exclude_dirs == (text_list{"b"}));
  BOOST_TEST(contains(bad({"upload_music", "--upload-include-dirs", "x"}, one), "are both given"));
}

BOOST_AUTO_TEST_CASE(folders_are_taken_relative_to_the_library_however_they_are_written) {
  const settings s =
      good({"upload_music", "--upload-include-dirs", "./House/", "--upload-include-dirs",
            "/stick/DJ Music/Techno/2023", "--upload-include-dirs", "bob/*/2023-04-04"},
           whole);
  BOOST_TEST(s.upload_names.include_dirs ==
             (text_list{"House", "Techno/2023", "bob/*/2023-04-04"}));
  BOOST_TEST(contains(bad({"upload_music", "--upload-include-dirs", "../x"}, whole),
                      "no folder or file below"));
}

BOOST_AUTO_TEST_CASE(who_wins_is_a_table) {
  const std::string_view dated = R"({"USB_PATH": "/s", "BUCKET_URL": "s3://b",
                                     "AWS_USE_DATE_MODIFIED": true})";
  const auto dj = [&](std::vector<std::string> flags, std::string_view config) {
    flags.insert(flags.begin(), "upload_music");
    return good(flags, config).conflict;
  };
  BOOST_TEST((dj({}, whole) == on_conflict::leave));
  BOOST_TEST((dj({"--overwrite"}, whole) == on_conflict::source_wins));
  BOOST_TEST((dj({"--aws-use-date-modified"}, whole) == on_conflict::newer_wins));
  BOOST_TEST((dj({}, dated) == on_conflict::newer_wins));
  BOOST_TEST((dj({"--overwrite"}, dated) == on_conflict::source_wins));
  BOOST_TEST((dj({"--no-overwrite"}, dated) == on_conflict::leave));
  BOOST_TEST((dj({"--size-only"}, dated) == on_conflict::leave));

  const auto sync = [&](std::vector<std::string> flags, std::string_view config) {
    flags.insert(flags.begin(), {"sync", "x", "s3://b"});
    return good(flags, config).conflict;
  };
  BOOST_TEST((sync({}, whole) == on_conflict::source_wins));
  BOOST_TEST((sync({}, dated) == on_conflict::source_wins));  // the config only tells the way
  BOOST_TEST((sync({"--no-overwrite"}, whole) == on_conflict::leave));
  BOOST_TEST((sync({"--aws-use-date-modified"}, whole) == on_conflict::newer_wins));
}

BOOST_AUTO_TEST_CASE(sync_goes_one_way_or_the_other) {
  const settings up = good({"sync", "music/", "s3://b/a/b///"}, "{}");
  BOOST_TEST((up.way == direction::upload));
  BOOST_TEST(up.local_folder == "/work/music");
  BOOST_TEST(up.store.place.prefix == "a/b/");
  const settings down = good({"sync", "s3://b", "~/music"}, "{}");
  BOOST_TEST((down.way == direction::download));
  BOOST_TEST(down.local_folder == "/home/ann/music");
  BOOST_TEST(down.store.place.prefix.empty());
  BOOST_TEST(contains(bad({"sync", "a", "b"}, "{}"), "both on this machine"));
  BOOST_TEST(contains(bad({"sync", "a", "s3://"}, "{}"), "name is missing"));
}

BOOST_AUTO_TEST_CASE(between_two_buckets_the_store_copies) {
  const settings s = good({"sync", "s3://a/x", "s3://b"}, "{}");
  BOOST_TEST_REQUIRE(s.copy_from.has_value());
  BOOST_TEST(s.copy_from->text() == "s3://a/x/");
  BOOST_TEST(s.store.place.text() == "s3://b/");
  BOOST_TEST(good({"sync", "s3://a/x", "s3://a/xy"}, "{}").copy_from.has_value());
  for (const auto& [from, to] : {std::pair("s3://a", "s3://a"), std::pair("s3://a/x", "s3://a"),
                                 std::pair("s3://a/x", "s3://a/x/y")}) {
    BOOST_TEST(contains(bad({"sync", from, to}, "{}"), "one within the other"));
  }
  BOOST_TEST(contains(bad({"sync", "s3://a", "s3://b", "--aws-use-date-modified"}, "{}"),
                      "between two buckets"));
}

BOOST_AUTO_TEST_CASE(a_plan_has_shards_and_a_place) {
  const settings s = good({"plan", "x", "s3://b", "--shards", "7", "--out", "~/plan/"}, "{}");
  BOOST_TEST(s.shards == 7u);
  BOOST_TEST(s.plan_folder == "/home/ann/plan");
  BOOST_TEST(!s.plan_bucket.has_value());
  const settings far = good({"plan", "x", "s3://b/x", "--shards", "1", "--out", "s3://b/p"}, "{}");
  BOOST_TEST(far.plan_bucket->text() == "s3://b/p/");
  for (const char* wrong : {"0", "-1", "10001", "x", "1x", "99999999999"}) {
    BOOST_TEST(contains(bad({"plan", "x", "s3://b", "--out", "p", "--shards", wrong}, "{}"),
                        "from 1 to 10000"));
  }
  for (const char* inside : {"x", "x/p", "s3://b", "s3://b/p"}) {
    BOOST_TEST(contains(bad({"plan", "x", "s3://b", "--shards", "1", "--out", inside}, "{}"),
                        "within SRC or DST"));
  }
}

BOOST_AUTO_TEST_CASE(apply_takes_manifests_or_a_shard) {
  const settings files = good({"apply", "a.jsonl", "/b.jsonl"}, "{}");
  BOOST_TEST(files.manifests == (text_list{"/work/a.jsonl", "/b.jsonl"}));
  const settings shard = good({"apply", "s3://b/p", "--shard", "3"}, "{}");
  BOOST_TEST(shard.shard.value() == 3u);
  BOOST_TEST(shard.plan_bucket->text() == "s3://b/p/");
  BOOST_TEST(contains(bad({"apply", "s3://b/p"}, "{}"), "--shard K"));
  BOOST_TEST(contains(bad({"apply", "p", "--shard", "one"}, "{}"), "from 0, or auto"));
  BOOST_TEST(contains(bad({"apply", "p", "--shard", "auto"}, "{}"), "SLURM_ARRAY_TASK_ID"));
  const variables slurm = {{"SLURM_ARRAY_TASK_ID", "5"}};
  const variables kubernetes = {{"JOB_COMPLETION_INDEX", "6"}};
  BOOST_TEST(good({"apply", "p", "--shard", "auto"}, "{}", slurm).shard.value() == 5u);
  BOOST_TEST(good({"apply", "p", "--shard", "auto"}, "{}", kubernetes).shard.value() == 6u);
  BOOST_TEST(good({"status", "p"}, "{}").plan_folder == "/work/p");
}

BOOST_AUTO_TEST_CASE(bucket_urls_that_are_none_say_what_is_expected) {
  BOOST_TEST(contains(bad({"upload_music", "--bucket-url", "beats"}, whole), "perhaps s3://beats"));
  BOOST_TEST(contains(bad({"upload_music", "--bucket-url", "https://s3.x.org/beats"}, whole),
                      "ENDPOINT_URL"));
}

// Taken for a folder, a mistyped URL would have a whole bucket land in it.
BOOST_AUTO_TEST_CASE(a_mistyped_url_is_no_folder) {
  for (const char* word :
       {"s3:/b/x", "S3://b/x", "s3:b", "https://minio.example.org/b", "gs://b"}) {
    const std::string there = std::string("./") + word;
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"sync", "s3://b/lib", word},
             {"sync", word, "s3://b/lib"},
             {"plan", "s3://b/lib", word, "--shards", "1", "--out", "p"},
             {"plan", "x", "s3://b/lib", "--shards", "1", "--out", word},
             {"apply", word, "--shard", "1"},
             {"apply", word},
             {"status", word}}) {
      const std::string said = bad(words, "{}");
      BOOST_TEST(contains(said, "expected s3://bucket"), said);
      BOOST_TEST(contains(said, "a folder of that name is " + there), said);
    }
    BOOST_TEST(!good({"sync", "s3://b/lib", there}, "{}").local_folder.empty());
  }
  BOOST_TEST(good({"sync", "s3://b", "/a/b://c"}, "{}").local_folder == "/a/b:/c");
  BOOST_TEST(
      contains(bad({"upload_music", "--bucket-url", "s3:/bkt"}, whole), "perhaps s3://bkt."));
  BOOST_TEST(
      contains(bad({"upload_music", "--bucket-url", "S3://bkt/p"}, whole), "perhaps s3://bkt/p."));
}

BOOST_AUTO_TEST_CASE(names_of_users_are_one_segment) {
  for (const char* name : {"a/b", "a\\b", "..", ".", "a:b", "a*", "what?", "a\"b", "<a", "a>",
                           "a|b", "a\nb", "\x7f"}) {
    BOOST_TEST(!check_user_name(name, "USER").has_value(), name);
  }
  for (const char* name : {"ann", "Ann B.", "...", "böb", "dj-ünsal_1", "日本"}) {
    BOOST_TEST(check_user_name(name, "USER").has_value(), name);
  }
  BOOST_TEST(contains(bad({"upload_music", "--xml-import-user", "../eve"}, whole),
                      "--xml-import-user is `../eve`"));
  auto around = surroundings_with();
  around.user_name = "CORP\\ann";
  const auto made = make_settings(*parse_options({"upload_music"}),
                                  config_of(R"({"USB_PATH":"/s","BUCKET_URL":"s3://b"})"), around);
  BOOST_TEST(contains(made.error().message, "your name on this machine"));
}

BOOST_AUTO_TEST_CASE(numbers_and_styles_are_checked) {
  for (const char* count : {"0", "257", "-1", "x", "4x"}) {
    BOOST_TEST(contains(bad({"upload_music", "--transfers=" + std::string(count)}, whole),
                        "a number from 1 to 256"));
  }
  BOOST_TEST(contains(bad({"upload_music", "--addressing-style", "dns"}, whole),
                      "expected auto, path or virtual"));
  BOOST_TEST(contains(bad({"upload_music"}, whole, {{"BEATSYNC_AWS_USE_DATE_MODIFIED", "maybe"}}),
                      "expected true or false"));
}

BOOST_AUTO_TEST_CASE(what_does_nothing_yet_is_a_warning) {
  const settings s =
      good({"upload_music", "--log-dir", "/l"},
           R"({"USB_PATH":"/s","BUCKET_URL":"s3://b","DISCORD_URL":"https://d/secret"})");
  BOOST_REQUIRE_EQUAL(s.warnings.size(), 2U);
  BOOST_TEST(contains(s.warnings[0], "--log-dir does nothing yet"));
  BOOST_TEST(contains(s.warnings[1], "DISCORD_URL in /etc/dj/config.json does nothing yet"));
  BOOST_TEST(!contains(s.warnings[1], "secret"));
}

BOOST_AUTO_TEST_CASE(rewrite_needs_no_config) {
  const settings s = good({"rewrite-xml", "in.xml", "-", "--from", "E:/", "--to", "/V"}, "{}");
  BOOST_TEST(s.input == "/work/in.xml");
  BOOST_TEST(s.output == "-");
  BOOST_TEST(
      contains(bad({"rewrite-xml", "a", "b", "--from", "x", "--to", "/V"}, "{}"), "--from is `x`"));
  for (const auto& [in, out] : {std::pair("a/", "b"), std::pair("a", "b/")}) {
    BOOST_TEST(contains(bad({"rewrite-xml", in, out, "--from", "E:/", "--to", "/V"}, "{}"),
                        "names a folder"));
  }
}

BOOST_AUTO_TEST_CASE(caches_follow_the_base_directories) {
  BOOST_TEST(good({"upload_music"}, whole).cache_folder == "/home/ann/.cache/beatsync");
  BOOST_TEST(good({"upload_music"}, whole).state_folder == "/home/ann/.local/state/beatsync");
  BOOST_TEST(good({"upload_music"}, whole, {{"XDG_STATE_HOME", "/st"}}).state_folder ==
             "/st/beatsync");
  BOOST_TEST(good({"upload_music"}, whole, {{"XDG_CACHE_HOME", "rel"}}).cache_folder ==
             "/home/ann/.cache/beatsync");
}

BOOST_AUTO_TEST_SUITE_END()
