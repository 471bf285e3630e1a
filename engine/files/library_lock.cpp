#include "engine/files/library_lock.hpp"

#include "s3/printable.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <unistd.h>

namespace beatsync::engine {

namespace {

/// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ ; names the file, secures nothing.
std::uint64_t fnv1a(std::string_view text) noexcept {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return hash;
}

constexpr std::size_t longest_note = 64;  // a process id and a line feed

}  // namespace

boost::system::result<std::unique_ptr<file_lock>, lock_refused> lock_library(
    file_system& files, const std::string& state_folder, const file_status& root,
    std::string_view root_path, std::string_view remote) {
  std::string identity = std::to_string(root.device) + ':' + std::to_string(root.inode) + ' ';
  identity += remote;
  char name[40];
  std::snprintf(name, sizeof name, "/library-%016llx.lock",
                static_cast<unsigned long long>(fnv1a(identity)));
  const std::string path = state_folder + name;

  if (auto made = files.make_folders(state_folder); !made) {
    return lock_refused{false, describe(made.error()) +
                                   "; set XDG_STATE_HOME to a folder that "
                                   "can be written"};
  }
  auto locked = files.lock_file(path, std::to_string(::getpid()) + '\n');
  if (locked) return std::move(*locked);
  if (locked.error().code != EWOULDBLOCK) {
    return lock_refused{false, describe(locked.error())};
  }

  std::string message = "another beatsync";
  if (const auto note = files.read_file(path, longest_note); note && !note->empty()) {
    message += " (process " + s3::printable(note->substr(0, note->find('\n'))) + ')';
  }
  message += " is at work on " + s3::printable(root_path) + "; wait until it has finished";
  return lock_refused{true, std::move(message)};
}

}  // namespace beatsync::engine
