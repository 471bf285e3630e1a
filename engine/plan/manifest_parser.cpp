// Reading a manifest's lines, none of which is believed.
#include "engine/names/key_mapping.hpp"
#include "engine/plan/manifest.hpp"
#include "engine/transfer/part_plan.hpp"
#include "s3/printable.hpp"

#include <simdjson.h>

#include <algorithm>
#include <stdexcept>

namespace beatsync::engine {

namespace dom = simdjson::dom;

namespace {

constexpr std::uint64_t largest_object = part_limits().largest_object;
// An ETag is 32 to 38 characters with AWS, and no store known sends more than twice that.
constexpr std::size_t longest_etag = 256;

line_fault fault(std::string message) { return line_fault{std::move(message)}; }

std::string in_quotes(std::string_view text) { return "`" + s3::printable(text, 200) + "`"; }

/// One field of an object; a wrong type is a fault, a missing one too unless it is optional.
class fields {
 public:
  fields(dom::object object, std::string inside) : object_(object), inside_(std::move(inside)) {}

  bool has(std::string_view name) const {
    return object_.at_key(name).error() == simdjson::SUCCESS;
  }

  std::string text(std::string_view name) {
    std::string_view value;
    take(name, value, "a text");
    return std::string(value);
  }
  std::uint64_t number(std::string_view name, std::uint64_t most) {
    std::uint64_t value = 0;
    take(name, value, "a number");
    if (value > most) refuse(name, "a number of at most " + std::to_string(most));
    return value;
  }
  std::int64_t signed_number(std::string_view name) {
    std::int64_t value = 0;
    take(name, value, "a number");
    return value;
  }
  std::string etag(std::string_view name) {
    std::string value = text(name);
    const auto odd = [](char c) { return c <= ' ' || c == '"' || c > '~'; };
    if (value.empty() || value.size() > longest_etag || std::ranges::any_of(value, odd)) {
      refuse(name, "an ETag without its quotes");
    }
    return value;
  }
  bool truth(std::string_view name) {
    bool value = false;
    take(name, value, "true or false");
    return value;
  }
  fields object(std::string_view name) {
    dom::object value;
    take(name, value, "an object");
    return {value, std::string(name) + "."};
  }

  [[noreturn]] void refuse(std::string_view name, const std::string& expected) const {
    throw fault(inside_ + std::string(name) + " must be " + expected);
  }

 private:
  template <class T>
  void take(std::string_view name, T& value, const char* expected) {
    const auto found = object_.at_key(name);
    if (found.error() != simdjson::SUCCESS)
      throw fault(inside_ + std::string(name) + " is missing");
    if (found.get(value) != simdjson::SUCCESS) refuse(name, expected);
  }

  dom::object object_;
  std::string inside_;
};

reason reason_in(fields& line) {
  const std::string name = line.text("reason");
  for (const reason why : {reason::missing, reason::differs, reason::newer}) {
    if (name == name_of(why)) return why;
  }
  line.refuse("reason", "missing, differs or newer");
}

/// The names of an action, each below its root or prefix.
void take_names(fields& line, const plan_header& header, action& what) {
  const bool down = what.kind == action_kind::download;
  const std::string& prefix = down ? header.source.path : header.target.path;
  what.key = line.text("key");
  if (!what.key.starts_with(prefix) || what.key.size() == prefix.size() ||
      what.key.size() > max_key_size || what.key.find('\0') != std::string::npos) {
    line.refuse("key", "below " + in_quotes(prefix) + ", which " + in_quotes(what.key) + " is not");
  }
  what.path = what.key.substr(prefix.size());
  if (what.kind == action_kind::copy) {
    what.source_key = header.source.path + what.path;
    return;
  }
  if (line.has("path")) what.path = line.text("path");
  const auto problem = problem_of_key(what.path);
  if (problem) throw fault(in_quotes(what.path) + " cannot be a name here: " + problem->message);
}

action action_in(fields line, const plan_header& header) {
  action what;
  what.planned = true;
  what.kind = header.kind();
  if (line.text("action") != name_of(what.kind)) {
    line.refuse("action", std::string(name_of(what.kind)) + ", as source and target are given");
  }
  what.why = reason_in(line);
  take_names(line, header, what);
  what.size = line.number("size", largest_object);
  fields source = line.object("source");
  what.target_exists = line.has("target");
  if (what.kind == action_kind::upload) {
    what.mtime_ns = source.signed_number("mtime_ns");
    what.mtime_known = true;
    if (what.target_exists) what.etag = line.object("target").etag("etag");
  } else if (what.kind == action_kind::download) {
    what.etag = source.etag("etag");
    what.mtime_known = source.has("mtime_ns");
    if (what.mtime_known) what.mtime_ns = source.signed_number("mtime_ns");
    if (what.target_exists) {
      fields target = line.object("target");
      what.target_size = target.number("size", INT64_MAX);
      what.target_mtime_ns = target.signed_number("mtime_ns");
    }
  } else {
    what.source_etag = source.etag("etag");
    if (what.target_exists) what.etag = line.object("target").etag("etag");
  }
  return what;
}

plan_place place_in(fields& line, std::string_view name) {
  const std::string text = line.text(name);
  const auto place = parse_plan_place(text);
  const bool whole = place && text.find('\0') == std::string::npos;
  if (!whole) line.refuse(name, "an absolute folder or s3://bucket/prefix/");
  return *place;
}

plan_header header_in(fields line) {
  if (!line.has("beatsync_manifest")) {
    throw fault("this is no manifest of beatsync: the first line must hold beatsync_manifest");
  }
  if (line.number("beatsync_manifest", UINT64_MAX) != 1) {
    throw fault("a manifest of a later version of beatsync: update this one");
  }
  plan_header header;
  header.plan = line.text("plan");
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (header.plan.size() != 32 || !std::ranges::all_of(header.plan, hex)) {
    line.refuse("plan", "32 hexadecimal digits");
  }
  header.shards = static_cast<std::uint32_t>(line.number("shards", most_shards));
  header.shard = static_cast<std::uint32_t>(line.number("shard", most_shards));
  if (header.shard >= header.shards) line.refuse("shard", "a number below shards");
  header.source = place_in(line, "source");
  header.target = place_in(line, "target");
  if (!header.source.in_store() && !header.target.in_store()) {
    throw fault("source and target are both folders; one of them must be in a store");
  }
  header.endpoint = line.text("endpoint");
  header.target_there = line.has("target_there") && line.truth("target_there");
  return header;
}

}  // namespace

void throw_exception_from_error(const line_fault& e, const boost::source_location&) {
  throw std::runtime_error(e.message);
}

struct manifest_parser::impl {
  dom::parser parser{longest_manifest_line};

  template <class F>
  auto parse(std::string_view line, F&& take) -> line_result<decltype(take(dom::object()))> {
    if (line.size() > longest_manifest_line) return fault("the line is too long for a manifest");
    const simdjson::padded_string copy(line);
    dom::object object;
    const auto failed = parser.parse(copy).get(object);
    if (failed != simdjson::SUCCESS) {
      return fault(std::string("no JSON object: ") + simdjson::error_message(failed));
    }
    try {
      return take(object);
    } catch (const line_fault& wrong) {
      return wrong;
    }
  }
};

manifest_parser::manifest_parser() : impl_(std::make_unique<impl>()) {}
manifest_parser::~manifest_parser() = default;

line_result<plan_header> manifest_parser::header(std::string_view line) {
  return impl_->parse(line, [](dom::object object) { return header_in(fields(object, "")); });
}

line_result<manifest_parser::body_line> manifest_parser::body(const plan_header& header,
                                                              std::string_view line) {
  return impl_->parse(line, [&](dom::object object) {
    fields all(object, "");
    body_line parsed;
    if (all.has("end")) {
      parsed.end.items = all.number("items", UINT64_MAX);
      parsed.end.bytes = all.number("bytes", UINT64_MAX);
    } else {
      parsed.what = action_in(all, header);
    }
    return parsed;
  });
}

}  // namespace beatsync::engine
