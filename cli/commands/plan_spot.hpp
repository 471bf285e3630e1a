#pragma once

/// Where a plan is kept, opened: a folder, or a bucket with a scratch folder of this machine, which
/// is removed also where a signal ends the process.

#include "cli/commands/run_plan.hpp"
#include "cli/commands/stop_guard.hpp"
#include "engine/plan/plan_folder.hpp"

#include <memory>
#include <string>

namespace beatsync::cli {

/// A new folder below $TMPDIR (/tmp), gone with everything in it when this goes.
class scratch_folder {
 public:
  scratch_folder();
  ~scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  const std::string& path() const noexcept { return path_; }  ///< empty: it could not be made

  /// Before its time; any thread.
  void remove() const noexcept;

 private:
  std::string path_;
};

class plan_spot {
 public:
  plan_spot() = default;
  ~plan_spot();
  plan_spot(const plan_spot&) = delete;
  plan_spot& operator=(const plan_spot&) = delete;

  /// Where the settings say. A stop_reason where the store or the scratch folder is out of reach.
  static engine::plan_folder_result<std::unique_ptr<plan_spot>> open(const settings& with,
                                                                     const plan_context& context);
  /// Around one manifest of this machine.
  static std::unique_ptr<plan_spot> beside(const std::string& manifest,
                                           const plan_context& context);

  engine::plan_folder& folder() noexcept { return *folder_; }
  /// Ends what is under way there.
  void stop() noexcept;

 private:
  std::unique_ptr<scratch_folder> scratch_;
  std::unique_ptr<stop_guard> removal_;  ///< where a signal ends the process
  std::unique_ptr<open_store> store_;
  std::unique_ptr<engine::plan_folder> folder_;
};

}  // namespace beatsync::cli
