#include "cli/commands/plan_spot.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <stdlib.h>

namespace beatsync::cli {

scratch_folder::scratch_folder() {
  const char* parent = ::getenv("TMPDIR");
  std::string name = parent != nullptr && *parent == '/' ? parent : "/tmp";
  name += "/beatsync-plan-XXXXXX";
  if (::mkdtemp(name.data()) != nullptr) path_ = name;
}

scratch_folder::~scratch_folder() { remove(); }

void scratch_folder::remove() const noexcept {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

engine::plan_folder_result<std::unique_ptr<plan_spot>> plan_spot::open(
    const settings& with, const plan_context& context) {
  auto spot = std::make_unique<plan_spot>();
  if (!with.plan_bucket) {
    spot->folder_ = engine::plan_in_folder(*context.files, with.plan_folder);
    return spot;
  }
  spot->scratch_ = std::make_unique<scratch_folder>();
  spot->removal_ = std::make_unique<stop_guard>(
      context.before_end, [scratch = spot->scratch_.get()] { scratch->remove(); });
  if (spot->scratch_->path().empty()) {
    return engine::stop_because("a scratch folder cannot be made below TMPDIR or /tmp: " +
                                std::generic_category().message(errno));
  }
  auto store = context.open(with.plan_bucket->bucket, "");
  if (store.has_error()) return engine::stop_because(store.error());
  spot->store_ = std::move(*store);
  spot->folder_ = engine::plan_in_store(spot->store_->runtime(), with.plan_bucket->prefix,
                                        with.plan_bucket->text(), spot->scratch_->path());
  return spot;
}

std::unique_ptr<plan_spot> plan_spot::beside(const std::string& manifest,
                                             const plan_context& context) {
  auto spot = std::make_unique<plan_spot>();
  const std::size_t slash = manifest.rfind('/');
  spot->folder_ =
      engine::plan_in_folder(*context.files, slash == 0 ? "/" : manifest.substr(0, slash));
  return spot;
}

plan_spot::~plan_spot() {
  // While a signal would still do it.
  if (scratch_) scratch_->remove();
}

void plan_spot::stop() noexcept {
  if (store_) store_->runtime().stop();
}

}  // namespace beatsync::cli
