#include "engine/difference/key_cuts.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace beatsync::engine {

namespace {

using letter = std::int32_t;

// In pages, where the page varies; fewer are listed by the time that others are found empty.
constexpr letter fewest_pages = 3;
// Before that place: the one behind all of a kind alone would tell little.
constexpr letter fewest_steps = 2;

// As long as it is not known whether there is anything that begins in another way.
constexpr std::size_t most_beside_common = 4;

struct decoded {
  letter value = -1;  ///< before all letters: the text ends there
  std::size_t bytes = 0;
};

/// Nothing: not UTF-8.
std::optional<decoded> letter_at(std::string_view text, std::size_t place) {
  decoded found;
  if (place == text.size()) return found;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + place;
  const auto n =
      utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - place), &found.value);
  if (n < 0) return std::nullopt;
  found.bytes = static_cast<std::size_t>(n);
  return found;
}

std::string with_letter(std::string_view before, letter value) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto n = utf8proc_encode_char(value, bytes.data());
  std::string text(before);
  text.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(n));
  return text;
}

/// The first letter behind those of the same kind; 256 neighbours are of a kind beyond ASCII.
letter behind_kind_of(letter value) {
  constexpr std::array<letter, 8> ends = {' ', '0', ':', 'A', '[', 'a', '{', 0x80};
  const auto end = std::ranges::upper_bound(ends, value);
  if (end != ends.end()) return *end;
  const letter next = (value | 0xFF) + 1;
  const bool no_letter = next == 0xD800 || next == 0x110000;  // surrogates; the end of Unicode
  return no_letter ? next - 1 : next;
}

/// Evenly out of [low, high].
void cut_evenly(std::string_view before, letter low, letter high, std::size_t most,
                std::vector<std::string>& to) {
  const auto all = static_cast<std::size_t>(high - low) + 1;
  const auto count = std::min(all, most);
  for (std::size_t i = 0; i < count; ++i) {
    const auto step = all <= most ? i : all * (i + 1) / (count + 1);
    to.push_back(with_letter(before, low + static_cast<letter>(step)));
  }
}

/// Behind all that begins as the whole page does, `text` up to `varies`, cut back to where a word,
/// a number or a folder ends.
std::optional<std::string> behind_common(std::string_view text, std::size_t varies) {
  std::optional<std::string> found;
  for (std::size_t place = 0; place < varies;) {
    const auto now = letter_at(text, place);
    if (!now) break;
    const std::size_t next = place + now->bytes;
    const auto then = letter_at(text, next);
    if (!then) break;
    const letter end = behind_kind_of(now->value);
    if (now->value < end && behind_kind_of(then->value) != end) {
      found = with_letter(text.substr(0, place), now->value + 1);
    }
    place = next;
  }
  return found;
}

std::size_t end_of_common(std::string_view a, std::string_view b) {
  const auto end = std::ranges::mismatch(a, b).in1;
  auto place = static_cast<std::size_t>(end - a.begin());
  // Back to where a letter begins.
  while (place != 0 && place < a.size() && (static_cast<unsigned char>(a[place]) & 0xC0U) == 0x80U)
    --place;
  return place;
}

/// What may follow in the place of one letter.
struct steps {
  std::string_view before;
  letter low = 0;
  letter high = 0;
  std::size_t places = 0;  ///< from there to where the page varies
};

/// The first place that leaves room for enough of them.
std::optional<steps> steps_behind(std::string_view first, std::string_view last,
                                  std::string_view until, std::size_t varies) {
  for (std::size_t place = 0; place <= varies;) {
    const auto now = letter_at(last, place);
    const auto then = letter_at(first, place);
    if (!now || !then) return std::nullopt;
    steps found;
    found.before = last.substr(0, place);
    found.low = now->value + 1;
    found.high = behind_kind_of(now->value);
    found.places = varies - place;
    while (found.high >= found.low && !until.empty() &&
           with_letter(found.before, found.high) >= until) {
      --found.high;
    }
    const letter a_page = now->value - then->value;
    const letter fewest = place == varies ? fewest_pages * a_page : fewest_steps;
    if (found.high - found.low + 1 >= fewest) return found;
    place += now->bytes;
  }
  return std::nullopt;
}

}  // namespace

key_cuts cuts_behind(std::string_view first, std::string_view last, std::string_view until,
                     std::size_t most) {
  key_cuts found;
  if (most == 0 || first >= last) return found;
  const std::size_t varies = end_of_common(last, first);
  const auto room = steps_behind(first, last, until, varies);
  if (!room) return found;
  found.places = room->places;
  if (auto behind = behind_common(last, varies); behind && (until.empty() || *behind < until)) {
    found.at.push_back(std::move(*behind));
    most = std::min(most - 1, most_beside_common);
  }
  letter low = room->low;
  if (room->places != 0 && most != 0) {
    // Perhaps nothing stands behind this letter: then one request shows it.
    found.at.push_back(with_letter(room->before, low));
    ++low;
    --most;
  }
  cut_evenly(room->before, low, room->high, most, found.at);
  std::ranges::sort(found.at);
  const auto twice = std::ranges::unique(found.at);
  found.at.erase(twice.begin(), twice.end());
  return found;
}

}  // namespace beatsync::engine
