#include "engine/files/temporary_file.hpp"

#include <cerrno>
#include <chrono>

namespace beatsync::engine {
namespace {

bool may_mean_that_it_is_open(int code) noexcept {
  return code == EACCES || code == EPERM || code == EBUSY || code == ETXTBSY || code == ENOTSUP;
}

}  // namespace

fs_result<void> give_name(folder& where, std::unique_ptr<output_file>& closed,
                          std::string_view name, replace existing) {
  const std::string temporary = closed->name();
  auto renamed = where.rename(temporary, name, existing);
  if (renamed.has_error() && may_mean_that_it_is_open(renamed.error().code)) {
    // gcsfuse (its issue 2570) and shares of Windows rename nothing that is open.
    closed.reset();
    renamed = where.rename(temporary, name, existing);
  }
  if (renamed.has_value()) closed.reset();
  return renamed;
}

bool changed_just_now(const file_status& status, std::int64_t now_ns) noexcept {
  constexpr std::int64_t minute = 60'000'000'000;
  // Compared by what lies around now: the difference of two times may not fit.
  return status.ctime_ns > now_ns - minute && status.ctime_ns < now_ns + minute;
}

std::int64_t time_now_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace beatsync::engine
