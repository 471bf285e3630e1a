#pragma once

/// Finds names that are spelled differently on the two sides and are the same (contract.md §5): a
/// name without exact partner, and one without partner on the other side with the same NFC form.
/// macOS lists `é` as `e` and an accent where another system wrote one character.
///
/// In the order of bytes the two spellings lie far apart, so such names are held back until both
/// listings have ended. Names that have one spelling only (ASCII, and most of the rest) are not
/// held. What can be held is bounded; names beyond are looked up one by one (other_spelling.hpp).
///
/// Not found: characters like OHM SIGN that NFC turns into another one which itself has no second
/// spelling, where that other one's side would have to wait for every name.
///
/// Pure; one thread.

#include "s3/types.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::engine {

/// Could another normalisation form of this name exist?
bool has_other_spelling(std::string_view path);

/// The other ways to write `path`: its NFC and its NFD, without `path` itself.
std::vector<std::string> other_spellings_of(std::string_view path);

/// Could `path` be spelled otherwise than in those, even if each letter is in one form? Of two
/// marks on one letter either may be composed with it, and they may come in either order: `ê` and a
/// dot below is how Windows types Vietnamese, and neither form.
bool has_mixed_spellings(std::string_view path);

/// A name of either side with what is known of it.
struct held_name {
  std::string path;  ///< below the root or the prefix
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;  ///< of a file
  std::string etag;           ///< of an object …
  s3::time_point last_modified{};
  bool archived = false;
};

class nfc_pairing {
 public:
  struct limits {
    std::size_t names = 65'536;
    std::size_t bytes = std::size_t{16} << 20;
  };

  nfc_pairing() = default;
  explicit nfc_pairing(limits most) : most_(most) {}

  /// False: there is no room; nothing was kept, and complete() is false from now on.
  bool hold_source(held_name name) { return hold(sources_, std::move(name)); }
  bool hold_target(held_name name) { return hold(targets_, std::move(name)); }

  /// True while every name offered was kept: who has no partner then, has none.
  bool complete() const noexcept { return complete_; }

  struct pairs {
    std::vector<std::pair<held_name, held_name>> matched;  ///< source, target
    std::vector<held_name> alone;                          ///< sources, in byte order
  };

  /// Gives out everything held.
  pairs take();

 private:
  bool hold(std::vector<held_name>& where, held_name name);

  limits most_;
  std::vector<held_name> sources_;
  std::vector<held_name> targets_;
  std::size_t bytes_ = 0;
  bool complete_ = true;
};

}  // namespace beatsync::engine
