#include "engine/transfer/scheduler.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <string>

BOOST_AUTO_TEST_SUITE(scheduling)

using namespace beatsync::engine;

namespace {

using transfer = std::shared_ptr<std::string>;
using plan = scheduler<int, transfer>;

struct counter final : wakeable {
  void wake() override { ++woken; }
  int woken = 0;
};

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();
constexpr claim a_stream{1000, true};

claim of_memory(std::size_t bytes) { return {bytes, false}; }

int action_of(const std::optional<plan::taken>& work) {
  BOOST_REQUIRE(work.has_value());
  BOOST_REQUIRE(std::holds_alternative<int>(work->what));
  return std::get<int>(work->what);
}

plan::part part_of(const std::optional<plan::taken>& work) {
  BOOST_REQUIRE(work.has_value());
  BOOST_REQUIRE(std::holds_alternative<plan::part>(work->what));
  return std::get<plan::part>(work->what);
}

bool is_end(const std::optional<plan::taken>& work) {
  return work && std::holds_alternative<plan::end>(work->what);
}

bool push(plan& queue, int value, wakeable& who, const claim& needs = {}) {
  return queue.push(value, who, needs);
}

}  // namespace

BOOST_AUTO_TEST_CASE(actions_come_in_order_and_then_the_end) {
  plan queue(4);
  counter producer, consumer;
  BOOST_TEST(push(queue, 1, producer));
  BOOST_TEST(push(queue, 2, producer));
  queue.close();
  BOOST_TEST(action_of(queue.take(consumer)) == 1);
  queue.settled({});
  BOOST_TEST(action_of(queue.take(consumer)) == 2);
  // Not the end yet: what is held may still open parts.
  BOOST_TEST(!queue.take(consumer).has_value());
  BOOST_TEST(consumer.woken == 0);
  queue.settled({});
  BOOST_TEST(consumer.woken == 1);
  BOOST_TEST(is_end(queue.take(consumer)));
  BOOST_TEST(is_end(queue.take(consumer)));
}

BOOST_AUTO_TEST_CASE(a_full_queue_wakes_the_producer_when_half_of_it_is_free) {
  plan queue(4);
  counter producer, consumer;
  for (int i = 1; i <= 4; ++i) BOOST_TEST(push(queue, i, producer));
  BOOST_TEST(!push(queue, 5, producer));
  queue.take(consumer);
  BOOST_TEST(producer.woken == 0);
  queue.take(consumer);
  BOOST_TEST(producer.woken == 1);
  BOOST_TEST(push(queue, 5, producer));
  queue.take(consumer);
  BOOST_TEST(producer.woken == 1);
}

BOOST_AUTO_TEST_CASE(a_full_queue_holds_the_producer_back_until_one_is_taken) {
  plan queue(1);
  counter producer, consumer;
  BOOST_TEST(push(queue, 1, producer));
  BOOST_TEST(!push(queue, 2, producer));
  BOOST_TEST(producer.woken == 0);
  queue.take(consumer);
  BOOST_TEST(producer.woken == 1);
  BOOST_TEST(push(queue, 2, producer));
}

BOOST_AUTO_TEST_CASE(an_idle_consumer_is_woken_once_per_action) {
  plan queue(4);
  counter producer, first, second;
  BOOST_TEST(!queue.take(first).has_value());
  BOOST_TEST(!queue.take(second).has_value());
  push(queue, 1, producer);
  BOOST_TEST(first.woken + second.woken == 1);
  push(queue, 2, producer);
  BOOST_TEST(first.woken == 1);
  BOOST_TEST(second.woken == 1);
  push(queue, 3, producer);
  BOOST_TEST(first.woken + second.woken == 2);
}

BOOST_AUTO_TEST_CASE(closing_an_empty_queue_sends_everybody_home) {
  plan queue(4);
  counter first, second;
  queue.take(first);
  queue.take(second);
  queue.close();
  BOOST_TEST(first.woken == 1);
  BOOST_TEST(second.woken == 1);
  BOOST_TEST(is_end(queue.take(first)));
}

BOOST_AUTO_TEST_CASE(parts_of_what_was_begun_go_before_new_actions) {
  plan queue(4);
  counter producer, consumer;
  push(queue, 1, producer);
  push(queue, 2, producer);
  queue.take(consumer);
  const auto large = std::make_shared<std::string>("large");
  queue.open(large, 3);
  queue.settled({});
  for (std::uint32_t i = 0; i < 3; ++i) {
    const auto part = part_of(queue.take(consumer));
    BOOST_TEST(part.index == i);
    BOOST_TEST((part.transfer == large));
  }
  BOOST_TEST(action_of(queue.take(consumer)) == 2);
}

BOOST_AUTO_TEST_CASE(opening_wakes_as_many_as_there_are_parts) {
  plan queue(4);
  counter producer, consumer;
  counter idle[3];
  push(queue, 1, producer);
  queue.take(consumer);
  for (counter& c : idle) queue.take(c);
  queue.open(std::make_shared<std::string>("large"), 2);
  BOOST_TEST(idle[0].woken + idle[1].woken + idle[2].woken == 2);
}

BOOST_AUTO_TEST_CASE(dropping_forgets_only_what_nobody_took) {
  plan queue(4);
  counter producer, consumer;
  push(queue, 1, producer);
  queue.take(consumer);
  const auto large = std::make_shared<std::string>("large");
  queue.open(large, 5);
  queue.settled({});
  part_of(queue.take(consumer));
  part_of(queue.take(consumer));
  BOOST_TEST(queue.drop(large) == 3U);
  BOOST_TEST(queue.drop(large) == 0U);
  queue.close();
  BOOST_TEST(!is_end(queue.take(consumer)));
  queue.settled({});
  queue.settled({});
  BOOST_TEST(is_end(queue.take(consumer)));
}

BOOST_AUTO_TEST_CASE(what_begins_anew_goes_first_and_past_a_full_queue) {
  plan queue(1);
  counter producer, consumer;
  push(queue, 1, producer);
  queue.take(consumer);
  push(queue, 2, producer);
  queue.close();
  queue.again(1);
  queue.settled({});
  BOOST_TEST(action_of(queue.take(consumer)) == 1);
  BOOST_TEST(action_of(queue.take(consumer)) == 2);
}

BOOST_AUTO_TEST_CASE(beyond_the_usual_number_only_what_is_light_is_taken) {
  plan queue(8, {2, 4, 100});
  counter producer, consumer;
  push(queue, 1, producer, of_memory(1000));
  push(queue, 2, producer, of_memory(10));
  push(queue, 3, producer, of_memory(60));
  push(queue, 4, producer, of_memory(60));
  BOOST_TEST(action_of(queue.take(consumer)) == 1);
  BOOST_TEST(action_of(queue.take(consumer)) == 2);
  // 1,000 bytes are held: no room beyond the usual two.
  BOOST_TEST(!queue.take(consumer).has_value());
  queue.settled(of_memory(1000));
  BOOST_TEST(action_of(queue.take(consumer)) == 3);
  BOOST_TEST(!queue.take(consumer).has_value());  // 10 + 60 + 60 are more than 100
  queue.settled(of_memory(10));
  BOOST_TEST(action_of(queue.take(consumer)) == 4);
}

BOOST_AUTO_TEST_CASE(heavy_parts_are_not_taken_beyond_the_usual_number) {
  plan queue(8, {1, 4, 100});
  counter producer, consumer;
  push(queue, 1, producer);
  BOOST_TEST(action_of(queue.take(consumer)) == 1);
  queue.open(std::make_shared<std::string>("large"), 2, of_memory(1000));
  BOOST_TEST(!queue.take(consumer).has_value());
  queue.settled({});
  BOOST_TEST(part_of(queue.take(consumer)).index == 0U);
  BOOST_TEST(!queue.take(consumer).has_value());
}

BOOST_AUTO_TEST_CASE(no_more_streams_are_taken_than_may_pass_at_once) {
  plan queue(8, {8, 8, no_limit, 2});
  counter producer, consumer, other;
  for (int i = 1; i <= 3; ++i) push(queue, i, producer, a_stream);
  BOOST_TEST(action_of(queue.take(consumer)) == 1);
  const auto second = queue.take(consumer);
  BOOST_TEST(action_of(second) == 2);
  BOOST_TEST(!queue.take(consumer).has_value());
  queue.settled(second->held);
  BOOST_TEST(action_of(queue.take(other)) == 3);
  push(queue, 4, producer, a_stream);
  BOOST_TEST(consumer.woken == 0);
  queue.set_streams(3);
  BOOST_TEST(consumer.woken == 1);
  BOOST_TEST(action_of(queue.take(consumer)) == 4);
}

BOOST_AUTO_TEST_CASE(small_actions_pass_parts_that_wait_for_another_stream) {
  plan queue(8, {8, 8, no_limit, 1});
  counter producer, consumer;
  push(queue, 1, producer, a_stream);
  push(queue, 2, producer);
  push(queue, 3, producer, a_stream);
  BOOST_TEST(action_of(queue.take(consumer)) == 1);
  queue.open(std::make_shared<std::string>("large"), 2, a_stream);
  BOOST_TEST(action_of(queue.take(consumer)) == 2);
  BOOST_TEST(!queue.take(consumer).has_value());
  queue.settled(a_stream);
  BOOST_TEST(part_of(queue.take(consumer)).index == 0U);
}

BOOST_AUTO_TEST_CASE(nothing_passes_parts_that_wait_for_room) {
  plan queue(8, {1, 4, 100});
  counter producer, consumer;
  push(queue, 1, producer);
  push(queue, 2, producer);
  BOOST_TEST(action_of(queue.take(consumer)) == 1);
  queue.open(std::make_shared<std::string>("copy"), 1, of_memory(1000));
  BOOST_TEST(!queue.take(consumer).has_value());  // or small ones would pass it for ever
  queue.settled({});
  BOOST_TEST(part_of(queue.take(consumer)).index == 0U);
}

BOOST_AUTO_TEST_CASE(streams_go_beside_many_small_actions) {
  plan queue(8, {1, 4, 100, 1});
  counter producer, consumer;
  for (int i = 1; i <= 3; ++i) push(queue, i, producer);
  push(queue, 4, producer, a_stream);
  for (int i = 1; i <= 4; ++i) BOOST_TEST(action_of(queue.take(consumer)) == i);
}

BOOST_AUTO_TEST_CASE(nobody_is_called_for_what_would_not_be_given_to_him) {
  plan queue(8, {1, 1, 100});
  counter producer, busy, idle;
  BOOST_TEST(!queue.take(idle).has_value());
  push(queue, 1, producer);
  BOOST_TEST(idle.woken == 1);
  BOOST_TEST(action_of(queue.take(busy)) == 1);  // somebody was quicker
  BOOST_TEST(!queue.take(idle).has_value());
  push(queue, 2, producer);
  push(queue, 3, producer);
  BOOST_TEST(idle.woken == 1);
  queue.set_window(4);
  BOOST_TEST(idle.woken == 2);
  // Whoever comes calls the next one, as long as there is room and work.
  counter another;
  BOOST_TEST(action_of(queue.take(idle)) == 2);
  queue.settled({});
  BOOST_TEST(action_of(queue.take(another)) == 3);
}

BOOST_AUTO_TEST_CASE(a_wider_window_calls_one_after_the_other) {
  plan queue(8, {1, 1, 100});
  counter producer, first, second, third;
  for (int i = 1; i <= 4; ++i) push(queue, i, producer);
  BOOST_TEST(action_of(queue.take(first)) == 1);
  BOOST_TEST(!queue.take(second).has_value());
  BOOST_TEST(!queue.take(third).has_value());
  queue.set_window(3);
  BOOST_TEST(second.woken + third.woken == 1);
  BOOST_TEST(action_of(queue.take(third)) == 2);
  BOOST_TEST(second.woken == 1);
  BOOST_TEST(action_of(queue.take(second)) == 3);
}

BOOST_AUTO_TEST_SUITE_END()
