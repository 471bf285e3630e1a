/// A store that goes away in the middle of a run, with all connections, and comes back at once:
/// a load balancer or a server that is restarted, a network that changes.

#include "tests/faults/fault_world.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <thread>

BOOST_AUTO_TEST_SUITE(restarts)

using namespace beatsync;
using namespace beatsync::tests;

namespace {

constexpr std::size_t files = 900;
/// More requests at once than a budget of 500 tokens has retries.
constexpr std::size_t at_once = 200;

std::string name(std::size_t number) { return std::to_string(1000 + number) + ".mp3"; }

/// Restarts its store when so many items are done.
class restarting_world : public fault_world {
 public:
  restarting_world() {
    keep_objects(std::chrono::milliseconds(20));
    threads.transfers = at_once;
  }

  void on_item(const engine::item& it) override {
    fault_world::on_item(it);
    if (items.size() == files / 3) restart_ = std::jthread([this] { restart_store(); });
  }

  void wait_for_restart() {
    BOOST_REQUIRE(restart_.joinable());
    restart_.join();
  }

 private:
  std::jthread restart_;
};

void check(const restarting_world& world, const engine::report& how) {
  BOOST_TEST(!how.stopped.has_value());
  BOOST_TEST(how.count.done == files);
  BOOST_TEST(how.count.failed == 0U);
  world.check_books(how);
}

}  // namespace

BOOST_AUTO_TEST_CASE(all_small_files_are_uploaded_all_the_same) {
  restarting_world world;
  for (std::size_t i = 0; i < files; ++i) world.add_file(name(i), name(i));
  const auto how = world.upload();
  world.wait_for_restart();
  check(world, how);
  for (std::size_t i = 0; i < files; ++i) BOOST_TEST(world.object(name(i)).value() == name(i));
}

BOOST_AUTO_TEST_CASE(all_small_files_are_downloaded_all_the_same) {
  restarting_world world;
  for (std::size_t i = 0; i < files; ++i) world.put(name(i), name(i));
  const auto how = world.download();
  world.wait_for_restart();
  check(world, how);
  for (std::size_t i = 0; i < files; ++i) BOOST_TEST(world.file(name(i)).value() == name(i));
}

BOOST_AUTO_TEST_SUITE_END()
