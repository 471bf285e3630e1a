// The XML operations' refusals, and the rewriter as a tool of its own.
#include "tests/scenario/library.hpp"
#include "tests/scenario/tree.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync;
using namespace beatsync::tests;
namespace fs = std::filesystem;

namespace {

struct on_strict {
  tls_store& store = *tls_store_of(tls_store_kind::strict);
  s3_server::server& server = *store.strict();
  std::string bucket = store.fresh_bucket();
  dj anna{store, bucket, "anna"};

  on_strict() {
    server.clear_faults();
    anna.set("XML_ROOT", "/Volumes/ANNA");
    anna.set("XML_IMPORT_USER", "bob");
    write_text(anna.xml(), collection(locations_below("/Volumes/ANNA")));
  }

  void put_bobs(std::string xml, const std::string& root = "/Volumes/BOB") {
    s3_server::object_content object;
    object.body = std::move(xml);
    if (!root.empty()) object.metadata = {{"beatsync-root", root}};
    server.put(bucket, "dj/xml/bob/rekordbox.xml", object);
  }

  fs::path imported() const { return anna.home() / "bob_rekordbox.xml"; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(xml)

BOOST_FIXTURE_TEST_CASE(the_same_xml_is_not_sent_twice, on_strict) {
  expect_exit(anna.run({"upload_xml"}), 0);
  server.clear_log();
  const auto again = anna.run_json({"upload_xml"});
  expect_exit(again.process, 0);
  BOOST_TEST(again.summary("upload_xml").number("done") == 0);
  BOOST_TEST(server.sums()["PutObject"] == 0u);
}

// By content, never by size.
BOOST_FIXTURE_TEST_CASE(a_change_that_keeps_the_size_is_sent, on_strict) {
  expect_exit(anna.run({"upload_xml"}), 0);
  auto text = read_file(anna.xml());
  text.replace(text.find("128.00"), 6, "129.00");
  write_text(anna.xml(), text);
  expect_exit(anna.run({"upload_xml"}), 0);
  BOOST_TEST(server.get(bucket, "dj/xml/anna/rekordbox.xml")->body == text);
}

BOOST_FIXTURE_TEST_CASE(a_broken_xml_is_not_uploaded, on_strict) {
  write_text(anna.xml(), "<DJ_PLAYLISTS><COLLECTION></DJ_PLAYLISTS>");
  const auto run = anna.run({"upload_xml"});
  expect_exit(run, 1);
  BOOST_TEST(run.err.find("line 1") != std::string::npos, run.err);
  BOOST_TEST(server.keys(bucket).empty());
}

BOOST_FIXTURE_TEST_CASE(xml_that_is_no_collection_replaces_nothing, on_strict) {
  expect_exit(anna.run({"upload_xml"}), 0);
  const auto good = read_file(anna.xml());
  write_text(anna.xml(), "<html/>");
  const auto run = anna.run({"upload_xml"});
  expect_exit(run, 1);
  BOOST_TEST(run.err.find("no rekordbox collection") != std::string::npos, run.err);
  BOOST_TEST(server.get(bucket, "dj/xml/anna/rekordbox.xml")->body == good);
  const auto out = anna.home() / "out.xml";
  write_text(out, good);
  expect_exit(
      anna.run({"rewrite-xml", anna.xml().native(), out.native(), "--from", "E:/", "--to", "F:/"}),
      1);
  BOOST_TEST(read_file(out) == good);
}

BOOST_FIXTURE_TEST_CASE(an_xml_of_another_root_is_not_uploaded, on_strict) {
  write_text(anna.xml(), collection(locations_below("/Volumes/OTHER")));
  const auto run = anna.run({"upload_xml"});
  expect_exit(run, 1);
  BOOST_TEST(run.err.find("/Volumes/OTHER") != std::string::npos, run.err);
  BOOST_TEST(server.keys(bucket).empty());
  expect_exit(anna.run({"upload_xml", "--allow-unmatched"}), 0);
  BOOST_TEST(server.keys(bucket).size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_download_that_matches_nothing_keeps_the_old_file, on_strict) {
  put_bobs(collection(locations_below("/Volumes/ELSEWHERE")));
  write_text(imported(), "the old one");
  const auto run = anna.run({"download_xml"});
  expect_exit(run, 1);
  BOOST_TEST(read_file(imported()) == "the old one");
}

BOOST_FIXTURE_TEST_CASE(a_cut_xml_keeps_the_old_file, on_strict) {
  auto xml = collection(locations_below("/Volumes/BOB"));
  put_bobs(xml.substr(0, xml.size() / 2));
  write_text(imported(), "the old one");
  expect_exit(anna.run({"download_xml"}), 1);
  BOOST_TEST(read_file(imported()) == "the old one");
  BOOST_TEST(!has_leftovers(anna.home()));
}

BOOST_FIXTURE_TEST_CASE(a_doctype_is_refused, on_strict) {
  put_bobs("<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"b\">]>\n<DJ_PLAYLISTS/>");
  expect_exit(anna.run({"download_xml"}), 1);
  BOOST_TEST(!fs::exists(imported()));
}

BOOST_FIXTURE_TEST_CASE(the_flag_beats_the_metadata, on_strict) {
  put_bobs(collection(locations_below("/Volumes/ELSEWHERE")));
  const auto run = anna.run({"download_xml", "--import-root", "/Volumes/ELSEWHERE/"});
  expect_exit(run, 0);
  BOOST_TEST(read_file(imported()) == collection(locations_below("/Volumes/ANNA")));
}

BOOST_FIXTURE_TEST_CASE(the_counts_are_in_the_summary, on_strict) {
  put_bobs(collection(locations_below("/Volumes/BOB")));
  const auto run = anna.run_json({"download_xml"});
  expect_exit(run.process, 0);
  const auto summary = run.summary("download_xml");
  BOOST_TEST(summary.number("xml.rewritten") == 4);
  BOOST_TEST(summary.number("xml.streaming") == 1);
}

BOOST_FIXTURE_TEST_CASE(an_import_user_without_upload_is_named, on_strict) {
  const auto run = anna.run({"download_xml"});
  BOOST_TEST(run.exit_code != 0);
  BOOST_TEST(run.err.find("bob") != std::string::npos, run.err);
  BOOST_TEST(run.err.find("upload_xml") != std::string::npos, run.err);
}

BOOST_FIXTURE_TEST_CASE(a_misspelt_import_user_gets_the_right_one_suggested, on_strict) {
  for (const char* name : {"ann", "Bobby", "zoe"}) {
    server.put(bucket, std::string("dj/xml/") + name + "/rekordbox.xml", "<x/>");
  }
  put_bobs(collection(locations_below("/Volumes/BOB")));
  anna.set("XML_IMPORT_USER", "BOB");
  const auto run = anna.run({"download_xml"});
  expect_exit(run, 1);
  BOOST_TEST(run.err.find("there is XML of bob, Bobby, ") != std::string::npos, run.err);
}

BOOST_FIXTURE_TEST_CASE(it_never_writes_over_the_users_own_xml, on_strict) {
  put_bobs(collection(locations_below("/Volumes/BOB")));
  const auto own = anna.home() / "bob_rekordbox.xml";
  fs::rename(anna.xml(), own);
  anna.set("XML_PATH", own.native());
  const auto before = read_file(own);
  expect_exit(anna.run({"download_xml"}), 2);
  BOOST_TEST(read_file(own) == before);
}

BOOST_FIXTURE_TEST_CASE(rewrite_xml_there_and_back, on_strict) {
  const auto out = anna.home() / "out.xml";
  const auto back = anna.home() / "back.xml";
  expect_exit(anna.run({"rewrite-xml", anna.xml().native(), out.native(), "--from", "/Volumes/ANNA",
                        "--to", "E:/"}),
              0);
  BOOST_TEST(read_file(out) == collection(locations_below("/E:")));
  expect_exit(anna.run({"rewrite-xml", out.native(), back.native(), "--from", "E:\\", "--to",
                        "/Volumes/ANNA"}),
              0);
  BOOST_TEST(read_file(back) == read_file(anna.xml()));
}

BOOST_FIXTURE_TEST_CASE(rewrite_xml_through_a_pipe, on_strict) {
  auto options =
      anna.command({"rewrite-xml", "-", "-", "--from", "/Volumes/ANNA", "--to", "/Volumes/B"});
  options.input = read_file(anna.xml());
  const auto run = run_process(options);
  expect_exit(run, 0);
  BOOST_TEST(run.out == collection(locations_below("/Volumes/B")));

  options.input.resize(options.input.size() - 30);
  const auto cut = run_process(options);
  expect_exit(cut, 1);
  BOOST_TEST(cut.err.find("incomplete") != std::string::npos, cut.err);
}

BOOST_AUTO_TEST_SUITE_END()
