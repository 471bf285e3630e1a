#include "cli/output/unforeseen.hpp"

#include <boost/system/system_error.hpp>

#include <cerrno>
#include <new>
#include <system_error>

namespace beatsync::cli {

namespace {

/// errno, or 0 where the exception carries none. Asio throws Boost's kind, std::thread the other.
int errno_of(const std::exception& e) noexcept {
  if (dynamic_cast<const std::bad_alloc*>(&e) != nullptr) return ENOMEM;
  if (const auto* standard = dynamic_cast<const std::system_error*>(&e)) {
    return standard->code().value();
  }
  if (const auto* of_boost = dynamic_cast<const boost::system::system_error*>(&e)) {
    return of_boost->code().value();
  }
  return 0;
}

}  // namespace

std::string describe_unforeseen(const std::exception& e) {
  switch (errno_of(e)) {
    case ENOMEM:
      return "not enough memory; close other programs or raise the limit (ulimit -v)";
    case EAGAIN:  // pthread_create(3), also where there is no memory for its stack
      return "not enough threads; close other programs or raise the limit (ulimit -u, or -v)";
    case EMFILE:
    case ENFILE:
      return "not enough handles; close other programs or raise the limit (ulimit -n)";
    default:
      return std::string("stopped by an unexpected error: ") + e.what();
  }
}

}  // namespace beatsync::cli
