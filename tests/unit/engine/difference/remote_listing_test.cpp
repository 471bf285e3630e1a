#include "engine/difference/remote_listing.hpp"

#include "tests/support/memory_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

using namespace beatsync;
using namespace beatsync::engine;
using keys = std::vector<std::string>;

namespace {

/// A store whose list pages are dictated by the test; it does nothing else.
class dictated_store final : public s3::object_store {
 public:
  using answer = std::function<s3::result<s3::list_page>(const s3::list_request&)>;
  explicit dictated_store(answer a) : answer_(std::move(a)) {}

  awaitable<s3::result<s3::list_page>> list(const s3::list_request& request) override {
    requests.push_back(request);
    co_return answer_(request);
  }
  awaitable<s3::result<s3::object_head>> head(const std::string&) override { co_return no(); }
  awaitable<s3::result<s3::object_head>> get(const s3::get_request&, s3::body_sink&) override {
    co_return no();
  }
  awaitable<s3::result<s3::put_answer>> put(const s3::put_request&, s3::body_source&) override {
    co_return no();
  }
  awaitable<s3::result<std::string>> create_upload(const s3::create_upload_request&) override {
    co_return no();
  }
  awaitable<s3::result<s3::uploaded_part>> upload_part(const s3::upload_part_request&,
                                                       s3::body_source&) override {
    co_return no();
  }
  awaitable<s3::result<s3::uploaded_part>> upload_part_copy(const s3::copy_part_request&) override {
    co_return no();
  }
  awaitable<s3::result<s3::put_answer>> complete_upload(
      const s3::complete_upload_request&) override {
    co_return no();
  }
  awaitable<s3::result<void>> abort_upload(const std::string&, const std::string&) override {
    co_return no();
  }
  awaitable<s3::result<std::vector<s3::pending_upload>>> list_uploads(const std::string&) override {
    co_return no();
  }
  awaitable<s3::result<std::vector<s3::uploaded_part>>> list_parts(const std::string&,
                                                                   const std::string&) override {
    co_return no();
  }
  awaitable<s3::result<std::vector<s3::delete_failure>>> delete_objects(
      const std::vector<std::string>&) override {
    co_return no();
  }
  awaitable<s3::result<void>> head_bucket() override { co_return no(); }
  s3::checksum_algorithm upload_checksum() const noexcept override {
    return s3::checksum_algorithm::none;
  }
  void stop() noexcept override {}

  std::vector<s3::list_request> requests;

 private:
  static s3::error no() { return {}; }
  answer answer_;
};

s3::list_page page_of(const keys& wanted, std::string token = {}) {
  s3::list_page page;
  std::size_t size = 0;
  for (const auto& key : wanted) size += key.size();
  page.text.reserve(size);
  for (const auto& key : wanted) {
    const auto at = page.text.size();
    page.text.insert(page.text.end(), key.begin(), key.end());
    s3::object_summary object;
    object.key = std::string_view(page.text.data() + at, key.size());
    page.objects.push_back(object);
  }
  page.next_token = std::move(token);
  return page;
}

struct listed {
  keys found;
  std::string failed;
  bool finished = false;
};

boost::asio::awaitable<void> collect(remote_listing& listing, listed& all, std::size_t prefix) {
  for (int i = 0; i < 5'000; ++i) {
    auto page = co_await listing.next();
    if (!page) {
      all.failed = page.error().message;
      co_return;
    }
    for (auto o = page->first; o < page->page.objects.size(); ++o) {
      all.found.emplace_back(page->page.objects[o].key.substr(prefix));
    }
    if (page->last) {
      all.finished = true;
      co_return;
    }
  }
}

listed list(s3::object_store& store, boost::asio::io_context& context, const selection& names = {},
            const key_range& range = {}) {
  listed all;
  remote_listing listing(store, "p/", selection_filter(names), range);
  boost::asio::co_spawn(context, collect(listing, all, 2), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  context.run();
  return all;
}

listed list(dictated_store::answer answer) {
  boost::asio::io_context context;
  dictated_store store(std::move(answer));
  return list(store, context);
}

listed list(const keys& bucket_keys, const selection& names, const key_range& range,
            std::size_t* requests = nullptr) {
  boost::asio::io_context context;
  tests::memory_bucket_settings settings;
  settings.page = 3;
  const auto bucket = std::make_shared<tests::memory_bucket>(settings);
  for (const auto& key : bucket_keys) bucket->put("p/" + key, "1");
  bucket->put("o/before", "1");
  bucket->put("q/after", "1");
  tests::memory_store store(context.get_executor(), bucket);
  auto all = list(store, context, names, range);
  if (requests != nullptr) *requests = bucket->count(tests::store_call::list);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(remote_listings)

BOOST_AUTO_TEST_CASE(yield_all_keys_page_by_page) {
  keys all;
  for (int i = 0; i < 20; ++i) all.push_back("k" + std::to_string(100 + i));
  std::size_t requests = 0;
  const auto found = list(all, {}, {}, &requests);
  BOOST_TEST(found.finished);
  BOOST_TEST(found.found == all, boost::test_tools::per_element());
  BOOST_TEST(requests == 7U);
}

BOOST_AUTO_TEST_CASE(keep_to_their_range) {
  const keys all = {"a", "a b", "a/1", "a/2", "a0", "b", "c/1", "c/2", "c/3", "d"};
  for (const std::string after : {"", "a", "a/", "a/1", "b", "c", "c/9", "zz"}) {
    for (const std::string until : {"", "a", "a/1", "a/9", "c/2", "d", "dd"}) {
      key_range range;
      range.after = after;
      range.until = until;
      keys expected;
      std::ranges::copy_if(all, std::back_inserter(expected),
                           [&](const std::string& k) { return range.contains(k); });
      BOOST_TEST_CONTEXT("(" << after << ", " << until << "]") {
        const auto found = list(all, {}, range);
        BOOST_TEST(found.finished);
        BOOST_TEST(found.found == expected, boost::test_tools::per_element());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(partitions_find_every_key_once) {
  keys all;
  for (int i = 0; i < 60; ++i) all.push_back("k" + std::to_string(i * 7919 % 1000));
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  const keys cuts = {"", "a", "k2", "k50", "k500", "k77x", "z", ""};
  keys found;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    key_range range;
    range.after = cuts[i];
    range.until = cuts[i + 1];
    const auto part = list(all, {}, range);
    BOOST_TEST(part.finished);
    found.insert(found.end(), part.found.begin(), part.found.end());
  }
  BOOST_TEST(found == all, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(list_only_included_folders_and_files) {
  selection names;
  names.include_dirs = {"a", "ab", "c/d"};
  const auto found =
      list({"a", "a!", "a.x", "a/1", "a/2", "a/3", "aa", "ab/1", "abc", "b", "c/c", "c/d/1", "d"},
           names, {});
  BOOST_TEST(found.finished);
  // A superset of what is selected: `a!` lies between the file a and the folder a.
  for (const auto* key : {"a", "a/1", "a/2", "a/3", "ab/1", "c/d/1"}) {
    BOOST_TEST((std::ranges::find(found.found, key) != found.found.end()), key);
  }
  for (const auto* key : {"aa", "b", "c/c", "d"}) {
    BOOST_TEST((std::ranges::find(found.found, key) == found.found.end()), key);
  }
}

BOOST_AUTO_TEST_CASE(skip_what_is_excluded) {
  keys all = {"a/1", "z/1"};
  for (int i = 0; i < 300; ++i) all.push_back("m/" + std::to_string(100 + i));
  selection names;
  names.exclude_dirs = {"m"};
  std::size_t requests = 0;
  const auto found = list(all, names, {}, &requests);
  BOOST_TEST(found.finished);
  BOOST_TEST(requests <= 3U);
  BOOST_TEST((std::ranges::find(found.found, "z/1") != found.found.end()));
}

BOOST_AUTO_TEST_CASE(stop_at_lies) {
  using request = const s3::list_request&;
  const auto lie = [](dictated_store::answer answer, const char* word) {
    const auto all = list(std::move(answer));
    BOOST_TEST(!all.finished);
    BOOST_TEST(all.failed.find(word) != std::string::npos, all.failed);
  };
  // The same page for ever.
  lie([](request) { return page_of({"p/a", "p/b"}, "t"); }, "rise");
  // New keys, but the same token.
  int round = 0;
  lie([&round](request) { return page_of({"p/" + std::to_string(100 + ++round)}, "t"); }, "token");
  // A cycle of two pages.
  int turn = 0;
  lie(
      [&turn](request) {
        ++turn;
        return turn % 2 == 1 ? page_of({"p/a"}, "t1") : page_of({"p/b"}, "t2");
      },
      "rise");
  // Empty pages without end.
  int number = 0;
  lie([&number](request) { return page_of({}, "t" + std::to_string(++number)); }, "empty");
  // Disorder, doubles, and keys of somebody else.
  lie([](request) { return page_of({"p/b", "p/a"}); }, "rise");
  lie([](request) { return page_of({"p/a", "p/a"}); }, "rise");
  lie([](request) { return page_of({"q/a"}); }, "prefix");
  lie([](request) { return page_of({"p"}); }, "prefix");
  // UTF-16 order, as of stores that are not S3: U+FF5E before U+1F3A7 is right, not after.
  lie([](request) { return page_of({"p/\U0001F3A7", "p/\uff5e"}); }, "rise");
}

BOOST_AUTO_TEST_CASE(stop_where_start_after_is_ignored) {
  boost::asio::io_context context;
  dictated_store store([](const s3::list_request&) { return page_of({"p/a", "p/b"}); });
  key_range range;
  range.after = "a";
  const auto all = list(store, context, {}, range);
  BOOST_TEST(!all.finished);
  BOOST_TEST(all.failed.find("asked for") != std::string::npos, all.failed);
}

BOOST_AUTO_TEST_CASE(allow_some_empty_pages) {
  int round = 0;
  const auto all = list([&round](const s3::list_request&) {
    ++round;
    return round < 5 ? page_of({}, "t" + std::to_string(round)) : page_of({"p/a"});
  });
  BOOST_TEST(all.finished);
  BOOST_TEST(all.found == keys{"a"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(hand_errors_on) {
  const auto all = list([](const s3::list_request&) -> s3::result<s3::list_page> {
    s3::error e;
    e.code = s3::errc::access_denied;
    e.message = "no entry";
    return e;
  });
  BOOST_TEST(!all.finished);
  BOOST_TEST(all.failed == "no entry");
}

BOOST_AUTO_TEST_SUITE_END()
