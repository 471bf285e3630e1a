#pragma once

/// Where a plan is kept: a folder, or a prefix in a store. Manifests, results and plan.json are
/// small files or objects in it.
///
/// Blocks the calling thread, which must not be one of the runtime's. What is read from it may have
/// been written by anybody.

#include "engine/files/file_system.hpp"
#include "engine/run/report.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

class runtime;

/// A text would convert to an error as well as to a value: such results are made by in_place_value.
template <class T>
using plan_folder_result = boost::system::result<T, stop_reason>;

class plan_folder {
 public:
  virtual ~plan_folder() = default;

  /// For people: the folder, or `s3://bucket/prefix/`.
  virtual const std::string& text() const noexcept = 0;

  /// A folder of this machine to write manifests into; keep() moves them where they belong.
  virtual plan_folder_result<std::string> workplace() = 0;
  /// Fails where one of them is there already.
  virtual plan_folder_result<void> keep() = 0;

  /// Names of what is there.
  virtual plan_folder_result<std::vector<std::string>> names() = 0;
  /// Nothing: there is none, it is no file, or it is longer than `limit`. In the order of the
  /// names.
  virtual plan_folder_result<std::vector<std::optional<std::string>>> read(
      const std::vector<std::string>& names, std::size_t limit) = 0;
  /// In one step; replaces what is there.
  virtual plan_folder_result<void> write(const std::string& name, const std::string& text) = 0;
  /// Path of a file of this machine with what is there under that name.
  virtual plan_folder_result<std::string> fetch(const std::string& name) = 0;
};

/// Made where it is missing, by workplace().
std::unique_ptr<plan_folder> plan_in_folder(file_system& files, std::string path);

/// `scratch`: a folder of this machine, made by the caller and removed afterwards. `url`:
/// s3://bucket/prefix/.
std::unique_ptr<plan_folder> plan_in_store(runtime& rt, std::string prefix, std::string url,
                                           std::string scratch);

}  // namespace beatsync::engine
