#include "tests/s3_server/service.hpp"

#include <utility>

namespace beatsync::s3_server {

service::service(const server_options& given)
    : options(given),
      objects(given.folder.empty() ? memory_storage() : folder_storage(given.folder)),
      log(given.log_limit),
      quirks_(given.differences),
      conditions_(given.conditions),
      credentials_(given.credentials),
      random_(given.conditions.seed) {}

time_stamp service::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) +
         offset_.load();
}

quirks service::differences() const {
  const std::lock_guard lock(mutex_);
  return quirks_;
}

void service::set_quirks(const quirks& differences) {
  const std::lock_guard lock(mutex_);
  quirks_ = differences;
}

network_conditions service::conditions() const {
  const std::lock_guard lock(mutex_);
  return conditions_;
}

void service::set_conditions(const network_conditions& conditions) {
  const std::lock_guard lock(mutex_);
  conditions_ = conditions;
  random_.seed(conditions.seed);
}

std::map<std::string, secret> service::credentials() const {
  const std::lock_guard lock(mutex_);
  return credentials_;
}

void service::set_credentials(std::map<std::string, secret> credentials) {
  const std::lock_guard lock(mutex_);
  credentials_ = std::move(credentials);
}

bool service::chance(double probability) {
  if (probability <= 0) return false;
  const std::lock_guard lock(mutex_);
  return std::uniform_real_distribution<double>(0, 1)(random_) < probability;
}

}  // namespace beatsync::s3_server
