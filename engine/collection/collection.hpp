#pragma once

/// The two XML operations and `rewrite-xml`: files around xml::collection_rewriter.

#include "engine/run/report.hpp"
#include "xml/collection_rewriter.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

class runtime;

struct upload_xml_task {
  std::string xml_path;  ///< local file
  std::string key;       ///< `<prefix>dj/xml/<USER>/rekordbox.xml`
  std::string xml_root;  ///< what is written as x-amz-meta-beatsync-root
  bool allow_unmatched = false;
  bool dry_run = false;
};

struct download_xml_task {
  std::string folder_prefix;  ///< `<prefix>dj/xml/<XML_IMPORT_USER>/`
  std::string target_path;    ///< `<XML_IMPORT_USER>_rekordbox.xml` beside XML_PATH; a link stays
                              ///< one, and what it leads to is replaced
  std::string to_root;        ///< my XML_ROOT
  std::string library_root;   ///< the stick as it is mounted here, for the check of missing tracks;
                              ///< may be empty
  std::string import_root;    ///< --import-root; empty: not given
  std::vector<std::string> registered_roots;  ///< of the import user, from registered_users.json
  /// How unlike the import user's a name is: where that user has no XML, those of the others are
  /// suggested in this order. Empty: in the store's.
  std::function<std::size_t(std::string_view)> unlikeness;
  bool allow_unmatched = false;
  bool dry_run = false;
  bool fsync = true;
};

struct rewrite_file_task {
  std::string input;   ///< path, `-` for standard input
  std::string output;  ///< path (a link stays one), `-` for standard output
  std::vector<std::string> from_roots;
  std::string to_root;
  bool allow_unmatched = false;
  bool dry_run = false;
  bool fsync = true;
};

/// How an XML operation ended: the common report and the rewriter's counts.
struct xml_report {
  report base;
  std::optional<xml::rewrite_report> rewrite;
  std::string root_used;    ///< download_xml: the root that was replaced …
  std::string root_source;  ///< … and where it came from, in words
  std::string written;      ///< path or key that was written, empty if none
  /// Rewritten tracks whose file is not on the stick; nothing: the stick was not looked through.
  std::optional<std::uint64_t> missing_tracks;
  std::vector<std::string> missing_examples;  ///< the first few
};

xml_report upload_xml(runtime& rt, const upload_xml_task& task, observer& out);
xml_report download_xml(runtime& rt, const download_xml_task& task, observer& out);

/// Needs no store and no runtime. Ends, with nothing replaced, soon after `go_on` says no; it is
/// asked often. Empty: to the end.
xml_report rewrite_file(const rewrite_file_task& task, observer& out,
                        const std::function<bool()>& go_on = {});

}  // namespace beatsync::engine
