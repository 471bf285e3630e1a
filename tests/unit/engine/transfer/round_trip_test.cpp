/// Up, down into another folder, and again: the same bytes, names and times.

#include "engine/sync/sync.hpp"
#include "tests/unit/engine/sync/sync_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(transfer_round_trip)

using namespace beatsync;
using namespace beatsync::tests;

BOOST_AUTO_TEST_CASE(every_size_goes_up_and_comes_down_whole) {
  sync_fixture world;
  world.threads.io_threads = 2;
  world.threads.file_threads = 2;
  for (const std::size_t size : border_sizes()) {
    world.add_file("a/" + std::to_string(size) + ".mp3",
                   some_bytes(size, static_cast<unsigned>(size)));
  }
  const auto up = world.upload();
  BOOST_TEST(!up.stopped);
  BOOST_TEST(up.count.done == border_sizes().size());
  BOOST_TEST(up.count.failed == 0U);
  world.check_totals(up);

  // Another DJ's empty stick.
  auto first_stick = std::move(world.files);
  world.files = std::make_unique<memory_file_system>();
  world.files->add_folder(sync_fixture::library);
  const auto down = world.download();
  BOOST_TEST(down.count.done == border_sizes().size());
  BOOST_TEST(down.count.unverified == 0U);
  BOOST_TEST(down.count.bytes == up.count.bytes);
  world.check_totals(down);
  world.check_nothing_left();
  BOOST_TEST(world.files->files() == first_stick->files(), boost::test_tools::per_element());
  for (const std::string& path : first_stick->files()) {
    BOOST_TEST(world.files->find(path)->bytes == first_stick->find(path)->bytes, path);
    BOOST_TEST(world.files->find(path)->mtime_ns == first_stick->find(path)->mtime_ns, path);
    BOOST_TEST(world.files->find(path)->synced, path);
  }

  // Nothing to do in either direction: nothing but listings.
  const std::size_t calls = world.bucket->events().size();
  const std::size_t lists = world.bucket->count(store_call::list);
  BOOST_TEST(world.download().count.planned == 0U);
  const auto again = world.upload();
  BOOST_TEST(again.count.planned == 0U);
  BOOST_TEST(again.count.unchanged == border_sizes().size());
  BOOST_TEST(world.bucket->events().size() - calls ==
             world.bucket->count(store_call::list) - lists);
}

// With the sizes that users have, not the small ones of the fixture: a body that is read in steps
// of 128 KiB was once sent with its second step in place of the first.
BOOST_AUTO_TEST_CASE(the_sizes_of_the_program_go_up_and_come_down_whole) {
  constexpr std::size_t step = 128 * 1024;
  const engine::transfer_tuning usual;
  std::vector<std::size_t> sizes{200'000};
  for (const std::size_t border : {step, 2 * step, 3 * step, usual.small_file, usual.buffer,
                                   2 * usual.buffer, std::size_t{8} << 20U}) {
    sizes.insert(sizes.end(), {border - 1, border, border + 1});
  }
  // A store that knows no checksum would keep whatever comes.
  for (const auto& known : {crc64nvme_and_crc32c(), std::vector<s3::checksum_algorithm>()}) {
    sync_fixture world;
    world.store_settings.checksums = known;
    world.tuning = usual;
    world.tuning.changed_pause = std::chrono::milliseconds(0);
    for (const std::size_t size : sizes) {
      world.add_file(std::to_string(size) + ".mp3", some_bytes(size, static_cast<unsigned>(size)));
    }
    const auto up = world.upload();
    BOOST_TEST(up.count.failed == 0U);
    for (const std::size_t size : sizes) {
      BOOST_TEST((world.object(std::to_string(size) + ".mp3") ==
                  some_bytes(size, static_cast<unsigned>(size))),
                 size);
    }
    const auto first_stick = std::move(world.files);
    world.files = std::make_unique<memory_file_system>();
    world.files->add_folder(sync_fixture::library);
    BOOST_TEST(world.download().count.failed == 0U);
    for (const std::string& path : first_stick->files()) {
      BOOST_TEST((world.files->find(path)->bytes == first_stick->find(path)->bytes), path);
    }
  }
}

BOOST_AUTO_TEST_CASE(objects_carry_type_time_and_checksum) {
  sync_fixture world;
  world.add_file("a/small.mp3", some_bytes(10));
  world.add_file("a/large.aiff", some_bytes(5000));
  world.upload();
  const auto small = world.bucket->find("dj/music/a/small.mp3");
  const auto large = world.bucket->find("dj/music/a/large.aiff");
  BOOST_TEST(small->content_type == "audio/mpeg");
  BOOST_TEST(large->content_type == "audio/aiff");
  BOOST_TEST(small->sum.known());
  BOOST_TEST(large->sum.known());
  BOOST_TEST(small->metadata.front().first == "mtime");
  BOOST_TEST(small->metadata.front().second == "1600000000.123456789");
  BOOST_TEST(large->metadata == small->metadata);
  BOOST_TEST(world.bucket->count(store_call::put) == 1U);
  BOOST_TEST(world.bucket->count(store_call::upload_part) == 5U);
}

BOOST_AUTO_TEST_CASE(a_dry_run_tells_and_does_nothing) {
  sync_fixture world;
  world.add_file("here.mp3", "here");
  world.put("there.mp3", "there");
  auto task = world.task(engine::direction::upload);
  task.dry_run = true;
  const auto up = world.run(task);
  BOOST_TEST(up.count.planned == 1U);
  BOOST_TEST(up.count.done == 0U);
  BOOST_TEST((world.seen.of("dj/music/here.mp3").result == engine::outcome::planned));
  BOOST_TEST((world.seen.of("dj/music/here.mp3").why == engine::reason::missing));
  BOOST_TEST(world.seen.of("dj/music/here.mp3").path == "/stick/DJ Music/here.mp3");

  // Downwards the folder may still be missing; it stays so.
  world.files->erase(sync_fixture::library);
  task.way = engine::direction::download;
  task.create_root = true;
  const auto down = world.run(task);
  BOOST_TEST(!down.stopped);
  BOOST_TEST(down.count.planned == 1U);
  BOOST_TEST(!world.files->find(sync_fixture::library));
  BOOST_TEST(world.bucket->count(store_call::list) == world.bucket->events().size());
}

BOOST_AUTO_TEST_CASE(a_missing_folder_is_made_for_downloads_only) {
  sync_fixture world;
  world.files->erase(sync_fixture::library);
  world.put("a.mp3", "sound");
  const auto up = world.upload();
  BOOST_TEST(up.stopped.has_value());
  BOOST_TEST(!up.stopped->interrupted);
  auto task = world.task(engine::direction::download);
  BOOST_TEST(world.run(task).stopped.has_value());
  task.create_root = true;
  BOOST_TEST(!world.run(task).stopped);
  BOOST_TEST(world.file("a.mp3").value() == "sound");
}

BOOST_AUTO_TEST_CASE(leftovers_of_an_earlier_run_go) {
  sync_fixture world;
  world.put("a/b.mp3", "sound");
  world.add_file("a/.beatsync-0123456789abcdef.part", "half");
  const auto down = world.download();
  BOOST_TEST(down.count.done == 1U);
  world.check_nothing_left();
}

BOOST_AUTO_TEST_CASE(another_size_is_reported_or_replaced_as_asked) {
  sync_fixture world;
  world.add_file("song.mp3", "mine");
  world.put("song.mp3", "theirs, longer");
  const auto left = world.upload();
  BOOST_TEST(left.count.planned == 0U);
  BOOST_TEST(left.count.differs == 1U);
  BOOST_TEST(world.seen.differences.front().path == "/stick/DJ Music/song.mp3");
  BOOST_TEST(world.object("song.mp3").value() == "theirs, longer");

  auto task = world.task(engine::direction::upload);
  task.conflict = engine::on_conflict::source_wins;
  BOOST_TEST(world.run(task).count.done == 1U);
  BOOST_TEST(world.object("song.mp3").value() == "mine");

  world.put("song.mp3", "theirs again");
  task.way = engine::direction::download;
  BOOST_TEST(world.run(task).count.done == 1U);
  BOOST_TEST(world.file("song.mp3").value() == "theirs again");
  world.check_nothing_left();
}

BOOST_AUTO_TEST_SUITE_END()
