#pragma once

/// How a transfer ended, and the two tables that turn errors into ends: what the store said, what
/// the file system said. Pure; any thread.

#include "engine/files/file_system.hpp"
#include "engine/run/report.hpp"
#include "s3/error.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace beatsync::engine {

struct action;

/// Why a transfer is worth another try from the front.
enum class retry_cause : std::uint8_t {
  none,
  source_changed,      ///< the file or object changed while it was read
  body_damaged,        ///< what arrived does not match its checksum, or is not as long as it should
  checksum_refused,    ///< the store does not know this checksum; there may be another
  conditions_refused,  ///< the store does not know conditional writes
  out_of_handles,      ///< EMFILE, ENFILE
  target_taken,        ///< a file came to where a planned download was to go
  write_unclear,       ///< the store names an object that is not there, or lost the upload
};
inline constexpr std::size_t retry_causes = 8;

/// What an end means for the rest of the run.
enum class consequence : std::uint8_t {
  none,
  check_root,  ///< the drive may be gone
  disk_full,
  read_only,
};

struct transfer_end {
  transfer_end() = default;  // no aggregate: g++ 12 destroys temporaries of those twice (PR 107288)

  outcome result = outcome::done;
  reason why = reason::missing;  ///< of skipped and failed
  std::string message;
  std::shared_ptr<const s3::error> error;  ///< a pointer: see s3::failure_ptr
  bool unverified = false;
  bool in_place = false;  ///< done: an earlier run of the same plan had done it already
  std::uint64_t bytes = 0;

  retry_cause again = retry_cause::none;
  consequence then = consequence::none;
};

transfer_end done(std::uint64_t bytes);
/// Of planned actions: what was to be done is there already.
transfer_end found_in_place(std::uint64_t bytes);
transfer_end skipped(reason why, std::string message);
transfer_end failed(reason why, std::string message);
/// Because the run ends.
transfer_end cut_short();
/// Fails like this unless another try is left.
transfer_end retry(retry_cause cause, reason why, std::string message);

transfer_end end_of_upload(const fs_error& e);
transfer_end end_of_upload(const s3::error& e);
/// `size`: how far the file was going to reach; 0: not very far.
transfer_end end_of_download(const fs_error& e, std::uint64_t size = 0);
transfer_end end_of_download(const s3::error& e);

/// How often a cause is good for another try of this action.
unsigned tries_allowed(retry_cause cause, const action& what) noexcept;

}  // namespace beatsync::engine
