#pragma once

/// What the user has to correct before anything can run (exit code 2), as a value. The message is
/// one sentence or two in the user's words: what is wrong, where, and what to do now. Names in it
/// are already safe for a terminal.

#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>

namespace beatsync::cli {

struct usage_error {
  std::string message;
};

template <class T>
using result = boost::system::result<T, usage_error>;

/// Called by result<T>::value() on an error.
[[noreturn]] inline void throw_exception_from_error(const usage_error& e,
                                                    const boost::source_location&) {
  throw std::runtime_error(e.message);
}

}  // namespace beatsync::cli
