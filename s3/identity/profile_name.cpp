#include "s3/identity/profile_name.hpp"

namespace beatsync::s3 {

std::string profile_from_environment(const environment& env) {
  std::string name = env.text("AWS_DEFAULT_PROFILE");
  return name.empty() ? env.text("AWS_PROFILE") : name;
}

}  // namespace beatsync::s3
