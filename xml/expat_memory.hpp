#pragma once

/// A ceiling for what one expat parser allocates.
///
/// Limits on tags and names are checked after expat has digested them; a single tag of a megabyte
/// can hold 150,000 attributes, for which expat builds tables of several times that size first.
/// With this ceiling the bound holds by construction: expat is told that there is no more memory.
///
/// Internal to xml/. expat's allocation hooks have no user data, so a `charge` in the calling
/// thread says whose allocations they are; each block remembers its owner. One object per parser,
/// which it outlives; not shared between threads at the same time.

#include <cstddef>

namespace beatsync::xml {

class expat_memory {
 public:
  explicit expat_memory(std::size_t limit) noexcept : limit_(limit) {}
  expat_memory(const expat_memory&) = delete;
  expat_memory& operator=(const expat_memory&) = delete;

  /// While it lives, expat's allocations in this thread count here.
  class charge {
   public:
    explicit charge(expat_memory& memory) noexcept;
    ~charge();
    charge(const charge&) = delete;
    charge& operator=(const charge&) = delete;

   private:
    expat_memory* outer_;
  };

  /// An allocation was refused because of the limit.
  bool exceeded() const noexcept { return exceeded_; }

  // The hooks.
  static void* allocate(std::size_t size) noexcept;
  static void* reallocate(void* block, std::size_t size) noexcept;
  static void release(void* block) noexcept;

 private:
  bool reserve(std::size_t size) noexcept;

  std::size_t limit_;
  std::size_t used_ = 0;
  bool exceeded_ = false;
};

}  // namespace beatsync::xml
