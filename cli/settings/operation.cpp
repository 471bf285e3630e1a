#include "cli/settings/operation.hpp"

#include <algorithm>
#include <string>

namespace beatsync::cli {

std::string_view name_of(operation what) noexcept {
  switch (what) {
    case operation::upload_music:
      return "upload_music";
    case operation::download_music:
      return "download_music";
    case operation::upload_xml:
      return "upload_xml";
    case operation::download_xml:
      return "download_xml";
    case operation::sync:
      return "sync";
    case operation::rewrite_xml:
      return "rewrite_xml";
    case operation::plan:
      return "plan";
    case operation::apply:
      return "apply";
    case operation::status:
      return "status";
  }
  return "unknown";
}

std::optional<operation> operation_from(std::string_view text) noexcept {
  const auto same = [](char a, char b) { return a == b || (a == '_' && b == '-'); };
  for (std::size_t i = 0; i < dj_operations.size(); ++i) {
    const std::string_view name = dj_operations[i];
    if (std::equal(name.begin(), name.end(), text.begin(), text.end(), same)) {
      return static_cast<operation>(i);
    }
  }
  return std::nullopt;
}

}  // namespace beatsync::cli
