#include "engine/transfer/folder_spelling.hpp"

#include "engine/transfer/target_folders.hpp"
#include "xml/utf.hpp"

#include <cerrno>
#include <functional>
#include <string>

namespace beatsync::engine {

namespace {

/// Two megabytes of memory; a stick with more folders has some looked up again.
constexpr std::size_t most_known = 65'536;

/// `hOUSE` of `House`; the same where it has no letters of ASCII.
std::string in_other_case(std::string_view name) {
  std::string other(name);
  for (char& c : other) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) c = static_cast<char>(c ^ 0x20);  // the bit that tells the cases apart
  }
  return other;
}

std::string_view last_of(std::string_view path) noexcept {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

}  // namespace

std::optional<fs_error> folder_spelling::check(folder& root, std::string_view path) {
  if (path.empty() || tells_apart_.load(std::memory_order_relaxed) || known(path)) return {};
  for (auto slash = path.find('/');; slash = path.find('/', slash + 1)) {
    const auto part = path.substr(0, slash);
    if (!known(part)) {
      fs_error misspelt;
      switch (look(root, part, misspelt)) {
        case sight::fine:
          remember(part);
          break;
        case sight::missing:
          return {};
        case sight::misspelt:
          return misspelt;
      }
    }
    if (slash == std::string_view::npos) return {};
  }
}

folder_spelling::sight folder_spelling::look(folder& root, std::string_view path,
                                             fs_error& misspelt) {
  if (tells_apart_.load(std::memory_order_relaxed)) return sight::fine;
  if (root.status_of(path, links::no_follow).has_error()) return sight::missing;
  const auto where = folder_part(path);
  const auto name = last_of(path);
  const auto other = in_other_case(name);
  if (other != name) {
    const auto twin = where.empty() ? other : std::string(where) + "/" + other;
    const auto seen = root.status_of(twin, links::no_follow);
    if (seen.has_error() && seen.error().code == ENOENT) {
      tells_apart_.store(true, std::memory_order_relaxed);
      return sight::fine;
    }
  } else if (!xml::may_change_under_normalisation(name)) {
    return sight::fine;  // digits and signs are spelt in one way only
  }
  const auto parent = root.open_beneath(where);
  if (parent.has_error()) return sight::fine;
  folder_listing siblings;
  if ((*parent)->list(siblings).has_error()) return sight::fine;
  const auto form = xml::to_nfc(name);
  const auto folded = xml::casefold_nfc(name);
  std::string_view found;
  for (const auto& it : siblings.names) {
    const auto sibling = siblings.text_of(it);
    if (sibling == name || xml::to_nfc(sibling) == form) return sight::fine;
    if (xml::casefold_nfc(sibling) == folded) found = sibling;
  }
  if (found.empty()) return sight::fine;
  misspelt = fs_error(ENOTUNIQ, "make", (*parent)->path() + "/" + std::string(found));
  return sight::misspelt;
}

void folder_spelling::made(std::string_view path, std::size_t levels) {
  for (; levels > 0 && !path.empty(); --levels, path = folder_part(path)) remember(path);
}

bool folder_spelling::known(std::string_view path) {
  const std::lock_guard lock(mutex_);
  return fine_.contains(std::hash<std::string_view>{}(path));
}

void folder_spelling::remember(std::string_view path) {
  if (tells_apart_.load(std::memory_order_relaxed)) return;
  const std::lock_guard lock(mutex_);
  if (fine_.size() >= most_known) fine_.clear();
  fine_.insert(std::hash<std::string_view>{}(path));
}

}  // namespace beatsync::engine
