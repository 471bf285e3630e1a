// The shared AWS files: any bytes are sections or an error with a line. Half of the input is the
// config file, half the credentials.

#include "s3/identity/aws_config.hpp"
#include "s3/identity/aws_config_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace beatsync::s3;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto files =
      aws_config::parse(text.substr(0, size / 2), "config", text.substr(size / 2), "credentials");
  if (!files) {
    if (files.error().message.find(", line ") == std::string::npos) std::abort();
    return 0;
  }
  for (const auto& name : files->profile_names()) {
    const auto* const profile = files->profile(name);
    if (profile == nullptr || !files->require_profile(name)) std::abort();
    for (const auto& [key, setting] : profile->settings)
      if (key.empty() || setting.line < 1) std::abort();
  }
  (void)header_words(text);
  return 0;
}
