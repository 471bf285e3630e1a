#pragma once

/// What became of one shard of a plan: the file `shard-00017.result.json` beside its manifest, and
/// `plan.json`, which lists the shards and is written last, when all manifests are there. Both are
/// one JSON object. Pure.

#include "engine/plan/manifest.hpp"
#include "engine/run/report.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

inline constexpr std::string_view plan_name = "plan.json";

/// 10,000 shards of two numbers with 20 digits each, and the places.
inline constexpr std::size_t longest_plan_document = std::size_t{1} << 20U;
inline constexpr std::size_t longest_result_document = 64 * 1024;

/// plan.json.
struct plan_document {
  plan_header header;
  std::vector<manifest_end> shards;

  manifest_end sum() const noexcept;
};

std::string text_of(const plan_document& plan);
/// Nothing where it is none.
std::optional<plan_document> parse_plan_document(std::string_view text);

/// A plan.json that a later version of this program wrote in a form of its own.
bool is_later_plan_document(std::string_view text);

/// How the last run of a shard ended.
struct shard_result {
  std::string plan;
  std::uint32_t shard = 0;
  manifest_end planned;  ///< what its manifest held
  std::uint64_t done = 0;
  std::uint64_t unchanged = 0;  ///< found done by an earlier run
  std::uint64_t failed = 0;
  std::uint64_t bytes_done = 0;
  std::uint64_t bytes_unchanged = 0;
  double seconds = 0;
  int exit = 0;
  std::string message;  ///< why the run stopped, or what failed first

  bool is_done() const noexcept {
    return exit == 0 && failed == 0 && done + unchanged == planned.items;
  }
};

std::string text_of(const shard_result& result);
std::optional<shard_result> parse_shard_result(std::string_view text);

}  // namespace beatsync::engine
