#include "tests/support/rekordbox_generator.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace beatsync::tests {
namespace {

using attributes = std::vector<std::pair<std::string_view, std::string>>;

constexpr std::string_view line_end = "\r\n";

/// splitmix64: deterministic on every platform, unlike the standard distributions.
class dice {
 public:
  explicit dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t below(std::uint64_t bound) {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return (z ^ (z >> 31U)) % bound;
  }

  template <std::size_t N>
  std::string_view pick(const std::array<std::string_view, N>& from) {
    return from[below(N)];
  }

 private:
  std::uint64_t state_;
};

dice dice_of_track(const rekordbox_export& what, std::size_t index) {
  return dice(what.seed * 0xD1342543DE82EF95U + index);
}

constexpr std::array<std::string_view, 12> artists = {
    "Daft Punk",     "Björk", "Sigur Rós", "电气节拍", "Кино",        "Simon & Garfunkel",
    "Guns N' Roses", "AC/DC", "M83",       "Ω-Club",   "Los Ángeles", "The Very Long Orchestra"};
constexpr std::array<std::string_view, 12> titles = {
    "One More Time",  "Jóga (Club Mix)", "100% Pure",  "[Free] Loop",
    "#1 Hit?",        "テクノ",          "Don't Stop", "a%26b",
    "Part=2; {Edit}", "🎧 Intro",        "Say \"Hi\"", "Kick + Snare"};
constexpr std::array<std::string_view, 6> genres = {"House",      "Techno", "Drum & Bass",
                                                    "Disco/Funk", "Trance", "Hip-Hop"};
constexpr std::array<std::string_view, 4> endings = {".mp3", ".flac", ".wav", ".aiff"};
constexpr std::array<std::string_view, 4> kinds = {"MP3 File", "FLAC File", "WAV File",
                                                   "AIFF File"};
constexpr std::array<std::string_view, 8> keys = {"1A", "4A", "5A", "8A", "8B", "9B", "11B", "12A"};

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string decimals(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

/// JUCE's way of writing an element, which rekordbox uses: a new line once 60 columns are full.
void write_element(std::string& out, std::size_t indent, std::string_view name,
                   const attributes& list, std::string_view end) {
  constexpr std::size_t wrap = 60;
  out.append(indent, ' ').append("<").append(name);
  std::size_t column = 0;
  for (const auto& [key, value] : list) {
    if (column > wrap) {
      out.append(line_end).append(indent + name.size() + 1, ' ');
      column = 0;
    }
    const std::size_t before = out.size();
    out.append(" ").append(key).append("=\"").append(xml_escaped(value)).append("\"");
    column += out.size() - before;
  }
  out.append(end).append(line_end);
}

std::string without_slash(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '/', '-');
  return out;
}

std::string streaming_location(rekordbox_platform platform, std::string_view path) {
  const bool slash = platform == rekordbox_platform::windows;
  return std::string(slash ? "file://localhost/" : "file://localhost").append(path);
}

std::string location_of_track(const rekordbox_export& what, std::size_t index) {
  const rekordbox_track_path where = path_of_track(what, index);
  if (where.streaming) return streaming_location(what.platform, where.path);
  return rekordbox_location(what.roots[where.root] + "/" + where.path);
}

std::string id_of_track(std::size_t index) { return std::to_string(10'000'000 + 7 * index); }

void write_track(std::string& out, const rekordbox_export& what, std::size_t index) {
  dice roll = dice_of_track(what, index);
  const std::size_t kind = roll.below(endings.size());
  const std::string artist(roll.pick(artists));
  const std::string title(roll.pick(titles));
  const std::string bpm = decimals(70.0 + static_cast<double>(roll.below(11'000)) / 100.0);
  const std::uint64_t seconds = 150 + roll.below(400);
  const attributes list = {{"TrackID", id_of_track(index)},
                           {"Name", title},
                           {"Artist", artist},
                           {"Composer", ""},
                           {"Album", "Album " + std::to_string(roll.below(500))},
                           {"Grouping", ""},
                           {"Genre", std::string(roll.pick(genres))},
                           {"Kind", std::string(kinds[kind])},
                           {"Size", std::to_string(seconds * 40'000)},
                           {"TotalTime", std::to_string(seconds)},
                           {"DiscNumber", "0"},
                           {"TrackNumber", std::to_string(roll.below(20))},
                           {"Year", std::to_string(1975 + roll.below(50))},
                           {"AverageBpm", bpm},
                           {"DateAdded", "2023-0" + std::to_string(1 + roll.below(9)) + "-1" +
                                             std::to_string(roll.below(10))},
                           {"BitRate", "320"},
                           {"SampleRate", "44100"},
                           {"Comments", roll.below(3) == 0 ? "8A - Energy 7" : ""},
                           {"PlayCount", std::to_string(roll.below(30))},
                           {"Rating", std::to_string(51 * roll.below(6))},
                           {"Location", location_of_track(what, index)},
                           {"Remixer", ""},
                           {"Tonality", std::string(roll.pick(keys))},
                           {"Label", "Label & Sons"},
                           {"Mix", ""}};
  write_element(out, 4, "TRACK", list, ">");
  const std::uint64_t grid = 1 + roll.below(2);
  for (std::uint64_t i = 0; i < grid; ++i) {
    write_element(out, 6, "TEMPO",
                  {{"Inizio", decimals(0.025 + 60.0 * static_cast<double>(i))},
                   {"Bpm", bpm},
                   {"Metro", "4/4"},
                   {"Battito", "1"}},
                  "/>");
  }
  const std::uint64_t marks = roll.below(7);
  for (std::uint64_t i = 0; i < marks; ++i) {
    attributes mark = {{"Name", ""},
                       {"Type", "0"},
                       {"Start", decimals(16.0 * static_cast<double>(i))},
                       {"Num", i == 0 ? "-1" : std::to_string(i - 1)}};
    if (i > 0) {
      mark.insert(mark.end(), {{"Red", "40"}, {"Green", "226"}, {"Blue", "20"}});
    }
    write_element(out, 6, "POSITION_MARK", mark, "/>");
  }
  out.append("    </TRACK>").append(line_end);
}

std::size_t track_count(const rekordbox_export& what) {
  return what.files.empty() ? what.tracks : what.files.size();
}

/// Gathers, so that the sink is not called for every line.
class gatherer {
 public:
  explicit gatherer(const std::function<void(std::string_view)>& sink) : sink_(sink) {}

  std::string& text() {
    constexpr std::size_t enough = 64 * 1024;
    if (text_.size() >= enough) hand_on();
    return text_;
  }

  void hand_on() {
    sink_(text_);
    text_.clear();
  }

 private:
  const std::function<void(std::string_view)>& sink_;
  std::string text_;
};

void write_playlist(gatherer& out, const rekordbox_export& what, std::string_view name,
                    std::size_t indent, std::size_t every, bool by_location) {
  const std::size_t entries = (track_count(what) + every - 1) / every;
  write_element(out.text(), indent, "NODE",
                {{"Name", std::string(name)},
                 {"Type", "1"},
                 {"KeyType", by_location ? "1" : "0"},
                 {"Entries", std::to_string(entries)}},
                ">");
  for (std::size_t i = 0; i < track_count(what); i += every) {
    const std::string key = by_location ? location_of_track(what, i) : id_of_track(i);
    write_element(out.text(), indent + 2, "TRACK", {{"Key", key}}, "/>");
  }
  out.text().append(indent, ' ').append("</NODE>").append(line_end);
}

}  // namespace

rekordbox_track_path path_of_track(const rekordbox_export& what, std::size_t index) {
  if (!what.files.empty()) return {false, 0, what.files[index]};
  if (what.streaming_every != 0 && index % what.streaming_every == what.streaming_every - 1) {
    return {true, 0, "soundcloud:tracks:" + std::to_string(838'000'000 + index)};
  }
  dice roll = dice_of_track(what, index);
  const std::string_view ending = endings[roll.below(endings.size())];  // as in write_track()
  const std::string artist(roll.pick(artists));
  const std::string title(roll.pick(titles));
  const std::size_t others = what.roots.size() - 1;
  const std::size_t root = others == 0 || index % 2 == 0 ? 0 : 1 + index / 2 % others;
  std::string path = "DJ Music/" + without_slash(artist) + "/" + without_slash(title) + " " +
                     std::to_string(index);
  path.append(ending);
  return {false, root, std::move(path)};
}

std::string rekordbox_location(std::string_view path) {
  constexpr std::string_view kept =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!#$()*+,/:;=?@";
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = path.starts_with('/') ? "file://localhost" : "file://localhost/";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (kept.find(c) != kept.npos) {
      out += c;
    } else {
      out += '%';
      out += digits[byte / 16];
      out += digits[byte % 16];
    }
  }
  return out;
}

void write_rekordbox_export(const rekordbox_export& what,
                            const std::function<void(std::string_view)>& sink) {
  gatherer out(sink);
  out.text().append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").append(line_end).append(line_end);
  write_element(out.text(), 0, "DJ_PLAYLISTS", {{"Version", "1.0.0"}}, ">");
  write_element(out.text(), 2, "PRODUCT",
                {{"Name", "rekordbox"}, {"Version", "6.8.5"}, {"Company", "AlphaTheta"}}, "/>");
  write_element(out.text(), 2, "COLLECTION", {{"Entries", std::to_string(track_count(what))}}, ">");
  for (std::size_t i = 0; i < track_count(what); ++i) write_track(out.text(), what, i);
  out.text().append("  </COLLECTION>").append(line_end);
  out.text().append("  <PLAYLISTS>").append(line_end);
  write_element(out.text(), 4, "NODE",
                {{"Type", "0"}, {"Name", "ROOT"}, {"Count", what.keys_by_location ? "3" : "2"}},
                ">");
  write_playlist(out, what, "Warm-up & Co", 6, 4, false);
  write_element(out.text(), 6, "NODE", {{"Name", "Sets"}, {"Type", "0"}, {"Count", "1"}}, ">");
  write_playlist(out, what, "Friday", 8, 10, false);
  out.text().append("      </NODE>").append(line_end);
  if (what.keys_by_location) write_playlist(out, what, "From listmusik", 6, 8, true);
  out.text().append("    </NODE>").append(line_end);
  out.text().append("  </PLAYLISTS>").append(line_end);
  out.text().append("</DJ_PLAYLISTS>").append(line_end);
  out.hand_on();
}

std::string make_rekordbox_export(const rekordbox_export& what) {
  std::string document;
  write_rekordbox_export(what, [&document](std::string_view piece) { document.append(piece); });
  return document;
}

}  // namespace beatsync::tests
