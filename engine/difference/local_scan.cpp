#include "engine/difference/local_scan.hpp"

#include "engine/files/temporary_name.hpp"
#include "engine/names/junk.hpp"
#include "engine/names/key_mapping.hpp"
#include "s3/printable.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace beatsync::engine {

namespace {

constexpr std::size_t batch_size = 1000;

/// Names of a folder whose memory is not kept for the next one.
constexpr std::size_t much_larger_than_most = 10'000;

std::uint64_t head_of(std::string_view name) noexcept {
  std::uint64_t head = 0;
  const auto count = std::min<std::size_t>(name.size(), 8);
  for (std::size_t i = 0; i < count; ++i) {
    head |= std::uint64_t{static_cast<unsigned char>(name[i])} << (56 - 8 * i);
  }
  return head;
}

reason reason_of(int code) noexcept {
  if (code == ELOOP) return reason::link_loop;
  return code == ENOENT ? reason::dangling_link : reason::unreadable;
}

std::string_view without_slash(std::string_view path) noexcept {
  return path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

}  // namespace

local_scan::local_scan(file_system& files, folder& root, std::string root_path,
                       selection_filter filter, key_range range, std::size_t prefix_size)
    : files_(files),
      root_(root),
      root_path_(std::move(root_path)),
      filter_(std::move(filter)),
      range_(std::move(range)),
      prefix_size_(prefix_size) {}

boost::system::result<void, stop_reason> local_scan::next(local_batch& out) {
  out.clear();
  if (!begun_) {
    begun_ = true;
    if (auto stop = begin()) return *std::move(stop);
    std::optional<fs_error> unreadable;
    if (auto stop = read_children(levels_[0], out, unreadable)) return *std::move(stop);
    if (unreadable) {
      return stop_reason{describe(*unreadable) + "; nothing was compared", std::nullopt, false};
    }
  }
  while (depth_ > 0 && out.entries.size() < batch_size) {
    level& top = levels_[depth_ - 1];
    if (top.next == top.children.size()) {
      top.own.reset();
      if (top.children.size() > much_larger_than_most) top = level();
      --depth_;
      continue;
    }
    const child c = top.children[top.next++];
    path_.resize(top.path_size);
    path_.append(top.text, c.offset, c.size);

    if (c.kind == child_kind::folder || c.kind == child_kind::linked_folder) {
      if (auto stop = enter(c, out)) return *std::move(stop);
    } else if (!range_.until.empty() && path_ > range_.until) {
      depth_ = 0;  // the walk rises: all that follows lies behind the range too
    } else if (range_.contains(path_) && filter_.selects(path_)) {
      if (auto stop = emit_file(top, c, out)) return *std::move(stop);
    }
  }
  if (depth_ == 0) {
    // A drive that was pulled in the middle must not look like one with fewer files.
    if (auto stop = check_root(false)) return *std::move(stop);
    out.last = true;
  }
  return {};
}

local_scan::status local_scan::begin() {
  const auto identity = root_.status();
  if (!identity) {
    return stop_reason{describe(identity.error()) + "; nothing was compared", std::nullopt, false};
  }
  root_identity_ = *identity;
  levels_.resize(1);
  levels_[0].at = &root_;
  levels_[0].identity = *identity;
  depth_ = 1;
  return std::nullopt;
}

local_scan::status local_scan::enter(const child& c, local_batch& out) {
  const std::string_view path = path_;
  if (!range_.until.empty() && path > range_.until) {
    depth_ = 0;
    return std::nullopt;
  }
  // All keys beneath begin with `path`; where `after` does not, it lies before or behind them all.
  if (path < range_.after && !range_.after.starts_with(path)) return std::nullopt;
  if (filter_.prunes(without_slash(path))) return std::nullopt;

  const auto give_up = [&](reason why, int code) {
    emit(out, local_kind::unknown_folder, why, code, file_status());
    return std::nullopt;
  };
  if (const auto problem = problem_of_path(without_slash(path), prefix_size_)) {
    return give_up(problem->why, 0);
  }

  level& above = levels_[depth_ - 1];
  const auto name = without_slash(std::string_view(above.text).substr(c.offset, c.size));
  const bool linked = c.kind == child_kind::linked_folder;
  auto opened = above.at->open_folder(name, linked ? links::follow : links::no_follow);
  if (!opened) {
    if (auto stop = fatal(opened.error())) return stop;
    if (opened.error().code == ENOENT) return std::nullopt;  // removed since it was listed
    return give_up(reason::unreadable, opened.error().code);
  }
  const auto identity = (*opened)->status();
  if (!identity) {
    if (auto stop = fatal(identity.error())) return stop;
    return give_up(reason::unreadable, identity.error().code);
  }
  const bool loop =
      std::any_of(levels_.begin(), levels_.begin() + static_cast<std::ptrdiff_t>(depth_),
                  [&](const level& l) { return same_identity(l.identity, *identity); });
  if (loop) return give_up(reason::link_loop, 0);

  if (levels_.size() == depth_) levels_.emplace_back();
  level& below = levels_[depth_];
  below.at = opened->get();
  below.own = std::move(*opened);
  below.identity = *identity;
  below.path_size = path_.size();
  std::optional<fs_error> unreadable;
  if (auto stop = read_children(below, out, unreadable)) return stop;
  if (unreadable) {
    below.own.reset();
    return give_up(reason::unreadable, unreadable->code);
  }
  ++depth_;
  return std::nullopt;
}

local_scan::status local_scan::read_children(level& into, local_batch& out,
                                             std::optional<fs_error>& unreadable) {
  listing_.clear();
  into.children.clear();
  into.next = 0;
  if (const auto listed = into.at->list(listing_); !listed) {
    unreadable = listed.error();
    return fatal(listed.error());
  }
  into.text.swap(listing_.text);
  into.children.reserve(listing_.names.size());
  path_.resize(into.path_size);
  for (const auto& n : listing_.names) {
    if (auto stop = classify(into, n, out)) return stop;
  }
  if (listing_.names.size() > much_larger_than_most) listing_ = folder_listing();
  sort_children(into);
  return std::nullopt;
}

void local_scan::sort_children(level& in) {
  const std::string_view text = in.text;
  const auto name_of = [text](const child& c) { return text.substr(c.offset, c.size); };
  // Names of one folder often begin alike ("Track 0001"): the eight bytes that tell them apart are
  // those behind what all have in common.
  std::string_view common = in.children.empty() ? "" : name_of(in.children.front());
  for (const child& c : in.children) {
    const std::string_view name = name_of(c);
    common = common.substr(0, std::ranges::mismatch(common, name).in1 - common.begin());
  }
  for (child& c : in.children) c.head = head_of(name_of(c).substr(common.size()));
  std::ranges::sort(in.children, [name_of](const child& a, const child& b) {
    return a.head != b.head ? a.head < b.head : name_of(a) < name_of(b);
  });
}

local_scan::status local_scan::classify(level& in, const folder_listing::name& n,
                                        local_batch& out) {
  const auto name = std::string_view(in.text).substr(n.offset, n.size);
  const bool temporary = is_temporary_name(name);
  if (!temporary && is_junk_name(name)) return std::nullopt;
  auto kind = n.kind;
  if (temporary && kind == file_kind::unknown) {
    const auto found = in.at->status_of(name, links::no_follow);
    if (!found) return fatal(found.error());  // or its run is through with it
    kind = found->kind;
  }
  if (temporary && kind == file_kind::regular) {
    if (!is_own_temporary_name(name)) out.stale_temporaries.push_back(path_ + std::string(name));
    return std::nullopt;
  }
  if (kind == file_kind::link || kind == file_kind::unknown) {
    const auto target = in.at->status_of(name, links::follow);
    if (target) {
      kind = target->kind;
    } else if (!in.at->status_of(name, links::no_follow)) {
      return fatal(target.error());  // or removed since it was listed
    }
  }
  // A link to a file. Its key would be junk: it would be uploaded again in every run.
  if (temporary && kind == file_kind::regular) return std::nullopt;
  child c;
  c.offset = n.offset;
  c.size = n.size;
  if (kind == file_kind::folder) {
    c.kind = n.kind == file_kind::link ? child_kind::linked_folder : child_kind::folder;
    in.text[c.offset + c.size] = '/';
    ++c.size;
  }
  in.children.push_back(c);
  return std::nullopt;
}

local_scan::status local_scan::emit_file(level& in, const child& c, local_batch& out) {
  if (const auto problem = problem_of_path(path_, prefix_size_)) {
    emit(out, local_kind::odd, problem->why, 0, file_status());
    return std::nullopt;
  }
  const auto name = std::string_view(in.text).substr(c.offset, c.size);
  const auto seen = in.at->status_of(name, links::follow);
  if (!seen) {
    if (auto stop = fatal(seen.error())) return stop;
    const int code = seen.error().code;
    const bool there = code != ENOENT || in.at->status_of(name, links::no_follow).has_value();
    if (!there) return std::nullopt;  // removed since it was listed
    emit(out, local_kind::odd, reason_of(code), code, file_status());
  } else if (seen->kind != file_kind::regular) {
    emit(out, local_kind::odd, reason::not_regular, 0, *seen);
  } else {
    emit(out, local_kind::file, reason::missing, 0, *seen);
  }
  return std::nullopt;
}

void local_scan::emit(local_batch& out, local_kind kind, reason why, int code,
                      const file_status& seen) {
  local_entry e;
  e.offset = static_cast<std::uint32_t>(out.text.size());
  e.length = static_cast<std::uint32_t>(path_.size());
  e.kind = kind;
  e.why = why;
  e.code = code;
  e.size = seen.size;
  e.mtime_ns = seen.mtime_ns;
  out.text += path_;
  out.entries.push_back(e);
}

local_scan::status local_scan::fatal(const fs_error& e) {
  switch (e.code) {
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return stop_reason{describe(e) + "; close other programs or raise the limit (ulimit -n)",
                         std::nullopt, false};
    case EIO:
      return check_root(true);
    case ENOENT:
    case ENODEV:
    case ENXIO:
    case ENOTCONN:
    case ESTALE:
    case ESHUTDOWN:
      return check_root(false);
    default:
      return std::nullopt;
  }
}

local_scan::status local_scan::check_root(bool read_it) {
  const auto gone = [this](const std::string& how) {
    return stop_reason{"the folder " + s3::printable(root_path_) + ' ' + how +
                           " while it was being read; is the drive still there? Nothing more was "
                           "compared",
                       std::nullopt, false};
  };
  const auto again = files_.open_root(root_path_);
  if (!again) return gone("went away (" + describe(again.error()) + ')');
  const auto identity = (*again)->status();
  if (!identity) return gone("went away (" + describe(identity.error()) + ')');
  if (!same_identity(*identity, root_identity_)) return gone("was exchanged for another one");
  if (read_it) {
    folder_listing names;
    if (const auto listed = (*again)->list(names); !listed) {
      return gone("became unreadable (" + describe(listed.error()) + ')');
    }
  }
  return std::nullopt;
}

}  // namespace beatsync::engine
