#include "cli/settings/places.hpp"

#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::cli;
using beatsync::tests::temp_dir;

namespace {

struct scene {
  scene() {
    std::filesystem::create_directories(folder / "stick/DJ Music");
    with.usb_path = (folder / "stick").string();
    with.xml_path = folder.write("xml/my.xml", "<x/>").string();
    with.xml_import_user = "bob";
    with.usb_path_source = "USB_PATH in /c/config.json";
    with.xml_path_source = "BEATSYNC_XML_PATH";
  }

  std::string problem(std::vector<operation> operations) {
    with.operations = std::move(operations);
    const auto fine = check_places(with);
    return fine ? "" : fine.error().message;
  }

  temp_dir folder;
  settings with;
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(places_suite, scene)

BOOST_AUTO_TEST_CASE(everything_in_its_place) {
  BOOST_TEST(problem({operation::upload_music, operation::download_music, operation::upload_xml,
                      operation::download_xml})
                 .empty());
}

BOOST_AUTO_TEST_CASE(no_stick) {
  with.usb_path = (folder / "gone").string();
  const std::string said = problem({operation::upload_music});
  BOOST_TEST(contains(said,
                      "gone is not there. Plug the stick in, or correct USB_PATH in "
                      "/c/config.json."));
}

BOOST_AUTO_TEST_CASE(a_windows_drive_gets_the_hint_for_wsl) {
  with.usb_path = "/home/ann/E:/DJ";
  BOOST_TEST(contains(problem({operation::upload_music}),
                      "Under WSL that drive is /mnt/e/DJ: write this as USB_PATH, and E:/DJ as "
                      "XML_ROOT."));
  with.usb_path = "/home/ann/E:\\DJ\\Sets";  // "E:\\DJ\\Sets" in the config is right JSON
  BOOST_TEST(contains(problem({operation::upload_music}),
                      "/mnt/e/DJ/Sets: write this as USB_PATH, and E:/DJ/Sets as XML_ROOT."));
  with.usb_path = "/home/ann/e:";
  BOOST_TEST(contains(problem({operation::upload_music}),
                      "/mnt/e: write this as USB_PATH, and e:/ as XML_ROOT."));
  with.usb_path = "/home/ann/at 5:30/E:x";
  BOOST_TEST(contains(problem({operation::upload_music}), "Plug the stick in"));
}

BOOST_AUTO_TEST_CASE(no_library) {
  std::filesystem::remove(folder / "stick/DJ Music");
  BOOST_TEST(contains(problem({operation::upload_music}), "there is no music to upload"));
  // Downloading makes it, and then there is something to upload.
  BOOST_TEST(problem({operation::download_music}).empty());
  BOOST_TEST(problem({operation::download_music, operation::upload_music}).empty());
  BOOST_TEST(!problem({operation::upload_music, operation::download_music}).empty());
}

BOOST_AUTO_TEST_CASE(a_file_where_the_library_should_be) {
  std::filesystem::remove(folder / "stick/DJ Music");
  folder.write("stick/DJ Music", "x");
  BOOST_TEST(contains(problem({operation::download_music}), "is no folder"));
}

BOOST_AUTO_TEST_CASE(no_xml) {
  std::filesystem::remove(with.xml_path);
  BOOST_TEST(contains(problem({operation::upload_xml}), "Export your collection from rekordbox"));
  BOOST_TEST(contains(problem({operation::upload_xml}), "or correct BEATSYNC_XML_PATH."));
  BOOST_TEST(problem({operation::download_xml}).empty());
  with.xml_path = (folder / "nowhere/my.xml").string();
  BOOST_TEST(contains(problem({operation::download_xml}), "the folder of XML_PATH"));
}

BOOST_AUTO_TEST_CASE(the_friends_xml_must_not_replace_mine) {
  with.xml_path = folder.write("xml/bob_rekordbox.xml", "<x/>").string();
  BOOST_TEST(contains(problem({operation::download_xml}), "that is XML_PATH, your own XML"));
  // Nor through a link.
  std::filesystem::create_symlink(with.xml_path, folder / "xml/mine.xml");
  with.xml_path = (folder / "xml/mine.xml").string();
  BOOST_TEST(contains(problem({operation::download_xml}), "your own XML"));
}

BOOST_AUTO_TEST_CASE(sync_reads_folders_and_makes_them) {
  with.way = beatsync::engine::direction::upload;
  with.local_folder = (folder / "new").string();
  BOOST_TEST(contains(problem({operation::sync}), "is not there"));
  with.local_folder = with.xml_path;
  BOOST_TEST(contains(problem({operation::sync}), "`sync` takes folders"));
  with.way = beatsync::engine::direction::download;
  BOOST_TEST(contains(problem({operation::sync}), "DST"));
  with.local_folder = (folder / "new/deep").string();
  BOOST_TEST(problem({operation::sync}).empty());
}

BOOST_AUTO_TEST_CASE(a_plan_is_not_within_its_places_through_a_link_either) {
  std::filesystem::create_directory_symlink(folder / "stick", folder / "link");
  with.local_folder = (folder / "link").string();
  for (const char* inside : {"stick", "stick/plan", "link/plan", "stick/DJ Music/new/plan"}) {
    with.plan_folder = (folder / inside).string();
    BOOST_TEST(contains(problem({operation::plan}), "--out is within SRC or DST"), inside);
  }
  with.plan_folder = (folder / "stick plan").string();
  BOOST_TEST(problem({operation::plan}).empty());
}

BOOST_AUTO_TEST_CASE(rewrite_reads_a_file_and_writes_into_a_folder) {
  with.input = (folder / "none.xml").string();
  with.output = "-";
  BOOST_TEST(contains(problem({operation::rewrite_xml}), "IN "));
  with.input = with.xml_path;
  BOOST_TEST(problem({operation::rewrite_xml}).empty());
  with.output = folder.path().string();
  BOOST_TEST(contains(problem({operation::rewrite_xml}), "is a folder"));
  with.output = (folder / "no/out.xml").string();
  BOOST_TEST(contains(problem({operation::rewrite_xml}), "the folder of OUT"));
}

BOOST_AUTO_TEST_SUITE_END()
