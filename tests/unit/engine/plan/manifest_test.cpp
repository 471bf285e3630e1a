#include "engine/copy/copy_likeness.hpp"
#include "engine/plan/manifest_reader.hpp"
#include "engine/plan/shard_result.hpp"
#include "engine/plan/shard_writer.hpp"
#include "tests/support/memory_file_system.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(manifests)

using namespace beatsync;
using namespace beatsync::engine;
using namespace beatsync::tests;

namespace {

plan_header header_of(const std::string& source, const std::string& target,
                      std::uint32_t shards = 1) {
  plan_header header;
  header.plan = "0123456789abcdef0123456789abcdef";
  header.shards = shards;
  header.source = *parse_plan_place(source);
  header.target = *parse_plan_place(target);
  header.endpoint = "https://s3.example.org";
  return header;
}

action upload_of(std::string path, std::uint64_t size = 7) {
  action what;
  what.path = std::move(path);
  what.key = "music/" + what.path;
  what.size = size;
  what.mtime_ns = -1'234'567'890'123'456'789;
  return what;
}

action back_from(const plan_header& header, const action& what) {
  manifest_parser parser;
  const auto parsed = parser.body(header, action_line(header, what));
  BOOST_REQUIRE_MESSAGE(parsed.has_value(), parsed.error().message);
  BOOST_REQUIRE(parsed->what.has_value());
  return *parsed->what;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_header_survives) {
  for (const auto& [source, target] :
       {std::pair("/lustre/mu\"sic", "s3://b/a b/"), std::pair("s3://b/", "/x"),
        std::pair("s3://b/x/", "s3://c/")}) {
    plan_header header = header_of(source, target, 3);
    header.shard = 2;
    manifest_parser parser;
    const auto back = parser.header(header_line(header));
    BOOST_REQUIRE_MESSAGE(back.has_value(), back.error().message);
    BOOST_TEST(back->plan == header.plan);
    BOOST_TEST(!back->target_there);
    header.target_there = true;
    BOOST_TEST(parser.header(header_line(header))->target_there);
    BOOST_TEST(back->shard == 2u);
    BOOST_TEST(back->shards == 3u);
    BOOST_TEST((back->source == header.source));
    BOOST_TEST((back->target == header.target));
    BOOST_TEST(back->endpoint == header.endpoint);
  }
}

BOOST_AUTO_TEST_CASE(an_upload_survives_whatever_its_name) {
  const plan_header header = header_of("/lustre", "s3://b/music/");
  for (const std::string& name :
       {std::string("a.mp3"), std::string("a\nb\"c\\\x01\x7f"), std::string("caf\u00e9 \U0001f3b5"),
        std::string("..."), std::string(255, 'x')}) {
    action what = upload_of(name);
    action back = back_from(header, what);
    BOOST_TEST(back.planned);
    BOOST_TEST((back.kind == action_kind::upload));
    BOOST_TEST(back.path == what.path);
    BOOST_TEST(back.key == what.key);
    BOOST_TEST(back.size == what.size);
    BOOST_TEST(back.mtime_ns == what.mtime_ns);
    BOOST_TEST(!back.target_exists);
    what.target_exists = true;
    what.etag = "abc-2";
    what.why = reason::newer;
    back = back_from(header, what);
    BOOST_TEST(back.target_exists);
    BOOST_TEST(back.etag == "abc-2");
    BOOST_TEST((back.why == reason::newer));
  }
}

BOOST_AUTO_TEST_CASE(a_download_survives_with_its_own_spelling) {
  const plan_header header = header_of("s3://b/music/", "/lustre");
  action what = upload_of("cafe\u0301");
  what.key = "music/caf\u00e9";
  what.kind = action_kind::download;
  what.why = reason::differs;
  what.etag = "e";
  what.target_exists = true;
  what.target_size = 5;
  what.target_mtime_ns = -9;
  const action back = back_from(header, what);
  BOOST_TEST(back.path == what.path);
  BOOST_TEST(back.key == what.key);
  BOOST_TEST(back.etag == "e");
  BOOST_TEST(back.target_size == 5u);
  BOOST_TEST(back.target_mtime_ns == -9);
  BOOST_TEST(!back.mtime_known);
}

BOOST_AUTO_TEST_CASE(a_copy_survives_and_need_be_no_path) {
  const plan_header header = header_of("s3://b/old/", "s3://c/new/");
  action what;
  what.kind = action_kind::copy;
  what.path = "a//../b";
  what.key = "new/a//../b";
  what.source_key = "old/a//../b";
  what.source_etag = "s";
  what.size = 3;
  const action back = back_from(header, what);
  BOOST_TEST(back.key == what.key);
  BOOST_TEST(back.source_key == what.source_key);
  BOOST_TEST(back.source_etag == "s");
}

BOOST_AUTO_TEST_CASE(no_name_leaves_its_root) {
  const plan_header up = header_of("/lustre", "s3://b/music/");
  const plan_header down = header_of("s3://b/music/", "/lustre");
  for (const std::string& name :
       {std::string(".."), std::string("a/../../b"), std::string("/etc"), std::string("a//b"),
        std::string("./a"), std::string("a/"), std::string("a\0b", 3), std::string(256, 'x')}) {
    manifest_parser parser;
    action what = upload_of(name);
    BOOST_TEST(parser.body(up, action_line(up, what)).has_error(), name);
    what.kind = action_kind::download;
    what.etag = "e";
    BOOST_TEST(parser.body(down, action_line(down, what)).has_error(), name);
    what.key = "music/fine";
    BOOST_TEST(parser.body(down, action_line(down, what)).has_error(), name);
  }
}

BOOST_AUTO_TEST_CASE(a_shard_is_cut_anywhere_and_refused) {
  memory_file_system files;
  files.add_folder("/plan");
  shard_writer writer(files, "/plan", header_of("/lustre", "s3://b/music/"));
  for (int i = 0; i < 3; ++i) writer.add(upload_of("track " + std::to_string(i)));
  BOOST_TEST(writer.finish().has_value());
  const std::string path = "/plan/" + manifest_name(0);
  const std::string text = *files.read_file(path, 100'000);
  const auto whole = check_manifest(files, path);
  BOOST_REQUIRE_MESSAGE(whole.has_value(), whole.error().message);
  BOOST_TEST(whole->items == 3u);
  BOOST_TEST(whole->bytes == 21u);
  for (std::size_t size = 0; size < text.size(); ++size) {
    BOOST_TEST(files.replace_file(path, text.substr(0, size), readers::by_umask).has_value());
    BOOST_TEST(check_manifest(files, path).has_error(), size);
  }
}

BOOST_AUTO_TEST_CASE(of_two_plans_for_one_folder_one_goes_on) {
  memory_file_system files;
  files.add_folder("/plan");
  const auto header = header_of("/lustre", "s3://b/music/", 2);
  shard_writer first(files, "/plan", header);
  shard_writer second(files, "/plan", header);
  BOOST_REQUIRE(first.claim().has_value());
  const auto refused = second.claim();
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST(refused.error().code == EEXIST);
  first.add(upload_of("a.mp3"));
  BOOST_REQUIRE(first.finish().has_value());
  BOOST_TEST(files.files().size() == 2u);
  for (std::uint32_t shard = 0; shard < 2; ++shard) {
    BOOST_TEST(check_manifest(files, "/plan/" + manifest_name(shard)).has_value());
  }
  remove_manifests(files, "/plan", 2);
  BOOST_TEST(files.files().empty());
}

BOOST_AUTO_TEST_CASE(shards_differ_by_no_more_than_the_largest_object) {
  constexpr std::uint64_t mebi = std::uint64_t{1} << 20U;
  memory_file_system files;
  files.add_folder("/plan");
  shard_writer writer(files, "/plan", header_of("/lustre", "s3://b/music/", 7));
  std::uint64_t largest = 0;
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    const std::uint64_t size = i % 50 == 0 ? (i % 31) * 40 * mebi : i * 37 % 9'000;
    largest = std::max(largest, size + mebi);
    if (writer.add(upload_of("track " + std::to_string(i), size))) {
      BOOST_TEST(writer.flush().has_value());
    }
  }
  BOOST_TEST(writer.finish().has_value());
  std::vector<std::uint64_t> costs;
  std::uint64_t items = 0;
  for (std::uint32_t shard = 0; shard < 7; ++shard) {
    const auto sums = check_manifest(files, "/plan/" + manifest_name(shard));
    BOOST_REQUIRE_MESSAGE(sums.has_value(), sums.error().message);
    costs.push_back(sums->bytes + sums->items * mebi);
    items += sums->items;
  }
  BOOST_TEST(items == 2'000u);
  const auto [least, most] = std::ranges::minmax(costs);
  BOOST_TEST(most - least <= largest);
}

BOOST_AUTO_TEST_CASE(documents_survive) {
  plan_document plan;
  plan.header = header_of("/lustre", "s3://b/music/");
  plan.shards = {{3, 21}, {0, 0}};
  const auto back = parse_plan_document(text_of(plan));
  BOOST_REQUIRE(back.has_value());
  BOOST_TEST(back->header.plan == plan.header.plan);
  BOOST_TEST(back->header.shards == 2u);
  BOOST_TEST(back->sum().bytes == 21u);
  BOOST_TEST(!parse_plan_document("{}").has_value());
  BOOST_TEST(!parse_plan_document("").has_value());
  plan.shards.clear();
  BOOST_TEST(!parse_plan_document(text_of(plan)).has_value());

  shard_result result;
  result.plan = plan.header.plan;
  result.planned.items = 3;
  result.done = 2;
  result.unchanged = 1;
  result.seconds = 1.5;
  const auto again = parse_shard_result(text_of(result));
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST(again->is_done());
  BOOST_TEST(again->seconds == 1.5);
  result.exit = 143;
  BOOST_TEST(!parse_shard_result(text_of(result))->is_done());
  result.exit = 0;
  result.unchanged = 0;
  BOOST_TEST(!parse_shard_result(text_of(result))->is_done());
}

BOOST_AUTO_TEST_CASE(numbers_that_cannot_be_are_no_result) {
  shard_result result;
  result.planned.items = 3;
  result.done = 3;
  const std::string good = text_of(result);
  BOOST_REQUIRE(parse_shard_result(good).has_value());
  const auto with = [&](std::string text, const std::string& from, const std::string& to) {
    return parse_shard_result(text.replace(text.find(from), from.size(), to)).has_value();
  };
  // 2^32 is no shard 0, and 2^64 - 1 and 4 are not 3.
  BOOST_TEST(!with(good, "\"shard\":0", "\"shard\":4294967296"));
  BOOST_TEST(!with(good, "\"shard\":0", "\"shard\":10000"));
  BOOST_TEST(!with(good, "\"done\":3", "\"done\":18446744073709551615"));
  BOOST_TEST(
      !with(good, "\"done\":3,\"unchanged\":0", "\"done\":18446744073709551615,\"unchanged\":4"));
  BOOST_TEST(!with(good, "\"unchanged\":0", "\"unchanged\":1"));
  BOOST_TEST(!with(good, "\"failed\":0", "\"failed\":18446744073709551615"));
}

BOOST_AUTO_TEST_CASE(heads_tell_whether_a_copy_is_one) {
  s3::object_head source;
  source.size = 4;
  source.etag = "d41d8cd98f00b204e9800998ecf8427e";
  source.etag_is_md5 = true;
  s3::object_head copy = source;
  BOOST_TEST((likeness_of(source, copy) == likeness::same));
  copy.size = 5;
  BOOST_TEST((likeness_of(source, copy) == likeness::different));
  copy = source;
  copy.etag = "00000000000000000000000000000000";
  BOOST_TEST((likeness_of(source, copy) == likeness::different));
  copy.etag_is_md5 = false;
  copy.etag = "59adb24ef3cdbe0297f05b395827453f-1";  // md5 of the 16 bytes of the source's
  BOOST_TEST((likeness_of(source, copy) == likeness::same));
  copy.etag = "59adb24ef3cdbe0297f05b395827453f-2";
  BOOST_TEST((likeness_of(source, copy) == likeness::unknown));
  source.full_checksum = {s3::checksum_algorithm::crc32c, 1};
  copy.full_checksum = {s3::checksum_algorithm::crc32c, 1};
  BOOST_TEST((likeness_of(source, copy) == likeness::same));
  copy.full_checksum.value = 2;
  BOOST_TEST((likeness_of(source, copy) == likeness::different));
}

BOOST_AUTO_TEST_SUITE_END()
