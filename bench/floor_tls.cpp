#include "bench/floor_tls.hpp"

#include "bench/tls_pair.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace beatsync::bench {

namespace {

constexpr std::size_t mib = 1024 * 1024;
constexpr std::size_t head_size = 600;  // of a signed PUT or GET, and roughly of S3's answers

std::vector<std::byte> bytes(std::size_t size) {
  return std::vector<std::byte>(size, std::byte{0x5a});
}

/// Runs `other` on a second thread, from its handshake on, while this thread runs `tested`.
floor_cost between(double units, const std::function<void(plain_end&)>& other,
                   const std::function<void(batched_end&)>& tested) {
  const tls_pair pair;
  auto far_side = std::async(std::launch::async, [&] {
    plain_end end(pair);
    end.handshake();
    other(end);
  });
  batched_end end(pair);
  end.handshake();
  const stopwatch watch;
  tested(end);
  const auto cost = watch.stop(units);
  far_side.get();
  return cost;
}

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// A file descriptor that closes itself.
class descriptor {
 public:
  descriptor(const std::string& path, int flags)
      : fd_(open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (fd_ < 0) fail(path.c_str());
  }
  ~descriptor() { close(fd_); }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  int operator*() const noexcept { return fd_; }

 private:
  int fd_;
};

void read_exactly(batched_end& end, std::span<std::byte> space) {
  while (!space.empty()) space = space.subspan(end.read(space));
}

std::string name_of(const std::string& folder, std::uint64_t number) {
  return folder + "/" + std::to_string(number);
}

struct free_memory {
  void operator()(std::byte* memory) const noexcept { std::free(memory); }
};

}  // namespace

floor_cost tls_send(std::uint64_t size) {
  const auto data = bytes(mib);
  auto space = bytes(mib);
  const auto pieces = size / mib;
  const auto other = [&](plain_end& end) {
    for (std::uint64_t i = 0; i < pieces; ++i) end.read_all(space);
  };
  return between(static_cast<double>(pieces * mib), other, [&](batched_end& end) {
    for (std::uint64_t i = 0; i < pieces; ++i) end.write(data);
    end.flush();
  });
}

floor_cost tls_receive(std::uint64_t size, const std::string& file) {
  constexpr std::size_t piece = 8 * mib;  // the size parts have by default
  const auto data = bytes(mib);
  const auto pieces = size / piece;
  const std::unique_ptr<std::byte, free_memory> memory(
      static_cast<std::byte*>(std::aligned_alloc(4096, piece)));
  const std::span<std::byte> part(memory.get(), piece);
  std::optional<descriptor> out;
  if (!file.empty()) {
    out.emplace(file, O_WRONLY | O_CREAT | O_TRUNC | O_DIRECT);
    if (posix_fallocate(**out, 0, static_cast<off_t>(pieces * piece)) != 0) fail("fallocate");
  }
  const auto other = [&](plain_end& end) {
    for (std::uint64_t i = 0; i < pieces * piece / mib; ++i) end.write(data);
  };
  return between(static_cast<double>(pieces * piece), other, [&](batched_end& end) {
    for (std::uint64_t i = 0; i < pieces; ++i) {
      read_exactly(end, part);
      if (out && pwrite(**out, part.data(), piece, static_cast<off_t>(i * piece)) !=
                     static_cast<ssize_t>(piece)) {
        fail("pwrite");
      }
    }
    if (out && fsync(**out) != 0) fail("fsync");
  });
}

floor_cost requests_up(std::uint64_t count, std::uint64_t size, const std::string& folder) {
  auto request = bytes(head_size + size);
  auto received = bytes(head_size + size);
  auto answer = bytes(head_size);
  if (!folder.empty()) {
    for (std::uint64_t i = 0; i < count; ++i) {
      const descriptor file(name_of(folder, i), O_WRONLY | O_CREAT | O_TRUNC);
      if (write(*file, request.data(), size) != static_cast<ssize_t>(size)) fail("write");
    }
  }
  const auto other = [&](plain_end& end) {
    const auto head = bytes(head_size);
    for (std::uint64_t i = 0; i < count; ++i) {
      end.read_all(received);
      end.write(head);
    }
  };
  return between(static_cast<double>(count), other, [&](batched_end& end) {
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!folder.empty()) {
        const descriptor file(name_of(folder, i), O_RDONLY);
        if (read(*file, request.data() + head_size, size) != static_cast<ssize_t>(size)) {
          fail("read");
        }
      }
      end.write(request);
      end.flush();
      read_exactly(end, answer);
    }
  });
}

floor_cost requests_down(std::uint64_t count, std::uint64_t size, const std::string& folder) {
  const auto request = bytes(head_size);
  auto answer = bytes(head_size + size);
  const auto other = [&](plain_end& end) {
    auto received = bytes(head_size);
    const auto sent = bytes(head_size + size);
    for (std::uint64_t i = 0; i < count; ++i) {
      end.read_all(received);
      end.write(sent);
    }
  };
  return between(static_cast<double>(count), other, [&](batched_end& end) {
    for (std::uint64_t i = 0; i < count; ++i) {
      end.write(request);
      end.flush();
      read_exactly(end, answer);
      if (folder.empty()) continue;
      const descriptor file(name_of(folder, i), O_WRONLY | O_CREAT | O_EXCL);
      if (write(*file, answer.data() + head_size, size) != static_cast<ssize_t>(size)) {
        fail("write");
      }
    }
  });
}

}  // namespace beatsync::bench
