#include "cli/commands/run_plan.hpp"

#include "cli/commands/commands.hpp"
#include "cli/commands/empty_source.hpp"
#include "cli/commands/made_folders.hpp"
#include "cli/commands/plan_spot.hpp"
#include "cli/settings/places.hpp"
#include "engine/difference/object_probe.hpp"
#include "engine/plan/shard_writer.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <variant>

namespace beatsync::cli {

namespace {

/// One operation and then the end of the run.
class one_operation {
 public:
  one_operation(operation what, const plan_context& context, printer& out)
      : what_(what), context_(context), out_(out), began_(context.now()) {}

  void begin(const std::string& source, const std::string& target) {
    operation_start start;
    start.what = what_;
    start.source = source;
    start.target = target;
    out_.begin(start);
  }

  exit_code end(operation_end how) {
    how.seconds = seconds();
    out_.end(how);
    run_end all;
    all.count = how.how.count;
    all.seconds = how.seconds;
    all.code = how.code;
    out_.run_ended(all);
    return how.code;
  }

  exit_code stop(engine::stop_reason why) {
    operation_end how;
    how.how.stopped = std::move(why);
    how.code = code_of(how.how, context_.signal());
    return end(std::move(how));
  }

  exit_code refuse(const std::string& problem) {
    run_end all;
    all.problem = problem;
    all.code = exit_code::usage;
    out_.run_ended(all);
    return all.code;
  }

 private:
  double seconds() const { return std::chrono::duration<double>(context_.now() - began_).count(); }

  operation what_;
  const plan_context& context_;
  printer& out_;
  const std::chrono::steady_clock::time_point began_;
};

bool is_of_a_plan(const std::string& name) {
  return name == engine::plan_name || (name.starts_with("shard-") && name.ends_with(".json")) ||
         (name.starts_with("shard-") && name.ends_with(".jsonl"));
}

/// SRC is an object: nothing was found below it, and nothing is planned (empty_source.hpp).
bool is_refused(const engine::plan_task& task, const std::string& source, engine::runtime& rt,
                printer& out, operation_end& end) {
  const auto ask = [&rt](const std::string& key) { return engine::is_object(rt, key); };
  if (const auto* copying = std::get_if<engine::copy_task>(&task.what)) {
    return explain_nothing({copying->source_prefix, source, copying->names}, ask, out, end);
  }
  const auto& sync = std::get<engine::sync_task>(task.what);
  if (sync.way == engine::direction::upload) return false;
  return explain_nothing({sync.prefix, source, sync.names}, ask, out, end);
}

/// Manifests and plan.json where they belong, the last of them last.
engine::plan_folder_result<void> publish(engine::plan_folder& where,
                                         const engine::plan_document& document) {
  const auto kept = where.keep();
  if (kept.has_error()) return kept;
  return where.write(std::string(engine::plan_name), engine::text_of(document));
}

}  // namespace

exit_code run_plan(const settings& with, const plan_context& context, printer& out) {
  one_operation run(operation::plan, context, out);
  auto plan = plan_plan(with);
  if (!plan) return run.refuse(plan.error().message);
  run.begin(plan->source, plan->target);

  const auto spot = plan_spot::open(with, context);
  if (spot.has_error()) return run.stop(spot.error());
  engine::plan_folder& where = (*spot)->folder();
  const auto names = where.names();
  if (names.has_error()) return run.stop(names.error());
  if (std::ranges::any_of(*names, is_of_a_plan)) {
    const bool whole = std::ranges::find(*names, engine::plan_name) != names->end();
    operation_end there;
    there.how.stopped = engine::stop_because(
        where.text() + (whole ? " holds a plan already: choose another place for this one."
                              : " holds an unfinished plan: where no other `plan` is at work "
                                "there, remove its shard-* files; or choose another place for "
                                "this one."));
    there.code = exit_code::usage;
    return run.end(std::move(there));
  }
  const bool two = with.copy_from && with.copy_from->bucket != with.store.place.bucket;
  const auto store = context.open(with.store.place.bucket, two ? with.copy_from->bucket : "");
  if (store.has_error()) return run.stop(engine::stop_because(store.error()));
  plan->task.header.endpoint = (*store)->name();
  const made_folders made(with.plan_folder);
  const auto folder = where.workplace();
  if (folder.has_error()) {
    made.take_back();
    return run.stop(folder.error());
  }
  plan->task.folder = *folder;
  operation_end end;
  const stop_guard stoppable(context.on_stop, [&] {
    (*store)->runtime().stop();
    (*spot)->stop();
  });
  engine::plan_report report = engine::plan((*store)->runtime(), plan->task, out);
  end.how = std::move(report.base);
  end.code = code_of(end.how, context.signal());
  if (is_refused(plan->task, plan->source, (*store)->runtime(), out, end)) {
    engine::remove_manifests(*context.files, *folder, with.shards);
    made.take_back();
    return run.end(std::move(end));
  }
  if (end.how.stopped) {
    made.take_back();
  } else {
    const auto published = publish(where, report.document);
    if (published.has_error()) end.how.stopped = published.error();
    end.plan = std::move(report.document);
  }
  end.code = code_of(end.how, context.signal());
  return run.end(std::move(end));
}

exit_code run_status(const settings& with, const plan_context& context, printer& out) {
  one_operation run(operation::status, context, out);
  const auto spot = plan_spot::open(with, context);
  if (spot.has_error()) {
    run.begin("", "");
    return run.stop(spot.error());
  }
  const stop_guard stoppable(context.on_stop, [&] { (*spot)->stop(); });
  auto status = engine::read_status((*spot)->folder());
  if (status.has_error()) {
    run.begin((*spot)->folder().text(), "");
    return run.stop(status.error());
  }
  const engine::plan_header& header = status->plan.header;
  run.begin(header.source.text(), header.target.text());
  operation_end end;
  engine::totals& count = end.how.count;
  for (const engine::shard_status& one : status->shards) {
    count.planned += one.planned.items;
    count.done += one.result.done;
    count.unchanged += one.result.unchanged;
    count.failed += one.result.failed;
    count.bytes += one.result.bytes_done;
    count.bytes_in_place += one.result.bytes_unchanged;
  }
  end.code = status->all_done() ? exit_code::ok : exit_code::some_failed;
  end.status = std::move(*status);
  return run.end(std::move(end));
}

}  // namespace beatsync::cli
