#include "engine/difference/object_probe.hpp"

#include "engine/run/runtime_internals.hpp"

namespace beatsync::engine {

namespace {

boost::asio::awaitable<void> ask(s3::object_store& store, const std::string& key, bool& answer) {
  const s3::result<s3::object_head> head = co_await store.head(key);
  answer = head.has_value();
}

}  // namespace

bool is_object(runtime& rt, const std::string& key) {
  bool answer = false;
  io_lane& lane = *rt.internals().lanes.front();
  coroutine_group group;
  // Both references live until wait() returns.
  group.start(lane, ask(lane.source_store(), key, answer));
  group.wait([] {});
  return answer;
}

}  // namespace beatsync::engine
