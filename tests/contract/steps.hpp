#pragma once

/// Steps that most cases of the contract suite take. Awaited directly; failures end the case.

#include "s3/object_store.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <source_location>
#include <string>
#include <utility>
#include <vector>

namespace beatsync::tests {

/// The value, or the end of the case with what the store said.
template <class T>
T ok(s3::result<T> answer, std::source_location at = std::source_location::current()) {
  BOOST_REQUIRE_MESSAGE(answer.has_value(),
                        "line " << at.line() << ": " << s3::describe(answer.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*answer);
}

/// The code of an error that is expected; a success ends the case.
template <class T>
s3::errc failed(const s3::result<T>& answer,
                std::source_location at = std::source_location::current()) {
  BOOST_REQUIRE_MESSAGE(answer.has_error(), "line " << at.line() << ": expected an error");
  return answer.error().code;
}

boost::asio::awaitable<s3::put_answer> put_text(s3::object_store& store, std::string key,
                                                std::string text);

boost::asio::awaitable<std::string> get_text(s3::object_store& store, std::string key);

/// The keys of all pages, in the order they came.
boost::asio::awaitable<std::vector<std::string>> list_keys(s3::object_store& store,
                                                           s3::list_request request);

}  // namespace beatsync::tests

namespace beatsync::s3 {
inline std::ostream& operator<<(std::ostream& out, errc code) { return out << name_of(code); }
}  // namespace beatsync::s3
