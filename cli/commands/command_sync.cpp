#include "cli/commands/commands.hpp"

namespace beatsync::cli {

engine::sync_task common_task(const settings& with) {
  engine::sync_task task;
  task.conflict = with.conflict;
  task.dry_run = with.dry_run;
  task.fsync = with.fsync;
  task.store_name = with.store.name;
  task.cache_folder = with.cache_folder;
  task.state_folder = with.state_folder;
  return task;
}

command_plan<engine::sync_task> plan_sync(const settings& with) {
  engine::sync_task task = common_task(with);
  task.way = with.way;
  task.root = with.local_folder;
  task.prefix = with.store.place.prefix;
  task.names = with.sync_names;
  task.create_root = with.way == engine::direction::download;
  if (with.way == engine::direction::upload) return {task, task.root, with.store.place.text()};
  return {task, with.store.place.text(), task.root};
}

}  // namespace beatsync::cli
