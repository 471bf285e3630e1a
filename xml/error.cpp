#include "xml/error.hpp"

#include <boost/throw_exception.hpp>

#include <stdexcept>

namespace beatsync::xml {

std::string error::text() const {
  if (line == 0) return message;
  return message + " (line " + std::to_string(line) + ", column " + std::to_string(column) +
         ", byte " + std::to_string(offset) + ")";
}

void throw_exception_from_error(const error& e, const boost::source_location& where) {
  boost::throw_with_location(std::runtime_error(e.text()), where);
}

}  // namespace beatsync::xml
