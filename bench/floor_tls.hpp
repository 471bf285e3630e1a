#pragma once

/// Floors of transfers: TLS over loopback with nothing around it.
///
/// The side under test encrypts into (or decrypts from) a buffer of 256 KiB of records and moves it
/// with one system call, the leanest way that was measured (docs/dev/performance.md 0.2); the other
/// side is plain OpenSSL in a second thread. Errors throw std::runtime_error.

#include "bench/floor_cost.hpp"

#include <cstdint>
#include <string>

namespace beatsync::bench {

/// With `file`, which is made before: read out of the page cache, 128 KiB at a time.
floor_cost tls_send(std::uint64_t bytes, const std::string& file);

/// With `file`: into it with O_DIRECT in pieces of 8 MiB, then fsync.
floor_cost tls_receive(std::uint64_t bytes, const std::string& file);

/// `count` requests over sixteen connections, each one write of a head and `size` bytes, each
/// answered by a short head. With `folder`: the bytes are read from files made there before.
floor_cost requests_up(std::uint64_t count, std::uint64_t size, const std::string& folder);

/// The other way round; with `folder`: each answer becomes a new file there.
floor_cost requests_down(std::uint64_t count, std::uint64_t size, const std::string& folder);

}  // namespace beatsync::bench
