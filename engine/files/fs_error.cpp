#include "engine/files/file_system.hpp"
#include "s3/printable.hpp"

#include <boost/assert/source_location.hpp>

#include <stdexcept>
#include <system_error>

namespace beatsync::engine {

std::string describe(const fs_error& e) {
  return "cannot " + e.operation + " " + s3::printable(e.path) + ": " +
         std::generic_category().message(e.code);
}

void throw_exception_from_error(const fs_error& e, const boost::source_location&) {
  throw std::runtime_error(describe(e));
}

}  // namespace beatsync::engine
