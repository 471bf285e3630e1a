#pragma once

/// The keys of config.json: ours with their kinds, and those of the upstream tool that may stand
/// beside them. Pure.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace beatsync::cli {

enum class value_kind : std::uint8_t {
  text,
  path,        ///< a text in which control characters can only be a mistyped backslash
  texts,       ///< list of texts
  operations,  ///< list of names of operations
  truth,       ///< true or false
};

struct config_key {
  std::string_view name;
  value_kind kind;
};

/// contract.md §2, in the order of its table.
std::span<const config_key> config_keys() noexcept;

/// Nothing (nullptr) for a name that is not ours.
const config_key* find_key(std::string_view name) noexcept;

/// A key of any version of the upstream tool (DJ-Tools) that we have no use for.
bool is_upstream_key(std::string_view name) noexcept;

/// What an unknown key probably was meant to be (`usb_path`, `BUCKET`, `XML_PAHT`); empty: no idea.
std::string_view likely_key(std::string_view name);

/// `--usb-path` for `USB_PATH`.
std::string flag_of(std::string_view key);

}  // namespace beatsync::cli
