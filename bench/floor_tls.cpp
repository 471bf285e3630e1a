#include "bench/floor_tls.hpp"

#include "bench/tls_pair.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
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

/// One end of each connection. A deque: an end stays where it was made.
template <class End>
std::deque<End> ends_of(const tls_pair& pair) {
  std::deque<End> ends;
  for (std::size_t i = 0; i < pair.client_sockets.size(); ++i) {
    ends.emplace_back(pair, i).handshake();
  }
  return ends;
}

/// Runs `other` on a second thread, from its handshakes on, while this thread runs `tested`.
floor_cost between(double units, std::size_t connections,
                   const std::function<void(std::deque<plain_end>&)>& other,
                   const std::function<void(std::deque<batched_end>&)>& tested) {
  const tls_pair pair(connections);
  auto far_side = std::async(std::launch::async, [&] {
    auto ends = ends_of<plain_end>(pair);
    other(ends);
  });
  auto ends = ends_of<batched_end>(pair);
  const stopwatch watch;
  tested(ends);
  const auto cost = watch.stop(units);
  far_side.get();
  return cost;
}

/// A stream over one connection.
floor_cost between(double units, const std::function<void(plain_end&)>& other,
                   const std::function<void(batched_end&)>& tested) {
  return between(
      units, 1, [&](std::deque<plain_end>& ends) { other(ends.front()); },
      [&](std::deque<batched_end>& ends) { tested(ends.front()); });
}

/// `count` requests, each connection with one under way: the answer to the one before is taken
/// where the next is sent, so that neither side waits for the other as long as both have work.
/// (With one connection each request would wake a sleeping processor, which costs more than the
/// request under a hypervisor.)
floor_cost requests(std::uint64_t count, std::size_t request_size, std::size_t answer_size,
                    const std::function<void(batched_end&, std::uint64_t)>& send,
                    const std::function<void(batched_end&, std::uint64_t)>& take) {
  constexpr std::size_t connections = 16;  // as many as beatsync has by default
  const auto other = [&](std::deque<plain_end>& ends) {
    auto request = bytes(request_size);
    const auto answer = bytes(answer_size);
    for (std::uint64_t i = 0; i < count; ++i) {
      auto& end = ends[i % connections];
      end.read_all(request);
      end.write(answer);
    }
  };
  return between(static_cast<double>(count), connections, other,
                 [&](std::deque<batched_end>& ends) {
                   for (std::uint64_t i = 0; i < count + connections; ++i) {
                     auto& end = ends[i % connections];
                     if (i >= connections && i - connections < count) take(end, i - connections);
                     if (i < count) send(end, i);
                   }
                 });
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

void write_all(int fd, std::span<const std::byte> data) {
  if (write(fd, data.data(), data.size()) != static_cast<ssize_t>(data.size())) fail("write");
}

void read_all(int fd, std::span<std::byte> space) {
  if (read(fd, space.data(), space.size()) != static_cast<ssize_t>(space.size())) fail("read");
}

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

floor_cost tls_send(std::uint64_t size, const std::string& file) {
  auto data = bytes(128 * 1024);  // stays in the core's cache until it is encrypted
  auto space = bytes(data.size());
  const auto pieces = size / data.size();
  std::optional<descriptor> in;
  if (!file.empty()) {
    const descriptor out(file, O_WRONLY | O_CREAT | O_TRUNC);
    for (std::uint64_t i = 0; i < pieces; ++i) write_all(*out, data);
    in.emplace(file, O_RDONLY);
  }
  const auto other = [&](plain_end& end) {
    for (std::uint64_t i = 0; i < pieces; ++i) end.read_all(space);
  };
  return between(static_cast<double>(pieces * data.size()), other, [&](batched_end& end) {
    for (std::uint64_t i = 0; i < pieces; ++i) {
      if (in) read_all(**in, data);
      end.write(data);
    }
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
  auto answer = bytes(head_size);
  if (!folder.empty()) {
    for (std::uint64_t i = 0; i < count; ++i) {
      const descriptor file(name_of(folder, i), O_WRONLY | O_CREAT | O_TRUNC);
      write_all(*file, std::span(request).first(size));
    }
  }
  const auto send = [&](batched_end& end, std::uint64_t i) {
    if (!folder.empty()) {
      const descriptor file(name_of(folder, i), O_RDONLY);
      read_all(*file, std::span(request).last(size));
    }
    end.write(request);
    end.flush();
  };
  const auto take = [&](batched_end& end, std::uint64_t /*i*/) { read_exactly(end, answer); };
  return requests(count, request.size(), answer.size(), send, take);
}

floor_cost requests_down(std::uint64_t count, std::uint64_t size, const std::string& folder) {
  const auto request = bytes(head_size);
  auto answer = bytes(head_size + size);
  const auto send = [&](batched_end& end, std::uint64_t /*i*/) {
    end.write(request);
    end.flush();
  };
  const auto take = [&](batched_end& end, std::uint64_t i) {
    read_exactly(end, answer);
    if (folder.empty()) return;
    const descriptor file(name_of(folder, i), O_WRONLY | O_CREAT | O_EXCL);
    write_all(*file, std::span(answer).last(size));
  };
  return requests(count, request.size(), answer.size(), send, take);
}

}  // namespace beatsync::bench
