#pragma once

/// Where a plan is kept, opened: a folder, or a bucket with a scratch folder of this machine.

#include "cli/commands/run_plan.hpp"
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

 private:
  std::string path_;
};

class plan_spot {
 public:
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
  std::unique_ptr<open_store> store_;
  std::unique_ptr<engine::plan_folder> folder_;
};

}  // namespace beatsync::cli
