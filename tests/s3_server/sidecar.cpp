#include "tests/s3_server/sidecar.hpp"

#include "tests/s3_server/uri.hpp"

#include <chrono>
#include <istream>
#include <string_view>

namespace beatsync::s3_server {

std::string to_text(const sidecar& content) {
  const auto& object = content.object;
  std::string text;
  const auto line = [&](const std::string& name, const std::string& value) {
    text += name + '=' + uri_encode(value, true) + '\n';
  };
  line("key", content.key);
  line("file", content.file.string());
  line("etag", object.etag);
  line("modified", std::to_string(object.last_modified.time_since_epoch().count()));
  line("type", object.content_type);
  line("class", object.storage_class);
  line("sum-algorithm", object.checksum_algorithm);
  line("sum-type", object.checksum_type);
  line("sum", object.checksum);
  for (const auto& [name, value] : object.metadata) line("meta:" + uri_encode(name, false), value);
  for (const auto& [name, value] : object.headers) line("head:" + uri_encode(name, false), value);
  for (const auto size : object.part_sizes) line("part", std::to_string(size));
  return text;
}

sidecar read_sidecar(std::istream& in) {
  sidecar content;
  auto& object = content.object;
  std::string line;
  while (std::getline(in, line)) {
    const auto equals = line.find('=');
    if (equals == std::string::npos) continue;
    const auto name = line.substr(0, equals);
    const auto value = percent_decode(std::string_view(line).substr(equals + 1)).value_or("");
    if (name == "key") content.key = value;
    if (name == "file") content.file = value;
    if (name == "etag") object.etag = value;
    if (name == "modified") {
      object.last_modified = time_stamp(std::chrono::milliseconds(std::stoll(value)));
    }
    if (name == "type") object.content_type = value;
    if (name == "class") object.storage_class = value;
    if (name == "sum-algorithm") object.checksum_algorithm = value;
    if (name == "sum-type") object.checksum_type = value;
    if (name == "sum") object.checksum = value;
    if (name.starts_with("meta:")) {
      object.metadata.emplace_back(percent_decode(name.substr(5)).value_or(""), value);
    }
    if (name.starts_with("head:")) {
      object.headers.emplace_back(percent_decode(name.substr(5)).value_or(""), value);
    }
    if (name == "part") object.part_sizes.push_back(std::stoull(value));
  }
  return content;
}

}  // namespace beatsync::s3_server
