#include "s3/http_date.hpp"

#include <array>
#include <cstdio>

namespace beatsync::s3 {
namespace {

using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/// Takes pieces off the front of a text; once something does not fit, it has failed for good.
class reader {
 public:
  explicit reader(std::string_view text) noexcept : rest_(text) {}

  int number(std::size_t digits) noexcept {
    if (rest_.size() < digits) return fail();
    int value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }

  void literal(std::string_view text) noexcept {
    if (rest_.starts_with(text))
      rest_.remove_prefix(text.size());
    else
      fail();
  }

  bool optional(std::string_view text) noexcept {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  int month() noexcept {
    for (std::size_t i = 0; i < months.size(); ++i)
      if (optional(months[i])) return static_cast<int>(i) + 1;
    return fail();
  }

  char peek() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }
  bool failed() const noexcept { return failed_; }
  bool at_end() const noexcept { return !failed_ && rest_.empty(); }

 private:
  int fail() noexcept {
    failed_ = true;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
};

struct civil {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

std::optional<sys_seconds> seconds_of(const civil& t) noexcept {
  const std::chrono::year_month_day date{std::chrono::year(t.year),
                                         std::chrono::month(static_cast<unsigned>(t.month)),
                                         std::chrono::day(static_cast<unsigned>(t.day))};
  // Second 60 is a leap second (RFC 3339, 5.7); it counts as the next one.
  if (!date.ok() || t.hour > 23 || t.minute > 59 || t.second > 60) return std::nullopt;
  return sys_days(date) + std::chrono::hours(t.hour) + std::chrono::minutes(t.minute) +
         std::chrono::seconds(t.second);
}

void read_clock(reader& in, civil& t) noexcept {
  t.hour = in.number(2);
  in.literal(":");
  t.minute = in.number(2);
  in.literal(":");
  t.second = in.number(2);
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`
std::optional<sys_seconds> parse_fixdate(std::string_view text) noexcept {
  reader in(text.substr(5));
  civil t;
  t.day = in.number(2);
  in.literal(" ");
  t.month = in.month();
  in.literal(" ");
  t.year = in.number(4);
  in.literal(" ");
  read_clock(in, t);
  in.literal(" GMT");
  if (!in.at_end()) return std::nullopt;
  return seconds_of(t);
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`; years below 70 are of this century.
std::optional<sys_seconds> parse_rfc850(std::string_view text) noexcept {
  const auto comma = text.find(", ");
  if (comma == std::string_view::npos) return std::nullopt;
  reader in(text.substr(comma + 2));
  civil t;
  t.day = in.number(2);
  in.literal("-");
  t.month = in.month();
  in.literal("-");
  t.year = in.number(2);
  t.year += t.year < 70 ? 2000 : 1900;
  in.literal(" ");
  read_clock(in, t);
  in.literal(" GMT");
  if (!in.at_end()) return std::nullopt;
  return seconds_of(t);
}

/// `Sun Nov  6 08:49:37 1994`
std::optional<sys_seconds> parse_asctime(std::string_view text) noexcept {
  reader in(text.substr(3));
  civil t;
  in.literal(" ");
  t.month = in.month();
  in.literal(" ");
  t.day = in.optional(" ") ? in.number(1) : in.number(2);
  in.literal(" ");
  read_clock(in, t);
  in.literal(" ");
  t.year = in.number(4);
  if (!in.at_end()) return std::nullopt;
  return seconds_of(t);
}

struct broken_down {
  civil t;
  unsigned weekday = 0;
};

broken_down break_down(sys_seconds time) noexcept {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  broken_down out;
  out.t.year = static_cast<int>(date.year());
  out.t.month = static_cast<int>(static_cast<unsigned>(date.month()));
  out.t.day = static_cast<int>(static_cast<unsigned>(date.day()));
  out.t.hour = static_cast<int>(clock.hours().count());
  out.t.minute = static_cast<int>(clock.minutes().count());
  out.t.second = static_cast<int>(clock.seconds().count());
  out.weekday = std::chrono::weekday(day).c_encoding();
  return out;
}

template <class... Values>
std::string print(const char* format, Values... values) {
  char buffer[96];
  const int size = std::snprintf(buffer, sizeof buffer, format, values...);
  return std::string(buffer, static_cast<std::size_t>(size));
}

}  // namespace

std::optional<sys_seconds> parse_http_date(std::string_view text) {
  for (const auto day : days) {
    if (!text.starts_with(day)) continue;
    if (text.size() > 4 && text.substr(3, 2) == ", ") return parse_fixdate(text);
    if (text.size() > 3 && text[3] == ' ') return parse_asctime(text);
    return parse_rfc850(text);
  }
  return std::nullopt;
}

std::string format_http_date(sys_seconds time) {
  const auto [t, weekday] = break_down(time);
  return print("%s, %02d %s %04d %02d:%02d:%02d GMT", days[weekday].data(), t.day,
               months[static_cast<std::size_t>(t.month) - 1].data(), t.year, t.hour, t.minute,
               t.second);
}

std::optional<time_point> parse_iso8601(std::string_view text) {
  reader in(text);
  civil t;
  t.year = in.number(4);
  in.literal("-");
  t.month = in.number(2);
  in.literal("-");
  t.day = in.number(2);
  if (!in.optional(" ")) in.literal("T");
  read_clock(in, t);
  int milliseconds = 0;
  if (in.optional(".")) {
    int digits = 0;
    for (int scale = 100; in.peek() >= '0' && in.peek() <= '9'; scale /= 10, ++digits)
      milliseconds += in.number(1) * scale;  // scale is 0 after the third digit
    if (digits == 0) return std::nullopt;
  }
  std::chrono::minutes offset{0};
  in.optional(" ");
  if (!in.optional("Z") && !in.optional("UTC")) {
    const int sign = in.peek() == '-' ? -1 : 1;
    in.literal(sign < 0 ? "-" : "+");
    const int hours = in.number(2);
    const bool only_hours = !in.optional(":") && in.at_end();
    const int minutes = only_hours ? 0 : in.number(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    offset = std::chrono::minutes(sign * (hours * 60 + minutes));
  }
  if (!in.at_end()) return std::nullopt;
  const auto seconds = seconds_of(t);
  if (!seconds) return std::nullopt;
  return time_point(*seconds - offset) + std::chrono::milliseconds(milliseconds);
}

std::string format_amz_date(sys_seconds time) {
  const auto t = break_down(time).t;
  return print("%04d%02d%02dT%02d%02d%02dZ", t.year, t.month, t.day, t.hour, t.minute, t.second);
}

std::optional<sys_seconds> parse_amz_date(std::string_view text) {
  reader in(text);
  civil t;
  t.year = in.number(4);
  t.month = in.number(2);
  t.day = in.number(2);
  in.literal("T");
  t.hour = in.number(2);
  t.minute = in.number(2);
  t.second = in.number(2);
  in.literal("Z");
  if (!in.at_end()) return std::nullopt;
  return seconds_of(t);
}

std::string format_iso8601(time_point time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const auto t = break_down(whole).t;
  return print("%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", t.year, t.month, t.day, t.hour, t.minute,
               t.second, static_cast<int>((time - whole).count()));
}

}  // namespace beatsync::s3
