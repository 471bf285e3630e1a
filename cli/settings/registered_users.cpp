#include "cli/settings/registered_users.hpp"

#include "cli/settings/json_fault.hpp"
#include "engine/plan/json_text.hpp"
#include "s3/printable.hpp"

#include <simdjson.h>

#include <algorithm>

namespace beatsync::cli {

namespace {

using engine::json_quoted;

/// One entry per line: key and value as JSON.
using entries = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string_view without_mark(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

/// The object that the text is; `problem` where it is none.
struct parsed {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  std::string problem;
};

void parse(std::string_view text, parsed& into) {
  const std::string_view json = without_mark(text);
  simdjson::dom::element root;
  if (into.parser.parse(simdjson::padded_string(json)).get(root) != simdjson::SUCCESS) {
    const json_fault fault = find_json_fault(json);
    const bool conflict = json.find("<<<<<<<") != std::string_view::npos;
    into.problem =
        "line " + std::to_string(fault.line) + ": " +
        (conflict ? "it holds a merge conflict that has to be resolved by hand" : fault.message);
    return;
  }
  if (root.get(into.object) != simdjson::SUCCESS) {
    into.problem = "it is no JSON object of users and their roots";
  }
}

/// Is it a list with this root in it? The others are the same user's on other computers.
bool lists(simdjson::dom::element value, std::string_view root) {
  simdjson::dom::array many;
  if (value.get(many) != simdjson::SUCCESS) return false;
  return std::ranges::any_of(many, [root](simdjson::dom::element entry) {
    std::string_view one;
    return entry.get(one) == simdjson::SUCCESS && one == root;
  });
}

std::string text_of(const entries& all) {
  std::string text = "{\n";
  for (std::size_t i = 0; i < all.size(); ++i) {
    text += "  " + all[i].first + ": " + all[i].second + (i + 1 < all.size() ? ",\n" : "\n");
  }
  return text + "}\n";
}

}  // namespace

registered_text with_entry(std::string_view before, std::string_view user, std::string_view root) {
  if (root.empty()) return {};
  if (!simdjson::validate_utf8(root) || !simdjson::validate_utf8(user)) {
    return {std::nullopt, "USER or XML_ROOT is not UTF-8 and cannot stand in it"};
  }
  const std::string key = json_quoted(user);
  const std::string value = json_quoted(root);
  if (before.empty()) return {text_of({{key, value}}), {}};

  parsed old;
  parse(before, old);
  if (!old.problem.empty()) return {std::nullopt, old.problem};
  entries all;
  bool found = false;
  bool same = true;
  for (const simdjson::dom::key_value_pair field : old.object) {
    std::string its_value = simdjson::minify(field.value);
    if (field.key != user) {
      all.emplace_back(json_quoted(field.key), std::move(its_value));
      continue;
    }
    same = same && !found && (its_value == value || lists(field.value, root));
    if (!found) all.emplace_back(key, value);
    found = true;
  }
  if (found && same) return {};
  if (!found) all.emplace_back(key, value);
  return {text_of(all), {}};
}

registered_roots roots_in(std::string_view text, std::string_view user) {
  parsed file;
  parse(text, file);
  registered_roots answer;
  answer.problem = file.problem;
  if (!file.problem.empty()) return answer;
  for (const simdjson::dom::key_value_pair field : file.object) {
    if (field.key != user) continue;
    answer.roots.clear();  // of two entries the last one counts, as in Python
    std::string_view one;
    simdjson::dom::array many;
    if (field.value.get(one) == simdjson::SUCCESS) {
      if (!one.empty()) answer.roots.emplace_back(one);
    } else if (field.value.get(many) == simdjson::SUCCESS) {
      for (const simdjson::dom::element entry : many) {
        if (entry.get(one) == simdjson::SUCCESS && !one.empty()) answer.roots.emplace_back(one);
      }
    }
  }
  return answer;
}

std::string registered_users_path(const std::string& config_path) {
  if (config_path.empty()) return {};
  return config_path.substr(0, config_path.rfind('/') + 1) + "registered_users.json";
}

}  // namespace beatsync::cli
