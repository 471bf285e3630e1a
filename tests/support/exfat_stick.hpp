#pragma once

/// A real exFAT file system as a DJ's USB stick has one, in an image file, mounted through FUSE: it
/// takes `Song.mp3` and `song.mp3` for one file, refuses `?` and `:` in names and keeps whole
/// seconds.
///
/// Needs root, /dev/fuse, a free loop device and Debian's exfat-fuse and exfatprogs.
/// Errors: what is there and fails all the same throws std::runtime_error.
/// Threads: one object belongs to one thread.

#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <string>

namespace beatsync::tests {

/// Empty, or what this machine lacks.
std::string why_no_exfat_stick();

class exfat_stick {
 public:
  exfat_stick();
  ~exfat_stick();  ///< unmounted, and the image is gone
  exfat_stick(const exfat_stick&) = delete;
  exfat_stick& operator=(const exfat_stick&) = delete;

  const std::filesystem::path& path() const noexcept { return mounted_; }

 private:
  temp_dir folder_{"beatsync-stick"};
  std::filesystem::path mounted_ = folder_.path() / "stick";
  std::string device_;
};

}  // namespace beatsync::tests
