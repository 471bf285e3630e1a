// Multipart uploads with a checksum of the whole object.
#include "tests/contract/bodies.hpp"
#include "tests/contract/steps.hpp"
#include "tests/contract/stores.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;

namespace multipart_steps {  // named: coroutine frames of a test case hold these types

// Every part but the last has at least 5 MiB:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
constexpr std::size_t part_size = 5 * 1024 * 1024;

struct upload {
  std::string key;
  std::string id;
  std::vector<std::string> bodies;
  s3::complete_upload_request complete;
};

awaitable<upload> begin(s3::object_store& store, std::string key,
                        s3::checksum_algorithm algorithm) {
  upload up;
  up.key = key;
  s3::create_upload_request create;
  create.key = key;
  create.content_type = "audio/x-wav";
  create.metadata = {{"mtime", "1700000000.5"}};
  create.algorithm = algorithm;
  up.id = ok(co_await store.create_upload(create));
  up.complete.key = key;
  up.complete.upload_id = up.id;
  co_return up;
}

awaitable<void> send_parts(s3::object_store& store, upload& up, s3::checksum_algorithm algorithm) {
  up.bodies = {pattern(part_size, 1), pattern(part_size, 2), pattern(1000, 3)};
  for (const int number : {2, 1, 3}) {  // in any order
    const std::string& text = up.bodies[static_cast<std::size_t>(number - 1)];
    s3::upload_part_request request;
    request.key = up.key;
    request.upload_id = up.id;
    request.number = number;
    request.sum = sum_of(algorithm, text);
    text_source body(text);
    auto part = ok(co_await store.upload_part(request, body));
    BOOST_TEST(part.number == number);
    BOOST_TEST(!part.etag.empty());
    up.complete.parts.push_back(std::move(part));
  }
  std::ranges::sort(up.complete.parts, {}, &s3::uploaded_part::number);
  up.complete.size = 2 * part_size + 1000;
  up.complete.sum = sum_of(algorithm, up.bodies[0] + up.bodies[1] + up.bodies[2]);
}

}  // namespace multipart_steps

using namespace multipart_steps;

BOOST_AUTO_TEST_SUITE(multipart)

BOOST_DATA_TEST_CASE(parts_become_one_object, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    for (const auto algorithm : {s3::checksum_algorithm::crc64nvme, s3::checksum_algorithm::crc32c,
                                 s3::checksum_algorithm::none}) {
      auto up = co_await begin(store, "long set.wav", algorithm);
      co_await send_parts(store, up, algorithm);
      const auto answer = ok(co_await store.complete_upload(up.complete));
      const auto head = ok(co_await store.head("long set.wav"));
      BOOST_TEST(head.size == up.complete.size);
      BOOST_TEST(head.etag == answer.etag);
      BOOST_TEST(!head.etag_is_md5);
      BOOST_TEST_REQUIRE(head.metadata.size() == 1u);
      BOOST_TEST(head.metadata[0].second == "1700000000.5");
      if (up.complete.sum.known()) BOOST_TEST((head.full_checksum == up.complete.sum));
      const auto text = co_await get_text(store, "long set.wav");
      BOOST_TEST((text == up.bodies[0] + up.bodies[1] + up.bodies[2]));
    }
  });
}

BOOST_DATA_TEST_CASE(ranges_cross_the_parts, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    auto up = co_await begin(store, "set", s3::checksum_algorithm::crc64nvme);
    co_await send_parts(store, up, s3::checksum_algorithm::crc64nvme);
    const auto stored = ok(co_await store.complete_upload(up.complete));
    const std::string whole = up.bodies[0] + up.bodies[1] + up.bodies[2];
    s3::get_request request;
    request.key = "set";
    request.if_match = stored.etag;
    request.range = {part_size - 10, 20};
    text_sink sink;
    ok(co_await store.get(request, sink));
    BOOST_TEST((sink.text() == whole.substr(part_size - 10, 20)));
  });
}

BOOST_DATA_TEST_CASE(pending_uploads_and_their_parts_are_listed, all_stores()) {
  // MinIO lists the uploads of one key only: the prefix has to be that key.
  const std::string prefix = sample == store_kind::minio ? "dj/music/\u00e4 b+c.wav" : "dj/music/";
  on_fresh_bucket(sample, [&prefix](s3::object_store& store) -> awaitable<void> {
    auto up = co_await begin(store, "dj/music/\u00e4 b+c.wav", s3::checksum_algorithm::crc64nvme);
    co_await send_parts(store, up, s3::checksum_algorithm::crc64nvme);

    const auto pending = ok(co_await store.list_uploads(prefix));
    BOOST_TEST_REQUIRE(pending.size() == 1u);
    BOOST_TEST(pending[0].key == up.key);
    BOOST_TEST(pending[0].upload_id == up.id);
    const auto parts = ok(co_await store.list_parts(up.key, up.id));
    BOOST_TEST_REQUIRE(parts.size() == 3u);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      BOOST_TEST(parts[i].number == up.complete.parts[i].number);
      BOOST_TEST(parts[i].etag == up.complete.parts[i].etag);
      BOOST_TEST(parts[i].size == up.bodies[i].size());
    }
    const auto elsewhere = ok(co_await store.list_uploads("dj/xml/"));
    BOOST_TEST(elsewhere.empty());

    ok(co_await store.complete_upload(up.complete));
    const auto left = ok(co_await store.list_uploads(""));
    BOOST_TEST(left.empty());
  });
}

BOOST_DATA_TEST_CASE(abort_leaves_nothing, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    auto up = co_await begin(store, "set", s3::checksum_algorithm::crc64nvme);
    co_await send_parts(store, up, s3::checksum_algorithm::crc64nvme);
    ok(co_await store.abort_upload(up.key, up.id));
    const auto pending = ok(co_await store.list_uploads(""));
    BOOST_TEST(pending.empty());
    const auto parts = co_await store.list_parts(up.key, up.id);
    BOOST_TEST(failed(parts) == s3::errc::no_such_upload);
    const auto complete = co_await store.complete_upload(up.complete);
    BOOST_TEST(failed(complete) == s3::errc::no_such_upload);
    const auto head = co_await store.head(up.key);
    BOOST_TEST(failed(head) == s3::errc::no_such_key);
  });
}

BOOST_DATA_TEST_CASE(a_damaged_part_is_refused, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    auto up = co_await begin(store, "set", s3::checksum_algorithm::crc64nvme);
    const std::string text = pattern(part_size);
    s3::upload_part_request request;
    request.key = up.key;
    request.upload_id = up.id;
    request.number = 1;
    request.sum = sum_of(s3::checksum_algorithm::crc64nvme, text);
    request.sum.value ^= 1u << 7;
    text_source body(text);
    const auto answer = co_await store.upload_part(request, body);
    BOOST_TEST(failed(answer) == s3::errc::checksum_mismatch);
    ok(co_await store.abort_upload(up.key, up.id));
  });
}

BOOST_DATA_TEST_CASE(an_upload_that_never_was, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    auto up = co_await begin(store, "set", s3::checksum_algorithm::none);
    ok(co_await store.abort_upload(up.key, up.id));
    s3::upload_part_request request;
    request.key = up.key;
    request.upload_id = up.id;
    request.number = 1;
    text_source body("a body", true);
    const auto answer = co_await store.upload_part(request, body);
    BOOST_TEST(failed(answer) == s3::errc::no_such_upload);
  });
}

BOOST_AUTO_TEST_SUITE_END()
