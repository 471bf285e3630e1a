#include "cli/commands/commands.hpp"

namespace beatsync::cli {

command_plan<engine::rewrite_file_task> plan_rewrite_xml(const settings& with) {
  engine::rewrite_file_task task;
  task.input = with.input;
  task.output = with.output;
  task.from_roots = with.from_roots;
  task.to_root = with.to_root;
  task.allow_unmatched = with.allow_unmatched;
  task.dry_run = with.dry_run;
  task.fsync = with.fsync;
  return {task, with.input, with.output};
}

}  // namespace beatsync::cli
