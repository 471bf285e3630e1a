#include "engine/plan/manifest.hpp"

#include "engine/plan/json_text.hpp"
#include "xml/utf.hpp"

namespace beatsync::engine {

namespace {

constexpr std::string_view scheme = "s3://";

std::string_view prefix_of(const plan_header& header) {
  return header.kind() == action_kind::download ? header.source.path : header.target.path;
}

}  // namespace

std::string plan_place::text() const {
  return in_store() ? std::string(scheme) + bucket + "/" + path : path;
}

std::optional<plan_place> parse_plan_place(std::string_view text) {
  plan_place place;
  if (text.starts_with('/')) {
    place.path = text;
    return place;
  }
  if (!text.starts_with(scheme)) return std::nullopt;
  text.remove_prefix(scheme.size());
  const auto slash = text.find('/');
  if (slash == 0 || slash == std::string_view::npos) return std::nullopt;
  place.bucket = text.substr(0, slash);
  place.path = text.substr(slash + 1);
  if (!place.path.empty() && !place.path.ends_with('/')) return std::nullopt;
  return place;
}

action_kind plan_header::kind() const noexcept {
  if (!source.in_store()) return action_kind::upload;
  return target.in_store() ? action_kind::copy : action_kind::download;
}

bool fits_a_manifest(std::string_view text) noexcept {
  return xml::is_valid_utf8(text) && text.find('\0') == std::string_view::npos;
}

std::string header_line(const plan_header& header) {
  json_object line;
  line.number("beatsync_manifest", 1)
      .text("plan", header.plan)
      .number("shard", header.shard)
      .number("shards", header.shards)
      .text("source", header.source.text())
      .text("target", header.target.text())
      .text("endpoint", header.endpoint);
  if (header.target_there) line.truth("target_there", true);
  return line.line();
}

std::string action_line(const plan_header& header, const action& what) {
  json_object line;
  line.text("action", name_of(what.kind)).text("reason", name_of(what.why)).text("key", what.key);
  const std::string_view prefix = prefix_of(header);
  if (std::string_view(what.key).substr(prefix.size()) != what.path) line.text("path", what.path);
  line.number("size", what.size);
  json_object source;
  json_object target;
  if (what.kind == action_kind::upload) {
    source.signed_number("mtime_ns", what.mtime_ns);
    target.text("etag", what.etag);
  } else if (what.kind == action_kind::download) {
    source.text("etag", what.etag);
    if (what.mtime_known) source.signed_number("mtime_ns", what.mtime_ns);
    target.number("size", what.target_size).signed_number("mtime_ns", what.target_mtime_ns);
  } else {
    source.text("etag", what.source_etag);
    target.text("etag", what.etag);
  }
  line.raw("source", source.line());
  if (what.target_exists) line.raw("target", target.line());
  return line.line();
}

std::string end_line(const manifest_end& end) {
  json_object line;
  line.truth("end", true).number("items", end.items).number("bytes", end.bytes);
  return line.line();
}

}  // namespace beatsync::engine
