#include "cli/commands/commands.hpp"
#include "s3/printable.hpp"

namespace beatsync::cli {

namespace {

engine::plan_place place_of(const bucket_url& url) { return {url.bucket, url.prefix}; }

}  // namespace

command_plan<engine::copy_task> plan_copy(const settings& with) {
  engine::copy_task task;
  const bucket_url& from = *with.copy_from;
  if (from.bucket != with.store.place.bucket) task.source_bucket = from.bucket;
  task.source_prefix = from.prefix;
  task.source_url = from.text();
  task.prefix = with.store.place.prefix;
  task.conflict = with.conflict;
  task.names = with.sync_names;
  task.dry_run = with.dry_run;
  return {task, from.text(), with.store.place.text()};
}

result<command_plan<engine::plan_task>> plan_plan(const settings& with) {
  command_plan<engine::plan_task> plan;
  engine::plan_header& header = plan.task.header;
  header.shards = with.shards;
  const engine::plan_place bucket = place_of(with.store.place);
  if (with.copy_from) {
    plan.task.what = plan_copy(with).task;
    header.source = place_of(*with.copy_from);
    header.target = bucket;
  } else {
    plan.task.what = plan_sync(with).task;
    const bool up = with.way == engine::direction::upload;
    const engine::plan_place folder{"", with.local_folder};
    header.source = up ? folder : bucket;
    header.target = up ? bucket : folder;
  }
  plan.source = header.source.text();
  plan.target = header.target.text();
  for (const std::string& text : {plan.source, plan.target}) {
    if (engine::fits_a_manifest(text)) continue;
    return usage_error{"the name of " + s3::printable(text) +
                       " is not UTF-8, which is what manifests are written in."};
  }
  return plan;
}

}  // namespace beatsync::cli
