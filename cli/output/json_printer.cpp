#include "cli/output/json_printer.hpp"

#include "cli/output/summary_text.hpp"
#include "engine/plan/json_text.hpp"
#include "s3/printable.hpp"

#include <utility>

namespace beatsync::cli {

namespace {

using engine::json_object;
using engine::json_quoted;

// contract.md §6: "at most once a second".
constexpr std::chrono::seconds between_progress(1);
/// Of what a store says; no line may grow with it.
constexpr std::size_t longest_said = 1000;

std::string error_json(std::string_view code, const std::optional<s3::error>& why) {
  json_object error;
  error.text("code", code);
  error.number("http", why ? static_cast<std::uint64_t>(why->http) : 0);
  error.text("request_id", why ? why->request_id : "");
  if (why && !why->service_code.empty()) error.text("service_code", why->service_code);
  if (why && !why->service_message.empty()) {
    error.text("service_message", s3::printable(why->service_message, longest_said));
  }
  return error.line();
}

json_object& add_totals(json_object& to, const engine::totals& count) {
  to.number("planned", count.planned)
      .number("done", count.done)
      .number("skipped", count.skipped)
      .number("failed", count.failed)
      .number("differs", count.differs)
      .number("unchanged", count.unchanged)
      .number("unverified", count.unverified)
      .number("bytes", count.bytes);
  if (count.bytes_in_place > 0) to.number("bytes_in_place", count.bytes_in_place);
  return to;
}

std::string texts_json(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const std::string& text : texts) {
    list += (list.size() > 1 ? "," : "") + json_quoted(text);
  }
  return list + "]";
}

std::string xml_json(const engine::xml_report& xml) {
  json_object out;
  if (!xml.root_used.empty()) out.text("root", xml.root_used).text("root_source", xml.root_source);
  if (!xml.written.empty()) out.bytes("written", xml.written);
  if (xml.rewrite) {
    const xml::rewrite_report& r = *xml.rewrite;
    out.number("tracks", r.tracks)
        .number("rewritten", r.rewritten)
        .number("keys_rewritten", r.keys_rewritten)
        .number("other_root", r.other_root)
        .number("streaming", r.streaming)
        .number("not_a_file", r.not_a_file)
        .number("without_location", r.without_location)
        .number("case_differs", r.case_differs)
        .number("too_long", r.too_long);
    std::string roots = "[";
    for (const auto& [root, tracks] : r.other_roots) {
      json_object one;
      one.text("root", root).number("tracks", tracks);
      roots += (roots.size() > 1 ? "," : "") + one.line();
    }
    out.raw("other_roots", roots + "]");
  }
  if (xml.missing_tracks) out.number("missing_tracks", *xml.missing_tracks);
  if (!xml.missing_examples.empty()) out.raw("missing_examples", texts_json(xml.missing_examples));
  return out.line();
}

std::string shard_json(const engine::shard_status& one) {
  json_object event;
  event.text("event", "shard")
      .text("operation", "status")
      .number("shard", one.shard)
      .text("state", engine::name_of(one.state))
      .number("planned", one.planned.items)
      .number("planned_bytes", one.planned.bytes)
      .number("done", one.result.done)
      .number("unchanged", one.result.unchanged)
      .number("failed", one.result.failed)
      .number("bytes", one.result.bytes_done)
      .number("bytes_in_place", one.result.bytes_unchanged);
  if (one.state != engine::shard_state::missing) {
    event.number("exit", static_cast<std::uint64_t>(one.result.exit));
    if (!one.result.message.empty()) event.text("message", one.result.message);
  }
  return event.line();
}

std::string plan_json(const engine::plan_document& plan) {
  const engine::manifest_end all = plan.sum();
  json_object out;
  out.text("id", plan.header.plan)
      .number("shards", plan.shards.size())
      .number("items", all.items)
      .number("bytes", all.bytes);
  return out.line();
}

std::string status_json(const engine::plan_status& status) {
  json_object out;
  out.text("id", status.plan.header.plan).number("shards", status.shards.size());
  for (const auto state :
       {engine::shard_state::done, engine::shard_state::failed, engine::shard_state::missing}) {
    out.number(engine::name_of(state), status.count(state));
  }
  out.number("bytes", status.plan.sum().bytes);
  return out.line();
}

}  // namespace

json_printer::json_printer(console& to, bool quiet, clock_function now)
    : console_(to), quiet_(quiet), now_(std::move(now)) {}

void json_printer::begin(const operation_start& start) {
  what_ = start.what;
  in_operation_ = true;
  last_progress_ = now_();
  json_object event;
  event.text("event", "start")
      .number("format", 1)
      .text("operation", name_of(start.what))
      .bytes("source", start.source)
      .bytes("target", start.target)
      .truth("dry_run", start.dry_run);
  console_.result(event.line());
  console_.flush();
}

void json_printer::on_item(const engine::item& it) {
  json_object event;
  event.text("event", "item")
      .text("operation", name_of(what_))
      .text("action", engine::name_of(it.action))
      .text("result", engine::name_of(it.result))
      .text("reason", engine::name_of(it.why))
      .text("message", it.message);
  if (!it.key.empty()) event.bytes("key", it.key);
  if (!it.path.empty()) event.bytes("path", it.path);
  event.number("bytes", it.bytes);
  if (it.unverified) event.truth("unverified", true);
  if (it.result == engine::outcome::failed) {
    event.raw("error", error_json(it.error ? s3::name_of(it.error->code) : engine::name_of(it.why),
                                  it.error));
  }
  console_.result(event.line());
}

void json_printer::on_difference(const engine::difference& d) {
  json_object event;
  event.text("event", "differs")
      .text("operation", name_of(what_))
      .bytes("key", d.key)
      .bytes("path", d.path)
      .number("local_bytes", d.local_size)
      .number("remote_bytes", d.remote_size);
  console_.result(event.line());
}

void json_printer::on_warning(const std::string& text) {
  if (!in_operation_) run_warnings_.push_back(text);
  if (!quiet_) console_.diagnostic("beatsync: warning: " + s3::printable(text));
}

void json_printer::on_progress(const engine::progress& p) {
  const auto now = now_();
  if (now - last_progress_ >= between_progress) {
    last_progress_ = now;
    json_object event;
    event.text("event", "progress")
        .text("operation", name_of(what_))
        .number("items_planned", p.items_planned)
        .number("items_finished", p.items_finished)
        .number("bytes_planned", p.bytes_planned)
        .number("bytes_moved", p.bytes_moved)
        .number("names_compared", p.names_compared)
        .truth("listing_complete", p.listing_complete);
    console_.result(event.line());
  }
  console_.flush();
}

void json_printer::end(const operation_end& end) {
  in_operation_ = false;
  if (end.status) {
    for (const engine::shard_status& one : end.status->shards) console_.result(shard_json(one));
  }
  json_object event;
  event.text("event", "summary").text("operation", name_of(what_));
  add_totals(event, end.how.count);
  event.seconds("seconds", end.seconds).number("exit", static_cast<std::uint64_t>(end.code));
  if (end.xml) event.raw("xml", xml_json(*end.xml));
  if (end.plan) event.raw("plan", plan_json(*end.plan));
  if (end.status) event.raw("plan", status_json(*end.status));
  if (!end.how.warnings.empty()) event.raw("warnings", texts_json(end.how.warnings));
  if (!end.how.unanswered_aborts.empty()) {
    event.raw("unanswered_aborts", texts_json(end.how.unanswered_aborts));
  }
  if (end.how.stopped) {
    const engine::stop_reason& why = *end.how.stopped;
    event.text("message", why.message);
    const std::string_view other = why.interrupted ? "interrupted" : engine::name_of(why.cause);
    event.raw("error", error_json(why.error ? s3::name_of(why.error->code) : other, why.error));
  }
  console_.result(event.line());
  for (const std::string& line : trouble_lines(end)) {
    console_.diagnostic("beatsync: error: " + line);
  }
  console_.flush();
}

void json_printer::run_ended(const run_end& end) {
  json_object event;
  event.text("event", "summary");
  add_totals(event, end.count);
  event.seconds("seconds", end.seconds).number("exit", static_cast<std::uint64_t>(end.code));
  if (!run_warnings_.empty()) event.raw("warnings", texts_json(run_warnings_));
  if (!end.problem.empty()) {
    event.text("message", end.problem);
    console_.diagnostic("beatsync: error: " + end.problem);
  }
  console_.result(event.line());
  console_.flush();
}

}  // namespace beatsync::cli
