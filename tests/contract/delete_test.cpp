// DeleteObjects.
#include "tests/contract/bodies.hpp"
#include "tests/contract/steps.hpp"
#include "tests/contract/stores.hpp"
#include "tests/support/odd_names.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;

BOOST_AUTO_TEST_SUITE(deleting)

BOOST_DATA_TEST_CASE(named_keys_go_and_the_others_stay, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    for (const char* key : {"a", "b/1", "b/2", "c"}) co_await put_text(store, key, "x");
    const std::vector<std::string> gone = {"a", "b/1", "never there"};
    const auto failures = ok(co_await store.delete_objects(gone));
    BOOST_TEST(failures.empty());
    const s3::list_request everything;
    const auto left = co_await list_keys(store, everything);
    const std::vector<std::string> expected = {"b/2", "c"};
    BOOST_TEST(left == expected, boost::test_tools::per_element());
  });
}

BOOST_DATA_TEST_CASE(odd_names_go_too, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    const auto names = odd_names();
    for (const auto& name : names) co_await put_text(store, name, "x");
    const auto failures = ok(co_await store.delete_objects(names));
    BOOST_TEST(failures.empty());
    const s3::list_request everything;
    const auto left = co_await list_keys(store, everything);
    BOOST_TEST(left.empty());
  });
}

// One request takes at most 1,000 keys, one page shows at most 1,000:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
BOOST_DATA_TEST_CASE(more_than_one_request_holds, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    std::vector<std::string> keys;
    for (int i = 0; i < 1003; ++i) {
      keys.push_back("many/" + std::to_string(100000 + i));
      co_await put_text(store, keys.back(), "x");
    }
    const s3::list_request everything;
    const auto found = co_await list_keys(store, everything);
    BOOST_TEST((found == keys));
    const auto failures = ok(co_await store.delete_objects(keys));
    BOOST_TEST(failures.empty());
    const auto left = co_await list_keys(store, everything);
    BOOST_TEST(left.empty());
  });
}

BOOST_DATA_TEST_CASE(nothing_to_delete_is_no_request, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    const std::vector<std::string> none;
    const auto failures = ok(co_await store.delete_objects(none));
    BOOST_TEST(failures.empty());
  });
}

BOOST_AUTO_TEST_SUITE_END()
