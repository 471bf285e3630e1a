#pragma once

/// A small library as DJs have one, and the rekordbox XML that goes with it.

#include "tests/scenario/dj.hpp"

#include <string>
#include <vector>

namespace beatsync::tests {

/// Bytes of which no stretch is like another; the same for the same size.
std::string noise(std::size_t size);

/// Folders, two of them with awkward names, an empty file, one above the multipart threshold.
void fill_library(dj& who);

/// A collection in rekordbox's own manner (CRLF, wrapped start tags): the given locations, one
/// streaming track, one playlist by TrackID and one by location.
std::string collection(const std::vector<std::string>& locations);

/// `file://localhost` + root + `/DJ Music/` + …: locations of `fill_library`'s tracks.
std::vector<std::string> locations_below(const std::string& encoded_root);

void write_text(const std::filesystem::path& path, const std::string& text);

}  // namespace beatsync::tests
