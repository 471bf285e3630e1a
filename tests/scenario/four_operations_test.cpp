// The whole story, on every server: two DJs share their music and their collections.
#include "tests/scenario/library.hpp"
#include "tests/scenario/tree.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace beatsync;
using namespace beatsync::tests;

namespace {

/// After the log was cleared and a command ran: did it do nothing but list?
void expect_only_lists(s3_server::server& server) {
  const auto sums = server.sums();
  BOOST_TEST(sums["ListObjectsV2"] > 0u);
  for (const auto& [operation, count] : sums.requests) {
    BOOST_TEST(operation == "ListObjectsV2", count << " requests of " << operation);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(four_operations)

BOOST_DATA_TEST_CASE(two_users_share_music_and_collections, all_tls_stores()) {
  tls_store* store = tls_store_of(sample);
  if (!store) return;
  const std::string bucket = store->fresh_bucket();

  // Anna uses a Mac; rekordbox sees her stick under /Volumes.
  dj anna(*store, bucket, "anna");
  anna.set("XML_ROOT", "/Volumes/NO NAME");
  fill_library(anna);
  const auto hers = locations_below("/Volumes/NO%20NAME");
  write_text(anna.xml(), collection(hers));

  const auto up = anna.run_json({"upload_music", "upload_xml"});
  expect_exit(up.process, 0);
  BOOST_TEST(up.summary("upload_music").number("done") == 6);
  BOOST_TEST(up.summary("upload_music").number("failed") == 0);

  // Bob works on Windows; beatsync runs in WSL.
  dj bob(*store, bucket, "bob");
  bob.set("XML_ROOT", "E:/");
  bob.set("XML_IMPORT_USER", "anna");
  std::filesystem::remove(bob.library());  // download makes it
  write_text(bob.xml(), collection(locations_below("/E:")));
  const auto down = bob.run_json({"download_music", "download_xml", "upload_xml"});
  expect_exit(down.process, 0);
  BOOST_TEST(down.summary("download_music").number("done") == 6);
  BOOST_TEST(differences(read_tree(anna.library()), read_tree(bob.library())) == "");

  // Every location of hers is his now, and nothing else has changed.
  const auto imported = read_file(bob.home() / "anna_rekordbox.xml");
  BOOST_TEST(imported == collection(locations_below("/E:")));

  // And back: Anna gets Bob's.
  anna.set("XML_IMPORT_USER", "bob");
  const auto back = anna.run_json({"download_xml"});
  expect_exit(back.process, 0);
  const auto bobs = read_file(anna.home() / "bob_rekordbox.xml");
  BOOST_TEST(bobs == collection(hers));
}

BOOST_DATA_TEST_CASE(a_second_run_has_nothing_to_do, all_tls_stores()) {
  tls_store* store = tls_store_of(sample);
  if (!store) return;
  const std::string bucket = store->fresh_bucket();
  dj anna(*store, bucket, "anna");
  fill_library(anna);
  expect_exit(anna.run({"upload_music"}), 0);
  dj bob(*store, bucket, "bob");
  expect_exit(bob.run({"download_music"}), 0);

  for (dj* who : {&anna, &bob}) {
    const auto before = read_tree(who->library());
    for (const char* operation : {"upload_music", "download_music"}) {
      if (store->strict()) store->strict()->clear_log();
      const auto again = who->run_json({operation});
      expect_exit(again.process, 0);
      const auto summary = again.summary(operation);
      BOOST_TEST(summary.number("planned") == 0);
      BOOST_TEST(summary.number("done") == 0);
      BOOST_TEST(summary.number("unchanged") == 6);
      BOOST_TEST(summary.number("bytes") == 0);
      BOOST_TEST(again.items().empty());
      if (store->strict()) expect_only_lists(*store->strict());
    }
    BOOST_TEST(differences(before, read_tree(who->library())) == "");
  }
}

BOOST_DATA_TEST_CASE(files_of_every_size_arrive_whole, all_tls_stores()) {
  tls_store* store = tls_store_of(sample);
  if (!store) return;
  const std::string bucket = store->fresh_bucket();
  dj anna(*store, bucket, "anna");
  int tracks = 0;
  // Around the sizes at which the engine goes about it in another way, from a step of reading to
  // three parts.
  for (std::size_t border = 64U << 10U; border <= 8U << 20U; border *= 2) {
    for (const std::size_t size : {border - 1, border, border + 1, border + border / 2}) {
      anna.add_track(std::to_string(size) + ".mp3", noise(size));
      ++tracks;
    }
  }
  dj bob(*store, bucket, "bob");
  for (const auto& [who, operation] :
       {std::pair{&anna, "upload_music"}, {&bob, "download_music"}}) {
    const auto run = who->run_json({operation});
    expect_exit(run.process, 0);
    BOOST_TEST(run.summary(operation).number("done") == tracks);
  }
  BOOST_TEST(differences(read_tree(anna.library()), read_tree(bob.library())) == "");
}

BOOST_DATA_TEST_CASE(a_dry_run_plans_the_same_and_moves_nothing, all_tls_stores()) {
  tls_store* store = tls_store_of(sample);
  if (!store) return;
  const std::string bucket = store->fresh_bucket();
  dj anna(*store, bucket, "anna");
  fill_library(anna);
  write_text(anna.xml(), collection(locations_below(anna.stick().native())));

  if (store->strict()) store->strict()->clear_log();
  const auto dry = anna.run_json({"upload_music", "--dry-run"});
  expect_exit(dry.process, 0);
  const auto summary = dry.summary("upload_music");
  BOOST_TEST(summary.number("planned") == 6);
  BOOST_TEST(summary.number("done") == 0);
  for (const auto& item : dry.items()) BOOST_TEST(item["result"] == "planned");
  if (store->strict()) expect_only_lists(*store->strict());
  BOOST_TEST(!std::filesystem::exists(anna.home() / "registered_users.json"));

  dj bob(*store, bucket, "bob");
  const auto nothing = bob.run_json({"download_music"});
  expect_exit(nothing.process, 0);
  BOOST_TEST(nothing.summary("download_music").number("planned") == 0);

  expect_exit(anna.run({"upload_music"}), 0);
  const auto dry_down = bob.run_json({"download_music", "-n"});
  expect_exit(dry_down.process, 0);
  BOOST_TEST(dry_down.summary("download_music").number("planned") == 6);
  BOOST_TEST(read_tree(bob.library()).empty());

  const auto dry_xml = anna.run_json({"upload_xml", "-n"});
  expect_exit(dry_xml.process, 0);
  if (store->strict()) {
    const auto object = store->strict()->get(bucket, "dj/xml/anna/rekordbox.xml");
    BOOST_TEST(!object.has_value());
  }
}

BOOST_DATA_TEST_CASE(the_layout_is_upstreams, all_tls_stores()) {
  tls_store* store = tls_store_of(sample);
  if (!store || !store->strict()) return;  // only there the bucket can be looked into from outside
  const std::string bucket = store->fresh_bucket();
  dj anna(*store, bucket, "anna");
  anna.set("BUCKET_URL", "s3://" + bucket + "/crew/");
  anna.set("XML_ROOT", "/Volumes/\u00dcSB 100%");
  anna.add_track("House/one.mp3", "1");
  write_text(anna.xml(), collection(locations_below("/Volumes/%c3%9cSB%20100%25")));
  expect_exit(anna.run({"upload_music", "upload_xml"}), 0);
  const std::vector<std::string> expected = {"crew/dj/music/House/one.mp3",
                                             "crew/dj/xml/anna/rekordbox.xml"};
  BOOST_TEST(store->strict()->keys(bucket) == expected, boost::test_tools::per_element());
  const auto xml = store->strict()->get(bucket, "crew/dj/xml/anna/rekordbox.xml").value();
  BOOST_TEST(xml.body == read_file(anna.xml()));
  std::string root;
  for (const auto& [name, value] : xml.metadata) {
    if (name == "beatsync-root") root = value;
  }
  BOOST_TEST((root == "/Volumes/%C3%9CSB%20100%25" || root == "%2FVolumes%2F%C3%9CSB%20100%25" ||
              root == "/Volumes/%c3%9cSB%20100%25"),
             root);
  const auto music = store->strict()->get(bucket, "crew/dj/music/House/one.mp3").value();
  bool has_time = false;
  for (const auto& [name, value] : music.metadata) has_time |= name == "mtime";
  BOOST_TEST(has_time);
}

BOOST_AUTO_TEST_SUITE_END()
