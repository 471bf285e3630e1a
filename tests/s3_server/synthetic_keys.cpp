#include "tests/s3_server/synthetic_keys.hpp"

#include <charconv>
#include <stdexcept>
#include <utility>

namespace beatsync::s3_server {

namespace {

constexpr std::size_t folder_digits = 6;
constexpr std::size_t track_digits = 8;
constexpr std::uint64_t most_folders = 1'000'000;
constexpr std::uint64_t most_keys = 100'000'000;
constexpr std::string_view suffix = ".mp3";

void append_number(std::string& to, std::uint64_t number, std::size_t digits) {
  const auto at = to.size();
  to.append(digits, '0');
  for (auto i = at + digits; number != 0; number /= 10) {
    to[--i] = static_cast<char>('0' + number % 10);
  }
}

}  // namespace

synthetic_keys::synthetic_keys(std::string prefix, std::uint64_t count, std::uint64_t per_folder)
    : prefix_(std::move(prefix)), count_(count), per_folder_(per_folder) {
  if (count > most_keys || (per_folder != 0 && count > most_folders * per_folder)) {
    throw std::invalid_argument("at most 10^8 synthetic keys in 10^6 folders");
  }
}

std::string synthetic_keys::key_of(std::uint64_t number) const {
  std::string key = prefix_;
  if (per_folder_ != 0) {
    key += 'd';
    append_number(key, number / per_folder_, folder_digits);
    key += '/';
  }
  key += "track ";
  append_number(key, number, track_digits);
  key += suffix;
  return key;
}

std::optional<std::uint64_t> synthetic_keys::number_of(std::string_view key) const {
  constexpr auto tail = track_digits + suffix.size();
  if (key.size() < tail) return std::nullopt;
  const auto digits = key.substr(key.size() - tail, track_digits);
  std::uint64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  if (number >= count_ || key_of(number) != key) return std::nullopt;
  return number;
}

std::optional<std::string> synthetic_keys::next(std::string_view from, bool inclusive) const {
  std::uint64_t first = 0;
  if (const auto number = number_of(from)) {  // a listing goes from key to key
    first = inclusive ? *number : *number + 1;
  } else {
    for (std::uint64_t end = count_; first < end;) {
      const auto middle = first + (end - first) / 2;
      if (key_of(middle) < from) {
        first = middle + 1;
      } else {
        end = middle;
      }
    }
  }
  if (first >= count_) return std::nullopt;
  return key_of(first);
}

}  // namespace beatsync::s3_server
