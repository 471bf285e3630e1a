#include "engine/run/lane_call.hpp"
#include "engine/run/offload.hpp"
#include "engine/run/runtime_internals.hpp"
#include "engine/run/waiter.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/memory_store.hpp"

#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <thread>

BOOST_AUTO_TEST_SUITE(runtime_parts)

using namespace beatsync;
using namespace beatsync::engine;
using namespace beatsync::tests;
using boost::asio::awaitable;

namespace {

struct parts {
  explicit parts(std::size_t lanes, std::size_t transfers = 16)
      : rt(
            options(lanes, transfers),
            [this](boost::asio::any_io_executor executor) {
              return std::make_unique<memory_store>(std::move(executor), bucket);
            },
            files) {}

  static runtime_options options(std::size_t lanes, std::size_t transfers) {
    runtime_options o;
    o.io_threads = lanes;
    o.file_threads = 2;
    o.transfers = transfers;
    return o;
  }

  io_lane& lane(std::size_t i) { return *rt.internals().lanes.at(i); }

  std::shared_ptr<memory_bucket> bucket = std::make_shared<memory_bucket>();
  memory_file_system files;
  runtime rt;
};

awaitable<int> many_jobs(boost::asio::thread_pool& pool) {
  const auto home = std::this_thread::get_id();
  std::string text(100, 'x');
  int good = 0;
  for (int i = 0; i < 200; ++i) {
    bool elsewhere = false;
    auto job = [&] {
      elsewhere = std::this_thread::get_id() != home;
      return text + "y";
    };
    const std::string result = co_await offload(pool, job);
    good += elsewhere && result.size() == 101 && std::this_thread::get_id() == home ? 1 : 0;
  }
  co_return good;
}

awaitable<int> throwing_job(boost::asio::thread_pool& pool) {
  auto job = []() -> int { throw std::runtime_error("no memory"); };
  co_return co_await offload(pool, job);
}

awaitable<int> wait_for(waiter& who, int times) {
  for (int i = 0; i < times; ++i) co_await who.wait();
  co_return times;
}

awaitable<void> fail_after(awaitable<int> first) {
  co_await std::move(first);
  throw std::runtime_error("later");
}

}  // namespace

BOOST_AUTO_TEST_CASE(jobs_run_on_the_pool_and_come_home) {
  parts p(1);
  BOOST_TEST(call_on(p.lane(0), many_jobs(*p.rt.internals().file_threads)) == 200);
}

BOOST_AUTO_TEST_CASE(what_a_job_throws_comes_out_of_the_wait) {
  parts p(1);
  BOOST_CHECK_THROW(call_on(p.lane(0), throwing_job(*p.rt.internals().file_threads)),
                    std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_wake_before_the_wait_is_not_lost) {
  parts p(1);
  waiter who(p.lane(0).executor());
  who.wake();
  BOOST_TEST(call_on(p.lane(0), wait_for(who, 1)) == 1);
}

BOOST_AUTO_TEST_CASE(wakes_from_other_threads_are_counted) {
  parts p(1);
  waiter who(p.lane(0).executor());
  std::thread other([&] { who.wake(); });
  BOOST_TEST(call_on(p.lane(0), wait_for(who, 1)) == 1);
  other.join();
}

BOOST_AUTO_TEST_CASE(a_group_waits_for_all_and_gives_the_first_failure) {
  parts p(2);
  waiter never_woken_too_early(p.lane(1).executor());
  coroutine_group group;
  group.start(p.lane(0), fail_after(throwing_job(*p.rt.internals().file_threads)));
  group.start(p.lane(1), fail_after(wait_for(never_woken_too_early, 1)));
  never_woken_too_early.wake();
  BOOST_CHECK_THROW(group.wait({}), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(there_are_no_more_lanes_than_transfers) {
  parts p(8, 3);
  BOOST_TEST(p.rt.internals().lanes.size() == 3U);
}

BOOST_AUTO_TEST_CASE(stop_reaches_every_store) {
  parts p(2);
  p.rt.stop();
  p.rt.stop();
  for (std::size_t i = 0; i < 2; ++i) {
    const auto answer = call_on(p.lane(i), p.lane(i).store().head_bucket());
    BOOST_REQUIRE(answer.has_error());
    BOOST_TEST((answer.error().code == s3::errc::cancelled));
  }
}

BOOST_AUTO_TEST_SUITE_END()
