#include "engine/collection/missing_tracks.hpp"

#include "engine/difference/local_scan.hpp"
#include "xml/utf.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::engine {
namespace {

constexpr std::size_t most_examples = 5;

std::uint64_t hash_of(std::string_view path) {
  return std::hash<std::string>{}(xml::casefold_nfc(path));
}

}  // namespace

std::optional<stop_reason> missing_tracks::walk(file_system& files, const std::string& library_root,
                                                const std::function<bool()>& go_on) {
  auto root = files.open_root(library_root);
  if (root.has_error()) {
    stop_reason why;
    why.message = describe(root.error());
    return why;
  }
  local_scan scan(files, **root, library_root, selection_filter(selection()), key_range(), 0);
  local_batch batch;
  do {
    if (!go_on()) return std::nullopt;
    const auto next = scan.next(batch);
    if (next.has_error()) return next.error();
    for (const local_entry& e : batch.entries) {
      if (e.kind == local_kind::file) present_.push_back(hash_of(batch.path_of(e)));
    }
  } while (!batch.last);
  std::ranges::sort(present_);
  walked_ = true;
  return std::nullopt;
}

void missing_tracks::look_up(std::string_view relative_path) {
  if (!walked_ || std::ranges::binary_search(present_, hash_of(relative_path))) return;
  ++count_;
  if (examples_.size() < most_examples) examples_.emplace_back(relative_path);
}

}  // namespace beatsync::engine
