#include "cli/settings/config_file.hpp"

#include "cli/settings/config_keys.hpp"
#include "tests/unit/cli/support.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

#include <unistd.h>

using namespace beatsync::cli;
using beatsync::tests::surroundings_with;
using beatsync::tests::temp_dir;

namespace {

config_file good(std::string_view text) {
  const auto config = parse_config(text, "config.json");
  BOOST_REQUIRE_MESSAGE(config.has_value(), (config ? "" : config.error().message));
  return *config;
}

std::string bad(std::string_view text) {
  const auto config = parse_config(text, "config.json");
  BOOST_REQUIRE_MESSAGE(!config.has_value(), "should have been refused: " << text);
  return config.error().message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_file_suite)

BOOST_AUTO_TEST_CASE(every_key_is_read) {
  const config_values v = good(R"({
    "USB_PATH": "/Volumes/DJ", "XML_PATH": "~/x.xml", "XML_ROOT": "E:/",
    "XML_IMPORT_USER": "bob", "USER": "ann", "AWS_PROFILE": "DJ",
    "SYNC_OPERATIONS": ["upload_music", "download-xml"],
    "UPLOAD_INCLUDE_DIRS": ["House", "[Free] House"], "UPLOAD_EXCLUDE_DIRS": [],
    "DOWNLOAD_INCLUDE_DIRS": [], "DOWNLOAD_EXCLUDE_DIRS": ["New Music"],
    "AWS_USE_DATE_MODIFIED": true, "BUCKET_URL": "s3://b/p", "ENDPOINT_URL": "https://h",
    "REGION": "eu-west-1", "LOG_DIR": "/l", "DISCORD_URL": "https://d"})")
                              .values;
  BOOST_TEST(v.usb_path.value() == "/Volumes/DJ");
  BOOST_TEST(v.xml_path.value() == "~/x.xml");
  BOOST_TEST(v.xml_root.value() == "E:/");
  BOOST_TEST(v.xml_import_user.value() == "bob");
  BOOST_TEST(v.user.value() == "ann");
  BOOST_TEST(v.aws_profile.value() == "DJ");
  BOOST_TEST(v.sync_operations.value() == (text_list{"upload_music", "download-xml"}));
  BOOST_TEST(v.upload_include_dirs.value() == (text_list{"House", "[Free] House"}));
  BOOST_TEST(!v.upload_exclude_dirs.has_value());
  BOOST_TEST(v.download_exclude_dirs.value() == (text_list{"New Music"}));
  BOOST_TEST(v.aws_use_date_modified.value());
  BOOST_TEST(v.bucket_url.value() == "s3://b/p");
  BOOST_TEST(v.endpoint_url.value() == "https://h");
  BOOST_TEST(v.region.value() == "eu-west-1");
  BOOST_TEST(v.log_dir.value() == "/l");
  BOOST_TEST(v.discord_url.value() == "https://d");
}

BOOST_AUTO_TEST_CASE(upstreams_whole_template_is_accepted_in_silence) {
  const config_file config = good(R"({
    "USB_PATH": "", "AWS_PROFILE": "", "UPLOAD_INCLUDE_DIRS": [], "AWS_USE_DATE_MODIFIED": false,
    "XML_IMPORT_USER": "", "USER": "", "DISCORD_URL": "", "YOUTUBE_DL": false,
    "RANDOMIZE_TRACKS_TAG": "track_num", "GENRE_TAG_DELIMITER": "/",
    "GENERATE_GENRE_PLAYLISTS_PURE": ["Ambient"],
    "AUTO_PLAYLIST_SUBREDDITS": [{"name": "HalftimeDnB", "limit": 50}],
    "SPOTIFY_PLAYLISTS_CHECK_FUZZ_RATIO": 80, "VERBOSITY": 0, "LOG_LEVEL": "INFO"})");
  BOOST_TEST(config.warnings.empty());
  BOOST_TEST(!config.values.usb_path.has_value());  // "" is not given
  BOOST_TEST(!config.values.user.has_value());
  BOOST_TEST(config.values.aws_use_date_modified.value() == false);
}

BOOST_AUTO_TEST_CASE(a_near_miss_is_a_warning_with_the_suggestion) {
  const config_file config = good("{\n  \"USB_PAHT\": \"/x\",\n  \"usb-path\": \"/y\"\n}");
  BOOST_REQUIRE_EQUAL(config.warnings.size(), 2U);
  BOOST_TEST(config.warnings[0] ==
             "config.json:2: USB_PAHT is no key and was ignored. Did you mean USB_PATH?");
  BOOST_TEST(config.warnings[1] ==
             "config.json:3: usb-path is no key and was ignored. Did you mean USB_PATH?");
  BOOST_TEST(good(R"({"BUCKET": "x"})").warnings.at(0).ends_with("BUCKET_URL?"));
  BOOST_TEST(good(R"({"_comment": "x", "FOO": 1})").warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_windows_path_with_backslashes_says_what_to_write) {
  BOOST_TEST(
      bad("{\n  \"USER\": \"ann\",\n  \"USB_PATH\": \"E:\\DJ\"\n}") ==
      "config.json:3: USB_PATH: \"E:\\DJ\" is not JSON, because a backslash has a meaning of "
      "its own there: write E:/DJ.");
}

BOOST_AUTO_TEST_CASE(a_backslash_that_happens_to_be_json_is_seen_too) {
  BOOST_TEST(bad("{\"XML_PATH\": \"E:\\new\\beat.xml\"}") ==
             "config.json:1: XML_PATH: in \"E:\\new\\beat.xml\" the backslash makes a control "
             "character: write E:/new/beat.xml.");
  BOOST_TEST(good("{\"XML_ROOT\": \"\\\\\\\\srv\\\\share\"}").values.xml_root.value() ==
             "\\\\srv\\share");
}

BOOST_AUTO_TEST_CASE(wrong_types_name_file_line_key_and_expectation) {
  BOOST_TEST(bad("{\n\n\"USB_PATH\": 5}") ==
             "config.json:3: USB_PATH: expected a text in double quotes, found a number.");
  BOOST_TEST(bad("{\"USER\": null}") ==
             "config.json:1: USER: expected a text in double quotes, found null.");
  BOOST_TEST(bad("{\"UPLOAD_INCLUDE_DIRS\": \"House\"}") ==
             "config.json:1: UPLOAD_INCLUDE_DIRS: expected a list of texts, as in [\"House\", "
             "\"Techno\"], found a text.");
  BOOST_TEST(bad("{\"UPLOAD_INCLUDE_DIRS\": [\"a\", [1]]}") ==
             "config.json:1: UPLOAD_INCLUDE_DIRS: expected only texts in the list, found a list.");
  BOOST_TEST(
      bad("{\"AWS_USE_DATE_MODIFIED\": \"true\"}") ==
      "config.json:1: AWS_USE_DATE_MODIFIED: expected true or false, without quotes, found a "
      "text.");
}

BOOST_AUTO_TEST_CASE(an_unknown_operation_is_named_with_its_line) {
  BOOST_TEST(bad("{\n\"SYNC_OPERATIONS\": [\"upload_musik\"]}") ==
             "config.json:2: SYNC_OPERATIONS: there is no operation `upload_musik`. Did you mean "
             "upload_music?");
}

BOOST_AUTO_TEST_CASE(what_people_get_wrong_in_json_is_said_in_their_words) {
  const auto starts = [](std::string_view text, std::string_view expected) {
    const std::string said = bad(text);
    BOOST_TEST(said.starts_with(expected), said);
  };
  starts("{\n\"USER\": \"a\",\n}", "config.json:3: the comma before `}` must go");
  starts("{\n\"USER\": \"a\"\n\"REGION\": \"b\"\n}", "config.json:3: a comma is missing");
  starts("{\n// mine\n\"USER\": \"a\"}", "config.json:2: JSON has no comments");
  starts("{\n\"USER\": 'a'}", "config.json:2: texts stand in double quotes");
  // What TextEdit, Word and phones make of them.
  starts("{\n\u201cUSER\u201d: \"a\"}",
         "config.json:2: \u201c is a typographic quotation mark: write straight ones (\")");
  starts("{\"USER\": \u201ea\u201c}", "config.json:1: \u201e is a typographic quotation mark");
  starts("{\"USER\": \u2018a\u2019}", "config.json:1: \u2018 is a typographic quotation mark");
  starts("{\n\"USER\": \"a,\n\"REGION\": \"b\"}", "config.json:2: a text is not closed");
  starts("{\"USER\": \"a\"", "config.json:1: the file ends too early");
  starts("", "config.json:1: the file is empty");
  starts("{\"USER\": \"a\"} x", "config.json:1: ");
  starts("{\n\n\"USER\": \"\xff\"}", "config.json:3: the file is not UTF-8");
  starts("\xff\xfe{\0}", "config.json: the file is UTF-16");
  starts(std::string_view("{\0}\0", 4), "config.json: the file is UTF-16");
  starts(std::string_view("\0{\0}", 4), "config.json: the file is UTF-16");
  starts("[1]", "config.json:1: expected an object");
  starts("{\"X\": 1,\n\"LIMIT\": [18446744073709551616]}",
         "config.json:2: LIMIT: 18446744073709551616 is too large a number.");
  starts("{\"LIMIT\": 1e999}", "config.json:1: LIMIT: 1e999 is no number, or too large a one.");
  starts("{\"LIMIT\": 007}", "config.json:1: LIMIT: 007 is no number, or too large a one.");
  for (const char* name : {"\\ud800", "x\\n\\udc00 y", "\\ud83d\\ude00\\ud83dz"}) {
    starts("{\n\"USER\": \"" + std::string(name) + "\"}", "config.json:2: USER: \"");
    BOOST_TEST(bad("{\"USER\": \"" + std::string(name) + "\"}").find("write the character") !=
               std::string::npos);
  }
  starts("{\"USB_PATH\": \"E:\\users\"}",
         "config.json:1: USB_PATH: \"E:\\users\" is not JSON, because a backslash");
}

BOOST_AUTO_TEST_CASE(nesting_without_end_is_refused) {
  const std::string deep = "{\"X\": " + std::string(100000, '[') + std::string(100000, ']') + "}";
  BOOST_TEST(!bad(deep).empty());
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_config_is_refused_with_a_line) {
  const std::string whole =
      "{\n  \"USB_PATH\": \"/Volumes/DJ\",\n  \"SYNC_OPERATIONS\": [\"upload_music\"],\n"
      "  \"AWS_USE_DATE_MODIFIED\": false\n}";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    BOOST_TEST(bad(whole.substr(0, size)).starts_with("config.json:"));
  }
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_fine) {
  BOOST_TEST(good("\xef\xbb\xbf{\"USER\": \"ann\"}").values.user.value() == "ann");
}

BOOST_AUTO_TEST_CASE(of_two_equal_keys_the_last_counts_and_both_lines_are_named) {
  const config_file config = good("{\n\"USER\": \"a\",\n\"USER\": \"b\"\n}");
  BOOST_TEST(config.values.user.value() == "b");
  BOOST_TEST(config.warnings.at(0) ==
             "config.json:3: USER stands here for the second time (first in line 2); the last one "
             "counts");
}

BOOST_AUTO_TEST_CASE(it_is_found_in_the_order_of_the_contract) {
  const temp_dir folder;
  auto around = surroundings_with({{"XDG_CONFIG_HOME", (folder / "xdg").string()}});
  around.working_folder = (folder / "cwd").string();
  around.home = (folder / "home").string();
  const auto found = [&] { return find_config(std::nullopt, around)->path; };
  std::filesystem::create_directories(folder / "cwd");

  BOOST_TEST(found().empty());
  const std::string in_folder = folder.write("cwd/config.json", "{}").string();
  BOOST_TEST(found() == in_folder);
  const std::string in_config = folder.write("cwd/config/config.json", "{}").string();
  BOOST_TEST(found() == in_config);
  const std::string in_xdg = folder.write("xdg/beatsync/config.json", "{}").string();
  BOOST_TEST(found() == in_xdg);
  const std::string named = folder.write("named.json", "{}").string();
  auto told = surroundings_with({{"BEATSYNC_CONFIG", named}});
  BOOST_TEST(find_config(std::nullopt, told)->path == named);
  BOOST_TEST(find_config(in_folder, told)->path == in_folder);
}

BOOST_AUTO_TEST_CASE(without_xdg_the_home_folder_has_it) {
  const temp_dir folder;
  auto around = surroundings_with({{"XDG_CONFIG_HOME", "relative"}});  // invalid by its standard
  around.home = folder.path().string();
  const std::string path = folder.write(".config/beatsync/config.json", "{}").string();
  BOOST_TEST(find_config(std::nullopt, around)->path == path);
}

// A folder without permission is another such place; tests may run as root, for whom there is none.
BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_looked_at_is_not_passed_over) {
  const temp_dir folder;
  auto around = surroundings_with();
  around.home = folder.path().string();
  around.working_folder = (folder / "cwd").string();
  folder.write("cwd/config.json", "{}");
  std::filesystem::create_symlink(".config", folder / ".config");  // a loop
  const auto place = find_config(std::nullopt, around);
  BOOST_TEST_REQUIRE(!place.has_value());
  BOOST_TEST(place.error().message.find("beatsync/config.json cannot be looked at (") !=
             std::string::npos);
  std::filesystem::remove(folder / ".config");
  folder.write(".config", "a file");
  BOOST_TEST(find_config(std::nullopt, around)->path == (folder / "cwd/config.json").string());
}

BOOST_AUTO_TEST_CASE(a_named_config_must_be_there) {
  const auto around = surroundings_with({{"BEATSYNC_CONFIG", "/nowhere/c.json"}});
  BOOST_TEST(find_config(std::nullopt, around).error().message ==
             "BEATSYNC_CONFIG names /nowhere/c.json, and there is no such file.");
  BOOST_TEST(find_config("~/c.json", around).error().message ==
             "--config names /home/ann/c.json, and there is no such file.");
}

BOOST_AUTO_TEST_CASE(what_is_no_config_is_not_read) {
  const temp_dir folder;
  const std::string large = folder.write("large", std::string(2 << 20, ' ')).string();
  BOOST_TEST(read_config(large, surroundings_with()).error().message.find("no config.json") !=
             std::string::npos);
  BOOST_TEST(!read_config(folder.path().string(), surroundings_with()).has_value());
}

// `--config <(…)`
BOOST_AUTO_TEST_CASE(a_pipe_is_read_and_nothing_is_kept_beside_it) {
  for (const bool large : {false, true}) {
    int ends[2] = {-1, -1};
    BOOST_REQUIRE(::pipe(ends) == 0);
    std::thread writer([&] {
      std::string text = R"({"USER": "ann")";
      if (large) text.append(2U << 20U, ' ');
      text += '}';
      for (std::string_view rest = text; !rest.empty();) {
        const ssize_t put = ::write(ends[1], rest.data(), rest.size());
        if (put <= 0) break;
        rest.remove_prefix(static_cast<std::size_t>(put));
      }
      ::close(ends[1]);
    });
    const std::string path = "/dev/fd/" + std::to_string(ends[0]);
    const auto config = read_config(path, surroundings_with());
    char rest[4096];
    while (::read(ends[0], rest, sizeof rest) > 0) {
    }
    writer.join();
    ::close(ends[0]);
    BOOST_TEST_REQUIRE(config.has_value() != large);
    if (large) {
      BOOST_TEST(config.error().message.find("more than 1024 KB") != std::string::npos);
      continue;
    }
    BOOST_TEST(config->values.user.value() == "ann");
    BOOST_TEST(config->path == path);
    BOOST_TEST(!config->is_kept);
  }
}

BOOST_AUTO_TEST_CASE(the_null_device_is_no_config) {
  const auto config = read_config("/dev/null", surroundings_with());
  BOOST_TEST_REQUIRE(config.has_value());
  BOOST_TEST(config->path.empty());
  BOOST_TEST(config->told == "using no config (/dev/null)");
  const temp_dir folder;
  const auto empty = read_config(folder.write("empty", "").string(), surroundings_with());
  BOOST_TEST(empty.error().message.find("the file is empty") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_of_keys_become_flags) {
  BOOST_TEST(flag_of("XML_IMPORT_USER") == "--xml-import-user");
  for (const config_key& key : config_keys()) BOOST_TEST(!is_upstream_key(key.name));
}

BOOST_AUTO_TEST_SUITE_END()
