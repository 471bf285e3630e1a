#include "tests/unit/engine/collection/collection_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(collection_upload)

using namespace beatsync;
using namespace beatsync::tests;
using engine::outcome;
using engine::reason;

namespace {

const std::string mine = collection_of("/Volumes/ANN", {"DJ Music/a.mp3", "DJ Music/b.mp3"});

std::string root_metadata(const stored_object& object) {
  for (const auto& [name, value] : object.metadata) {
    if (name == "beatsync-root") return value;
  }
  return "none";
}

}  // namespace

BOOST_AUTO_TEST_CASE(goes_up_with_its_root_and_is_unchanged_the_second_time) {
  collection_fixture world;
  world.files.add_file("/home/dj/my collection.xml", mine, 5);
  auto task = world.upload_task();
  task.xml_root = "/Volumes/ANN";
  const auto first = world.upload(task);
  BOOST_TEST(first.base.count.done == 1U);
  BOOST_TEST(first.written == task.key);
  BOOST_TEST(first.rewrite->rewritten == 2U);
  const auto object = world.bucket->find(task.key);
  BOOST_TEST(object->bytes == mine);
  BOOST_TEST(object->content_type == "application/xml");
  BOOST_TEST(root_metadata(*object) == "/Volumes/ANN");
  BOOST_TEST((world.seen.items.front().why == reason::missing));
  BOOST_TEST(world.seen.items.front().path == task.xml_path);

  const auto second = world.upload(task);
  BOOST_TEST(second.base.count.planned == 0U);
  BOOST_TEST(second.base.count.unchanged == 1U);
  BOOST_TEST(second.written.empty());
  BOOST_TEST(world.bucket->count(store_call::put) == 1U);
}

BOOST_AUTO_TEST_CASE(the_root_is_percent_encoded) {
  collection_fixture world;
  world.files.add_file("/home/dj/my collection.xml",
                       collection_of("/Volumes/N%c3%96%20NAME", {"a.mp3"}));
  auto task = world.upload_task();
  task.xml_root = "/Volumes/N\u00d6 NAME";
  BOOST_TEST(world.upload(task).base.count.done == 1U);
  BOOST_TEST(root_metadata(*world.bucket->find(task.key)) == "/Volumes/N%C3%96%20NAME");
}

BOOST_AUTO_TEST_CASE(same_size_and_other_content_is_a_difference) {
  collection_fixture world;
  world.files.add_file("/home/dj/my collection.xml", mine);
  world.upload(world.upload_task());
  std::string edited = mine;
  edited.replace(edited.find("a.mp3"), 5, "c.mp3");
  world.files.add_file("/home/dj/my collection.xml", edited);
  BOOST_TEST(world.upload(world.upload_task()).base.count.done == 1U);
  BOOST_TEST((world.seen.items.front().why == reason::differs));
  BOOST_TEST(world.bucket->find(world.upload_task().key)->bytes == edited);
}

BOOST_AUTO_TEST_CASE(another_root_for_the_same_bytes_is_a_difference) {
  collection_fixture world;
  world.files.add_file("/home/dj/my collection.xml", mine);
  world.upload(world.upload_task());
  auto task = world.upload_task();
  task.xml_root = "/Volumes";
  BOOST_TEST(world.upload(task).base.count.done == 1U);
  BOOST_TEST(root_metadata(*world.bucket->find(task.key)) == "/Volumes");
}

BOOST_AUTO_TEST_CASE(what_is_not_well_formed_stays_here) {
  collection_fixture world;
  world.files.add_file("/home/dj/my collection.xml", mine.substr(0, mine.size() / 2));
  const auto how = world.upload(world.upload_task());
  BOOST_TEST(how.base.count.failed == 1U);
  BOOST_TEST((world.seen.items.front().why == reason::malformed));
  BOOST_TEST(world.seen.items.front().message.find("line") != std::string::npos);
  BOOST_TEST(world.bucket->all().empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_root_stays_here_unless_it_is_meant) {
  collection_fixture world;
  world.files.add_file("/home/dj/my collection.xml", mine);
  auto task = world.upload_task();
  task.xml_root = "/Volumes/BEA";
  const auto how = world.upload(task);
  BOOST_TEST(how.base.count.failed == 1U);
  BOOST_TEST((world.seen.items.front().why == reason::no_match));
  BOOST_TEST(world.seen.items.front().message.find("/Volumes/ANN") != std::string::npos);
  BOOST_TEST(world.bucket->all().empty());
  task.allow_unmatched = true;
  BOOST_TEST(world.upload(task).base.count.done == 1U);
}

// A web page that was saved as .xml would replace the collection that the others import.
BOOST_AUTO_TEST_CASE(what_is_no_collection_does_not_replace_one_unless_it_is_meant) {
  collection_fixture world;
  world.files.add_file("/home/dj/my collection.xml", mine, 5);
  auto task = world.upload_task();
  world.upload(task);
  world.files.add_file("/home/dj/my collection.xml", "<html/>", 6);
  for (const bool dry_run : {true, false}) {
    task.dry_run = dry_run;
    BOOST_TEST(world.upload(task).base.count.failed == 1U);
    BOOST_TEST((world.seen.items.front().why == reason::malformed));
    BOOST_TEST(world.seen.items.front().message.find("--allow-unmatched") != std::string::npos);
    BOOST_TEST(world.bucket->find(task.key)->bytes == mine);
  }
  task.allow_unmatched = true;
  BOOST_TEST(world.upload(task).base.count.done == 1U);
  BOOST_TEST(world.bucket->find(task.key)->bytes == "<html/>");
}

BOOST_AUTO_TEST_CASE(a_missing_file_and_a_refusing_store_are_told_apart) {
  collection_fixture world;
  const auto missing = world.upload(world.upload_task());
  BOOST_TEST(missing.base.count.failed == 1U);
  BOOST_TEST((world.seen.items.front().why == reason::local_io));
  BOOST_TEST(!missing.base.stopped);

  world.files.add_file("/home/dj/my collection.xml", mine);
  world.bucket->set_script([](const store_event&) {
    interference what;
    what.refuse = scripted_error(s3::errc::no_such_bucket, 404, "NoSuchBucket");
    return what;
  });
  BOOST_TEST(world.upload(world.upload_task()).base.stopped.has_value());
}

BOOST_AUTO_TEST_CASE(a_dry_run_parses_and_compares_but_sends_nothing) {
  collection_fixture world;
  world.files.add_file("/home/dj/my collection.xml", mine);
  auto task = world.upload_task();
  task.dry_run = true;
  const auto how = world.upload(task);
  BOOST_TEST(how.base.count.planned == 1U);
  BOOST_TEST((world.seen.items.front().result == outcome::planned));
  BOOST_TEST(world.bucket->all().empty());
}

BOOST_AUTO_TEST_CASE(only_what_was_parsed_goes_up) {
  collection_fixture world;
  world.files.add_file("/home/dj/my collection.xml", mine, 5);
  // rekordbox saves again between the parse and the upload.
  world.bucket->set_script([&](const store_event& e) {
    if (e.what == store_call::head) {
      world.files.add_file("/home/dj/my collection.xml", "<half", 6);
    }
    return interference();
  });
  const auto how = world.upload(world.upload_task());
  BOOST_TEST(how.base.count.failed == 1U);
  BOOST_TEST((world.seen.items.front().why == reason::changed));
  BOOST_TEST(world.bucket->all().empty());
}

BOOST_AUTO_TEST_SUITE_END()
