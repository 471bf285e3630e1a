// What a small file costs in memory: nothing that was not there for the one before it.
#include "tests/scenario/dj.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <string>

using namespace beatsync::tests;

#ifdef BEATSYNC_FRAME_COUNTER

namespace {

constexpr unsigned files = 400;

/// Coroutine frames that were too large to be kept for the next request.
unsigned large_frames(dj& who, const std::string& operation) {
  const auto count = who.home() / "frames";
  who.environment["LD_PRELOAD"] = BEATSYNC_FRAME_COUNTER;
  who.environment["FRAME_COUNT_FILE"] = count.native();
  expect_exit(who.run({operation}), 0);
  unsigned found = 0;
  std::ifstream in(count);
  BOOST_REQUIRE(in >> found);
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(frames)

BOOST_AUTO_TEST_CASE(the_frames_of_small_files_are_kept_for_the_next_one) {
  tls_store& store = *tls_store_of(tls_store_kind::strict);
  const std::string bucket = store.fresh_bucket();
  dj anna(store, bucket, "anna");
  for (unsigned i = 0; i < files; ++i) {
    anna.add_track("crate/" + std::to_string(i) + ".mp3", "the same few bytes");
  }
  BOOST_TEST(large_frames(anna, "upload_music") < files / 4);
  dj ben(store, bucket, "ben");
  BOOST_TEST(large_frames(ben, "download_music") < files / 4);
}

BOOST_AUTO_TEST_SUITE_END()

#endif
