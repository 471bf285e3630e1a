// The engine's small pure rules: junk, names as keys, times as metadata, comparison, file or
// folder.

#include "engine/difference/compare.hpp"
#include "engine/files/mtime_metadata.hpp"
#include "engine/files/temporary_name.hpp"
#include "engine/names/ancestor_guard.hpp"
#include "engine/names/junk.hpp"
#include "engine/names/key_mapping.hpp"
#include "tests/support/odd_names.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <limits>
#include <string>

using namespace beatsync::engine;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(junk_names)

BOOST_AUTO_TEST_CASE(are_recognised) {
  for (const auto* name :
       {"._Song.mp3", ".DS_Store", ".Spotlight-V100", ".Trashes", ".fseventsd", ".TemporaryItems",
        ".apdisk", ".VolumeIcon.icns", "System Volume Information", "$RECYCLE.BIN", "$Recycle.Bin",
        "Thumbs.db", "thumbs.DB", "desktop.ini", "Desktop.ini", ".Trash-1000", "lost+found",
        "Song.mp3.asd", ".beatsync-0123456789abcdef.part"}) {
    BOOST_TEST(is_junk_name(name), name);
  }
}

BOOST_AUTO_TEST_CASE(are_not_seen_where_there_are_none) {
  for (const auto* name : {".hidden.mp3", "...three dots", "DS_Store", "Trashes", ".asd", "asd",
                           "PIONEER", ".PIONEER", "lost and found", "thumbs.mp3", ".beatsync",
                           ".beatsync-x.mp3", "_.mp3", "System Volume", ".ds_store"}) {
    BOOST_TEST(!is_junk_name(name), name);
  }
  for (const auto& name : beatsync::tests::odd_names()) BOOST_TEST(!is_junk_name(name), name);
}

BOOST_AUTO_TEST_CASE(spoil_everything_beneath) {
  BOOST_TEST(is_junk_path("a/.Trashes/501/Song.mp3"));
  BOOST_TEST(is_junk_path("a/b/._x.mp3"));
  BOOST_TEST(!is_junk_path("a/b/x.mp3"));
}

BOOST_AUTO_TEST_CASE(temporary_names_are_short_and_recognised) {
  const auto name = temporary_name(0xFEDCBA9876543210);
  BOOST_TEST(name == ".beatsync-fedcba9876543210.part");
  BOOST_TEST(is_temporary_name(name));
  BOOST_TEST(!is_temporary_name(".beatsync-x"));
  BOOST_TEST(!is_temporary_name("beatsync-x.part"));
  BOOST_TEST(is_own_temporary_name(own_temporary_name(7)));
  BOOST_TEST(own_temporary_name(7) != own_temporary_name(8));
  const auto odd = own_temporary_name(7, refused_by_sticks("What? A: \n?.mp3"));
  BOOST_TEST(is_own_temporary_name(odd));
  BOOST_TEST(odd.ends_with("?:\n.part"));
  BOOST_TEST(refused_by_sticks("Café #1 & 100%.mp3") == "");
  BOOST_TEST(!is_own_temporary_name("x" + own_temporary_name(7)));
  // Another process's: every digit of the tag differs.
  std::string other = own_temporary_name(7);
  for (std::size_t i = 10; i < 18; ++i) other[i] = other[i] == '0' ? '1' : '0';
  BOOST_TEST(is_temporary_name(other));
  BOOST_TEST(!is_own_temporary_name(other));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(names_as_keys)

BOOST_AUTO_TEST_CASE(odd_names_are_fine_both_ways) {
  for (const auto& name : beatsync::tests::odd_names()) {
    BOOST_TEST(!problem_of_key(name), name);
    BOOST_TEST(!problem_of_key("bob/" + name), name);
    BOOST_TEST(!problem_of_path("bob/" + name, 10), name);
  }
}

BOOST_AUTO_TEST_CASE(hostile_keys_are_refused) {
  for (const auto& key :
       {""s, "/"s, "//"s, "/etc/passwd"s, ".."s, "../x"s, "a/../b"s, "a/.."s, "."s, "./a"s,
        "a/./b"s, "a/."s, "a//b"s, "a//"s, "a/"s, "a\0b"s, "\0"s, "music/../../escape.txt"s}) {
    const auto problem = problem_of_key(key);
    BOOST_REQUIRE_MESSAGE(problem, key);
    BOOST_TEST((problem->why == reason::hostile_name), key);
  }
}

BOOST_AUTO_TEST_CASE(keys_that_only_look_hostile_are_not) {
  for (const auto* key : {"...", "..a", "a..", ".a", "a/...", "a\\..\\b", "C:\\x", "~", "a:b"}) {
    BOOST_TEST(!problem_of_key(key), key);
  }
}

BOOST_AUTO_TEST_CASE(too_long_or_not_utf8_is_invalid) {
  const auto invalid = [](const std::string& key) {
    const auto problem = problem_of_key(key);
    return problem && problem->why == reason::invalid_name;
  };
  BOOST_TEST(!invalid(std::string(255, 'x')));
  BOOST_TEST(invalid(std::string(256, 'x')));
  BOOST_TEST(invalid("a/" + std::string(256, 'x') + "/b"));
  BOOST_TEST(invalid("\xff"));
  BOOST_TEST(invalid("a\xc3/b"));

  BOOST_TEST(!problem_of_path(std::string(1014, 'x'), 10));
  BOOST_REQUIRE(problem_of_path(std::string(1015, 'x'), 10));
  BOOST_TEST((problem_of_path(std::string(1015, 'x'), 10)->why == reason::invalid_name));
  BOOST_TEST(problem_of_path("\xed\xa0\x80", 0).has_value());  // a lone surrogate
}

BOOST_AUTO_TEST_CASE(a_path_becomes_a_key_unchanged) {
  BOOST_TEST(key_of("dj/music/", "a b/\u00e9") == "dj/music/a b/\u00e9");
  BOOST_TEST(key_of("", "x") == "x");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(times_as_metadata)

BOOST_AUTO_TEST_CASE(are_written_as_rclone_writes_them) {
  BOOST_TEST(format_mtime(0) == "0");
  BOOST_TEST(format_mtime(1'600'000'000'250'000'000) == "1600000000.25");
  BOOST_TEST(format_mtime(1'600'000'000'000'000'001) == "1600000000.000000001");
  BOOST_TEST(format_mtime(1'600'000'000'000'000'000) == "1600000000");
  BOOST_TEST(format_mtime(-1'500'000'000) == "-1.5");
  BOOST_TEST(format_mtime(-500'000'000) == "-0.5");
  BOOST_TEST(format_mtime(std::numeric_limits<std::int64_t>::min()) == "-9223372036.854775808");
}

BOOST_AUTO_TEST_CASE(come_back) {
  for (const std::int64_t ns :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{1'600'000'000'123'456'789},
        std::int64_t{-1'600'000'000'123'456'789}}) {
    BOOST_TEST(parse_mtime(format_mtime(ns)).value() == ns);
  }
  BOOST_TEST(parse_mtime("1600000000.1234567891").value() == 1'600'000'000'123'456'789);
  BOOST_TEST(parse_mtime("1600000000.").value() == 1'600'000'000'000'000'000);
}

BOOST_AUTO_TEST_CASE(nonsense_is_no_time) {
  for (const auto* text : {"", "-", "x", "1.x", "1 ", " 1", "1e9", "1.-5", "--1", "+1", ".5",
                           "99999999999", "18446744073709551616", "1600000000.25abc"}) {
    BOOST_TEST(!parse_mtime(text), text);
  }
}

BOOST_AUTO_TEST_CASE(without_metadata_the_object_counts) {
  beatsync::s3::object_head head;
  head.last_modified = beatsync::s3::time_point(std::chrono::milliseconds(1'234'567));
  BOOST_TEST(mtime_of(head) == 1'234'567'000'000);
  head.metadata = {{"other", "1"}, {"mtime", "broken"}};
  BOOST_TEST(mtime_of(head) == 1'234'567'000'000);
  head.metadata = {{"mtime", "7.5"}};
  BOOST_TEST(mtime_of(head) == 7'500'000'000);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(comparison)

namespace {

constexpr std::int64_t second = 1'000'000'000;

verdict of(direction way, on_conflict conflict, std::uint64_t local_size, std::uint64_t remote_size,
           std::int64_t local_time, std::optional<std::int64_t> remote_time) {
  pair_facts facts;
  facts.local_size = local_size;
  facts.remote_size = remote_size;
  facts.local_mtime_ns = local_time;
  facts.remote_mtime_ns = remote_time;
  return compare(way, conflict, facts);
}

}  // namespace

BOOST_AUTO_TEST_CASE(follows_the_truth_table) {
  const auto up = direction::upload;
  const auto down = direction::download;
  for (const auto way : {up, down}) {
    // Times play no part, known or not.
    for (const auto& time :
         {std::optional<std::int64_t>(), std::optional<std::int64_t>(99 * second)}) {
      BOOST_TEST((of(way, on_conflict::leave, 5, 5, 0, time) == verdict::unchanged));
      BOOST_TEST((of(way, on_conflict::leave, 5, 6, 0, time) == verdict::differs));
      BOOST_TEST((of(way, on_conflict::source_wins, 5, 5, 0, time) == verdict::unchanged));
      BOOST_TEST((of(way, on_conflict::source_wins, 5, 6, 0, time) == verdict::move_differs));
    }
    BOOST_TEST((of(way, on_conflict::newer_wins, 5, 5, 0, std::nullopt) == verdict::ask_time));
    BOOST_TEST((of(way, on_conflict::newer_wins, 5, 6, 0, std::nullopt) == verdict::ask_time));
    BOOST_TEST((of(way, on_conflict::newer_wins, 5, 6, 0, second) == verdict::differs));
    BOOST_TEST((of(way, on_conflict::newer_wins, 5, 5, 0, second) == verdict::unchanged));
  }
  const auto newer = on_conflict::newer_wins;
  BOOST_TEST((of(up, newer, 5, 5, 10 * second, 0) == verdict::move_newer));
  BOOST_TEST((of(up, newer, 5, 6, 10 * second, 0) == verdict::move_newer));
  BOOST_TEST((of(up, newer, 5, 5, 0, 10 * second) == verdict::unchanged));
  BOOST_TEST((of(up, newer, 5, 6, 0, 10 * second) == verdict::differs));
  BOOST_TEST((of(down, newer, 5, 5, 0, 10 * second) == verdict::move_newer));
  BOOST_TEST((of(down, newer, 5, 6, 0, 10 * second) == verdict::move_newer));
  BOOST_TEST((of(down, newer, 5, 5, 10 * second, 0) == verdict::unchanged));
  BOOST_TEST((of(down, newer, 5, 6, 10 * second, 0) == verdict::differs));
}

BOOST_AUTO_TEST_CASE(two_seconds_are_the_same_time) {
  const auto newer = on_conflict::newer_wins;
  BOOST_TEST((of(direction::upload, newer, 5, 5, 2 * second, 0) == verdict::unchanged));
  BOOST_TEST((of(direction::upload, newer, 5, 5, 2 * second + 1, 0) == verdict::move_newer));
}

BOOST_AUTO_TEST_CASE(extreme_times_do_not_overflow) {
  const auto least = std::numeric_limits<std::int64_t>::min();
  const auto most = std::numeric_limits<std::int64_t>::max();
  BOOST_TEST(
      (of(direction::upload, on_conflict::newer_wins, 5, 5, most, least) == verdict::move_newer));
  BOOST_TEST(
      (of(direction::upload, on_conflict::newer_wins, 5, 5, least, most) == verdict::unchanged));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(files_that_would_have_to_be_folders)

BOOST_AUTO_TEST_CASE(are_found_among_names_in_rising_order) {
  ancestor_guard guard;
  const auto blocked = [&guard](std::string_view name) {
    const bool blocks = guard.blocks(name);
    if (!blocks) guard.add(name);
    return blocks;
  };
  BOOST_TEST(!blocked("a"));
  BOOST_TEST(!blocked("a b"));
  BOOST_TEST(!blocked("a.txt"));
  BOOST_TEST(blocked("a/b"));
  BOOST_TEST(blocked("a/c/d"));
  BOOST_TEST(!blocked("a0"));
  BOOST_TEST(!blocked("b/c"));
  BOOST_TEST(!blocked("b/c.d/e"));
  BOOST_TEST(blocked("b/c/d"));
  BOOST_TEST(!blocked("b/cc"));
  BOOST_TEST(!blocked("bb"));
}

BOOST_AUTO_TEST_SUITE_END()
