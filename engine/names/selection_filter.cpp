#include "engine/names/selection_filter.hpp"

#include "engine/names/nfc_pairing.hpp"
#include "xml/utf.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::engine {

namespace {

std::string nfc_of(std::string_view text) {
  if (!xml::may_change_under_normalisation(text) || !xml::is_valid_utf8(text)) {
    return std::string(text);
  }
  return xml::to_nfc(text);
}

/// A name in NFC, without a copy where it is ASCII, as nearly all are.
class nfc_name {
 public:
  explicit nfc_name(std::string_view name) : view_(name) {
    if (!xml::may_change_under_normalisation(name)) return;
    text_ = nfc_of(name);
    view_ = text_;
  }
  nfc_name(const nfc_name&) = delete;
  nfc_name& operator=(const nfc_name&) = delete;
  std::string_view view() const noexcept { return view_; }

 private:
  std::string text_;
  std::string_view view_;
};

bool is_odd(char c) noexcept { return static_cast<unsigned char>(c) >= 0x80; }

std::size_t odd_segments(std::string_view path) {
  std::size_t found = 0;
  while (!path.empty()) {
    const auto segment = path.substr(0, path.find('/'));
    if (std::ranges::any_of(segment, is_odd)) ++found;
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
  }
  return found;
}

/// What a listing has to cover for one include entry.
struct stretch {
  std::string head;
  bool whole_prefix;  ///< everything that begins with head; else head itself and what is beneath

  std::string until() const {
    return whole_prefix ? std::string() : head + '0';
  }  // '0' follows '/'
};

}  // namespace

selection_filter::selection_filter(const selection& names) {
  add(list::include_folder, names.include_dirs);
  add(list::exclude_folder, names.exclude_dirs);
  add(list::include_glob, names.include_globs);
  add(list::exclude_glob, names.exclude_globs);
}

void selection_filter::add(list where, const std::vector<std::string>& texts) {
  for (const auto& text : texts) {
    rule made{where, text, glob(nfc_of(text)), false};
    if (made.pattern.text().empty()) {  // "", "/", ".": the root itself, everything
      made.pattern = glob("**");
    }
    entries_.push_back(std::move(made));
    ++count_[static_cast<std::size_t>(where)];
  }
}

bool selection_filter::covered_by(list where, std::string_view path) {
  if (count_[static_cast<std::size_t>(where)] == 0) return false;
  bool covered = false;
  for (auto& e : entries_) {
    // An entry that is known to match need not be asked once the answer is known.
    if (e.where != where || (covered && e.matched) || !e.pattern.covers(path)) continue;
    e.matched = true;
    covered = true;
  }
  return covered;
}

bool selection_filter::folder_covered_by(list where, std::string_view folder) {
  if (count_[static_cast<std::size_t>(where)] == 0) return false;
  bool covered = false;
  for (auto& e : entries_) {
    if (e.where != where || (covered && e.matched) || !e.pattern.covers_folder(folder)) continue;
    e.matched = true;
    covered = true;
  }
  return covered;
}

bool selection_filter::reached_by(list where, std::string_view folder) const {
  return std::ranges::any_of(entries_, [&](const rule& e) {
    return e.where == where && e.pattern.may_reach_beneath(folder);
  });
}

bool selection_filter::selects(std::string_view path) {
  if (selects_everything()) return true;
  const nfc_name name(path);
  const auto given = [this](list where) { return count_[static_cast<std::size_t>(where)] != 0; };

  // All four are asked, so that every entry learns whether it matches something.
  const bool in_folder = covered_by(list::include_folder, name.view());
  const bool out_folder = covered_by(list::exclude_folder, name.view());
  const bool in_glob = covered_by(list::include_glob, name.view());
  const bool out_glob = covered_by(list::exclude_glob, name.view());

  if (given(list::include_folder) && !in_folder) return false;
  if (out_folder) return false;
  if (in_glob) return true;
  return !out_glob && (given(list::exclude_glob) || !given(list::include_glob));
}

bool selection_filter::prunes(std::string_view folder) {
  if (selects_everything() || folder.empty()) return false;
  const nfc_name name(folder);
  const auto given = [this](list where) { return count_[static_cast<std::size_t>(where)] != 0; };

  if (folder_covered_by(list::exclude_folder, name.view())) return true;
  if (given(list::include_folder) && !reached_by(list::include_folder, name.view())) return true;
  if (reached_by(list::include_glob, name.view())) return false;
  if (folder_covered_by(list::exclude_glob, name.view())) return true;
  return given(list::include_glob) && !given(list::exclude_glob);
}

std::vector<std::size_t> selection_filter::ambiguous() const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (glob(entries_[i].text).has_wildcards()) found.push_back(i);
  }
  return found;
}

void selection_filter::take_literally(std::size_t index) {
  entries_[index].pattern.take_literally();
}

std::vector<listing_range> selection_filter::ranges() const {
  const bool folders = count_[static_cast<std::size_t>(list::include_folder)] != 0;
  const bool globs = count_[static_cast<std::size_t>(list::include_glob)] != 0 &&
                     count_[static_cast<std::size_t>(list::exclude_glob)] == 0;
  if (!folders && !globs) return {listing_range{}};

  std::vector<stretch> wanted;
  for (const auto& e : entries_) {
    if (e.where != (folders ? list::include_folder : list::include_glob)) continue;
    const std::string head(e.pattern.literal_head());
    const bool pattern = e.pattern.has_wildcards();
    if (!xml::may_change_under_normalisation(head)) {
      wanted.push_back({head, pattern});
    } else if (!pattern && odd_segments(head) == 1 && !has_mixed_spellings(head)) {
      wanted.push_back({head, false});
      wanted.push_back({xml::to_nfd(head), false});
      wanted.push_back({glob::plain(e.text).text(), false});
    } else {
      // Each segment, or each of two marks, may be spelled in its own form; only the ASCII
      // beginning is common to all keys, without its last character, which may be the base of the
      // first accent.
      std::string ascii(head.begin(), std::ranges::find_if(head, is_odd));
      if (!ascii.empty()) ascii.pop_back();
      wanted.push_back({ascii, true});
    }
  }
  std::ranges::sort(wanted, [](const stretch& a, const stretch& b) {
    return std::pair(std::string_view(a.head), !a.whole_prefix) <
           std::pair(std::string_view(b.head), !b.whole_prefix);
  });

  std::vector<listing_range> found;
  for (const auto& next : wanted) {
    if (!found.empty() && next.head.starts_with(found.back().prefix)) {
      auto& until = found.back().keys.until;
      if (until.empty()) continue;  // the whole prefix is listed anyway
      if (next.head <= until) {     // overlaps: go on to the further end, below the same prefix
        if (next.whole_prefix && next.head == found.back().prefix) {
          until.clear();
        } else {
          until = std::max(until, next.whole_prefix ? next.head + "\U0010FFFF" : next.until());
        }
        continue;
      }
    }
    listing_range range;
    range.prefix = next.head;
    range.keys.until = next.until();
    found.push_back(std::move(range));
  }
  return found;
}

std::string selection_filter::pruned_prefix_of(std::string_view path) {
  if (selects_everything()) return {};
  for (auto slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    if (prunes(path.substr(0, slash))) return std::string(path.substr(0, slash + 1));
  }
  return {};
}

void selection_filter::note_matches_of(const selection_filter& other) {
  for (std::size_t i = 0; i < entries_.size() && i < other.entries_.size(); ++i) {
    entries_[i].matched = entries_[i].matched || other.entries_[i].matched;
  }
}

std::vector<std::string> selection_filter::warnings() const {
  std::vector<std::string> found;
  for (const auto& e : entries_) {
    if (e.matched) continue;
    std::string text = e.where == list::include_folder || e.where == list::include_glob
                           ? "the include entry \""
                           : "the exclude entry \"";
    text += e.text;
    text += "\" matches nothing on either side";
    const auto& pattern = e.pattern.text();
    if (e.pattern.has_wildcards() && pattern.find('/') == std::string::npos) {
      text += " (it looks into the top folder only; \"**/" + pattern + "\" looks into all)";
    }
    found.push_back(std::move(text));
  }
  return found;
}

}  // namespace beatsync::engine
