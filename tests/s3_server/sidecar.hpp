#pragma once

/// The file beside an object's body that holds everything else: one `name=value` line each, values
/// percent-encoded.

#include "tests/s3_server/stored_object.hpp"

#include <filesystem>
#include <iosfwd>
#include <string>

namespace beatsync::s3_server {

struct sidecar {
  std::string key;
  std::filesystem::path file;  ///< of the body
  stored_object object;        ///< without its body
};

std::string to_text(const sidecar& content);
sidecar read_sidecar(std::istream& in);

}  // namespace beatsync::s3_server
