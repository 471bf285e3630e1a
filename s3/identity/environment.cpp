#include "s3/identity/environment.hpp"

#include <cstdlib>
#include <vector>

#include <pwd.h>
#include <unistd.h>

namespace beatsync::s3 {
namespace {

std::string home_of_user() {
  std::vector<char> buffer(16 * 1024);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return std::string();
  return found->pw_dir != nullptr ? std::string(found->pw_dir) : std::string();
}

}  // namespace

std::string environment::text(const char* name) const {
  if (!variable) return std::string();
  return variable(name).value_or(std::string());
}

std::string environment::expand_home(const std::string& path) const {
  if (home.empty() || (path != "~" && !path.starts_with("~/"))) return path;
  return home + path.substr(1);
}

environment process_environment() {
  environment env;
  env.variable = [](const char* name) -> std::optional<std::string> {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return std::string(value);
  };
  env.home = env.text("HOME");
  if (env.home.empty()) env.home = home_of_user();
  while (env.home.size() > 1 && env.home.ends_with('/')) env.home.pop_back();
  return env;
}

}  // namespace beatsync::s3
