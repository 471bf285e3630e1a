#include "engine/collection/document_target.hpp"

#include "engine/files/temporary_file.hpp"
#include "engine/files/temporary_name.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

namespace beatsync::engine {

document_target::document_target(folder& where, std::string name)
    : folder_(where), name_(std::move(name)) {}

fs_result<std::unique_ptr<document_target>> document_target::create(folder& where,
                                                                    std::string name) {
  std::unique_ptr<document_target> target(new document_target(where, std::move(name)));
  auto file = where.create_temporary(target->name_);
  if (file.has_error()) return file.error();
  target->file_ = std::move(*file);
  target->temporary_ = target->file_->name();
  return target;
}

document_target::~document_target() {
  if (temporary_.empty()) return;
  file_.reset();
  const auto ignored = folder_.remove(temporary_);  // else the next run removes it
  static_cast<void>(ignored);
}

fs_result<bool> document_target::is_there_already() {
  auto old = folder_.open_file(name_);
  if (old.has_error()) return false;  // missing, or nothing that can be compared
  const auto old_status = (*old)->status();
  const auto status = file_->status();
  if (old_status.has_error()) return old_status.error();
  if (status.has_error()) return status.error();
  if (old_status->size != status->size) return false;
  auto fresh = folder_.open_file(temporary_);
  if (fresh.has_error()) return fresh.error();
  std::vector<std::byte> a(128 * 1024), b(128 * 1024);
  for (std::uint64_t at = 0; at < status->size;) {
    const auto got = (*fresh)->read_at(at, a);
    const auto had = (*old)->read_at(at, b);
    if (got.has_error()) return got.error();
    if (had.has_error()) return had.error();
    if (*got != *had || *got == 0 || !std::equal(a.data(), a.data() + *got, b.data())) return false;
    at += *got;
  }
  return true;
}

fs_result<void> document_target::publish(bool fsync) {
  if (fsync) {
    const auto synced = file_->sync();
    if (synced.has_error()) return synced.error();
  }
  const auto closed = file_->close();
  if (closed.has_error()) return closed.error();
  const auto renamed = give_name(folder_, file_, name_, replace::yes);
  if (renamed.has_error()) return renamed.error();
  temporary_.clear();
  if (!fsync) return {};
  return folder_.sync();
}

scratch_file::~scratch_file() {
  const auto ignored = folder_.remove(name_);  // else the next run removes it
  static_cast<void>(ignored);
}

void remove_temporaries(folder& where, std::int64_t now_ns) {
  folder_listing names;
  if (where.list(names).has_error()) return;
  for (const folder_listing::name& n : names.names) {
    if (!is_temporary_name(names.text_of(n))) continue;
    const auto ignored = where.remove_leftover(names.text_of(n), now_ns);
    static_cast<void>(ignored);
  }
}

}  // namespace beatsync::engine
