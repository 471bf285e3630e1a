#include "tests/s3_server/request_log.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>
#include <utility>

namespace beatsync::s3_server {
namespace {

std::optional<std::string> find(const std::vector<std::pair<std::string, std::string>>& pairs,
                                std::string_view name) {
  for (const auto& [key, value] : pairs) {
    if (key == name) return value;
  }
  return std::nullopt;
}

template <class Map>
std::string map_to_json(const Map& map) {
  std::string json = "{";
  for (const auto& [key, value] : map) {
    if (json.size() > 1) json += ", ";
    if constexpr (std::is_same_v<std::decay_t<decltype(key)>, int>) {
      json += '"' + std::to_string(key) + "\": ";
    } else {
      json += '"' + key + "\": ";
    }
    if constexpr (std::is_integral_v<std::decay_t<decltype(value)>>) {
      json += std::to_string(value);
    } else {
      json += std::to_string(value.count());
    }
  }
  return json + '}';
}

}  // namespace

std::optional<std::string> request_record::header(std::string_view name) const {
  return find(headers, name);
}

std::optional<std::string> request_record::parameter(std::string_view name) const {
  return find(query, name);
}

std::uint64_t counters::operator[](const std::string& operation) const {
  const auto found = requests.find(operation);
  return found == requests.end() ? 0 : found->second;
}

std::size_t request_log::begin(request_record record) {
  const std::lock_guard lock(mutex_);
  ++sums_.total;
  ++sums_.requests[record.operation];
  ++sums_.statuses[record.status];
  sums_.bytes_in += record.bytes_in;
  // Requests come here in the order of their answers, so the first is not always the first here.
  auto& first = first_.try_emplace(record.operation, record.arrived).first->second;
  first = std::min(first, record.arrived);
  if (records_.size() >= limit_) return std::numeric_limits<std::size_t>::max();
  records_.push_back(std::move(record));
  return cleared_ + records_.size() - 1;
}

void request_log::finish(std::size_t place, std::uint64_t bytes_out) {
  const std::lock_guard lock(mutex_);
  sums_.bytes_out += bytes_out;
  if (place < cleared_ || place - cleared_ >= records_.size()) return;
  records_[place - cleared_].bytes_out = bytes_out;
  records_[place - cleared_].finished = true;
}

void request_log::count_connection() noexcept {
  const std::lock_guard lock(mutex_);
  ++sums_.connections;
}

void request_log::count_handshake(bool ok, bool resumed) noexcept {
  const std::lock_guard lock(mutex_);
  ++(ok ? sums_.handshakes : sums_.failed_handshakes);
  if (ok && resumed) ++sums_.resumptions;
}

std::vector<request_record> request_log::records() const {
  const std::lock_guard lock(mutex_);
  return records_;
}

counters request_log::sums() const {
  const std::lock_guard lock(mutex_);
  auto sums = sums_;
  auto start = std::chrono::steady_clock::time_point::max();
  for (const auto& [operation, time] : first_) start = std::min(start, time);
  for (const auto& [operation, time] : first_) {
    sums.first[operation] = std::chrono::duration_cast<std::chrono::milliseconds>(time - start);
  }
  return sums;
}

void request_log::clear() {
  const std::lock_guard lock(mutex_);
  cleared_ += records_.size();
  records_.clear();
  sums_ = counters();
  first_.clear();
}

std::string to_json(const counters& sums) {
  std::string json = "{\"requests\": " + map_to_json(sums.requests);
  json += ", \"statuses\": " + map_to_json(sums.statuses);
  json += ", \"first_ms\": " + map_to_json(sums.first);
  const std::pair<const char*, std::uint64_t> numbers[] = {
      {"total", sums.total},
      {"connections", sums.connections},
      {"handshakes", sums.handshakes},
      {"resumptions", sums.resumptions},
      {"bytes_in", sums.bytes_in},
      {"bytes_out", sums.bytes_out},
      {"failed_handshakes", sums.failed_handshakes}};
  for (const auto& [name, value] : numbers) {
    json += std::string(", \"") + name + "\": " + std::to_string(value);
  }
  return json + "}\n";
}

}  // namespace beatsync::s3_server
