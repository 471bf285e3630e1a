#pragma once

/// Why a document or a root was refused, as a value.
///
/// `message` is ours and complete for people; it may quote a name from the document, so whoever
/// prints it escapes it. Positions are those of the input as it was fed; 0 where there is none
/// (roots have no lines). Plain values: any thread.

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <string>

namespace beatsync::xml {

struct error {
  std::string message;
  std::uint64_t line = 0;    ///< from 1; 0: the error has no position
  std::uint64_t column = 0;  ///< from 1, in characters
  std::uint64_t offset = 0;  ///< from 0, in bytes

  /// `message`, and the position where there is one: "… (line 3, column 7, byte 214)".
  std::string text() const;
};

template <class T>
using result = boost::system::result<T, error>;

/// What `result::value()` does without a value; found by argument-dependent lookup.
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& where);

}  // namespace beatsync::xml
