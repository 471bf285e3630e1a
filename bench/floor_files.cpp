#include "bench/floor_files.hpp"

#include <expat.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace beatsync::bench {

namespace {

constexpr std::size_t piece = 256 * 1024;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// As the kernel writes it (getdents64(2)); glibc declares it under feature macros only.
struct kernel_entry {
  std::uint64_t inode;
  std::int64_t offset;
  unsigned short size;
  unsigned char type;
  char name[1];
};

/// Files below the folder that `fd` is open on; closes it.
double walk_folder(int fd, const std::string& path) {
  alignas(kernel_entry) char buffer[64 * 1024];
  std::vector<std::string> folders;
  double files = 0;
  while (true) {
    const auto got = syscall(SYS_getdents64, fd, buffer, sizeof buffer);
    if (got < 0) fail(path);
    if (got == 0) break;
    for (long at = 0; at < got;) {
      const auto* entry = reinterpret_cast<const kernel_entry*>(buffer + at);
      at += entry->size;
      const std::string_view name(entry->name);
      if (name == "." || name == "..") continue;
      if (entry->type == DT_DIR) {
        folders.emplace_back(name);
        continue;
      }
      struct statx status{};
      constexpr unsigned wanted = STATX_SIZE | STATX_MTIME;
      if (statx(fd, entry->name, AT_SYMLINK_NOFOLLOW, wanted, &status) != 0) fail(path);
      ++files;
    }
  }
  for (const auto& name : folders) {
    const int inner = openat(fd, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (inner < 0) fail(name);
    files += walk_folder(inner, name);
  }
  close(fd);
  return files;
}

std::string list_page() {
  std::string page =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult>"
      "<IsTruncated>false</IsTruncated>";
  for (int i = 0; i < 1000; ++i) {
    char entry[320];
    std::snprintf(entry, sizeof entry,
                  "<Contents><Key>bench/d%06d/track+%08d.mp3</Key>"
                  "<LastModified>2026-01-02T03:04:05.000Z</LastModified>"
                  "<ETag>&quot;0123456789abcdef0123456789abcdef&quot;</ETag><Size>11400000</Size>"
                  "<StorageClass>STANDARD</StorageClass></Contents>",
                  i / 50, i);
    page += entry;
  }
  return page + "</ListBucketResult>";
}

}  // namespace

floor_cost walk(const std::string& folder) {
  const stopwatch watch;
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) fail(folder);
  const auto files = walk_folder(fd, folder);
  return watch.stop(files);
}

floor_cost scan_list_pages(std::uint64_t keys) {
  const auto page = list_page();
  const std::string_view end_of_key = "</Key>";
  std::uint64_t found = 0;
  const stopwatch watch;
  while (found < keys) {
    const char* at = page.data();
    const char* const end = page.data() + page.size();
    while (const void* hit = memmem(at, static_cast<std::size_t>(end - at), end_of_key.data(),
                                    end_of_key.size())) {
      at = static_cast<const char*>(hit) + end_of_key.size();
      ++found;
    }
  }
  return watch.stop(static_cast<double>(found));
}

floor_cost parse_by_expat(const std::string& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(file.c_str(), "rb"),
                                                           std::fclose);
  if (!in) fail(file);
  const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate(nullptr),
                                                                       XML_ParserFree);
  XML_SetElementHandler(parser.get(), [](void*, const char*, const char**) {}, nullptr);
  double total = 0;
  const stopwatch watch;
  for (bool last = false; !last;) {
    void* space = XML_GetBuffer(parser.get(), static_cast<int>(piece));
    if (space == nullptr) throw std::runtime_error("expat: no memory");
    const auto got = std::fread(space, 1, piece, in.get());
    last = got < piece;
    if (XML_ParseBuffer(parser.get(), static_cast<int>(got), last) != XML_STATUS_OK) {
      throw std::runtime_error(file + ": " + XML_ErrorString(XML_GetErrorCode(parser.get())));
    }
    total += static_cast<double>(got);
  }
  return watch.stop(total);
}

}  // namespace beatsync::bench
