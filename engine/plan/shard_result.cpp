#include "engine/plan/shard_result.hpp"

#include "engine/plan/json_text.hpp"

#include <simdjson.h>

#include <algorithm>

namespace beatsync::engine {

namespace dom = simdjson::dom;

namespace {

constexpr std::uint64_t plan_form = 1;

/// The fields of one object. A field that is missing or of another type makes the whole no
/// document.
class reader {
 public:
  explicit reader(std::string_view text) : text_(text) {
    good_ = parser_.parse(text_).get(object_) == simdjson::SUCCESS;
  }

  std::uint64_t number(std::string_view name) { return get<std::uint64_t>(name); }
  double fraction(std::string_view name) { return get<double>(name); }
  std::string text(std::string_view name) { return std::string(get<std::string_view>(name)); }
  dom::array list(std::string_view name) { return get<dom::array>(name); }
  bool good() const noexcept { return good_; }

 private:
  template <class T>
  T get(std::string_view name) {
    T value{};
    if (good_) good_ = object_.at_key(name).get(value) == simdjson::SUCCESS;
    return good_ ? value : T{};
  }

  dom::parser parser_;
  simdjson::padded_string text_;
  dom::object object_;
  bool good_ = false;
};

}  // namespace

manifest_end plan_document::sum() const noexcept {
  manifest_end all;
  for (const manifest_end& one : shards) {
    all.items += one.items;
    all.bytes += one.bytes;
  }
  return all;
}

std::string text_of(const plan_document& plan) {
  std::string list = "[";
  for (const manifest_end& one : plan.shards) {
    if (list.size() > 1) list += ',';
    list += '[' + std::to_string(one.items) + ',' + std::to_string(one.bytes) + ']';
  }
  const manifest_end all = plan.sum();
  json_object out;
  out.number("beatsync_plan", plan_form)
      .text("plan", plan.header.plan)
      .text("source", plan.header.source.text())
      .text("target", plan.header.target.text())
      .text("endpoint", plan.header.endpoint)
      .number("items", all.items)
      .number("bytes", all.bytes)
      .raw("shards", list + "]");
  return out.line() + "\n";
}

std::optional<plan_document> parse_plan_document(std::string_view text) {
  reader in(text);
  plan_document plan;
  if (in.number("beatsync_plan") != plan_form) return std::nullopt;
  plan.header.plan = in.text("plan");
  const auto source = parse_plan_place(in.text("source"));
  const auto target = parse_plan_place(in.text("target"));
  plan.header.endpoint = in.text("endpoint");
  const dom::array list = in.list("shards");
  if (!in.good() || !source || !target) return std::nullopt;
  plan.header.source = *source;
  plan.header.target = *target;
  for (const dom::element one : list) {
    dom::array pair;
    manifest_end end;
    if (one.get(pair) != simdjson::SUCCESS || pair.size() != 2 ||
        pair.at(0).get(end.items) != simdjson::SUCCESS ||
        pair.at(1).get(end.bytes) != simdjson::SUCCESS) {
      return std::nullopt;
    }
    plan.shards.push_back(end);
  }
  if (plan.shards.empty() || plan.shards.size() > most_shards) return std::nullopt;
  plan.header.shards = static_cast<std::uint32_t>(plan.shards.size());
  return plan;
}

bool is_later_plan_document(std::string_view text) {
  return reader(text).number("beatsync_plan") > plan_form;
}

std::string text_of(const shard_result& result) {
  json_object out;
  out.number("beatsync_result", 1)
      .text("plan", result.plan)
      .number("shard", result.shard)
      .number("items", result.planned.items)
      .number("bytes", result.planned.bytes)
      .number("done", result.done)
      .number("unchanged", result.unchanged)
      .number("failed", result.failed)
      .number("bytes_done", result.bytes_done)
      .number("bytes_unchanged", result.bytes_unchanged)
      .seconds("seconds", result.seconds)
      .number("exit", static_cast<std::uint64_t>(result.exit))
      .text("message", result.message);
  return out.line() + "\n";
}

std::optional<shard_result> parse_shard_result(std::string_view text) {
  reader in(text);
  shard_result result;
  if (in.number("beatsync_result") != 1) return std::nullopt;
  result.plan = in.text("plan");
  const std::uint64_t shard = in.number("shard");
  result.shard = static_cast<std::uint32_t>(shard);
  result.planned.items = in.number("items");
  result.planned.bytes = in.number("bytes");
  result.done = in.number("done");
  result.unchanged = in.number("unchanged");
  result.failed = in.number("failed");
  result.bytes_done = in.number("bytes_done");
  result.bytes_unchanged = in.number("bytes_unchanged");
  result.seconds = in.fraction("seconds");
  result.exit = static_cast<int>(std::min<std::uint64_t>(in.number("exit"), 255));
  result.message = in.text("message");
  // Counts that are more than there was to do are nobody's, and their sum might wrap to what is.
  const std::uint64_t items = result.planned.items;
  if (!in.good() || shard >= most_shards || result.done > items ||
      result.unchanged > items - result.done ||
      result.failed > items - result.done - result.unchanged) {
    return std::nullopt;
  }
  return result;
}

}  // namespace beatsync::engine
