#pragma once

/// The process environment as a value, so that tests bring their own.
///
/// process_environment() is for the composition root; everything else takes an `environment`. Reads
/// only; the process must not change its variables while threads run.

#include <functional>
#include <optional>
#include <string>

namespace beatsync::s3 {

struct environment {
  /// Value of a variable. Unset and empty are the same for every variable we read, as in the AWS
  /// SDKs.
  std::function<std::optional<std::string>(const char* name)> variable;
  std::string home;  ///< the user's home folder, without trailing slash; may be empty

  /// The variable, or "" where it is unset.
  std::string text(const char* name) const;
  /// `~` and `~/x` are below the home folder; everything else stays.
  std::string expand_home(const std::string& path) const;
};

/// getenv() and, without HOME, the password database.
environment process_environment();

}  // namespace beatsync::s3
