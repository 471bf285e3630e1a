#pragma once

/// Rewrites the track locations of a rekordbox collection from one root to another while every
/// other byte stays as it is. Streaming, constant memory, no I/O of its own.
///
/// Semantics: docs/dev/rekordbox.md §2.3. Malformed input, a DOCTYPE, UTF-16 and anything beyond
/// the limits below is refused with line and byte offset. Output handed out before that is not to
/// be used.
///
/// Threads: distinct objects are independent.

#include "xml/error.hpp"
#include "xml/root.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::xml {

/// What was found and done, per class of location.
struct rewrite_report {
  bool is_collection = false;          ///< the root element is DJ_PLAYLISTS
  std::uint64_t tracks = 0;            ///< TRACK elements of the collection
  std::uint64_t rewritten = 0;         ///< below a source root: rewritten (or already the same)
  std::uint64_t keys_rewritten = 0;    ///< playlist keys (KeyType="1")
  std::uint64_t other_root = 0;        ///< file locations elsewhere
  std::uint64_t streaming = 0;         ///< soundcloud:, tidal:, …
  std::uint64_t not_a_file = 0;        ///< neither: left alone
  std::uint64_t without_location = 0;  ///< or with an empty one
  std::uint64_t case_differs = 0;      ///< matched only without regard to case
  std::uint64_t too_long = 0;          ///< rewritten to more than 255 characters: rekordbox refuses
  std::vector<std::pair<std::string, std::uint64_t>> other_roots;  ///< the most frequent, at most 8

  /// There were locations that ought to be files, but none below a source root.
  bool nothing_matched() const noexcept { return rewritten == 0 && other_root + not_a_file > 0; }
};

struct rewrite_options {
  std::vector<root> from;  ///< the longest match wins; at least one
  root to;
};

class collection_rewriter {
 public:
  /// Called with the next bytes of the output.
  using output = std::function<void(std::span<const char>)>;
  /// Called once per track below a source root with its path relative to that root: decoded, NFC,
  /// `/` separated.
  using visitor = std::function<void(std::string_view relative_path)>;

  collection_rewriter(rewrite_options options, output out, visitor on_track = {});
  ~collection_rewriter();
  collection_rewriter(collection_rewriter&&) noexcept;
  collection_rewriter& operator=(collection_rewriter&&) noexcept;

  /// Any split of the document is fine. After an error every further call gives the same error.
  result<void> feed(std::span<const char> bytes);

  /// The same without a copy: room for the next `size` bytes of the document, then how many of them
  /// came.
  result<std::span<char>> prepare(std::size_t size);
  result<void> commit(std::size_t size);

  /// The document is complete.
  result<rewrite_report> finish();

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace beatsync::xml
