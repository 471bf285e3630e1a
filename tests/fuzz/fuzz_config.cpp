// Files that people edit: any bytes are a config or an error with a line, and a
// registered_users.json is either left alone or written so that it reads back the same.

#include "cli/settings/config_file.hpp"
#include "cli/settings/registered_users.hpp"
#include "engine/plan/json_text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace beatsync::cli;
using beatsync::engine::json_quoted;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = parse_config(text, "config.json");
  if (!config && !config.error().message.starts_with("config.json:")) std::abort();

  const registered_text after = with_entry(text, "ann", "/Volumes/ANN");
  if (after.text.has_value() && !after.problem.empty()) std::abort();
  if (after.text) {
    if (roots_in(*after.text, "ann").roots != std::vector<std::string>{"/Volumes/ANN"}) {
      std::abort();
    }
    if (roots_in(*after.text, "bob").roots != roots_in(text, "bob").roots) std::abort();
    if (with_entry(*after.text, "ann", "/Volumes/ANN").text) std::abort();  // it is settled
  }
  // Whatever bytes a name has, it becomes a JSON text.
  if (!with_entry("", "x", "/").text) std::abort();
  if (!parse_config("{\"USER\":" + json_quoted(text) + "}", "config.json")) std::abort();
  return 0;
}
