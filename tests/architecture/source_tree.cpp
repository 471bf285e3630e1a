#include "tests/architecture/source_tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace beatsync::tests {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Comments become blanks; string and character literals are left as they are.
std::string without_comments(std::string text) {
  enum class in { code, line, block, string, character, raw } now = in::code;
  std::string raw_end;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::string_view rest = std::string_view(text).substr(i);
    switch (now) {
      case in::code:
        if (rest.starts_with("//"))
          now = in::line;
        else if (rest.starts_with("/*"))
          now = in::block;
        else if (rest.starts_with("R\"")) {
          raw_end = ")" + std::string(rest.substr(2, rest.find('(') - 2)) + "\"";
          now = in::raw;
        } else if (c == '"')
          now = in::string;
        else if (c == '\'' && (i == 0 || !std::isalnum(static_cast<unsigned char>(text[i - 1]))))
          now = in::character;
        break;
      case in::line:
        if (c == '\n') now = in::code;
        break;
      case in::block:
        if (rest.starts_with("*/")) {
          now = in::code;
          text[i] = text[i + 1] = ' ';
        }
        break;
      case in::string:
        if (c == '\\')
          ++i;
        else if (c == '"')
          now = in::code;
        continue;
      case in::character:
        if (c == '\\')
          ++i;
        else if (c == '\'')
          now = in::code;
        continue;
      case in::raw:
        if (rest.starts_with(raw_end)) {
          i += raw_end.size() - 1;
          now = in::code;
        }
        continue;
    }
    if ((now == in::line || now == in::block) && c != '\n') text[i] = ' ';
  }
  return text;
}

include_line parse_include(const std::string& line, int number) {
  const std::size_t hash = line.find_first_not_of(" \t");
  if (hash == std::string::npos || line.compare(hash, 8, "#include") != 0) return {};
  const std::size_t open = line.find_first_of("\"<", hash);
  if (open == std::string::npos) return {};
  const char closing = line[open] == '"' ? '"' : '>';
  const std::size_t close = line.find(closing, open + 1);
  if (close == std::string::npos) return {};
  return {number, line.substr(open + 1, close - open - 1), closing == '"'};
}

source_file parse(const fs::path& root, const fs::path& path) {
  source_file file;
  file.path = fs::relative(path, root).generic_string();
  file.folder = file.path.substr(0, file.path.rfind('/'));
  file.is_header = path.extension() == ".hpp";
  const std::string raw = read(path);
  const std::string text = without_comments(raw);
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    file.lines.push_back(text.substr(from, end - from));
    file.raw_lines.push_back(raw.substr(from, end - from));
    from = end + 1;
    const int number = static_cast<int>(file.lines.size());
    auto found = parse_include(file.lines.back(), number);
    if (!found.target.empty()) file.includes.push_back(std::move(found));
  }
  return file;
}

}  // namespace

std::vector<source_file> read_sources(const std::vector<std::string>& top_folders) {
  const fs::path root = BEATSYNC_SOURCE_DIR;
  std::vector<source_file> files;
  for (const auto& top : top_folders) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const auto extension = entry.path().extension();
      if (extension == ".hpp" || extension == ".cpp") files.push_back(parse(root, entry.path()));
    }
  }
  std::ranges::sort(files, {}, &source_file::path);
  return files;
}

std::string place(const source_file& file, int line) {
  return file.path + ":" + std::to_string(line);
}

bool starts_with_any(std::string_view text, const std::vector<std::string_view>& prefixes) {
  return std::ranges::any_of(prefixes, [&](auto prefix) { return text.starts_with(prefix); });
}

}  // namespace beatsync::tests
