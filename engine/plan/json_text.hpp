#pragma once

/// Writes one JSON object as one line. Values are always well-formed: bytes that are not UTF-8
/// become U+FFFD in texts, and names (which must survive exactly) go out as base64 under another
/// field. Pure.

#include <cstdint>
#include <string>
#include <string_view>

namespace beatsync::engine {

/// `text` as a JSON string with its quotes.
std::string json_quoted(std::string_view text);

std::string base64(std::string_view bytes);

class json_object {
 public:
  json_object& text(std::string_view name, std::string_view value);
  /// `name`, or `<name>_base64` where the value is not UTF-8.
  json_object& bytes(std::string_view name, std::string_view value);
  json_object& number(std::string_view name, std::uint64_t value);
  json_object& signed_number(std::string_view name, std::int64_t value);
  /// With three decimals.
  json_object& seconds(std::string_view name, double value);
  /// Not named after its type, so that no literal turns into one by accident.
  json_object& truth(std::string_view name, bool value);
  /// `value` is JSON.
  json_object& raw(std::string_view name, std::string_view value);

  /// The object so far, closed.
  std::string line() const { return text_.empty() ? "{}" : text_ + "}"; }

 private:
  void field(std::string_view name);

  std::string text_;
};

}  // namespace beatsync::engine
