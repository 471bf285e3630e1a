#include "cli/output/logging.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <string>

namespace beatsync::cli {

namespace {

/// spdlog's own stderr sinks know nothing of the progress line.
class console_sink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit console_sink(console& to) : console_(to) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& msg) override {
    const std::string_view text(msg.payload.data(), msg.payload.size());
    std::string line = "beatsync: ";
    if (msg.level == spdlog::level::warn) line += "warning: ";
    if (msg.level >= spdlog::level::err) line += "error: ";
    console_.diagnostic(line += text);
  }
  void flush_() override {}

 private:
  console& console_;
};

spdlog::level::level_enum level_of(verbosity level) {
  switch (level) {
    case verbosity::quiet:
      return spdlog::level::err;
    case verbosity::normal:
      return spdlog::level::info;
    case verbosity::verbose:
      return spdlog::level::debug;
  }
  return spdlog::level::info;
}

}  // namespace

struct diagnostics::impl {
  explicit impl(console& to) : logger("beatsync", std::make_shared<console_sink>(to)) {}
  spdlog::logger logger;
};

diagnostics::diagnostics(console& to, verbosity level) : impl_(std::make_unique<impl>(to)) {
  impl_->logger.set_level(level_of(level));
}

diagnostics::~diagnostics() = default;

bool diagnostics::shows_requests() const noexcept {
  return impl_->logger.should_log(spdlog::level::debug);
}

// Texts are arguments, never formats.
void diagnostics::request(std::string_view text) { impl_->logger.debug("{}", text); }
void diagnostics::note(std::string_view text) { impl_->logger.info("{}", text); }
void diagnostics::warning(std::string_view text) { impl_->logger.warn("{}", text); }
void diagnostics::error(std::string_view text) { impl_->logger.error("{}", text); }

}  // namespace beatsync::cli
