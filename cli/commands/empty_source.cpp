#include "cli/commands/empty_source.hpp"

#include <utility>

namespace beatsync::cli {

namespace {

bool chooses(const engine::selection& names) {
  return !names.include_dirs.empty() || !names.exclude_dirs.empty() ||
         !names.include_globs.empty() || !names.exclude_globs.empty();
}

}  // namespace

bool explain_nothing(const empty_source& from, const std::function<bool(const std::string&)>& ask,
                     engine::observer& out, operation_end& end) {
  const engine::totals& count = end.how.count;
  if (count.planned + count.unchanged + count.differs > 0) return false;
  if (end.how.stopped || chooses(from.names)) return false;
  std::string key = from.prefix;
  if (!key.empty()) key.pop_back();
  if (key.empty() || !ask(key)) {
    end.how.warnings.push_back("there is nothing below " + from.url);
    out.on_warning(end.how.warnings.back());
    return false;
  }
  engine::stop_reason why;
  why.message = from.url.substr(0, from.url.size() - 1) +
                " is an object, and folders are what is brought in step. Name the one above it, "
                "and --include its name.";
  end.how.stopped = std::move(why);
  end.code = exit_code::usage;
  return true;
}

}  // namespace beatsync::cli
