#include "engine/plan/plan_folder.hpp"

#include "engine/run/operation_end.hpp"

#include <cerrno>
#include <utility>

namespace beatsync::engine {

namespace {

class in_folder final : public plan_folder {
 public:
  in_folder(file_system& files, std::string path) : files_(files), path_(std::move(path)) {}

  const std::string& text() const noexcept override { return path_; }

  plan_folder_result<std::string> workplace() override {
    const auto made = files_.make_folders(path_);
    if (made.has_error()) return stop_because(describe(made.error()));
    return {boost::system::in_place_value, path_};
  }

  plan_folder_result<void> keep() override { return {}; }

  plan_folder_result<std::vector<std::string>> names() override {
    std::vector<std::string> names;
    const auto where = files_.open_root(path_);
    if (where.has_error()) {
      if (where.error().code == ENOENT) return names;
      return stop_because(describe(where.error()));
    }
    folder_listing all;
    const auto listed = (*where)->list(all);
    if (listed.has_error()) return stop_because(describe(listed.error()));
    for (const auto& name : all.names) names.emplace_back(all.text_of(name));
    return names;
  }

  plan_folder_result<std::vector<std::optional<std::string>>> read(
      const std::vector<std::string>& names, std::size_t limit) override {
    std::vector<std::optional<std::string>> texts;
    for (const std::string& name : names) {
      auto text = files_.read_file(path_ + "/" + name, limit);
      const int code = text.has_value() ? 0 : text.error().code;
      if (code == 0) {
        texts.emplace_back(std::move(*text));
      } else if (code == ENOENT || code == ENOTDIR || code == EFBIG ||
                 code == EINVAL) {  // EINVAL: no regular file
        texts.emplace_back();
      } else {
        return stop_because(describe(text.error()));
      }
    }
    return texts;
  }

  plan_folder_result<void> write(const std::string& name, const std::string& text) override {
    const auto written = files_.replace_file(path_ + "/" + name, text, readers::by_umask);
    if (written.has_error()) return stop_because(describe(written.error()));
    return {};
  }

  plan_folder_result<std::string> fetch(const std::string& name) override {
    return {boost::system::in_place_value, path_ + "/" + name};
  }

 private:
  file_system& files_;
  const std::string path_;
};

}  // namespace

std::unique_ptr<plan_folder> plan_in_folder(file_system& files, std::string path) {
  return std::make_unique<in_folder>(files, std::move(path));
}

}  // namespace beatsync::engine
