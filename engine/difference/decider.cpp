#include "engine/difference/decider.hpp"

#include "engine/difference/compare.hpp"
#include "engine/difference/date_cache.hpp"
#include "engine/names/junk.hpp"
#include "engine/names/key_mapping.hpp"
#include "xml/utf.hpp"

#include <system_error>

namespace beatsync::engine {

namespace {

held_name name_of_file(std::string_view path, const local_entry& entry) {
  held_name name;
  name.path = path;
  name.size = entry.size;
  name.mtime_ns = entry.mtime_ns;
  return name;
}

held_name name_of_object(std::string_view path, const s3::object_summary& object) {
  held_name name;
  name.path = path;
  name.size = object.size;
  name.etag = object.etag;
  name.last_modified = object.last_modified;
  name.archived = object.archived;
  return name;
}

bool is_folder_marker(std::string_view path, const s3::object_summary& object) noexcept {
  return path.empty() || (object.size == 0 && path.ends_with('/'));
}

std::string message_of(const local_entry& entry) {
  std::string text;
  switch (entry.why) {
    case reason::not_regular:
      text = "a FIFO, socket or device is no file to sync";
      break;
    case reason::dangling_link:
      text = "the link leads nowhere";
      break;
    case reason::link_loop:
      text = "the link leads back into a folder above itself";
      break;
    case reason::invalid_name:
      text = "the name is not UTF-8, or longer than 1,024 bytes as a key";
      break;
    default:
      text = entry.kind == local_kind::unknown_folder ? "the folder cannot be read"
                                                      : "the file cannot be looked at";
  }
  if (entry.code != 0 && entry.why == reason::unreadable) {
    text += ": " + std::generic_category().message(entry.code);
  }
  return text;
}

}  // namespace

decider::decider(direction way, on_conflict conflict, std::string prefix, selection_filter& filter,
                 date_cache* dates, nfc_pairing::limits most)
    : way_(way),
      conflict_(conflict),
      prefix_(std::move(prefix)),
      filter_(filter),
      dates_(dates),
      held_(most) {}

action_kind decider::kind() const noexcept {
  return uploading() ? action_kind::upload : action_kind::download;
}

void decider::only_local(std::string_view path, const local_entry& entry, difference_batch& out) {
  ++out.compared;
  if (uploading()) {
    if (entry.kind != local_kind::file) return refuse_local(path, entry, out);
    return hold_or_act(name_of_file(path, entry), out);
  }
  if (entry.kind == local_kind::unknown_folder) {
    unknown_ = path;
    unknown_why_ = entry.why;
    return;
  }
  if (!guard_.blocks(path)) guard_.add(path);
  if (entry.kind == local_kind::file && xml::may_change_under_normalisation(path) &&
      has_other_spelling(path)) {
    held_.hold_target(name_of_file(path, entry));
  }
}

void decider::only_remote(std::string_view path, const s3::object_summary& object, bool over_folder,
                          difference_batch& out) {
  if (is_folder_marker(path, object) || is_junk_path(path) || !filter_.selects(path)) return;
  ++out.compared;
  if (uploading()) {
    if (xml::may_change_under_normalisation(path) && has_other_spelling(path)) {
      held_.hold_target(name_of_object(path, object));
    }
    return;
  }
  const auto refused = [&](outcome result, reason why, std::string message) {
    refuse(result, why, std::move(message), why == reason::hostile_name ? "" : path,
           key_of(prefix_, path), object.size, out);
  };
  if (const auto problem = problem_of_key(path)) {
    return refused(outcome::skipped, problem->why, problem->message);
  }
  if (!unknown_.empty() && path.starts_with(unknown_)) {
    return refused(outcome::skipped, unknown_why_,
                   "the local folder cannot be read, so it is not known what is missing there");
  }
  if (guard_.blocks(path)) {
    return refused(outcome::failed, reason::collision,
                   "a file has the name that would have to be a folder here");
  }
  if (over_folder) return refused(outcome::failed, reason::collision, "a folder has this name");
  guard_.add(path);
  hold_or_act(name_of_object(path, object), out);
}

void decider::both(std::string_view path, const local_entry& entry,
                   const s3::object_summary& object, difference_batch& out) {
  ++out.compared;
  if (!uploading() && !guard_.blocks(path)) guard_.add(path);
  if (entry.kind != local_kind::file) {
    if (uploading() || entry.why == reason::invalid_name) return refuse_local(path, entry, out);
    return refuse(outcome::failed, reason::collision,
                  "something that is not a file has this name: " + message_of(entry), path,
                  key_of(prefix_, path), object.size, out);
  }

  // The path of nearly every name in nearly every run: nothing is copied.
  pair_facts facts;
  facts.local_size = entry.size;
  facts.remote_size = object.size;
  facts.local_mtime_ns = entry.mtime_ns;
  if (compare(way_, conflict_, facts) == verdict::unchanged) {
    ++out.unchanged;
    return;
  }
  settle({name_of_file(path, entry), name_of_object(path, object)}, std::nullopt, out);
}

void decider::settle(const name_pair& pair, std::optional<std::int64_t> remote_mtime,
                     difference_batch& out) {
  pair_facts facts;
  facts.local_size = pair.local.size;
  facts.remote_size = pair.remote.size;
  facts.local_mtime_ns = pair.local.mtime_ns;
  facts.remote_mtime_ns = remote_mtime;
  if (!remote_mtime && dates_ != nullptr && conflict_ == on_conflict::newer_wins) {
    const std::string key = key_of(prefix_, pair.remote.path);
    facts.remote_mtime_ns = dates_->find({key, pair.remote.etag, pair.remote.last_modified});
  }
  switch (compare(way_, conflict_, facts)) {
    case verdict::unchanged:
      ++out.unchanged;
      return;
    case verdict::differs: {
      difference found;
      found.key = key_of(prefix_, pair.remote.path);
      found.path = pair.local.path;
      found.local_size = pair.local.size;
      found.remote_size = pair.remote.size;
      out.differs.push_back(std::move(found));
      return;
    }
    case verdict::move_differs:
      return act(pair.local, pair.remote, reason::differs, true, facts.remote_mtime_ns, out);
    case verdict::move_newer:
      return act(pair.local, pair.remote, reason::newer, true, facts.remote_mtime_ns, out);
    case verdict::ask_time:
      undated_.push_back(pair);
      return;
  }
}

void decider::settle_alone(const held_name& source, difference_batch& out) {
  act(source, source, reason::missing, false, std::nullopt, out);
}

void decider::hold_or_act(held_name source, difference_batch& out) {
  if (!xml::may_change_under_normalisation(source.path) || !has_other_spelling(source.path)) {
    return settle_alone(source, out);
  }
  if (held_.complete() && held_.hold_source(source)) return;
  unsure_.push_back(std::move(source));
}

void decider::act(const held_name& local_side, const held_name& remote_side, reason why,
                  bool replacing, std::optional<std::int64_t> remote_mtime, difference_batch& out) {
  action a;
  a.kind = kind();
  a.why = why;
  a.path = local_side.path;
  a.key = key_of(prefix_, remote_side.path);
  a.target_exists = replacing;
  if (uploading()) {
    a.size = local_side.size;
    a.mtime_ns = local_side.mtime_ns;
    a.mtime_known = true;
    if (replacing) a.etag = remote_side.etag;
  } else {
    a.size = remote_side.size;
    a.mtime_ns = remote_mtime.value_or(0);
    a.mtime_known = remote_mtime.has_value();
    a.etag = remote_side.etag;
    a.archived = remote_side.archived;
    if (replacing) {
      a.target_size = local_side.size;
      a.target_mtime_ns = local_side.mtime_ns;
    }
  }
  if (replacing || !uploading()) a.last_modified = remote_side.last_modified;
  out.actions.push_back(std::move(a));
}

void decider::refuse(outcome result, reason why, std::string message, std::string_view path,
                     std::string key, std::uint64_t bytes, difference_batch& out) {
  refusal r;
  r.kind = kind();
  r.result = result;
  r.why = why;
  r.message = std::move(message);
  r.path = path;
  r.key = std::move(key);
  r.bytes = bytes;
  out.refusals.push_back(std::move(r));
}

void decider::refuse_local(std::string_view path, const local_entry& entry, difference_batch& out) {
  const bool has_key = entry.why != reason::invalid_name;
  refuse(outcome::skipped, entry.why, message_of(entry), path,
         has_key ? key_of(prefix_, path) : std::string(), entry.size, out);
}

}  // namespace beatsync::engine
