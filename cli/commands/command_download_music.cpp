#include "cli/commands/commands.hpp"

namespace beatsync::cli {

command_plan<engine::sync_task> plan_download_music(const settings& with) {
  engine::sync_task task = common_task(with);
  task.way = engine::direction::download;
  task.root = with.music_folder();
  task.prefix = with.music_prefix();
  task.names = with.download_names;
  task.create_root = true;
  return {task, with.store.place.text("dj/music/"), task.root};
}

}  // namespace beatsync::cli
