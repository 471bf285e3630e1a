// An existing beatcloud, as the upstream tool (aws s3 cp/sync behind Python) left it.
#include "tests/scenario/library.hpp"
#include "tests/scenario/tree.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync;
using namespace beatsync::tests;
namespace fs = std::filesystem;

namespace {

struct upstream_beatcloud {
  tls_store& store = *tls_store_of(tls_store_kind::strict);
  s3_server::server& server = *store.strict();
  std::string bucket = store.fresh_bucket();
  dj bob{store, bucket, "bob"};

  upstream_beatcloud() {
    server.clear_faults();
    for (const char* marker : {"dj/", "dj/music/", "dj/music/anna/", "dj/xml/", "dj/xml/anna/"}) {
      server.put(bucket, marker, "");  // "Create folder" of the AWS console
    }
    for (const char* junk :
         {"dj/music/.DS_Store", "dj/music/anna/.DS_Store", "dj/music/anna/._one.mp3"}) {
      server.put(bucket, junk, "junk");
    }
    server.put(bucket, "dj/music/anna/House/one.mp3", "first track");
    server.put(bucket, "dj/music/anna/House/two.mp3", "second track");
    // Uploaded under the file's own name, without metadata.
    server.put(bucket, "dj/xml/anna/my_rekordbox.xml",
               collection(locations_below("/Volumes/ANNA")));

    bob.set("XML_ROOT", "/Volumes/BOB");
    bob.set("XML_IMPORT_USER", "anna");
    bob.set("AWS_PROFILE", "DEFAULT");
    bob.set("DISCORD_URL", "https://example.invalid/hook");
    bob.config["SYNC_OPERATIONS"] = R"(["download_music", "download_xml"])";
    bob.config["VERBOSITY"] = "0";  // one of upstream's other keys
    write_text(bob.xml(), collection(locations_below("/Volumes/BOB")));
    // From a git checkout, with Anna's stick and a stranger's.
    write_text(bob.home() / "registered_users.json",
               "{\n    \"anna\": \"/Volumes/ANNA/\",\n    \"carl\": \"D:\\\\\"\n}\n");
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(upstream)

BOOST_FIXTURE_TEST_CASE(its_music_comes_down_without_the_junk, upstream_beatcloud) {
  const auto down = bob.run_json({"download_music"});
  expect_exit(down.process, 0);
  BOOST_TEST(down.summary("download_music").number("planned") == 2);
  const auto found = read_tree(bob.library());
  BOOST_TEST(found.size() == 2u);
  BOOST_TEST(found.at("anna/House/one.mp3").content == "first track");
  const auto again = bob.run_json({"download_music"});
  BOOST_TEST(again.summary("download_music").number("planned") == 0);
}

BOOST_FIXTURE_TEST_CASE(its_xml_is_found_under_its_own_name, upstream_beatcloud) {
  const auto down = bob.run({"download_xml"});
  expect_exit(down, 0);
  BOOST_TEST(read_file(bob.home() / "anna_rekordbox.xml") ==
             collection(locations_below("/Volumes/BOB")));
}

BOOST_FIXTURE_TEST_CASE(registered_users_keeps_its_other_entries, upstream_beatcloud) {
  expect_exit(bob.run({"download_music"}), 0);
  const auto users = read_file(bob.home() / "registered_users.json");
  BOOST_TEST(users.find("\"anna\": \"/Volumes/ANNA/\"") != std::string::npos, users);
  BOOST_TEST(users.find("\"carl\": \"D:\\\\\"") != std::string::npos, users);
  BOOST_TEST(users.find("\"bob\": \"/Volumes/BOB\"") != std::string::npos, users);
}

BOOST_FIXTURE_TEST_CASE(a_merge_conflict_is_left_as_it_is, upstream_beatcloud) {
  const std::string conflict = "{\n<<<<<<< HEAD\n\"anna\": \"/a\"\n=======\n";
  write_text(bob.home() / "registered_users.json", conflict);
  const auto run = bob.run({"download_music"});
  BOOST_TEST(run.err.find("registered_users.json") != std::string::npos, run.err);
  BOOST_TEST(read_file(bob.home() / "registered_users.json") == conflict);
}

BOOST_FIXTURE_TEST_CASE(all_four_operations_from_its_config, upstream_beatcloud) {
  bob.add_track("bob/Techno/three.mp3", "third track");
  bob.config["SYNC_OPERATIONS"] =
      R"(["upload_music", "upload_xml", "download_music", "download_xml"])";
  const auto run = bob.run_json({});
  expect_exit(run.process, 0);
  BOOST_TEST(run.summary("upload_music").number("done") == 1);
  BOOST_TEST(run.summary("upload_xml").number("done") == 1);
  BOOST_TEST(run.summary("download_music").number("done") == 2);
  BOOST_TEST(run.summary("download_xml").number("done") == 1);
  BOOST_TEST(server.get(bucket, "dj/music/bob/Techno/three.mp3")->body == "third track");
  BOOST_TEST(server.get(bucket, "dj/xml/bob/rekordbox.xml").has_value());
  BOOST_TEST(server.get(bucket, "dj/music/.DS_Store")->body == "junk");  // nothing is deleted
}

BOOST_FIXTURE_TEST_CASE(operations_may_have_dashes, upstream_beatcloud) {
  expect_exit(bob.run({"download-music"}), 0);
  BOOST_TEST(read_tree(bob.library()).size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(without_any_root_it_says_where_roots_come_from, upstream_beatcloud) {
  fs::remove(bob.home() / "registered_users.json");
  const auto run = bob.run({"download_xml"});
  BOOST_TEST(run.exit_code != 0);
  for (const char* word : {"--import-root", "registered_users.json", "anna"}) {
    BOOST_TEST(run.err.find(word) != std::string::npos, word << " is not in:\n" << run.err);
  }
  const auto given = bob.run({"download_xml", "--import-root", "/Volumes/ANNA"});
  expect_exit(given, 0);
}

BOOST_AUTO_TEST_SUITE_END()
