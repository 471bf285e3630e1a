// demo-library DJ STICK ROOT XML: puts a small library of tagged audio-like files on a stick, and a
// rekordbox XML that knows them below ROOT beside it. For `./run demo`; the same every time.
#include "tests/support/rekordbox_generator.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

namespace {

namespace fs = std::filesystem;

struct track {
  std::string_view path;  ///< below `DJ Music`
  std::string_view artist;
  std::string_view title;
  std::size_t size;  ///< bytes of audio
};

constexpr std::array mias = {
    track{"mia/House/2024-05/Loose Ends (Extended Mix).mp3", "Nadja Roy", "Loose Ends", 900'000},
    track{"mia/House/2024-05/Caf\u00e9 del Sol #2.mp3", "Orla & Finn", "Caf\u00e9 del Sol",
          700'000},
    track{"mia/Disco/100% Silk.aiff", "The Night Bus", "100% Silk", 2'400'000},
    track{"mia/Sets/Closing at dawn.wav", "Mia", "Closing at dawn", 24'000'000},
    track{"shared/Anthem.flac", "Everybody", "Anthem", 1'500'000},
};
constexpr std::array bens = {
    track{"ben/Techno/2024-06/Kaltes Klares Wasser.mp3", "Ufer", "Kaltes klares Wasser", 800'000},
    track{"ben/Techno/2024-06/\u30c6\u30af\u30ce \U0001F3A7.mp3", "Kiyoshi", "Techno", 650'000},
    track{"shared/Anthem.flac", "Everybody", "Anthem", 1'500'000},
};

std::string big_endian(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

/// One text frame of an ID3v2.4 tag, in UTF-8: https://id3.org/id3v2.4.0-frames, section 4.2
std::string id3_frame(std::string_view id, std::string_view utf8) {
  std::string text = "\x03";
  text += utf8;
  return std::string(id) + big_endian(static_cast<std::uint32_t>(text.size())) +
         std::string(2, '\0') + text;
}

std::string id3_tag(const track& t) {
  const std::string frames = id3_frame("TIT2", t.title) + id3_frame("TPE1", t.artist) +
                             id3_frame("TBPM", "128") + id3_frame("TKEY", "8A");
  std::string size;  // four times seven bits
  for (int shift = 21; shift >= 0; shift -= 7) {
    size += static_cast<char>(frames.size() >> shift & 0x7f);
  }
  return std::string("ID3\x04\x00\x00", 6) + size + frames;
}

void write_track(const fs::path& path, const track& t) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << id3_tag(t);
  std::minstd_rand random(static_cast<unsigned>(t.size));
  for (std::size_t left = t.size / 4; left > 0; --left) {
    const auto value = static_cast<std::uint32_t>(random());
    out.write(reinterpret_cast<const char*>(&value), sizeof value);
  }
  out.close();
  const timespec time{1'714'500'000 + static_cast<time_t>(t.size), 250'000'000};
  const timespec times[] = {time, time};
  if (!out || ::utimensat(AT_FDCWD, path.c_str(), times, 0) != 0) {
    std::cerr << "cannot write " << path << '\n';
    std::exit(1);
  }
}

template <std::size_t N>
void make_library(const std::array<track, N>& tracks, const fs::path& stick,
                  const std::string& root, const fs::path& xml) {
  beatsync::tests::rekordbox_export what;
  what.roots = {root};
  what.platform = root.starts_with('/') ? beatsync::tests::rekordbox_platform::macos
                                        : beatsync::tests::rekordbox_platform::windows;
  for (const track& t : tracks) {
    write_track(stick / "DJ Music" / t.path, t);
    what.files.push_back("DJ Music/" + std::string(t.path));
  }
  std::ofstream(xml, std::ios::binary) << beatsync::tests::make_rekordbox_export(what);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() != 4 || (arguments[0] != "mia" && arguments[0] != "ben")) {
    std::cerr << "usage: demo-library mia|ben STICK ROOT XML\n";
    return 2;
  }
  if (arguments[0] == "mia") make_library(mias, arguments[1], arguments[2], arguments[3]);
  if (arguments[0] == "ben") make_library(bens, arguments[1], arguments[2], arguments[3]);
}
