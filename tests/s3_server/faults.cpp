#include "tests/s3_server/faults.hpp"

namespace beatsync::s3_server {
namespace {

bool matches(const fault_rule& rule, const request_record& request) {
  return (rule.operation.empty() || rule.operation == request.operation) &&
         (rule.method.empty() || rule.method == request.method) &&
         (rule.key.empty() || rule.key == request.key) &&
         request.target.find(rule.target_contains) != std::string::npos &&
         (!rule.when || rule.when(request));
}

}  // namespace

std::size_t fault_list::add(fault_rule rule) {
  const std::lock_guard lock(mutex_);
  entry added;
  added.random.seed(rule.seed);
  added.rule = std::move(rule);
  entries_.push_back(std::move(added));
  return first_ + entries_.size() - 1;
}

void fault_list::clear() {
  const std::lock_guard lock(mutex_);
  first_ += entries_.size();
  entries_.clear();
}

std::uint64_t fault_list::hits(std::size_t id) const {
  const std::lock_guard lock(mutex_);
  return id < first_ || id - first_ >= entries_.size() ? 0 : entries_[id - first_].hits;
}

std::optional<fault_action> fault_list::match(const request_record& request) {
  const std::lock_guard lock(mutex_);
  for (auto& one : entries_) {
    const auto& rule = one.rule;
    if (rule.times != 0 && one.hits >= rule.times) continue;
    if (!matches(rule, request)) continue;
    if (one.seen++ < rule.skip) continue;
    const double draw = std::uniform_real_distribution<double>(0, 1)(one.random);
    if (rule.probability < 1 && draw >= rule.probability) continue;
    ++one.hits;
    return rule.action;
  }
  return std::nullopt;
}

}  // namespace beatsync::s3_server
