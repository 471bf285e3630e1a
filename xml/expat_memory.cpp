#include "xml/expat_memory.hpp"

#include <cstdlib>
#include <limits>
#include <new>

namespace beatsync::xml {
namespace {

/// In front of every block; its size keeps the block aligned for everything.
struct alignas(std::max_align_t) header {
  expat_memory* owner;
  std::size_t size;
};

constexpr std::size_t largest = std::numeric_limits<std::size_t>::max() - sizeof(header);

thread_local expat_memory* charged = nullptr;

header* header_of(void* block) noexcept { return static_cast<header*>(block) - 1; }

}  // namespace

expat_memory::charge::charge(expat_memory& memory) noexcept : outer_(charged) { charged = &memory; }

expat_memory::charge::~charge() { charged = outer_; }

bool expat_memory::reserve(std::size_t size) noexcept {
  if (size > limit_ - used_) {
    exceeded_ = true;
    return false;
  }
  used_ += size;
  return true;
}

void* expat_memory::allocate(std::size_t size) noexcept {
  if (size > largest || !charged->reserve(size)) return nullptr;
  void* raw = std::malloc(sizeof(header) + size);
  if (raw == nullptr) {
    charged->used_ -= size;
    return nullptr;
  }
  return new (raw) header{charged, size} + 1;
}

void* expat_memory::reallocate(void* block, std::size_t size) noexcept {
  if (block == nullptr) return allocate(size);
  expat_memory* const owner = header_of(block)->owner;
  const std::size_t before = header_of(block)->size;
  // While it moves, both blocks exist.
  if (size > largest || !owner->reserve(size)) return nullptr;
  void* raw = std::realloc(header_of(block), sizeof(header) + size);
  if (raw == nullptr) {
    owner->used_ -= size;
    return nullptr;
  }
  owner->used_ -= before;
  return new (raw) header{owner, size} + 1;
}

void expat_memory::release(void* block) noexcept {
  if (block == nullptr) return;
  header* const head = header_of(block);
  head->owner->used_ -= head->size;
  std::free(head);
}

}  // namespace beatsync::xml
