#include "engine/plan/plan_status.hpp"

#include "engine/plan/shard_writer.hpp"
#include "engine/run/operation_end.hpp"

#include <algorithm>
#include <set>

namespace beatsync::engine {

std::string_view name_of(shard_state state) noexcept {
  switch (state) {
    case shard_state::done:
      return "done";
    case shard_state::failed:
      return "failed";
    case shard_state::missing:
      return "missing";
  }
  return "unknown";
}

std::uint64_t plan_status::count(shard_state state) const noexcept {
  return static_cast<std::uint64_t>(std::ranges::count(shards, state, &shard_status::state));
}

plan_folder_result<plan_document> read_plan(plan_folder& where) {
  const std::string name(plan_name);
  const auto texts = where.read({name}, longest_plan_document);
  if (texts.has_error()) return texts.error();
  const auto& text = texts->front();
  if (!text) {
    const auto names = where.names();
    if (names.has_value() && std::ranges::find(*names, name) != names->end()) {
      return stop_because(name + " in " + where.text() +
                              " is larger than any plan's (1 MiB), or no file: plan again",
                          stop_cause::bad_plan);
    }
    return stop_because(
        "there is no plan in " + where.text() + ": " + name + " is missing, which is written last",
        stop_cause::no_plan);
  }
  auto plan = parse_plan_document(*text);
  if (plan) return std::move(*plan);
  const char* why = is_later_plan_document(*text)
                        ? " was made by a newer beatsync: use that one here, too, or plan again"
                        : " cannot be read: plan again";
  return stop_because(name + " in " + where.text() + why, stop_cause::bad_plan);
}

plan_folder_result<plan_status> read_status(plan_folder& where) {
  plan_status status;
  auto plan = read_plan(where);
  if (plan.has_error()) return plan.error();
  status.plan = std::move(*plan);
  const auto names = where.names();
  if (names.has_error()) return names.error();
  const std::set<std::string> there(names->begin(), names->end());
  std::vector<std::string> results;
  for (std::uint32_t shard = 0; shard < status.plan.shards.size(); ++shard) {
    shard_status one;
    one.shard = shard;
    one.planned = status.plan.shards[shard];
    status.shards.push_back(one);
    if (there.contains(result_name(shard))) results.push_back(result_name(shard));
  }
  const auto texts = where.read(results, longest_result_document);
  if (texts.has_error()) return texts.error();
  for (const auto& text : *texts) {
    auto result = text ? parse_shard_result(*text) : std::nullopt;
    if (!result || result->plan != status.plan.header.plan ||
        result->shard >= status.shards.size() ||
        result->planned.items != status.shards[result->shard].planned.items) {
      continue;
    }
    shard_status& one = status.shards[result->shard];
    one.state = result->is_done() ? shard_state::done : shard_state::failed;
    one.result = std::move(*result);
  }
  return status;
}

}  // namespace beatsync::engine
