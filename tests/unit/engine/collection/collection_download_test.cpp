#include "engine/collection/document_target.hpp"
#include "engine/files/temporary_file.hpp"
#include "tests/unit/engine/collection/collection_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>

BOOST_AUTO_TEST_SUITE(collection_download)

using namespace beatsync;
using namespace beatsync::tests;
using engine::outcome;
using engine::reason;

namespace {

const std::vector<std::string> tracks{"DJ%20Music/a.mp3", "DJ%20Music/b.mp3"};
const std::string theirs = collection_of("/Volumes/ANN", tracks);
const std::string as_mine = collection_of("/E:", tracks);
const char* const target = "/home/dj/ann_rekordbox.xml";

s3::metadata_map root(std::string text) {
  s3::metadata_map metadata;
  metadata.emplace_back("beatsync-root", std::move(text));
  return metadata;
}

}  // namespace

BOOST_AUTO_TEST_CASE(comes_with_my_root_and_is_unchanged_the_second_time) {
  collection_fixture world;
  world.bucket->put("dj/xml/ann/rekordbox.xml", theirs, root("/Volumes/ANN"));
  const auto first = world.download(world.download_task());
  BOOST_TEST(first.base.count.done == 1U);
  BOOST_TEST(first.written == target);
  BOOST_TEST(first.root_used == "/Volumes/ANN");
  BOOST_TEST(first.root_source == "the XML's metadata");
  BOOST_TEST(first.rewrite->rewritten == 2U);
  BOOST_TEST(world.file(target).value() == as_mine);
  BOOST_TEST(world.files.find(target)->synced);
  BOOST_TEST((world.seen.items.front().why == reason::missing));
  world.check_no_leftovers();

  const auto second = world.download(world.download_task());
  BOOST_TEST(second.base.count.planned == 0U);
  BOOST_TEST(second.base.count.unchanged == 1U);
  world.check_no_leftovers();
}

BOOST_AUTO_TEST_CASE(a_link_stays_one_and_what_it_leads_to_is_replaced) {
  collection_fixture world;
  world.bucket->put("dj/xml/ann/rekordbox.xml", theirs, root("/Volumes/ANN"));
  world.files.add_folder("/home/real");
  world.files.add_link(target, "../real/ann.xml");
  for (const bool is_there : {false, true}) {
    if (is_there) world.files.add_file("/home/real/ann.xml", "old");
    const auto how = world.download(world.download_task());
    BOOST_TEST(how.base.count.done == 1U);
    BOOST_TEST(how.written == target);
    BOOST_TEST((world.seen.items.front().why == (is_there ? reason::differs : reason::missing)));
    BOOST_TEST((world.files.find(target)->kind == engine::file_kind::link));
    BOOST_TEST(world.file("/home/real/ann.xml").value() == as_mine);
    world.check_no_leftovers();
  }
  world.files.erase("/home/real/ann.xml");
  world.files.add_special("/home/real/ann.xml", engine::file_kind::device);
  BOOST_TEST(world.download(world.download_task()).base.count.failed == 1U);
  BOOST_TEST((world.files.find("/home/real/ann.xml")->kind == engine::file_kind::device));
  BOOST_TEST((world.files.find(target)->kind == engine::file_kind::link));
}

BOOST_AUTO_TEST_CASE(the_root_is_the_first_that_is_known) {
  collection_fixture world;
  auto task = world.download_task();
  world.bucket->put("dj/xml/ann/rekordbox.xml", theirs);
  const auto unknown = world.download(task);
  BOOST_TEST(unknown.base.count.failed == 1U);
  BOOST_TEST(world.seen.items.front().message.find("--import-root") != std::string::npos);
  BOOST_TEST(!world.file(target).has_value());

  task.registered_roots = {"/Volumes/OTHER", "/Volumes/ANN"};
  BOOST_TEST(world.download(task).root_source == "registered_users.json");
  BOOST_TEST(world.file(target).value() == as_mine);

  world.bucket->put("dj/xml/ann/rekordbox.xml", theirs, root("/Volumes/ANN"));
  BOOST_TEST(world.download(task).root_source == "the XML's metadata");
  task.import_root = "/Volumes";
  const auto asked = world.download(task);
  BOOST_TEST(asked.root_source == "--import-root");
  BOOST_TEST(world.file(target).value() ==
             collection_of("/E:", {"ANN/DJ%20Music/a.mp3", "ANN/DJ%20Music/b.mp3"}));
}

BOOST_AUTO_TEST_CASE(a_broken_metadata_root_is_a_warning) {
  collection_fixture world;
  world.bucket->put("dj/xml/ann/rekordbox.xml", theirs, root("no/absolute/path"));
  auto task = world.download_task();
  task.registered_roots = {"/Volumes/ANN"};
  const auto how = world.download(task);
  BOOST_TEST(how.base.count.done == 1U);
  BOOST_TEST(how.base.warnings.size() == 1U);
}

BOOST_AUTO_TEST_CASE(upstreams_own_file_name_is_found) {
  collection_fixture world;
  world.bucket->put("dj/xml/ann/my_export.XML", theirs, root("/Volumes/ANN"));
  world.bucket->put("dj/xml/ann/._my_export.XML", "junk");
  world.bucket->put("dj/xml/ann/old/rekordbox.xml", "elsewhere");
  world.bucket->put("dj/xml/ann/", "");
  BOOST_TEST(world.download(world.download_task()).base.count.done == 1U);
  BOOST_TEST(world.file(target).value() == as_mine);

  world.bucket->put("dj/xml/ann/second.xml", theirs);
  const auto several = world.download(world.download_task());
  BOOST_TEST(several.base.count.failed == 1U);
  BOOST_TEST(world.seen.items.front().message.find("second.xml") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_xml_is_said_in_the_users_words) {
  collection_fixture world;
  const auto how = world.download(world.download_task());
  BOOST_TEST(how.base.count.failed == 1U);
  BOOST_TEST(world.seen.items.front().message.find("upload_xml") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_wrong_name_is_told_from_the_others_that_have_xml) {
  collection_fixture world;
  world.bucket->put("dj/xml/ben/rekordbox.xml", theirs);
  world.bucket->put("dj/xml/ANN/rekordbox.xml", theirs);
  auto task = world.download_task();
  BOOST_TEST(world.download(task).base.count.failed == 1U);
  BOOST_TEST(world.seen.items.front().message.find("there is XML of ANN, ben.") !=
             std::string::npos);
  task.unlikeness = [](std::string_view name) { return name == "ben" ? 0U : 1U; };
  world.download(task);
  BOOST_TEST(world.seen.items.front().message.find("there is XML of ben, ANN.") !=
             std::string::npos);

  // As before where the name is right, and where the others may not be seen.
  world.bucket->set_script([](const store_event& e) {
    interference what;
    if (e.what == store_call::list && e.key == "dj/xml/") {
      what.refuse = scripted_error(s3::errc::access_denied, 403, "AccessDenied");
    }
    return what;
  });
  world.download(task);
  BOOST_TEST(world.seen.items.front().message.find("there is XML") == std::string::npos);
  world.bucket->set_script({});
  world.bucket->put("dj/xml/ann/notes.txt", "1");
  world.download(task);
  BOOST_TEST(world.seen.items.front().message.find("there is XML") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(nothing_matched_keeps_what_was_there) {
  collection_fixture world;
  world.files.add_file(target, "the old one");
  world.bucket->put("dj/xml/ann/rekordbox.xml", theirs, root("/Volumes/WRONG"));
  auto task = world.download_task();
  const auto how = world.download(task);
  BOOST_TEST(how.base.count.failed == 1U);
  BOOST_TEST((world.seen.items.front().why == reason::no_match));
  BOOST_TEST(world.seen.items.front().message.find("/Volumes/ANN") != std::string::npos);
  BOOST_TEST(world.file(target).value() == "the old one");
  world.check_no_leftovers();
  task.allow_unmatched = true;
  BOOST_TEST(world.download(task).base.count.done == 1U);
  BOOST_TEST(world.file(target).value() == theirs);
}

BOOST_AUTO_TEST_CASE(what_is_no_collection_or_names_no_files_keeps_what_was_there) {
  const std::string paths =
      R"(<DJ_PLAYLISTS><COLLECTION><TRACK Location="/Volumes/ANN/a.mp3"/></COLLECTION></DJ_PLAYLISTS>)";
  for (const std::string& document : {std::string("<html><body/></html>"), paths}) {
    collection_fixture world;
    world.files.add_file(target, "the old one");
    world.bucket->put("dj/xml/ann/rekordbox.xml", document, root("/Volumes/ANN"));
    auto task = world.download_task();
    BOOST_TEST(world.download(task).base.count.failed == 1U);
    BOOST_TEST(world.file(target).value() == "the old one");
    world.check_no_leftovers();
    task.allow_unmatched = true;
    BOOST_TEST(world.download(task).base.count.done == 1U);
  }
}

BOOST_AUTO_TEST_CASE(a_document_that_breaks_off_keeps_what_was_there) {
  for (std::size_t cut = 0; cut < theirs.size() - 2; cut += 7) {  // the last line end may go
    collection_fixture world;
    world.files.add_file(target, "the old one");
    world.bucket->put("dj/xml/ann/rekordbox.xml", theirs.substr(0, cut), root("/Volumes/ANN"));
    const auto how = world.download(world.download_task());
    BOOST_TEST(how.base.count.failed == 1U, cut);
    BOOST_TEST((world.seen.items.front().why == reason::malformed), cut);
    BOOST_TEST(world.file(target).value() == "the old one");
    world.check_no_leftovers();
  }
}

BOOST_AUTO_TEST_CASE(missing_tracks_are_counted_by_one_walk) {
  collection_fixture world;
  world.files.add_file("/stick/DJ Music/A.MP3", "x");  // sticks do not mind case
  world.bucket->put("dj/xml/ann/rekordbox.xml", theirs, root("/Volumes/ANN"));
  auto task = world.download_task();
  task.library_root = "/stick";
  BOOST_TEST(!world.download(world.download_task()).missing_tracks.has_value());  // nobody looked
  const auto how = world.download(task);
  BOOST_TEST(how.missing_tracks.value() == 1U);
  BOOST_TEST(how.missing_examples == std::vector<std::string>{"DJ Music/b.mp3"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(root_and_bytes_belong_together) {
  collection_fixture world;
  world.bucket->put("dj/xml/ann/rekordbox.xml", theirs, root("/Volumes/ANN"));
  bool swapped = false;
  // Ann uploads from another computer between our HEAD and our GET.
  world.bucket->set_script([&](const store_event& e) {
    if (e.what == store_call::get && !swapped) {
      swapped = true;
      world.bucket->put("dj/xml/ann/rekordbox.xml", collection_of("/Volumes/NEW", tracks),
                        root("/Volumes/NEW"));
    }
    return interference();
  });
  const auto how = world.download(world.download_task());
  BOOST_TEST(how.base.count.done == 1U);
  BOOST_TEST(how.root_used == "/Volumes/NEW");
  BOOST_TEST(world.file(target).value() == as_mine);
  world.check_no_leftovers();
}

// Beside other runs on FAT, where a file that is whole looks like an old leftover.
BOOST_AUTO_TEST_CASE(what_another_run_took_away_is_fetched_once_more) {
  for (const bool always : {false, true}) {
    collection_fixture world;
    world.files.add_file(target, "the old one");
    world.bucket->put("dj/xml/ann/rekordbox.xml", theirs, root("/Volumes/ANN"));
    bool taken = false;
    world.files.set_script([&](const fs_event& e) {
      if (e.operation != "open_file" || e.path == target || (taken && !always)) return 0;
      taken = true;
      world.files.erase(e.path);
      return 0;
    });
    const auto how = world.download(world.download_task());
    BOOST_TEST(taken);
    BOOST_TEST(how.base.count.done == (always ? 0U : 1U));
    BOOST_TEST(how.base.count.failed == (always ? 1U : 0U));
    BOOST_TEST(world.file(target).value() == (always ? "the old one" : as_mine));
    world.check_no_leftovers();
  }
}

BOOST_AUTO_TEST_CASE(no_other_run_takes_the_document_that_waits_for_its_name) {
  collection_fixture world;
  world.bucket->put("dj/xml/ann/rekordbox.xml", theirs, root("/Volumes/ANN"));
  const auto folder = *world.files.open_root("/home/dj");
  world.files.set_script([&](const fs_event& e) {
    if (e.operation == "rename" && e.path == target) {
      engine::remove_temporaries(*folder, engine::time_now_ns());
    }
    return 0;
  });
  BOOST_TEST(world.download(world.download_task()).base.count.done == 1U);
  BOOST_TEST(world.file(target).value() == as_mine);
}

BOOST_AUTO_TEST_CASE(every_failing_operation_leaves_the_old_or_the_new_file) {
  for (std::uint64_t n = 1;; ++n) {
    collection_fixture world;
    world.files.add_file(target, "the old one");
    world.bucket->put("dj/xml/ann/rekordbox.xml", theirs, root("/Volumes/ANN"));
    bool reached = false;
    std::string operation;
    world.files.set_script([&](const fs_event& e) {
      if (e.number != n) return 0;
      reached = true;
      operation = e.operation;
      return EIO;
    });
    const auto how = world.download(world.download_task());
    const std::string now = world.file(target).value();
    BOOST_TEST((now == "the old one" || now == as_mine), n << " " << operation);
    if (how.base.count.done == 1) BOOST_TEST(now == as_mine);
    if (operation != "remove") world.check_no_leftovers();
    if (!reached) break;
  }
}

BOOST_AUTO_TEST_CASE(a_dry_run_fetches_nothing) {
  collection_fixture world;
  world.bucket->put("dj/xml/ann/rekordbox.xml", theirs, root("/Volumes/ANN"));
  auto task = world.download_task();
  task.dry_run = true;
  const auto how = world.download(task);
  BOOST_TEST(how.base.count.planned == 1U);
  BOOST_TEST((world.seen.items.front().result == outcome::planned));
  BOOST_TEST(how.root_used == "/Volumes/ANN");
  BOOST_TEST(world.bucket->count(store_call::get) == 0U);
  BOOST_TEST(!world.file(target).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
