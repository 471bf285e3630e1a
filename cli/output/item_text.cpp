#include "cli/output/item_text.hpp"

#include "cli/output/human_units.hpp"
#include "s3/printable.hpp"

namespace beatsync::cli {

namespace {

/// Names have up to 1,024 bytes as keys, and each may become four characters.
constexpr std::size_t longest_name = 4096;
constexpr std::size_t longest_message = 4096;

std::string shown_name(const std::string& path, const std::string& key, std::string_view root) {
  std::string_view name = path.empty() ? std::string_view(key) : std::string_view(path);
  if (!root.empty() && name.size() > root.size() + 1 && name.starts_with(root) &&
      name[root.size()] == '/') {
    name.remove_prefix(root.size() + 1);
  }
  return s3::printable(name, longest_name);
}

struct verbs {
  std::string_view past;
  std::string_view plan;
};

verbs verbs_of(engine::action_kind kind) noexcept {
  switch (kind) {
    case engine::action_kind::upload:
      return {"uploaded", "would upload"};
    case engine::action_kind::download:
      return {"downloaded", "would download"};
    case engine::action_kind::copy:
      return {"copied", "would copy"};
    case engine::action_kind::remove:
      return {"deleted", "would delete"};
    case engine::action_kind::rewrite:
      return {"rewrote", "would rewrite"};
  }
  return {"did", "would do"};
}

/// Why something moves, where it is not simply missing on the other side.
std::string_view why_it_moves(engine::reason why) noexcept {
  if (why == engine::reason::differs) return ", in place of one that differs";
  if (why == engine::reason::newer) return ", newer than the one it replaces";
  return {};
}

}  // namespace

std::string_view reason_text(engine::reason why) noexcept {
  using engine::reason;
  switch (why) {
    case reason::missing:
      return "the other side lacks it";
    case reason::differs:
      return "the other side has another one";
    case reason::newer:
      return "it is newer than the other side's";
    case reason::unreadable:
      return "it cannot be read";
    case reason::not_regular:
      return "it is no ordinary file";
    case reason::dangling_link:
      return "it is a link to something that is not there";
    case reason::link_loop:
      return "it is a link that leads back to itself";
    case reason::invalid_name:
      return "its name is not UTF-8, or too long for a key";
    case reason::hostile_name:
      return "its name is no path below the folder";
    case reason::archived:
      return "it is archived: restore it in the store first";
    case reason::vanished:
      return "it went away before it could be transferred";
    case reason::collision:
      return "another name means the same file on this disk";
    case reason::changed:
      return "it kept changing while it was read";
    case reason::corrupt:
      return "its bytes do not match their checksum";
    case reason::store:
      return "the store did not do it";
    case reason::local_io:
      return "the disk did not do it";
    case reason::disk_full:
      return "the disk is full";
    case reason::stopped:
      return "the run ended before it was done";
    case reason::no_match:
      return "no location begins with the expected root";
    case reason::malformed:
      return "it is not well-formed";
  }
  return "for an unknown reason";
}

std::string item_text(const engine::item& it, std::string_view root) {
  const std::string name = shown_name(it.path, it.key, root);
  const std::string size = " (" + human_bytes(it.bytes) + ")";
  const verbs words = verbs_of(it.action);
  std::string message = s3::printable(it.message, longest_message);
  if (message.empty()) message = reason_text(it.why);
  switch (it.result) {
    case engine::outcome::planned:
      return std::string(words.plan) + " " + name + size + std::string(why_it_moves(it.why));
    case engine::outcome::done:
      return std::string(words.past) + " " + name + size + std::string(why_it_moves(it.why)) +
             (it.unverified ? ", unverified: the store has nothing to check it by" : "");
    case engine::outcome::skipped:
      return "skipped " + name + ": " + message;
    case engine::outcome::failed:
      break;
  }
  return "FAILED " + name + ": " + message;
}

std::string difference_text(const engine::difference& d, std::string_view root) {
  const bool copies = d.path.starts_with("s3://");
  return "differs " + shown_name(copies ? std::string() : d.path, d.key, root) + " (" +
         human_bytes(d.local_size) + (copies ? " in the source, " : " here, ") +
         human_bytes(d.remote_size) + (copies ? " in the target" : " in the bucket") +
         "): left as it is";
}

}  // namespace beatsync::cli
