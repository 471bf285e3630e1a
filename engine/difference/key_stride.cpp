#include "engine/difference/key_stride.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace beatsync::engine {

namespace {

constexpr std::size_t pages_remembered = 9;

// Behind the place where two names begin to differ; digits and letters there make 1,000 and more
// steps, as many as a page has keys.
constexpr std::size_t places_behind = 3;

// Less than a page: a range that is a little longer costs a second request, one that is shorter a
// few keys that come twice. 200,000 hashes: 226 pages with 0.9, 239 with 0.85; 0.95 waits more
// often.
constexpr double part_of_page = 0.9;

// Ranges are guessed in folders and names of any length; of longer ones the rest is not looked at.
constexpr std::size_t most_depth = 32;
constexpr std::size_t most_places = 256;

using letter_set = std::bitset<128>;

std::size_t index_of(char c) { return static_cast<unsigned char>(c); }
bool is_ascii(char c) { return index_of(c) < 0x80; }

bool any_of(const letter_set& set, char from, char to) {
  for (char c = from; c <= to; ++c) {
    if (set[index_of(c)]) return true;
  }
  return false;
}

void fill(letter_set& set, char from, char to) {
  for (char c = from; c <= to; ++c) set.set(index_of(c));
}

/// What stands in a place while the names begin to rise is followed by the rest of its kind. Digits
/// beside a to f alone are a hexadecimal number.
letter_set with_kinds(const letter_set& seen) {
  letter_set all = seen;
  const bool digits = any_of(seen, '0', '9');
  if (digits) fill(all, '0', '9');
  const auto fill_letters = [&](char first, char seventh, char last) {
    if (!any_of(seen, first, last)) return;
    const bool hexadecimal = digits && !any_of(seen, seventh, last);
    fill(all, first, hexadecimal ? static_cast<char>(seventh - 1) : last);
  };
  fill_letters('A', 'G', 'Z');
  fill_letters('a', 'g', 'z');
  return all;
}

/// The part of `key` below so many slashes, and what stands before it; nothing: it has fewer.
std::optional<std::pair<std::string_view, std::string_view>> name_at(std::string_view key,
                                                                     std::size_t depth) {
  std::size_t begin = 0;
  for (; depth != 0; --depth) {
    const auto slash = key.find('/', begin);
    if (slash == std::string_view::npos) return std::nullopt;
    begin = slash + 1;
  }
  const auto end = std::min(key.find('/', begin), key.size());
  return std::pair(key.substr(0, begin), key.substr(begin, end - begin));
}

/// Names as numbers. One that ends before a place has the first letter there.
using places = std::vector<place_letters>;

double radix(const places& of, std::size_t place) {
  return place < of.size() ? static_cast<double>(of[place].all.count()) : 0;
}

/// How many letters come before the one in this place.
std::optional<double> rank(const places& of, std::string_view name, std::size_t place) {
  if (place >= name.size() || place >= of.size()) return 0;
  if (!is_ascii(name[place])) return std::nullopt;
  std::size_t before = 0;
  for (std::size_t c = 0; c < index_of(name[place]); ++c) before += of[place].all[c] ? 1 : 0;
  return static_cast<double>(before);
}

char letter(const places& of, std::size_t place, double rank) {
  auto left = static_cast<std::size_t>(rank);
  std::size_t c = 0;
  while (c < 127 && !(of[place].all[c] && left-- == 0)) ++c;
  return static_cast<char>(c);
}

/// Steps in `place`, the places behind it as parts of a step.
std::optional<double> value(const places& of, std::string_view name, std::size_t place) {
  auto sum = rank(of, name, place);
  double weight = 1;
  for (auto i = place + 1; sum && i <= place + places_behind && radix(of, i) > 0; ++i) {
    const auto here = rank(of, name, i);
    if (!here) break;  // what cannot be read further is read no further
    weight /= radix(of, i);
    *sum += *here * weight;
  }
  return sum;
}

/// The name with `steps` in `place`, carried into the places before it; nothing: they would have to
/// be carried out of the name.
std::optional<std::string> name_with(const places& of, std::string_view name, std::size_t place,
                                     double steps) {
  double whole = std::floor(steps);
  double rest = steps - whole;
  std::string backwards;
  std::size_t first = place;
  for (;; --first) {
    const double base = radix(of, first);
    if (base == 0) return std::nullopt;
    backwards.push_back(letter(of, first, std::fmod(whole, base)));
    if (whole < base) break;
    if (first == 0) return std::nullopt;
    const auto before = rank(of, name, first - 1);
    if (!before) return std::nullopt;
    whole = std::floor(whole / base) + *before;
  }
  std::string text(name.substr(0, first));
  for (auto i = text.size(); i < first; ++i) {
    if (radix(of, i) == 0) return std::nullopt;
    text.push_back(letter(of, i, 0));
  }
  text.append(backwards.rbegin(), backwards.rend());
  for (auto i = place + 1; i <= place + places_behind && radix(of, i) > 1; ++i) {
    rest *= radix(of, i);
    const double digit = std::min(std::floor(rest), radix(of, i) - 1);
    rest -= digit;
    text.push_back(letter(of, i, digit));
  }
  return text;
}

}  // namespace

void key_stride::note(std::string_view key) {
  for (std::size_t depth = 0; depth < most_depth; ++depth) {
    const auto at = name_at(key, depth);
    if (!at) return;
    if (letters_.size() == depth) letters_.emplace_back();
    auto& of = letters_[depth];
    const auto name = at->second.substr(0, most_places);
    if (of.size() < name.size()) of.resize(name.size());
    for (std::size_t i = 0; i < name.size(); ++i) {
      if (!is_ascii(name[i]) || of[i].seen[index_of(name[i])]) continue;
      of[i].seen.set(index_of(name[i]));
      of[i].all = with_kinds(of[i].seen);
    }
  }
}

void key_stride::full_page(std::string_view first, std::string_view last) {
  if (first.empty() || first >= last) return;
  note(first);
  note(last);
  const auto differ = std::ranges::mismatch(first, last).in1;
  stride found;
  found.depth = static_cast<std::size_t>(std::count(first.begin(), differ, '/'));
  if (found.depth >= letters_.size()) return;
  const auto from = name_at(first, found.depth)->second;
  const auto to = name_at(last, found.depth)->second;
  found.place = static_cast<std::size_t>(std::ranges::mismatch(from, to).in1 - from.begin());
  const auto& of = letters_[found.depth];
  const auto begin = value(of, from, found.place);
  const auto end = value(of, to, found.place);
  if (!begin || !end || *end <= *begin) return;
  found.steps = *end - *begin;
  last_.push_back(found);
  if (last_.size() > pages_remembered) last_.pop_front();
}

/// Of the pages at the depth of the last one, in its place.
double key_stride::usual_steps() const {
  const stride& now = last_.back();
  const auto& of = letters_[now.depth];
  std::vector<double> all;
  for (const auto& page : last_) {
    if (page.depth != now.depth) continue;
    double steps = page.steps;
    for (auto i = page.place; i < now.place; ++i) steps *= radix(of, i + 1);
    for (auto i = page.place; i > now.place; --i) steps /= radix(of, i);
    all.push_back(steps);
  }
  const auto median = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::ranges::nth_element(all, median);
  return *median;
}

std::optional<std::string> key_stride::end_behind(std::string_view key) const {
  if (last_.empty()) return std::nullopt;
  const std::size_t depth = last_.back().depth;
  const auto& of = letters_[depth];
  std::size_t place = last_.back().place;
  double steps = usual_steps();
  // Names that differ so far apart have no steps in common, and no number for them.
  constexpr double most_steps = 1e12;
  if (!(steps <= most_steps)) return std::nullopt;
  // To the place where there are whole steps.
  while (steps < 1 && radix(of, place + 1) > 0) steps *= radix(of, ++place);
  const auto at = name_at(key, depth);
  if (!at) return std::nullopt;
  const auto [before, name] = *at;
  const auto from = value(of, name, place);
  if (!from) return std::nullopt;
  constexpr double rounding = 1e-9;
  auto end = name_with(of, name, place, *from + steps * part_of_page + rounding);
  if (!end) return std::nullopt;
  end->insert(0, before);
  if (*end <= key) return std::nullopt;
  return end;
}

}  // namespace beatsync::engine
