#pragma once

/// A shard manifest as a stream of actions, in constant memory. Whatever is wrong is told with file
/// and line number.
///
/// Blocks: for a file thread, or before the I/O threads have work. One thread at a time.

#include "engine/files/file_system.hpp"
#include "engine/plan/manifest.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace beatsync::engine {

/// Why a manifest cannot be used: `shard-00000.jsonl:17: size must be a number`.
struct manifest_fault {
  std::string message;
};
template <class T>
using manifest_result = boost::system::result<T, manifest_fault>;

[[noreturn]] void throw_exception_from_error(const manifest_fault& e,
                                             const boost::source_location& loc);

class manifest_reader {
 public:
  /// Reads the header.
  static manifest_result<std::unique_ptr<manifest_reader>> open(file_system& files,
                                                                const std::string& path);

  const plan_header& header() const noexcept { return header_; }

  /// Nothing: the end, and it was what the last line said.
  manifest_result<std::optional<action>> next();

  /// What came so far.
  const manifest_end& sums() const noexcept { return sums_; }

 private:
  manifest_reader(std::unique_ptr<input_file> file, std::string path);
  manifest_result<std::optional<std::string_view>> line();
  manifest_fault fault(const std::string& message) const;

  std::unique_ptr<input_file> file_;
  const std::string path_;
  manifest_parser parser_;
  plan_header header_;
  manifest_end sums_;
  std::string text_;  ///< what was read and not yet handed out begins at at_
  std::size_t at_ = 0;
  std::uint64_t read_ = 0;  ///< bytes of the file
  std::uint64_t number_ = 0;
  bool ended_ = false;  ///< the file
};

/// The whole manifest is read and found good, before anything is done.
manifest_result<manifest_end> check_manifest(file_system& files, const std::string& path);

}  // namespace beatsync::engine
