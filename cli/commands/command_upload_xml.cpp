#include "cli/commands/commands.hpp"

namespace beatsync::cli {

command_plan<engine::upload_xml_task> plan_upload_xml(const settings& with) {
  engine::upload_xml_task task;
  task.xml_path = with.xml_path;
  // Always this name, whatever XML_PATH is called (contract.md §3).
  task.key = with.xml_prefix(with.user) + "rekordbox.xml";
  task.xml_root = with.xml_root;
  task.allow_unmatched = with.allow_unmatched;
  task.dry_run = with.dry_run;
  return {task, with.xml_path, with.store.place.text("dj/xml/" + with.user + "/rekordbox.xml")};
}

}  // namespace beatsync::cli
