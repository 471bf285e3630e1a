#pragma once

/// Which names take part in a run (contract.md §1 and §2): include and exclude folders, then
/// --include over --exclude. Pure.
///
/// A name is selected when all of this holds:
/// - no include folder is given, or one covers it;
/// - no exclude folder covers it;
/// - an --include covers it, or no --exclude does and there are --excludes or no --includes. (So
///   --include alone means "only these"; beside --exclude it makes exceptions.)
///
/// Patterns and names are compared in NFC: `Café` excludes the folder however either side spells
/// it.
///
/// Not thread-safe: it notes which entries matched. Each side of the join has its own copy;
/// note_matches_of() brings the notes together.

#include "engine/names/entry.hpp"
#include "engine/names/glob.hpp"
#include "engine/names/selection.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

/// Keys to list: those with this prefix (without the task's own) and in this range.
struct listing_range {
  std::string prefix;
  key_range keys;
};

class selection_filter {
 public:
  explicit selection_filter(const selection& names);

  /// No pattern at all: everything is selected.
  bool selects_everything() const noexcept { return entries_.empty(); }

  bool selects(std::string_view path);

  /// True when nothing beneath this folder can be selected, so that it need not be looked into.
  bool prunes(std::string_view folder);

  /// The entries whose text could also be a name. For each the caller finds out whether something
  /// of that name exists, and if so calls take_literally (contract.md: the literal name wins).
  std::vector<std::size_t> ambiguous() const;
  const std::string& text_of(std::size_t index) const { return entries_[index].text; }
  void take_literally(std::size_t index);

  /// What has to be listed, disjoint and in rising order. Covers at least every selected name, but
  /// for an include folder in a third spelling of the bucket's: one segment partly NFC, partly NFD.
  std::vector<listing_range> ranges() const;

  /// Where a listing that has come to `path` may go on: the shortest prefix (ending in `/`) of
  /// `path` beneath which nothing is selected; empty: nowhere else.
  std::string pruned_prefix_of(std::string_view path);

  void note_matches_of(const selection_filter& other);

  /// One warning for every entry that matched nothing.
  std::vector<std::string> warnings() const;

 private:
  enum class list : std::uint8_t { include_folder, exclude_folder, include_glob, exclude_glob };

  struct rule {
    list where;
    std::string text;  ///< as given
    glob pattern;      ///< in NFC
    bool matched = false;
  };

  void add(list where, const std::vector<std::string>& texts);
  bool covered_by(list where, std::string_view path);
  bool folder_covered_by(list where, std::string_view folder);
  bool reached_by(list where, std::string_view folder) const;

  std::vector<rule> entries_;
  std::size_t count_[4] = {0, 0, 0, 0};  ///< entries per list
};

}  // namespace beatsync::engine
