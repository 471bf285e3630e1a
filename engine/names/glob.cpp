#include "engine/names/glob.hpp"

#include <cstdint>

namespace beatsync::engine {

namespace {

constexpr auto npos = std::string_view::npos;

/// The code point at `at`, and `at` moved behind it. A byte that begins no code point is itself.
std::uint32_t next_character(std::string_view text, std::size_t& at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t lead = byte(at++);
  const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC2 ? 1 : 0;
  if (more == 0 || at + more > text.size()) return lead;
  std::uint32_t value = lead & (0x3FU >> more);
  for (std::size_t i = 0; i < more; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return lead;
    value = value << 6U | (byte(at + i) & 0x3FU);
  }
  at += more;
  return value;
}

/// Where the set that begins at pattern[at] == '[' ends (behind its `]`); npos: it is no set.
std::size_t set_end(std::string_view pattern, std::size_t at) noexcept {
  std::size_t i = at + 1;
  if (i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^')) ++i;
  if (i < pattern.size() && pattern[i] == ']') ++i;  // `[]a]`: a `]` in first place is a member
  while (i < pattern.size() && pattern[i] != ']' && pattern[i] != '/') ++i;
  return i < pattern.size() && pattern[i] == ']' ? i + 1 : npos;
}

/// `members`: the set without its brackets.
bool in_set(std::string_view members, std::uint32_t character) noexcept {
  const bool negated = members.front() == '!' || members.front() == '^';
  std::size_t i = negated ? 1 : 0;
  bool found = false;
  while (i < members.size()) {
    const auto first = next_character(members, i);
    auto last = first;
    if (i + 1 < members.size() && members[i] == '-') {
      ++i;
      last = next_character(members, i);
    }
    found = found || (first <= character && character <= last);
  }
  return found != negated;
}

/// Matches one unit of the pattern that is no star, and moves both positions behind it.
bool step(std::string_view pattern, std::size_t& p, std::string_view text,
          std::size_t& t) noexcept {
  const char c = pattern[p];
  if (c == '?') {
    if (text[t] == '/') return false;
    next_character(text, t);
    ++p;
    return true;
  }
  if (c == '[') {
    if (const auto end = set_end(pattern, p); end != npos) {
      if (text[t] == '/') return false;
      auto behind = t;
      if (!in_set(pattern.substr(p + 1, end - p - 2), next_character(text, behind))) return false;
      t = behind;
      p = end;
      return true;
    }
  }
  if (c != text[t]) return false;
  ++p;
  ++t;
  return true;
}

/// Where to go on after a mismatch: the text position is moved on and the pattern resumed.
struct retry_point {
  std::size_t p = npos;
  std::size_t t = 0;
  bool by_segment = false;
};

/// True when the pattern matches `text` up to its end or up to one of its slashes; with `partial`
/// also when the text ends while the pattern could still go on. Only the last `*` and the last `**`
/// have to be retried: what an earlier one could reach, the later one reaches too. So the time is
/// bounded by pattern × text squared, whatever the pattern.
bool run(std::string_view pattern, std::string_view text, bool partial) noexcept {
  retry_point star;
  retry_point deep;
  std::size_t p = 0;
  std::size_t t = 0;
  for (;;) {
    if (p == pattern.size()) {
      if (t == text.size() || text[t] == '/') return true;
    } else if (pattern[p] == '*') {
      auto behind = p;
      while (behind < pattern.size() && pattern[behind] == '*') ++behind;
      if (behind - p == 1) {
        star = {behind, t, false};
      } else {
        const bool whole_segments =
            (p == 0 || pattern[p - 1] == '/') && behind < pattern.size() && pattern[behind] == '/';
        if (whole_segments) ++behind;
        deep = {behind, t, whole_segments};
        star = {};
      }
      p = behind;
      continue;
    } else if (t < text.size() && step(pattern, p, text, t)) {
      continue;
    }

    if (partial && t == text.size()) return true;
    if (star.p != npos && star.t < text.size() && text[star.t] != '/') {
      next_character(text, star.t);
      p = star.p;
      t = star.t;
      continue;
    }
    star = {};
    if (deep.p == npos || deep.t >= text.size()) return false;
    if (deep.by_segment) {
      const auto slash = text.find('/', deep.t);
      if (slash == npos) return false;
      deep.t = slash + 1;
    } else {
      ++deep.t;
    }
    p = deep.p;
    t = deep.t;
  }
}

bool is_below(std::string_view path, std::string_view folder) noexcept {
  return path.size() > folder.size() && path[folder.size()] == '/' && path.starts_with(folder);
}

std::string normalised(std::string_view pattern) {
  std::string text;
  while (!pattern.empty()) {
    const auto slash = pattern.find('/');
    const auto segment = pattern.substr(0, slash);
    if (!segment.empty() && !(segment == "." && text.empty())) {
      if (!text.empty()) text += '/';
      text += segment;
    }
    if (slash == npos) break;
    pattern.remove_prefix(slash + 1);
  }
  return text;
}

}  // namespace

glob::glob(std::string_view pattern) : text_(normalised(pattern)), folder_size_(text_.size()) {
  wildcards_ = true;  // so that the next line looks
  wildcards_ = literal_head().size() != text_.size();
  if (text_.ends_with("/*") || text_.ends_with("/**")) folder_size_ = text_.rfind('/');
}

glob glob::plain(std::string_view name) {
  glob made(name);
  made.take_literally();
  return made;
}

void glob::take_literally() {
  wildcards_ = false;
  folder_size_ = text_.size();
}

bool glob::covers(std::string_view path) const noexcept {
  if (wildcards_) return run(text_, path, false);
  return path == text_ || is_below(path, text_);
}

bool glob::covers_folder(std::string_view folder) const noexcept {
  if (!wildcards_) return covers(folder);
  return run(text_, folder, false) ||
         run(std::string_view(text_).substr(0, folder_size_), folder, false);
}

bool glob::may_reach_beneath(std::string_view folder) const {
  if (folder.empty()) return true;
  if (!wildcards_) return covers(folder) || is_below(text_, folder);
  std::string beneath(folder);
  beneath += '/';
  return run(text_, beneath, true);
}

std::string_view glob::literal_head() const noexcept {
  const std::string_view text = text_;
  if (!wildcards_) return text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool set = text[i] == '[' && set_end(text, i) != npos;
    if (text[i] == '*' || text[i] == '?' || set) return text.substr(0, i);
  }
  return text;
}

}  // namespace beatsync::engine
