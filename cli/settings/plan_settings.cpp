#include "cli/settings/plan_settings.hpp"

#include "engine/plan/manifest.hpp"
#include "s3/printable.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace beatsync::cli {

namespace {

/// By the texts alone; places.hpp looks through links.
result<void> plan_apart(const settings& into) {
  if (into.plan_bucket) {
    const bool in_source = into.copy_from && within(*into.plan_bucket, *into.copy_from);
    if (in_source || within(*into.plan_bucket, into.store.place)) return plan_within();
  }
  const bool local = !into.plan_folder.empty() && !into.local_folder.empty();
  if (local && (into.plan_folder + "/").starts_with(into.local_folder + "/")) {
    return plan_within();
  }
  return {};
}

result<void> manifests(const options& given, const surroundings& around, settings& into) {
  if (given.what != command::apply) return {};
  for (const std::string& name : given.manifests) {
    if (is_bucket_url(name)) {
      return usage_error{
          "manifests in a store are applied by their number: beatsync apply "
          "s3://bucket/prefix --shard K."};
    }
    if (const auto fine = check_folder_name(name, "MANIFEST"); !fine) return fine;
    into.manifests.push_back(around.absolute(name));
  }
  return {};
}

/// Where the manifests of a plan are: --out of `plan`, DIR of `apply` and `status`.
result<void> place_of_plan(const options& given, const surroundings& around, settings& into) {
  std::string text;
  std::string_view name = "DIR";
  if (given.what == command::plan) {
    text = given.out.value_or("");
    name = "--out";
  } else if (given.what == command::status) {
    text = given.source;
  } else if (given.what == command::apply && given.shard) {
    text = given.manifests.front();
  } else {
    return manifests(given, around, into);
  }
  if (is_bucket_url(text)) {
    auto place = parse_bucket_url(text, name);
    if (!place) return place.error();
    into.plan_bucket = std::move(*place);
  } else {
    if (const auto fine = check_folder_name(text, name); !fine) return fine;
    into.plan_folder = around.absolute(text);
  }
  return given.what == command::plan ? plan_apart(into) : result<void>();
}

std::optional<std::uint32_t> number_in(const std::string& text) {
  std::uint32_t value = 0;
  const char* end = text.data() + text.size();
  const auto [last, failed] = std::from_chars(text.data(), end, value);
  if (failed != std::errc() || last != end) return std::nullopt;
  return value;
}

result<void> shards(const options& given, const surroundings& around, settings& into) {
  if (given.shards) {
    const auto count = number_in(*given.shards);
    if (!count || *count < 1 || *count > engine::most_shards) {
      return usage_error{"--shards is `" + s3::printable(*given.shards) +
                         "`: expected a number from 1 to " + std::to_string(engine::most_shards) +
                         "."};
    }
    into.shards = *count;
  }
  if (!given.shard) return {};
  std::string text = *given.shard;
  std::string what = "--shard";
  if (text == "auto") {
    // https://slurm.schedmd.com/job_array.html#env_vars and
    // https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode
    for (const char* variable : {"SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"}) {
      const auto value = around.variable(variable);
      if (!value) continue;
      text = *value;
      what = variable;
      break;
    }
    if (text == "auto") {
      return usage_error{
          "--shard auto: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set. Is this a "
          "task of a Slurm array or of an indexed Kubernetes job?"};
    }
  }
  const auto number = number_in(text);
  if (!number) {
    return usage_error{what + " is `" + s3::printable(text) +
                       "`: expected the number of a shard, from 0, or auto."};
  }
  into.shard = *number;
  return {};
}

}  // namespace

usage_error plan_within() {
  return {
      "--out is within SRC or DST, so that the manifests would be moved with everything else: "
      "choose another place."};
}

result<void> take_plan(const options& given, const surroundings& around, settings& into) {
  const auto placed = place_of_plan(given, around, into);
  if (!placed) return placed;
  return shards(given, around, into);
}

}  // namespace beatsync::cli
