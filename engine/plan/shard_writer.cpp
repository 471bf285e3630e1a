#include "engine/plan/shard_writer.hpp"

#include "engine/files/temporary_name.hpp"

#include <algorithm>
#include <cstdio>
#include <random>
#include <utility>

namespace beatsync::engine {

namespace {

constexpr std::uint64_t cost_of_an_object = std::uint64_t{1} << 20U;
// All buffers together, where that leaves each a write worth its system calls.
constexpr std::size_t most_buffered = std::size_t{8} << 20U;

std::string numbered(std::uint32_t shard, const char* ending) {
  char name[48];
  std::snprintf(name, sizeof name, "shard-%05u%s", static_cast<unsigned>(shard), ending);
  return name;
}

}  // namespace

std::string manifest_name(std::uint32_t shard) { return numbered(shard, ".jsonl"); }
std::string result_name(std::uint32_t shard) { return numbered(shard, ".result.json"); }

shard_writer::shard_writer(file_system& files, std::string folder, plan_header header)
    : files_(files),
      folder_(std::move(folder)),
      header_(std::move(header)),
      most_buffered_(std::clamp<std::size_t>(most_buffered / header_.shards, 4 * 1024, 64 * 1024)),
      buffers_(header_.shards),
      sums_(header_.shards) {
  for (std::uint32_t shard = 0; shard < header_.shards; ++shard) {
    header_.shard = shard;
    buffers_[shard] = header_line(header_) + "\n";
    load empty;
    empty.shard = shard;
    loads_.push(empty);
  }
}

fs_result<void> shard_writer::claim() {
  const auto where = files_.open_root(folder_);
  if (where.has_error()) return where.error();
  // Not by O_EXCL: a rename that replaces nothing is what the port has, and holds on NFS, too.
  const std::string fresh = temporary_name(std::random_device()());
  const auto made = files_.replace_file(folder_ + "/" + fresh, "", readers::by_umask);
  if (made.has_error()) return made;
  const auto claimed = (*where)->rename(fresh, manifest_name(0), replace::no);
  if (claimed.has_value()) return claimed;
  const auto ignored = (*where)->remove(fresh);
  static_cast<void>(ignored);
  return claimed;
}

void remove_manifests(file_system& files, const std::string& folder, std::uint32_t shards) {
  const auto where = files.open_root(folder);
  if (where.has_error()) return;
  for (std::uint32_t shard = shards; shard > 0; --shard) {
    const auto ignored = (*where)->remove(manifest_name(shard - 1));
    static_cast<void>(ignored);
  }
}

bool shard_writer::add(const action& what) {
  const std::string line = action_line(header_, what) + "\n";
  const std::lock_guard lock(mutex_);
  load least = loads_.top();
  loads_.pop();
  least.cost += what.size + cost_of_an_object;
  loads_.push(least);
  ++sums_[least.shard].items;
  sums_[least.shard].bytes += what.size;
  std::string& buffer = buffers_[least.shard];
  const bool was_full = buffer.size() >= most_buffered_;
  buffer += line;
  if (!was_full && buffer.size() >= most_buffered_) full_.push_back(least.shard);
  return !full_.empty();
}

fs_result<void> shard_writer::flush() {
  const std::lock_guard order(writing_);  // lines of one shard stay in one order
  for (;;) {
    std::uint32_t shard = 0;
    std::string text;
    {
      const std::lock_guard lock(mutex_);
      if (full_.empty()) return {};
      shard = full_.back();
      full_.pop_back();
      text.swap(buffers_[shard]);
    }
    const auto written = write(shard, text);
    if (written.has_error()) return written;
  }
}

fs_result<void> shard_writer::finish() {
  for (std::uint32_t shard = 0; shard < buffers_.size(); ++shard) {
    const auto written = write(shard, buffers_[shard] + end_line(sums_[shard]) + "\n");
    if (written.has_error()) return written;
    buffers_[shard].clear();
  }
  return {};
}

fs_result<void> shard_writer::write(std::uint32_t shard, const std::string& text) {
  return files_.append_file(folder_ + "/" + manifest_name(shard), text, readers::by_umask);
}

}  // namespace beatsync::engine
