#include "engine/transfer/download_target.hpp"

#include "engine/files/temporary_file.hpp"
#include "engine/transfer/verify.hpp"

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

namespace beatsync::engine {
namespace {

/// Of a file that large the free space is asked for before anything is written; file systems that
/// cannot reserve would tell only at the end.
constexpr std::uint64_t worth_asking = std::uint64_t{16} << 20U;

std::optional<transfer_end> end_of(const fs_result<void>& step, std::uint64_t size = 0) {
  if (step.has_value()) return std::nullopt;
  return end_of_download(step.error(), size);
}

/// Of a file system that cannot store this time (FAT begins in 1980), or none that is given (FUSE,
/// shares): it still takes the file.
bool is_for_want_of_times(int code) noexcept {
  switch (code) {
    case EINVAL:
    case EOVERFLOW:
    case EPERM:
    case EACCES:
    case ENOTSUP:
    case ENOSYS:
      return true;
    default:
      return false;
  }
}

/// `62.3 GB`; of what is worth asking for.
std::string in_units(std::uint64_t bytes) {
  const bool giga = bytes >= 1'000'000'000;
  const std::uint64_t tenths = bytes / (giga ? 100'000'000 : 100'000);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + (giga ? " GB" : " MB");
}

std::string no_room_text(std::uint64_t size, std::uint64_t room) {
  return "it needs " + in_units(size) + ", " + in_units(room) + " are free here";
}

transfer_end no_file_stands_there() {
  return failed(reason::collision, "a folder, a link or a special file stands where the file was");
}

}  // namespace

download_target::download_target(std::shared_ptr<folder> where, const action& what)
    : folder_(std::move(where)),
      name_(what.path.substr(what.path.rfind('/') + 1)),  // npos + 1 is 0
      replaces_(what.target_exists),
      replaced_size_(what.target_size),
      replaced_mtime_ns_(what.target_mtime_ns) {}

made_target download_target::create(target_folders& folders, const action& what,
                                    std::uint64_t size) {
  made_target made;
  auto where = folders.make(folder_part(what.path));
  if (where.has_error()) {
    made.problem = end_of_download(where.error(), size);
    return made;
  }
  std::unique_ptr<download_target> target(new download_target(std::move(*where), what));
  made.problem = target->refuse_early(size);
  if (!made.problem) made.problem = end_of(target->make_file(), size);
  if (!made.problem && size > 0) made.problem = end_of(target->file_->reserve(size), size);
  if (!made.problem) made.target = std::move(target);
  return made;
}

std::optional<transfer_end> download_target::refuse_early(std::uint64_t size) {
  if (size >= worth_asking) {
    // Of this object alone: what is smaller may still have room, so the run goes on.
    const auto room = folder_->free_space();
    if (room.has_value() && *room < size) {
      return failed(reason::disk_full, no_room_text(size, *room));
    }
  }
  const auto there = folder_->status_of(name_, links::no_follow);
  if (there.has_error()) return std::nullopt;  // missing; else creating or renaming will tell
  if (replaces_) {
    if (there->kind != file_kind::regular) return no_file_stands_there();
    return std::nullopt;
  }
  // The scan saw no such name. Where it is there all the same, the file system takes another name
  // for this one, or somebody was quicker: found out before the bytes have come for nothing.
  fs_error exists;
  exists.code = EEXIST;
  exists.operation = "make";
  exists.path = folder_->path() + "/" + name_;
  return end_of_download(exists);
}

fs_result<std::unique_ptr<download_target>> download_target::create(std::shared_ptr<folder> where,
                                                                    const action& what) {
  std::unique_ptr<download_target> target(new download_target(std::move(where), what));
  const auto made = target->make_file();
  if (made.has_error()) return made.error();
  return target;
}

fs_result<void> download_target::make_file() {
  auto file = folder_->create_temporary(name_);
  if (file.has_error()) return file.error();
  file_ = std::move(*file);
  temporary_ = file_->name();
  there_ = true;
  return {};
}

download_target::~download_target() { discard(); }

void download_target::discard() noexcept {
  if (!std::exchange(there_, false)) return;
  file_.reset();
  // What cannot be removed now is recognised by its name and removed by the next run.
  const auto ignored = folder_->remove(temporary_);
  static_cast<void>(ignored);
}

fs_result<bool> download_target::agrees_with(const s3::object_head& head,
                                             std::span<std::byte> buffer) {
  return file_matches(*folder_, temporary_, head, buffer);
}

std::optional<transfer_end> download_target::publish(target_folders& folders, const action& what,
                                                     std::int64_t mtime_ns) {
  auto problem = set_time(mtime_ns);
  if (!problem && folders.durable()) problem = sync_file();
  if (!problem) problem = appear();
  if (!problem && folders.durable()) {
    problem = end_of(folders.flush(folder_part(what.path), *folder_));
  }
  return problem;
}

std::optional<transfer_end> download_target::set_time(std::int64_t mtime_ns) {
  const auto timed = file_->set_mtime(mtime_ns);
  if (timed.has_value() || is_for_want_of_times(timed.error().code)) return std::nullopt;
  return end_of_download(timed.error());
}

std::optional<transfer_end> download_target::end_write_back() {
  return end_of(file_->end_write_back());
}

std::optional<transfer_end> download_target::sync_file() { return end_of(file_->sync()); }

std::optional<transfer_end> download_target::appear() {
  auto problem = end_of(file_->close());
  if (!problem) problem = rename_into_place();
  if (!problem) there_ = false;
  return problem;
}

std::optional<transfer_end> download_target::rename_into_place() {
  replace existing = replace::no;
  if (replaces_) {
    const auto now = folder_->status_of(name_, links::no_follow);
    if (now.has_error() && now.error().code != ENOENT) return end_of_download(now.error());
    if (now.has_value()) {
      if (now->kind != file_kind::regular) return no_file_stands_there();
      if (now->size != replaced_size_ || now->mtime_ns != replaced_mtime_ns_) {
        return retry(retry_cause::target_taken, reason::changed,
                     "the file here was changed since the folder was listed; it was left as it "
                     "is. Run again to compare anew");
      }
      existing = replace::yes;
    }
  }
  const auto renamed = give_name(*folder_, file_, name_, existing);
  if (renamed.has_error()) return end_of_download(renamed.error());
  return std::nullopt;
}

}  // namespace beatsync::engine
