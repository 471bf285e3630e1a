#pragma once

/// How far a plan has come: its plan.json and the results of its shards, added up.

#include "engine/plan/plan_folder.hpp"
#include "engine/plan/shard_result.hpp"

#include <cstdint>
#include <vector>

namespace beatsync::engine {

enum class shard_state : std::uint8_t {
  done,     ///< everything planned is there
  failed,   ///< it ran, and something is not
  missing,  ///< it has not run, or has not come to its end
};

std::string_view name_of(shard_state state) noexcept;

struct shard_status {
  std::uint32_t shard = 0;
  shard_state state = shard_state::missing;
  manifest_end planned;
  shard_result result;  ///< of its last run, where there is one
};

struct plan_status {
  plan_document plan;
  std::vector<shard_status> shards;

  std::uint64_t count(shard_state state) const noexcept;
  bool all_done() const noexcept { return count(shard_state::done) == shards.size(); }
};

/// A result of another plan or manifest, or one that cannot be read, is none.
plan_folder_result<plan_status> read_status(plan_folder& where);

/// The plan that is there.
plan_folder_result<plan_document> read_plan(plan_folder& where);

}  // namespace beatsync::engine
