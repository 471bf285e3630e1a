#include "cli/commands/commands.hpp"

namespace beatsync::cli {

command_plan<engine::sync_task> plan_upload_music(const settings& with) {
  engine::sync_task task = common_task(with);
  task.way = engine::direction::upload;
  task.root = with.music_folder();
  task.prefix = with.music_prefix();
  task.names = with.upload_names;
  return {task, task.root, with.store.place.text("dj/music/")};
}

}  // namespace beatsync::cli
