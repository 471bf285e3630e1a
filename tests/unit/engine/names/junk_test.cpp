#include "engine/names/junk.hpp"

#include "tests/support/odd_names.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::engine;

BOOST_AUTO_TEST_SUITE(junk_names)

BOOST_AUTO_TEST_CASE(are_recognised) {
  for (const auto* name :
       {"._Song.mp3", ".DS_Store", ".Spotlight-V100", ".Trashes", ".fseventsd", ".TemporaryItems",
        ".apdisk", ".VolumeIcon.icns", "System Volume Information", "$RECYCLE.BIN", "$Recycle.Bin",
        "Thumbs.db", "thumbs.DB", "desktop.ini", "Desktop.ini", ".Trash-1000", "lost+found",
        ".beatsync-0123456789abcdef.part"}) {
    BOOST_TEST(is_junk_name(name), name);
  }
}

BOOST_AUTO_TEST_CASE(are_not_seen_where_there_are_none) {
  for (const auto* name :
       {".hidden.mp3", "...three dots", "DS_Store", "Trashes", "Song.mp3.asd", "run.asd", "PIONEER",
        ".PIONEER", "lost and found", "thumbs.mp3", ".beatsync", ".beatsync-x.mp3",
        ".beatsync-x.part", "_.mp3", "System Volume", ".ds_store"}) {
    BOOST_TEST(!is_junk_name(name), name);
  }
  for (const auto& name : beatsync::tests::odd_names()) BOOST_TEST(!is_junk_name(name), name);
}

BOOST_AUTO_TEST_CASE(spoil_everything_beneath) {
  BOOST_TEST(is_junk_path("a/.Trashes/501/Song.mp3"));
  BOOST_TEST(is_junk_path("a/b/._x.mp3"));
  BOOST_TEST(!is_junk_path("a/b/x.mp3"));
  BOOST_TEST(is_junk_path("a/.beatsync-0123456789abcdef.part"));
  BOOST_TEST(!is_junk_path("a/.beatsync-0123456789abcdef.part/x.mp3"));
}

BOOST_AUTO_TEST_SUITE_END()
