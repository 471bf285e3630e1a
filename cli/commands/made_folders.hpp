#pragma once

/// Folders on this machine that are made for an operation which is then refused.
///
/// Threads: the main one. No errors: what cannot be looked at or removed stays.

#include <string>

namespace beatsync::cli {

/// The folders that an operation makes on its way to one of this machine.
class made_folders {
 public:
  /// Before the operation.
  explicit made_folders(std::string folder);
  /// Removes those that were not there before, as far as they are empty.
  void take_back() const;

 private:
  const std::string folder_;
  std::string first_missing_;  ///< empty: none
};

}  // namespace beatsync::cli
