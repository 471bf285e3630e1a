#pragma once

/// Counts the distinct names of a document, up to a limit.
///
/// expat keeps every name it has seen until the parser dies: 19 MB of hostile names took 233 MiB.
/// Only hashes are kept here; two names with one hash (64 bits) count once, which errs on the
/// generous side by at most a name or two.
///
/// Internal to xml/; not shared between threads at the same time.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>

namespace beatsync::xml {

class distinct_names {
 public:
  explicit distinct_names(std::size_t limit) : limit_(limit) {}

  /// False if this name is one too many.
  bool add(std::string_view name);

  /// The same for a name that expat has interned, so that the same pointer means the same name.
  /// This saves looking at the 30 attribute names of every track. (Were a pointer to come back with
  /// another name, that name would go uncounted: the limit would be reached later, nothing else.)
  bool was_added_recently(const char* interned) noexcept {
    const char*& slot = recent_[(reinterpret_cast<std::uintptr_t>(interned) >> 3) % recent_.size()];
    if (slot == interned) return true;
    slot = interned;
    return false;
  }

 private:
  /// The first 16 bytes of a name: whole names, for the short ones that make up every real
  /// document.
  struct short_name {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
    std::size_t size = 0;
    bool operator==(const short_name&) const = default;
  };

  std::size_t limit_;
  std::array<const char*, 256> recent_{};
  std::array<short_name, 64> recent_short_{};
  std::unordered_set<std::uint64_t> hashes_;
};

}  // namespace beatsync::xml
