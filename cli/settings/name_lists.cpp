#include "cli/settings/name_lists.hpp"

#include "s3/printable.hpp"

#include <utility>

namespace beatsync::cli {

result<engine::selection> name_lists(std::string_view way, const std::optional<text_list>& include,
                                     const std::optional<text_list>& exclude,
                                     std::string_view library, const std::string& config_path) {
  if (include && exclude) {
    return usage_error{std::string(way) + "_INCLUDE_DIRS and " + std::string(way) +
                       "_EXCLUDE_DIRS are both given: give one of them (flags, variables and " +
                       (config_path.empty() ? "config.json" : s3::printable(config_path)) +
                       " taken together)."};
  }
  engine::selection names;
  for (const auto& [list, target] :
       {std::pair(&include, &names.include_dirs), std::pair(&exclude, &names.exclude_dirs)}) {
    for (std::string entry : list->value_or(text_list())) {
      const std::string as_given = entry;
      if (!library.empty() && entry.starts_with(library)) entry.erase(0, library.size());
      while (entry.starts_with("./") || entry.starts_with('/')) {
        entry.erase(0, entry.front() == '.' ? 2 : 1);
      }
      while (entry.ends_with('/')) entry.pop_back();
      const std::string framed = "/" + entry + "/";
      if (entry.empty() || entry == "." || framed.find("/../") != std::string::npos) {
        return usage_error{std::string(way) + (list == &include ? "_INCLUDE" : "_EXCLUDE") +
                           "_DIRS: `" + s3::printable(as_given) +
                           "` is no folder or file below `DJ Music`."};
      }
      target->push_back(std::move(entry));
    }
  }
  return names;
}

}  // namespace beatsync::cli
