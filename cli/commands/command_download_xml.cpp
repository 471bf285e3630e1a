#include "cli/commands/commands.hpp"
#include "cli/settings/nearest.hpp"

namespace beatsync::cli {

command_plan<engine::download_xml_task> plan_download_xml(
    const settings& with, const std::vector<std::string>& registered_roots) {
  engine::download_xml_task task;
  task.folder_prefix = with.xml_prefix(with.xml_import_user);
  task.target_path = with.import_target();
  task.to_root = with.xml_root;
  task.library_root = with.usb_path;
  task.import_root = with.import_root;
  task.registered_roots = registered_roots;
  // The table is quadratic, and names of the bucket are anybody's.
  task.unlikeness = [user = with.xml_import_user.substr(0, 64)](std::string_view name) {
    return edit_distance(user, name.substr(0, 64));
  };
  task.allow_unmatched = with.allow_unmatched;
  task.dry_run = with.dry_run;
  task.fsync = with.fsync;
  return {task, with.store.place.text("dj/xml/" + with.xml_import_user + "/"), task.target_path};
}

}  // namespace beatsync::cli
