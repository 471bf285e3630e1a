#pragma once

/// A collection from one stream to another through xml::collection_rewriter, a buffer at a time.
///
/// Blocks. Memory does not depend on the document. Errors of the three parties are kept apart: what
/// is wrong with the document, with reading it, with writing it.

#include "engine/files/file_system.hpp"
#include "xml/collection_rewriter.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace beatsync::engine {

/// At least one byte, 0 at the end. ECANCELED: it was waited for in vain when the run ended.
using byte_reader = std::function<fs_result<std::size_t>(std::span<std::byte>)>;
using byte_writer = std::function<fs_result<void>(std::span<const std::byte>)>;

struct rewriting {
  rewriting() = default;

  std::optional<xml::rewrite_report> counts;  ///< the whole document went through
  std::optional<xml::error> refused;          ///< it is no document we take
  std::optional<fs_error> unreadable;
  std::optional<fs_error> unwritable;
  bool cut_short = false;  ///< `go_on` said no, or reading ended with ECANCELED
};

/// An empty writer: the document is only read. An empty `go_on`: to the end.
rewriting rewrite_document(xml::rewrite_options roots, const byte_reader& read,
                           const byte_writer& write,
                           const xml::collection_rewriter::visitor& on_track = {},
                           const std::function<bool()>& go_on = {});

/// Reads a file from the front.
byte_reader reader_of(input_file& file);

/// Appends to a file that is being made.
byte_writer writer_to(output_file& file);

/// The roots, or the message that says which one is none.
xml::result<xml::rewrite_options> parse_roots(const std::vector<std::string>& from,
                                              const std::string& to);

/// `no track lies below E:/; most lie below /Volumes/STICK (1447)`
std::string no_match_text(const std::vector<xml::root>& from, const xml::rewrite_report& counts);

/// `page.xml is XML, but no rekordbox collection (DJ_PLAYLISTS)`
std::string no_collection_text(const std::string& name);

std::string comma_separated(const std::vector<std::string>& texts);

/// A path as folder and name; a name alone lies in `.`.
struct split_path {
  std::string folder, name;
};
split_path split(const std::string& path);

}  // namespace beatsync::engine
