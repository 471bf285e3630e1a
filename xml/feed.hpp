#pragma once

/// Bytes that lie somewhere else, copied into what has prepare() and commit() as sax_parser has.
///
/// Internal to xml/.

#include "xml/error.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>

namespace beatsync::xml {

template <class Sink>
result<void> feed_by_copy(Sink& sink, std::span<const char> bytes) {
  // More does not make expat faster (docs/dev/performance.md §5.1).
  constexpr std::size_t block_size = 128 * 1024;
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), block_size);
    const auto room = sink.prepare(size);
    if (!room) return room.error();
    std::memcpy(room->data(), bytes.data(), size);
    if (auto taken = sink.commit(size); !taken) return taken;
    bytes = bytes.subspan(size);
  }
  return {};
}

}  // namespace beatsync::xml
