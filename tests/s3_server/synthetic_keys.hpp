#pragma once

/// Millions of keys that take no memory: names computed from their numbers, in rising order.
///
///     PREFIX d000000/track 00000000.mp3        with folders
///     PREFIX track 00000000.mp3                without
///
/// bench/harness/libraries.py makes the same names as empty files. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beatsync::s3_server {

class synthetic_keys {
 public:
  /// `per_folder` 0: all in one folder. Throws std::invalid_argument beyond 10^8 keys or 10^6
  /// folders, where the numbers would no longer have the same width.
  synthetic_keys(std::string prefix, std::uint64_t count, std::uint64_t per_folder);

  bool contains(std::string_view key) const { return number_of(key).has_value(); }

  /// The first key that is >= from (inclusive) or > from.
  std::optional<std::string> next(std::string_view from, bool inclusive) const;

 private:
  std::string key_of(std::uint64_t number) const;
  std::optional<std::uint64_t> number_of(std::string_view key) const;

  std::string prefix_;
  std::uint64_t count_;
  std::uint64_t per_folder_;
};

}  // namespace beatsync::s3_server
