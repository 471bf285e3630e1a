#include "tests/scenario/library.hpp"

#include <fstream>
#include <random>

namespace beatsync::tests {

std::string noise(std::size_t size) {
  std::mt19937_64 random(size);
  std::string bytes;
  bytes.reserve(size + sizeof random());
  while (bytes.size() < size) {
    const auto next = random();
    bytes.append(reinterpret_cast<const char*>(&next), sizeof next);
  }
  bytes.resize(size);
  return bytes;
}

void fill_library(dj& who) {
  who.add_track("House/Anna/2024-05/First Light.mp3", noise(40'000));
  who.add_track("House/Anna/2024-05/caf\u00e9 (100% mix) #1.mp3", noise(170'001));
  who.add_track("Techno/Bob & Co/[Free] Rain?.aiff", noise(1'500'000));
  who.add_track("Techno/empty.wav", "");
  who.add_track("Sets/closing night.wav", noise(20 * 1024 * 1024 + 17));
  who.add_track("loose.flac", "fLaC");
}

std::vector<std::string> locations_below(const std::string& encoded_root) {
  const std::string start = "file://localhost" + encoded_root + "/DJ%20Music/";
  return {start + "House/Anna/2024-05/First%20Light.mp3",
          start + "House/Anna/2024-05/caf%c3%a9%20(100%25%20mix)%20#1.mp3",
          start + "Techno/Bob%20%26%20Co/%5bFree%5d%20Rain?.aiff",
          start + "Sets/closing%20night.wav"};
}

std::string collection(const std::vector<std::string>& locations) {
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n\r\n<DJ_PLAYLISTS Version=\"1.0.0\">\r\n"
      "  <PRODUCT Name=\"rekordbox\" Version=\"6.8.5\" Company=\"AlphaTheta\"/>\r\n"
      "  <COLLECTION Entries=\"" +
      std::to_string(locations.size() + 1) + "\">\r\n";
  int number = 0;
  for (const auto& location : locations) {
    xml += "    <TRACK TrackID=\"" + std::to_string(++number) +
           "\" Name=\"Track &amp; Name\" Artist=\"A\" Kind=\"MP3 File\"\r\n           Location=\"" +
           location + "\"\r\n           Remixer=\"\" Tonality=\"8A\">\r\n" +
           "      <TEMPO Inizio=\"0.025\" Bpm=\"128.00\" Metro=\"4/4\" Battito=\"1\"/>\r\n"
           "    </TRACK>\r\n";
  }
  xml +=
      "    <TRACK TrackID=\"99\" Name=\"Stream\" "
      "Location=\"file://localhostsoundcloud:tracks:842762641\"/>\r\n"
      "  </COLLECTION>\r\n  <PLAYLISTS>\r\n    <NODE Type=\"0\" Name=\"ROOT\" Count=\"2\">\r\n"
      "      <NODE Name=\"by id\" Type=\"1\" KeyType=\"0\" Entries=\"1\">\r\n"
      "        <TRACK Key=\"1\"/>\r\n      </NODE>\r\n"
      "      <NODE Name=\"by location\" Type=\"1\" KeyType=\"1\" Entries=\"1\">\r\n"
      "        <TRACK Key=\"" +
      locations.front() +
      "\"/>\r\n      </NODE>\r\n    </NODE>\r\n  </PLAYLISTS>\r\n</DJ_PLAYLISTS>\r\n";
  return xml;
}

void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace beatsync::tests
