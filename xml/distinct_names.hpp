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
#include <cstring>
#include <string_view>
#include <unordered_set>

namespace beatsync::xml {

class distinct_names {
 public:
  explicit distinct_names(std::size_t limit) : limit_(limit) {}

  /// False if this name is one too many.
  bool add(std::string_view name) {
    const short_name key(name);
    short_name& slot = recent_short_[key.slot(recent_short_.size())];
    if (key.is_whole() && slot == key) return true;
    if (!add_new(name)) return false;
    slot = key;
    return true;
  }

  /// The same for a name that expat has interned, so that the same pointer means the same name.
  /// This saves looking at the 30 attribute names of every track. (Were a pointer to come back with
  /// another name, that name would go uncounted: the limit would be reached later, nothing else.)
  bool was_added_recently(const char* interned) noexcept {
    // expat lays the names out one behind the other: those of a real document get a slot each.
    const char*& slot = recent_[reinterpret_cast<std::uintptr_t>(interned) % recent_.size()];
    if (slot == interned) return true;
    slot = interned;
    return false;
  }

 private:
  /// A name of at most 16 bytes in two overlapping words: all that real documents have.
  struct short_name {
    short_name() = default;
    explicit short_name(std::string_view name) noexcept : size(name.size()) {
      if (size >= sizeof(std::uint64_t)) {
        std::memcpy(&front, name.data(), sizeof front);
        std::memcpy(&back, name.data() + size - sizeof back, sizeof back);
      } else if (size >= sizeof(std::uint32_t)) {
        std::memcpy(&front, name.data(), sizeof(std::uint32_t));
        std::memcpy(&back, name.data() + size - sizeof(std::uint32_t), sizeof(std::uint32_t));
      } else {
        for (const char c : name) front = front << 8U | static_cast<unsigned char>(c);
      }
    }

    bool is_whole() const noexcept { return size <= sizeof front + sizeof back; }
    std::size_t slot(std::size_t count) const noexcept {
      return ((front ^ (back << 1U)) * 0x9E3779B97F4A7C15U >> 32U) % count;
    }
    bool operator==(const short_name&) const = default;

    std::uint64_t front = 0;
    std::uint64_t back = 0;
    std::size_t size = 0;
  };

  bool add_new(std::string_view name);

  std::size_t limit_;
  std::array<const char*, 1024> recent_{};
  std::array<short_name, 64> recent_short_{};
  std::unordered_set<std::uint64_t> hashes_;
};

}  // namespace beatsync::xml
