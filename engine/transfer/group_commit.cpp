#include "engine/transfer/group_commit.hpp"

#include "engine/run/waiter.hpp"
#include "engine/transfer/download_target.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <mutex>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::engine {

namespace asio = boost::asio;

namespace {

/// Each holds up to two file descriptors, and a process often may have only 1,024.
constexpr std::size_t largest_group = 64;

struct open_folder {
  std::string_view path;  ///< below the root
  std::shared_ptr<folder> handle;
};

struct written_file {
  small_file* file = nullptr;
  std::unique_ptr<download_target> target;  ///< null: it failed
  std::size_t folder = 0;
};

class file_group {
 public:
  file_group(target_folders& folders, std::span<small_file* const> files) : targets_(folders) {
    files_.reserve(files.size());
    for (small_file* file : files) files_.push_back({file, nullptr, 0});
  }

  void write() {
    for (written_file& it : files_) {
      auto problem = write(it);
      if (problem) give_up(it, std::move(*problem));
    }
  }

  void flush() {
    // All blocks get their places before the first fsync commits the journal, so that it commits
    // them all (ext4; elsewhere it does no harm).
    for (const written_file& it : files_) {
      if (it.target) it.target->file().begin_write_back();
    }
    each(&download_target::end_write_back);
    each(&download_target::sync_file);
  }

  void publish() { each(&download_target::appear); }

  void flush_folders() {
    for (std::size_t i = 0; i < folders_.size(); ++i) {
      const auto synced = targets_.flush(folders_[i].path, *folders_[i].handle);
      if (synced.has_value()) continue;
      for (written_file& it : files_) {
        if (it.target && it.folder == i) give_up(it, end_of_download(synced.error()));
      }
    }
  }

 private:
  std::optional<transfer_end> write(written_file& it) {
    const auto where = folder_of(*it.file->what, it.folder);
    if (where.has_error()) return end_of_download(where.error());
    auto target = download_target::create(*where, *it.file->what);
    if (target.has_error()) return end_of_download(target.error());
    it.target = std::move(*target);
    const auto written = it.target->file().write_at(0, it.file->bytes);
    if (written.has_error()) return end_of_download(written.error());
    return it.target->set_time(it.file->mtime_ns);
  }

  fs_result<std::shared_ptr<folder>> folder_of(const action& what, std::size_t& index) {
    const auto path = folder_part(what.path);
    const auto known = std::ranges::find(folders_, path, &open_folder::path);
    index = static_cast<std::size_t>(known - folders_.begin());
    if (known != folders_.end()) return known->handle;
    auto opened = targets_.make(path);
    if (opened.has_error()) return opened.error();
    folders_.push_back({path, std::move(*opened)});
    return folders_.back().handle;
  }

  void each(std::optional<transfer_end> (download_target::*step)()) {
    for (written_file& it : files_) {
      if (!it.target) continue;
      auto problem = ((*it.target).*step)();
      if (problem) give_up(it, std::move(*problem));
    }
  }

  static void give_up(written_file& it, transfer_end why) {
    it.file->problem = std::move(why);
    it.target.reset();  // the temporary file goes
  }

  target_folders& targets_;
  std::vector<open_folder> folders_;
  std::vector<written_file> files_;
};

}  // namespace

void write_together(target_folders& folders, std::span<small_file* const> files) {
  file_group group(folders, files);
  group.write();
  if (folders.durable()) group.flush();
  group.publish();
  if (folders.durable()) group.flush_folders();
}

struct group_commit::state {
  explicit state(target_folders& where) : folders(where) {}

  struct caller {
    small_file* file = nullptr;
    waiter* done = nullptr;
  };

  /// True: nobody is at work, so the caller has to see to it that somebody is.
  bool add(caller who) {
    const std::lock_guard lock(mutex);
    gathered.push_back(who);
    return !std::exchange(at_work, true);
  }

  /// Group after group, until nobody waits.
  void work() noexcept {
    std::vector<caller> all;
    while (take(all)) {
      for (std::span<const caller> rest(all); !rest.empty();) {
        const auto group = rest.first(std::min(rest.size(), largest_group));
        write(group);
        for (const caller& who : group) who.done->wake();
        rest = rest.subspan(group.size());
      }
    }
  }

 private:
  bool take(std::vector<caller>& all) {
    all.clear();
    const std::lock_guard lock(mutex);
    all.swap(gathered);
    at_work = !all.empty();
    return at_work;
  }

  void write(std::span<const caller> group) {
    std::array<small_file*, largest_group> files{};
    std::ranges::transform(group, files.begin(), &caller::file);
    const auto these = std::span(files).first(group.size());
    try {
      write_together(folders, these);
    } catch (const std::exception& e) {
      for (small_file* file : these) {
        if (!file->problem) file->problem = failed(reason::local_io, e.what());
      }
    }
  }

  target_folders& folders;
  std::mutex mutex;
  std::vector<caller> gathered;
  bool at_work = false;
};

group_commit::group_commit(asio::thread_pool& file_threads, target_folders& folders)
    : file_threads_(file_threads), state_(std::make_shared<state>(folders)) {}

asio::awaitable<void> group_commit::write(small_file& file) {
  const auto executor = co_await asio::this_coro::executor;
  waiter done(executor);
  if (state_->add({&file, &done})) {
    try {
      asio::post(file_threads_, [shared = state_] { shared->work(); });
    } catch (const std::bad_alloc&) {
      state_->work();  // on this thread, then: others may wait by now
    }
  }
  co_await done.wait();
}

}  // namespace beatsync::engine
