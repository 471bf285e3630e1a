#pragma once

/// An environment for tests: variables from a map, a home of one's own.

#include "s3/identity/environment.hpp"

#include <map>
#include <string>

namespace beatsync::tests {

struct fake_environment {
  std::map<std::string, std::string> variables;
  std::string home = "/home/dj";

  s3::environment get() const {
    s3::environment env;
    env.home = home;
    env.variable = [values = variables](const char* name) -> std::optional<std::string> {
      const auto found = values.find(name);
      if (found == values.end() || found->second.empty()) return std::nullopt;
      return found->second;
    };
    return env;
  }
};

}  // namespace beatsync::tests
