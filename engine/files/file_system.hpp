#pragma once

/// The port to the local file system: every local operation of the engine goes through here, so
/// that a test can fail any of them.
///
/// posix_file_system.hpp implements it; tests/support/memory_file_system.hpp is the scripted fake.
///
/// Names are raw bytes. `path` parameters of `folder` are relative, `/` between segments, without
/// `.`, `..` or empty segments. All calls block and belong on a file thread (read_cached() says
/// what does not). Distinct handles may be used from distinct threads at once; one handle from
/// several threads only where it says so.
///
/// Errors are values with the errno of the call that failed. EINTR is retried and short writes are
/// continued inside.

#include <boost/system/result.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::engine {

/// What failed, on what, and why.
struct fs_error {
  fs_error() = default;
  /// A constructor, because a number would otherwise convert to an error as well as to a value.
  fs_error(int errno_value, std::string what, std::string on)
      : code(errno_value), operation(std::move(what)), path(std::move(on)) {}

  int code = 0;           ///< errno
  std::string operation;  ///< "open", "rename", … as it reads after "cannot"
  std::string path;       ///< absolute where known; raw bytes
};

/// `cannot open /media/stick/a.mp3: Permission denied`, the path escaped for the terminal.
std::string describe(const fs_error& e);

template <class T>
using fs_result = boost::system::result<T, fs_error>;

/// Called by fs_result<T>::value() on an error; throws std::runtime_error with describe(e).
[[noreturn]] void throw_exception_from_error(const fs_error& e, const boost::source_location& loc);

enum class file_kind : std::uint8_t { unknown, regular, folder, link, fifo, socket, device };

/// What stat tells. Two equal values before and after reading: the file did not change meanwhile.
struct file_status {
  file_kind kind = file_kind::unknown;
  std::uint64_t size = 0;     ///< bytes
  std::int64_t mtime_ns = 0;  ///< nanoseconds since 1970
  std::int64_t ctime_ns = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  friend bool operator==(const file_status&, const file_status&) = default;
};

/// The same file or folder, whatever happened to its contents.
inline bool same_identity(const file_status& a, const file_status& b) noexcept {
  return a.device == b.device && a.inode == b.inode;
}

/// What a symbolic link as the last segment means.
enum class links : std::uint8_t { follow, no_follow };

/// Whether a rename may put a file in the place of another.
enum class replace : std::uint8_t { no, yes };

/// Who may read a small file of our own, by its mode.
enum class readers : std::uint8_t {
  user_only,  ///< 0600: caches and locks, which tell names of files
  by_umask,   ///< 0666 & ~umask: what is made to be passed on (plans)
};

/// All names of one folder, unsorted, in one block of memory.
struct folder_listing {
  struct name {
    std::uint32_t offset = 0;  ///< into `text`
    std::uint16_t size = 0;
    file_kind kind = file_kind::unknown;  ///< unknown: the file system did not say, ask status_of
  };

  std::string text;
  std::vector<name> names;

  std::string_view text_of(const name& n) const noexcept {
    return std::string_view(text).substr(n.offset, n.size);
  }
  /// Leaves one byte behind the name, so that a walk can put a `/` there before it sorts.
  void add(std::string_view text_of_name, file_kind kind) {
    names.push_back({static_cast<std::uint32_t>(text.size()),
                     static_cast<std::uint16_t>(text_of_name.size()), kind});
    text.append(text_of_name).push_back('\0');
  }
  void clear() noexcept {
    text.clear();
    names.clear();
  }
};

/// An open file that is read. read_at and status may be called from several threads at once.
class input_file {
 public:
  virtual ~input_file() = default;

  virtual fs_result<file_status> status() = 0;

  /// Fills `buffer` from `offset` on; fewer bytes only where the file ends.
  virtual fs_result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> buffer) = 0;

  /// The same from the page cache alone, on any thread: EAGAIN where a disk would have to be waited
  /// for, or where that cannot be told.
  virtual fs_result<std::size_t> read_cached(std::uint64_t /*offset*/,
                                             std::span<std::byte> /*buffer*/) {
    return fs_error(EAGAIN, "read", "");
  }
};

/// Where a buffer and an offset must begin, and what a length must be a multiple of, to go around
/// the page cache: the largest logical block size of today's disks (open(2), O_DIRECT).
constexpr std::size_t direct_io_alignment = 4096;

/// A file being written under a temporary name. Distinct ranges may be written from several threads
/// at once. The destructor closes; it does not remove the name (folder::remove does).
class output_file {
 public:
  virtual ~output_file() = default;

  /// Its name in the folder that created it.
  virtual const std::string& name() const noexcept = 0;

  virtual fs_result<void> write_at(std::uint64_t offset, std::span<const std::byte> bytes) = 0;

  /// What is aligned (direct_io_alignment) goes around the page cache from now on, where the file
  /// system can: of a track that is not read again soon, the copy into the cache costs more than
  /// its way through TLS. Before the first write_at.
  virtual void bypass_cache() noexcept = 0;

  /// Sets `size` bytes of disk space aside, so that a full disk shows before the transfer. File
  /// systems that cannot do it succeed without having done it; ENOSPC is an error.
  virtual fs_result<void> reserve(std::uint64_t size) = 0;

  virtual fs_result<void> set_mtime(std::int64_t mtime_ns) = 0;
  virtual fs_result<file_status> status() = 0;

  /// Write-back of what is in the page cache, begun without waiting and waited for: done for
  /// several files before the first sync(), it lets the file system commit them together. Where it
  /// is not known it does nothing. After an error of the second as after one of sync().
  virtual void begin_write_back() noexcept = 0;
  virtual fs_result<void> end_write_back() = 0;

  /// fsync. After an error the state of the data is unknown: discard the file.
  virtual fs_result<void> sync() = 0;

  /// Late write errors of network and FUSE file systems show here. Call once; nothing else after.
  /// The lock (folder::create_temporary) stays until the object is destroyed, so that the file can
  /// get its name first: give_name() in temporary_file.hpp.
  virtual fs_result<void> close() = 0;
};

class folder;

struct made_folder {
  std::unique_ptr<folder> handle;
  std::size_t levels = 0;  ///< how many of the path's last folders were missing
};

/// An open folder. Calls that change nothing in the handle, which is all but list(), may come from
/// several threads at once.
class folder {
 public:
  virtual ~folder() = default;

  /// Absolute path under which it was opened; for messages.
  virtual const std::string& path() const noexcept = 0;

  virtual fs_result<file_status> status() = 0;

  /// Appends all names but `.` and `..` to `out`.
  virtual fs_result<void> list(folder_listing& out) = 0;

  virtual fs_result<file_status> status_of(std::string_view path, links last) = 0;

  /// A folder directly in this one, for walking. With no_follow a link is ELOOP or ENOTDIR.
  virtual fs_result<std::unique_ptr<folder>> open_folder(std::string_view name, links last) = 0;

  /// Opens a regular file for reading; links on the way are followed. Never blocks on a FIFO:
  /// what is not a regular file is EINVAL.
  virtual fs_result<std::unique_ptr<input_file>> open_file(std::string_view path) = 0;

  /// The folder `path` strictly beneath this one, for writing: no link on the way is followed
  /// (ELOOP), nothing leaves this folder (EXDEV). Empty: this folder itself. ENOTDIR: a file stands
  /// where a folder is needed.
  virtual fs_result<std::unique_ptr<folder>> open_beneath(std::string_view path) = 0;

  /// The same, and missing folders are created on the way. Their names are durable after a sync()
  /// of the folders above them only.
  virtual fs_result<made_folder> make_beneath(std::string_view path) = 0;

  /// A new file `.beatsync-<random>….part` directly in this folder, mode 0666 & ~umask, that is
  /// going to be renamed to `target`: a file system that would refuse that name for a character in
  /// it refuses this one already (temporary_name.hpp). It is locked as long as the object is there.
  virtual fs_result<std::unique_ptr<output_file>> create_temporary(std::string_view target) = 0;

  /// Both names directly in this folder. replace::no: EEXIST where `to` exists, atomically where
  /// the file system can (RENAME_NOREPLACE), else checked just before.
  virtual fs_result<void> rename(std::string_view from, std::string_view to, replace existing) = 0;

  /// Removes a file (not a folder) directly in this folder.
  virtual fs_result<void> remove(std::string_view name) = 0;

  /// The same for a temporary file, unless some process has it locked or has just changed it, as
  /// of `now_ns` (temporary_file.hpp): EWOULDBLOCK. What is no regular file was not made by us and
  /// stays: EINVAL.
  virtual fs_result<void> remove_leftover(std::string_view name, std::int64_t now_ns) = 0;

  /// fsync of the folder itself; file systems that cannot (EINVAL, ENOTSUP) succeed.
  virtual fs_result<void> sync() = 0;

  /// Bytes this user may still write: root the reserved ones, too. ENOTSUP: it does not tell.
  virtual fs_result<std::uint64_t> free_space() = 0;
};

/// Held until destroyed or until the process ends, however it ends.
class file_lock {
 public:
  virtual ~file_lock() = default;
};

/// Thread-safe.
class file_system {
 public:
  virtual ~file_system() = default;

  /// Opens an existing folder by absolute or working-folder-relative path; links are followed.
  virtual fs_result<std::unique_ptr<folder>> open_root(const std::string& path) = 0;

  /// `mkdir -p`; links on the way are followed. Mode 0777 & ~umask.
  virtual fs_result<void> make_folders(const std::string& path) = 0;

  virtual fs_result<std::unique_ptr<input_file>> open_file(const std::string& path) = 0;

  /// Where a file that is written as `path` has its place: behind all links, that of the last
  /// segment too, whether a file is there already or not. EINVAL: there is something else, or the
  /// place is in /proc or /dev (/dev/shm is a folder like any other), whose names are no files.
  virtual fs_result<std::string> place_of_file(const std::string& path) = 0;

  // Small files of our own: caches, locks, plans.

  /// The whole content; EFBIG where it is longer than `limit`.
  virtual fs_result<std::string> read_file(const std::string& path, std::size_t limit) = 0;

  /// Appends in one write; creates the file where it is missing.
  virtual fs_result<void> append_file(const std::string& path, std::string_view bytes,
                                      readers who) = 0;

  /// Replaces file and content atomically (temporary name beside it, rename).
  virtual fs_result<void> replace_file(const std::string& path, std::string_view bytes,
                                       readers who) = 0;

  /// Takes an exclusive lock on a file, created (mode 0600) where missing, and writes `content`
  /// into it. EWOULDBLOCK: somebody else holds it.
  virtual fs_result<std::unique_ptr<file_lock>> lock_file(const std::string& path,
                                                          std::string_view content) = 0;
};

}  // namespace beatsync::engine
