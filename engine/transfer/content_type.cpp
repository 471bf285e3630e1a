#include "engine/transfer/content_type.hpp"

#include <algorithm>
#include <array>

namespace beatsync::engine {
namespace {

struct known_type {
  std::string_view extension, type;
};

constexpr std::array known_types{
    known_type{"mp3", "audio/mpeg"},      known_type{"wav", "audio/wav"},
    known_type{"aif", "audio/aiff"},      known_type{"aiff", "audio/aiff"},
    known_type{"flac", "audio/flac"},     known_type{"m4a", "audio/mp4"},
    known_type{"aac", "audio/aac"},       known_type{"ogg", "audio/ogg"},
    known_type{"opus", "audio/ogg"},      known_type{"wma", "audio/x-ms-wma"},
    known_type{"mp4", "video/mp4"},       known_type{"mov", "video/quicktime"},
    known_type{"mkv", "video/matroska"},  known_type{"xml", "application/xml"},
    known_type{"nml", "application/xml"}, known_type{"json", "application/json"},
    known_type{"pdf", "application/pdf"}, known_type{"txt", "text/plain"},
    known_type{"m3u", "audio/x-mpegurl"}, known_type{"m3u8", "audio/x-mpegurl"},
    known_type{"jpg", "image/jpeg"},      known_type{"jpeg", "image/jpeg"},
    known_type{"png", "image/png"},
};

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

std::string_view content_type_of(std::string_view path) noexcept {
  const std::string_view name = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  const auto dot = name.rfind('.');
  if (dot != std::string_view::npos && dot != 0) {
    const std::string_view extension = name.substr(dot + 1);
    for (const known_type& known : known_types) {
      const auto same = [](char a, char b) { return lower(a) == b; };
      if (std::ranges::equal(extension, known.extension, same)) return known.type;
    }
  }
  return "application/octet-stream";
}

}  // namespace beatsync::engine
