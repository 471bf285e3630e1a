#include "engine/collection/document_rewriting.hpp"

#include <cerrno>
#include <utility>

namespace beatsync::engine {
namespace {

/// What is read and what is to be written together fit a core's own cache; a smaller step costs
/// more calls than it saves (performance.md 7c).
constexpr std::size_t step = 128 * 1024;

}  // namespace

rewriting rewrite_document(xml::rewrite_options roots, const byte_reader& read,
                           const byte_writer& write,
                           const xml::collection_rewriter::visitor& on_track,
                           const std::function<bool()>& go_on) {
  rewriting result;
  const auto put = [&](std::span<const char> piece) {
    if (!write || result.unwritable) return;
    if (const auto written = write(std::as_bytes(piece)); written.has_error()) {
      result.unwritable = written.error();
    }
  };
  xml::collection_rewriter rewriter(std::move(roots), put, on_track);
  for (;;) {
    if (go_on && !go_on()) {
      result.cut_short = true;
      return result;
    }
    const auto room = rewriter.prepare(step);
    if (room.has_error()) {
      result.refused = room.error();
      return result;
    }
    const auto got = read(std::as_writable_bytes(*room));
    if (got.has_error()) {
      result.cut_short = got.error().code == ECANCELED;
      if (!result.cut_short) result.unreadable = got.error();
      return result;
    }
    if (*got == 0) break;
    const auto fed = rewriter.commit(*got);
    if (fed.has_error()) {
      result.refused = fed.error();
      return result;
    }
    if (result.unwritable) return result;
  }
  auto counts = rewriter.finish();
  if (counts.has_error()) {
    result.refused = counts.error();
    return result;
  }
  if (!result.unwritable) result.counts = std::move(*counts);
  return result;
}

byte_reader reader_of(input_file& file) {
  return [&file, at = std::uint64_t{0}](std::span<std::byte> buffer) mutable {
    auto got = file.read_at(at, buffer);
    if (got.has_value()) at += *got;
    return got;
  };
}

byte_writer writer_to(output_file& file) {
  return [&file, at = std::uint64_t{0}](std::span<const std::byte> bytes) mutable {
    auto written = file.write_at(at, bytes);
    at += bytes.size();
    return written;
  };
}

xml::result<xml::rewrite_options> parse_roots(const std::vector<std::string>& from,
                                              const std::string& to) {
  auto target = xml::root::parse(to);
  if (target.has_error()) return target.error();
  std::vector<xml::root> sources;
  for (const std::string& text : from) {
    auto source = xml::root::parse(text);
    if (source.has_error()) return source.error();
    sources.push_back(std::move(*source));
  }
  return xml::rewrite_options{std::move(sources), std::move(*target)};
}

std::string no_match_text(const std::vector<xml::root>& from, const xml::rewrite_report& counts) {
  std::string text = "no track lies below ";
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (i > 0) text += " or ";
    text += from[i].text();
  }
  if (!counts.other_roots.empty()) {
    text += "; they lie below";
    for (std::size_t i = 0; i < counts.other_roots.size() && i < 3; ++i) {
      const auto& [root, tracks] = counts.other_roots[i];
      text += (i > 0 ? ", " : " ") + root + " (" + std::to_string(tracks) + ")";
    }
  }
  if (counts.not_a_file > 0) {
    text += "; locations that do not begin with file://localhost/, as rekordbox writes them: " +
            std::to_string(counts.not_a_file);
  }
  return text;
}

std::string no_collection_text(const std::string& name) {
  return name + " is XML, but no rekordbox collection (DJ_PLAYLISTS)";
}

std::string comma_separated(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

split_path split(const std::string& path) {
  split_path parts;
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) {
    parts.folder = ".";
    parts.name = path;
  } else {
    parts.folder = slash == 0 ? std::string("/") : path.substr(0, slash);
    parts.name = path.substr(slash + 1);
  }
  return parts;
}

}  // namespace beatsync::engine
