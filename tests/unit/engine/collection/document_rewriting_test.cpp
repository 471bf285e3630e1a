/// A collection from a reader to a writer: each of the three parties can fail, and is named.

#include "engine/collection/document_rewriting.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

using namespace beatsync;
using namespace beatsync::engine;

namespace {

xml::rewrite_options roots() { return parse_roots({"E:"}, "/Volumes/X").value(); }

/// Long enough for several reads and writes.
std::string collection(std::size_t tracks, std::string_view root) {
  std::string all = "<DJ_PLAYLISTS><COLLECTION>\n";
  for (std::size_t i = 0; i < tracks; ++i) {
    all.append("<TRACK Location=\"file://localhost").append(root);
    all.append("/DJ%20Music/").append(std::to_string(i)).append(".mp3\"/>\n");
  }
  return all + "</COLLECTION></DJ_PLAYLISTS>\n";
}

/// `whole`, at most `step` bytes at a time.
byte_reader reader(const std::string& whole, std::size_t step = 1 << 30) {
  return [&whole, step, at = std::size_t{0}](std::span<std::byte> room) mutable {
    const std::size_t size = std::min({room.size(), step, whole.size() - at});
    std::ranges::copy(std::as_bytes(std::span(whole)).subspan(at, size), room.begin());
    at += size;
    return fs_result<std::size_t>(size);
  };
}

byte_writer writer(std::string& out) {
  return [&out](std::span<const std::byte> bytes) -> fs_result<void> {
    out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  };
}

fs_error broken(int errno_value) { return {errno_value, "use", "collection.xml"}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(document_rewriting)

BOOST_AUTO_TEST_CASE(a_document_goes_through_however_the_reads_are_cut) {
  const std::string from = collection(5000, "/E:");
  const std::string to = collection(5000, "/Volumes/X");
  for (const std::size_t step : {1000UL, 4096UL, 100'000UL, 1UL << 30}) {
    std::string out;
    const auto how = rewrite_document(roots(), reader(from, step), writer(out));
    BOOST_TEST_REQUIRE(how.counts.has_value());
    BOOST_TEST(how.counts->rewritten == 5000U);
    BOOST_TEST((out == to));
  }
}

BOOST_AUTO_TEST_CASE(without_a_writer_it_is_only_counted) {
  const std::string from = collection(3, "/E:");
  const auto how = rewrite_document(roots(), reader(from), {});
  BOOST_TEST(how.counts.value().rewritten == 3U);
}

BOOST_AUTO_TEST_CASE(what_is_no_document_is_refused_with_its_place) {
  const std::string cut = collection(3, "/E:").substr(0, 60);
  std::string out;
  const auto how = rewrite_document(roots(), reader(cut), writer(out));
  BOOST_TEST(how.refused.has_value());
  BOOST_TEST(!how.counts);
  BOOST_TEST(!how.unreadable);
  BOOST_TEST(!how.unwritable);

  const std::string nothing;
  BOOST_TEST(rewrite_document(roots(), reader(nothing), {}).refused.has_value());
}

BOOST_AUTO_TEST_CASE(a_read_that_fails_ends_it) {
  const std::string from = collection(5000, "/E:");
  std::string out;
  const byte_reader failing = [good = reader(from), reads = 0](std::span<std::byte> room) mutable {
    return ++reads < 2 ? good(room) : fs_result<std::size_t>(broken(EIO));
  };
  const auto how = rewrite_document(roots(), failing, writer(out));
  BOOST_TEST(how.unreadable.has_value());
  BOOST_TEST(!how.counts);
}

BOOST_AUTO_TEST_CASE(a_write_that_fails_ends_it_and_nothing_is_written_after_it) {
  const std::string from = collection(50'000, "/E:");  // several writes
  int writes = 0;
  std::size_t read = 0;
  const byte_writer full = [&writes](std::span<const std::byte>) -> fs_result<void> {
    if (++writes == 2) return broken(ENOSPC);
    return {};
  };
  const byte_reader counted = [good = reader(from), &read](std::span<std::byte> room) mutable {
    auto got = good(room);
    read += got.value();
    return got;
  };
  const auto how = rewrite_document(roots(), counted, full);
  BOOST_TEST(how.unwritable.has_value());
  BOOST_TEST(!how.counts);
  BOOST_TEST(writes == 2);
  BOOST_TEST(read < from.size());
}

BOOST_AUTO_TEST_CASE(the_last_write_counts) {
  const std::string from = collection(3, "/E:");  // one write, at the end
  const byte_writer full = [](std::span<const std::byte>) -> fs_result<void> {
    return broken(ENOSPC);
  };
  const auto how = rewrite_document(roots(), reader(from), full);
  BOOST_TEST(how.unwritable.has_value());
  BOOST_TEST(!how.counts);
}

BOOST_AUTO_TEST_CASE(it_can_be_cut_short) {
  const std::string from = collection(5000, "/E:");
  std::string out;
  const auto how = rewrite_document(roots(), reader(from), writer(out), {},
                                    [n = 0]() mutable { return ++n < 2; });
  BOOST_TEST(how.cut_short);
  BOOST_TEST(!how.counts);
}

BOOST_AUTO_TEST_SUITE_END()
