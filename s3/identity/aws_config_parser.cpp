#include "s3/identity/aws_config_parser.hpp"

#include "s3/printable.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::s3 {
namespace {

constexpr std::string_view blanks = " \t\r\v\f";

std::string_view trim(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

error bad_line(const std::string& file, int line, const std::string& what) {
  return make_error(errc::bad_configuration, file + ", line " + std::to_string(line) + ": " + what);
}

/// Reads line by line; what a line means depends on the setting above it and how deep that one
/// stands.
class ini_reader {
 public:
  explicit ini_reader(const std::string& file) : file_(file) {}

  result<void> take(std::string_view line) {
    ++line_;
    const std::string_view content = trim(line);
    if (content.empty() || content.front() == '#' || content.front() == ';') return {};
    const auto depth = line.find_first_not_of(blanks);
    if (setting_ != nullptr && depth > depth_) return continue_setting(content);
    depth_ = depth;
    if (content.front() == '[') return begin_section(content);
    return begin_setting(content);
  }

  std::vector<ini_section> sections;

 private:
  result<void> begin_section(std::string_view content) {
    const auto end = content.find(']');  // a comment behind it may have others
    if (end == std::string_view::npos)
      return bad_line(file_, line_, "`" + printable(content) + "` has no closing `]`");
    sections.emplace_back();
    sections.back().header = std::string(trim(content.substr(1, end - 1)));
    setting_ = nullptr;
    return {};
  }

  result<void> begin_setting(std::string_view content) {
    if (sections.empty())
      return bad_line(file_, line_,
                      "a setting before the first `[section]`; write `[default]` above it");
    const auto delimiter = content.find_first_of("=:");
    const std::string_view name = trim(content.substr(0, delimiter));
    if (delimiter == std::string_view::npos || name.empty())
      return bad_line(file_, line_, "`key = value` or `[section]` expected");
    setting_ = &sections.back().content.settings[lower_case(name)];
    *setting_ = aws_setting();
    setting_->value = std::string(trim(content.substr(delimiter + 1)));
    setting_->file = file_;
    setting_->line = line_;
    has_nested_ = setting_->value.empty();
    return {};
  }

  result<void> continue_setting(std::string_view content) {
    if (!has_nested_) {
      setting_->value += '\n';
      setting_->value += content;
      return {};
    }
    const auto delimiter = content.find('=');
    if (delimiter == std::string_view::npos || trim(content.substr(0, delimiter)).empty())
      return bad_line(file_, line_, "nested `key = value` expected");
    setting_->nested[std::string(trim(content.substr(0, delimiter)))] =
        std::string(trim(content.substr(delimiter + 1)));
    return {};
  }

  const std::string& file_;
  int line_ = 0;
  std::size_t depth_ = 0;
  aws_setting* setting_ = nullptr;
  bool has_nested_ = false;
};

}  // namespace

result<std::vector<ini_section>> parse_ini(std::string_view text, const std::string& file) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // editors on Windows
  ini_reader reader(file);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto taken = reader.take(text.substr(0, end));
    if (!taken) return taken.error();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::move(reader.sections);
}

std::vector<std::string> header_words(std::string_view header) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = '\0';
  for (std::size_t i = 0; i < header.size(); ++i) {
    const char c = header[i];
    if (quote == '\0' && blanks.find(c) != std::string_view::npos) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c == quote)
      quote = '\0';
    else if (quote == '\0' && (c == '"' || c == '\''))
      quote = c;
    else if (c == '\\' && quote != '\'' && i + 1 < header.size())
      words.back() += header[++i];
    else
      words.back() += c;
  }
  if (quote != '\0') words.clear();
  return words;
}

}  // namespace beatsync::s3
