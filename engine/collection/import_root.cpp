#include "engine/collection/import_root.hpp"

#include "engine/collection/xml_object.hpp"
#include "xml/root.hpp"

namespace beatsync::engine {

import_roots choose_import_roots(const download_xml_task& task, const s3::metadata_map& metadata) {
  import_roots chosen;
  if (!task.import_root.empty()) {
    // Asked for by name: a mistake in it is not papered over with another root.
    const auto parsed = xml::root::parse(task.import_root);
    if (parsed.has_error()) {
      chosen.problem = "--import-root: " + parsed.error().text();
    } else {
      chosen.roots.push_back(task.import_root);
      chosen.source = "--import-root";
    }
    return chosen;
  }
  if (const auto own = root_in(metadata)) {
    const auto parsed = xml::root::parse(*own);
    if (parsed.has_value()) {
      chosen.roots.push_back(*own);
      chosen.source = "the XML's metadata";
      return chosen;
    }
    chosen.warnings.push_back("The root that was uploaded with the XML is none (" +
                              parsed.error().text() + "); it is ignored");
  }
  for (const std::string& text : task.registered_roots) {
    const auto parsed = xml::root::parse(text);
    if (parsed.has_value()) {
      chosen.roots.push_back(text);
    } else if (!text.empty()) {
      chosen.warnings.push_back("registered_users.json: " + parsed.error().text());
    }
  }
  if (!chosen.roots.empty()) {
    chosen.source = "registered_users.json";
    return chosen;
  }
  chosen.problem =
      "It is not known where the other DJ's stick was mounted. Any of these will do: they run "
      "upload_xml with beatsync; you give the folder with --import-root; you bring their entry "
      "into registered_users.json (git pull)";
  return chosen;
}

}  // namespace beatsync::engine
