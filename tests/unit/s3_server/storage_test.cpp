#include "tests/s3_server/storage.hpp"

#include "tests/s3_server/refusal.hpp"
#include "tests/s3_server/store.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace beatsync::s3_server;
using beatsync::tests::read_file;
using beatsync::tests::temp_dir;

namespace {

stored_object object_in(store& objects, const std::string& body) {
  const auto writer = objects.new_body(body.size());
  writer->write(std::as_bytes(std::span(body.data(), body.size())));
  stored_object object;
  object.body = writer->finish();
  object.etag = "etag of " + body;
  object.last_modified = time_stamp(std::chrono::milliseconds(1700000000123));
  object.metadata = {{"mtime", "5 % = \n"}};
  object.checksum_algorithm = "CRC32";
  object.checksum_type = "FULL_OBJECT";
  object.checksum = "AAAAAA==";
  object.part_sizes = {3, 4};
  return object;
}

void put(store& objects, const std::string& key, const std::string& body) {
  objects.put("music", key, object_in(objects, body));
}

const std::vector<std::string> odd_keys = {"a",
                                           "a/b",
                                           "a/b/c",
                                           "../escape",
                                           "..",
                                           "/absolute",
                                           "x//y",
                                           "folder/",
                                           std::string("n\0l", 3),
                                           std::string(300, 'n'),
                                           std::string(200, 'd') + '/' + std::string(255, 'f'),
                                           "\xff\xfe",
                                           "line\nbreak"};

}  // namespace

BOOST_AUTO_TEST_CASE(a_folder_keeps_every_key_over_a_restart) {
  const temp_dir folder;
  {
    store objects(folder_storage(folder / "root"));
    objects.create_bucket("music", "");
    for (const auto& key : odd_keys) put(objects, key, "first of " + key);
    for (const auto& key : odd_keys) put(objects, key, "body of " + key);
    put(objects, "gone", "x");
    BOOST_TEST(objects.erase("music", "gone"));
  }
  store again(folder_storage(folder / "root"));
  for (const auto& key : odd_keys) {
    const auto found = again.require("music", key);
    BOOST_TEST(to_string(*found->body) == "body of " + key);
    BOOST_TEST(found->etag == "etag of body of " + key);
    BOOST_TEST(found->metadata.at(0).second == "5 % = \n");
    BOOST_TEST(found->part_sizes.size() == 2U);
    BOOST_CHECK(found->last_modified == time_stamp(std::chrono::milliseconds(1700000000123)));
  }
  BOOST_CHECK(again.find("music", "gone") == nullptr);
  BOOST_TEST(!std::filesystem::exists(folder / "escape"));
}

BOOST_AUTO_TEST_CASE(plain_keys_are_plain_files_and_plain_files_are_objects) {
  const temp_dir folder;
  folder.write("music/Artist/Song.mp3", "tune");
  store objects(folder_storage(folder.path()));
  BOOST_TEST(to_string(*objects.require("music", "Artist/Song.mp3")->body) == "tune");
  put(objects, "Artist/Other.mp3", "other");
  BOOST_TEST(read_file(folder / "music/Artist/Other.mp3") == "other");
}

BOOST_AUTO_TEST_CASE(folders_go_with_their_last_object) {
  const temp_dir folder;
  store objects(folder_storage(folder.path()));
  objects.create_bucket("music", "");
  for (const std::string key : {"a/b/c", "a/b", "..", "../..", "a"}) {
    put(objects, key, "x");
    BOOST_TEST(to_string(*objects.require("music", key)->body) == "x");
    BOOST_TEST(objects.erase("music", key));
  }
  BOOST_TEST(std::filesystem::is_empty(folder / "music"));
}

BOOST_AUTO_TEST_CASE(no_temporary_file_is_left) {
  const temp_dir folder;
  store objects(folder_storage(folder.path()));
  objects.create_bucket("music", "");
  {
    const auto unused = object_in(objects, "thrown away");
  }
  put(objects, "k", "kept");
  const auto temporary = folder / ".s3-test-server/tmp";
  BOOST_TEST(std::filesystem::is_empty(temporary));
}

BOOST_AUTO_TEST_CASE(readers_keep_what_they_opened) {
  const temp_dir folder;
  store objects(folder_storage(folder.path()));
  objects.create_bucket("music", "");
  put(objects, "k", "old");
  const auto before = objects.require("music", "k");
  const auto reader = before->body->open();
  put(objects, "k", "new");
  std::vector<std::byte> scratch(10);
  const auto view = reader->read(0, scratch);
  BOOST_TEST(std::string(reinterpret_cast<const char*>(view.data()), view.size()) == "old");
}

BOOST_AUTO_TEST_CASE(joined_damaged_and_made_up_blobs) {
  const auto whole = joined_blob({text_blob("abc"), text_blob(""), text_blob("de")});
  BOOST_TEST(to_string(*whole) == "abcde");
  BOOST_TEST(to_string(*damaged_blob(whole, 24)) == "abcee");
  const auto pattern = pattern_blob((std::uint64_t{3} << 20U) + 5, 7);
  const auto text = to_string(*pattern);
  BOOST_TEST(text.size() == pattern->size());
  BOOST_TEST((text.substr(0, 5) == text.substr(std::size_t{3} << 20U)));
}

BOOST_AUTO_TEST_CASE(large_bodies_are_kept_in_pieces) {
  std::string body((std::size_t{5} << 20U) + 17, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 / 7);
  for (const std::uint64_t expected : {std::uint64_t{0}, std::uint64_t{body.size()}}) {
    const auto writer = make_memory_writer(expected);
    writer->write(std::as_bytes(std::span(body.data(), body.size())));
    BOOST_TEST((to_string(*writer->finish()) == body));
  }
}
