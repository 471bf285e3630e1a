#include "cli/settings/config_file.hpp"

#include "cli/settings/config_keys.hpp"
#include "cli/settings/json_fault.hpp"
#include "cli/settings/nearest.hpp"
#include "s3/printable.hpp"

#include <simdjson.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

namespace beatsync::cli {

namespace {

// Upstream's largest has 2 KB. A file that was named by mistake (an XML, a track) is told apart
// from a config before it is read into memory.
constexpr std::size_t largest_config = 1024 * 1024;

namespace json = simdjson::ondemand;

/// Reads the fields of one config; every function returns what is wrong, "" for nothing.
class reader {
 public:
  reader(const simdjson::padded_string& text, const std::string& name) : text_(text), name_(name) {}

  std::string read(json::object object) {
    for (auto field : object) {
      const char* raw = json::raw_json_string(field.key()).raw();
      line_ = line_of(std::string_view(text_.data(), text_.size()),
                      static_cast<std::size_t>(raw - text_.data()));
      key_ = std::string(std::string_view(field.unescaped_key()));
      const config_key* known = find_key(key_);
      if (known == nullptr) {
        unknown();
        continue;
      }
      if (const auto [first, is_new] = lines_.emplace(known->name, line_); !is_new) {
        warn("stands here for the second time (first in line " + std::to_string(first->second) +
             "); the last one counts");
      }
      json::value value = field.value();
      if (std::string wrong = take(*known, value); !wrong.empty()) return wrong;
    }
    return {};
  }

  config_values values;
  std::vector<std::string> warnings;

 private:
  std::string here() const {
    return name_ + ":" + std::to_string(line_) + ": " + s3::printable(key_);
  }

  void warn(const std::string& what) { warnings.push_back(here() + " " + what); }

  void unknown() {
    if (is_upstream_key(key_)) return;
    const std::string_view guess = likely_key(key_);
    if (guess.empty()) return;
    warn("is no key and was ignored. Did you mean " + std::string(guess) + "?");
  }

  static std::string_view found(json::value& value) {
    switch (json::json_type(value.type())) {
      case json::json_type::object:
        return "an object";
      case json::json_type::array:
        return "a list";
      case json::json_type::string:
        return "a text";
      case json::json_type::number:
        return "a number";
      case json::json_type::boolean:
        return "true or false";
      case json::json_type::null:
        return "null";
    }
    return "something else";
  }

  std::string mismatch(std::string_view expected, std::string_view what_was) const {
    return here() + ": expected " + std::string(expected) + ", found " + std::string(what_was) +
           ".";
  }

  std::string take(const config_key& key, json::value& value) {
    switch (key.kind) {
      case value_kind::text:
      case value_kind::path:
        return take_text(key, value);
      case value_kind::texts:
      case value_kind::operations:
        return take_list(key, value);
      case value_kind::truth:
        break;
    }
    if (json::json_type(value.type()) != json::json_type::boolean) {
      return mismatch("true or false, without quotes", found(value));
    }
    values.aws_use_date_modified = bool(value.get_bool());
    return {};
  }

  std::string take_text(const config_key& key, json::value& value) {
    if (json::json_type(value.type()) != json::json_type::string) {
      return mismatch("a text in double quotes", found(value));
    }
    const std::string_view token = value.raw_json_token();
    const std::string text(std::string_view(value.get_string()));
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (key.kind == value_kind::path && std::ranges::any_of(text, is_control)) {
      // `"E:\new"` is JSON, but the name then has a line break in it.
      const std::string_view raw = token.substr(1, token.find('"', 1) - 1);
      return here() + ": in \"" + s3::printable(raw) +
             "\" the backslash makes a control character: write " +
             s3::printable(with_slashes(raw)) + ".";
    }
    std::optional<std::string>& into = text_of(key.name);
    into.reset();
    if (!text.empty()) into = text;
    return {};
  }

  std::string take_list(const config_key& key, json::value& value) {
    if (json::json_type(value.type()) != json::json_type::array) {
      return mismatch("a list of texts, as in [\"House\", \"Techno\"]", found(value));
    }
    text_list list;
    for (auto entry : value.get_array()) {
      json::value one = entry.value();
      if (json::json_type(one.type()) != json::json_type::string) {
        return mismatch("only texts in the list", found(one));
      }
      list.emplace_back(std::string_view(one.get_string()));
      if (key.kind == value_kind::operations && !operation_from(list.back())) {
        const std::string_view guess = nearest(list.back(), dj_operations);
        return here() + ": there is no operation `" + s3::printable(list.back()) + "`." +
               (guess.empty() ? " There are upload_music, download_music, upload_xml and "
                                "download_xml."
                              : " Did you mean " + std::string(guess) + "?");
      }
    }
    std::optional<text_list>& into = list_of(key.name);
    into.reset();
    if (!list.empty()) into = std::move(list);
    return {};
  }

  std::optional<std::string>& text_of(std::string_view key) {
    if (key == "USB_PATH") return values.usb_path;
    if (key == "XML_PATH") return values.xml_path;
    if (key == "XML_ROOT") return values.xml_root;
    if (key == "XML_IMPORT_USER") return values.xml_import_user;
    if (key == "USER") return values.user;
    if (key == "AWS_PROFILE") return values.aws_profile;
    if (key == "BUCKET_URL") return values.bucket_url;
    if (key == "ENDPOINT_URL") return values.endpoint_url;
    if (key == "REGION") return values.region;
    if (key == "LOG_DIR") return values.log_dir;
    return values.discord_url;
  }

  std::optional<text_list>& list_of(std::string_view key) {
    if (key == "SYNC_OPERATIONS") return values.sync_operations;
    if (key == "UPLOAD_INCLUDE_DIRS") return values.upload_include_dirs;
    if (key == "UPLOAD_EXCLUDE_DIRS") return values.upload_exclude_dirs;
    if (key == "DOWNLOAD_INCLUDE_DIRS") return values.download_include_dirs;
    return values.download_exclude_dirs;
  }

  const simdjson::padded_string& text_;
  const std::string& name_;
  std::string key_;
  std::size_t line_ = 0;
  std::map<std::string_view, std::size_t> lines_;
};

namespace fs = std::filesystem;

/// An error is no "not there": with another config, or none, the run would do something else.
result<fs::file_status> look_at(const std::string& path) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (fs::status_known(status)) return status;
  return usage_error{s3::printable(path) + " cannot be looked at (" + failed.message() +
                     "), and it may be your config: see to it, or name another with --config."};
}

/// At most `limit` bytes; 0 or an errno.
int read_some(const std::string& path, std::size_t limit, std::string& text) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  text.resize(limit);
  file.read(text.data(), static_cast<std::streamsize>(limit));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.is_open() && !file.bad()) return 0;
  return errno != 0 ? errno : EIO;
}

}  // namespace

result<config_file> parse_config(std::string_view text, const std::string& name) {
  if (is_utf16(text)) return usage_error{name + ": the file is UTF-16: save it as UTF-8."};
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // Windows editors begin with it

  const simdjson::padded_string padded(text);
  simdjson::dom::parser checker;
  simdjson::dom::element root;
  if (checker.parse(padded).get(root) != simdjson::SUCCESS) {
    const json_fault fault = find_json_fault(text);
    return usage_error{name + ":" + std::to_string(fault.line) + ": " + fault.message + "."};
  }
  if (!root.is_object()) {
    return usage_error{name + ":1: expected an object: { \"USB_PATH\": … }."};
  }

  reader from(padded, name);
  simdjson::ondemand::parser parser;
  try {
    // The DOM has no places; reading again on demand tells the line of each key.
    simdjson::ondemand::document document = parser.iterate(padded);
    if (std::string wrong = from.read(document.get_object()); !wrong.empty()) {
      return usage_error{std::move(wrong)};
    }
  } catch (const simdjson::simdjson_error& e) {
    return usage_error{name + ": cannot be read: " + e.what() + "."};
  }
  config_file config;
  config.values = std::move(from.values);
  config.warnings = std::move(from.warnings);
  return config;
}

std::string usual_config(const surroundings& around) {
  // "All paths set in these environment variables must be absolute … consider the path invalid and
  // ignore it." https://specifications.freedesktop.org/basedir-spec/latest/
  const std::string xdg = around.variable("XDG_CONFIG_HOME").value_or("");
  if (xdg.starts_with('/')) return xdg + "/beatsync/config.json";
  return around.home.empty() ? std::string() : around.home + "/.config/beatsync/config.json";
}

result<config_place> find_config(const std::optional<std::string>& flag,
                                 const surroundings& around) {
  const auto demanded = [&](const std::string& path, const char* by) -> result<config_place> {
    const std::string whole = around.absolute(path);
    const auto found = look_at(whole);
    if (!found) return found.error();
    if (fs::exists(*found)) return config_place{whole};
    return usage_error{std::string(by) + " names " + s3::printable(whole) +
                       ", and there is no such file."};
  };
  if (flag) return demanded(*flag, "--config");
  if (const auto named = around.variable("BEATSYNC_CONFIG")) {
    return demanded(*named, "BEATSYNC_CONFIG");
  }

  std::vector<std::string> places;
  if (std::string usual = usual_config(around); !usual.empty()) places.push_back(std::move(usual));
  places.emplace_back("config/config.json");
  places.emplace_back("config.json");
  for (const std::string& place : places) {
    const std::string whole = around.absolute(place);
    const auto found = look_at(whole);
    if (!found) return found.error();
    if (fs::exists(*found) && !fs::is_directory(*found)) return config_place{whole};
  }
  return config_place();
}

result<config_file> read_config(const std::optional<std::string>& flag,
                                const surroundings& around) {
  const auto place = find_config(flag, around);
  if (!place) return place.error();
  const std::string& path = place->path;
  if (path.empty()) return config_file();

  const std::string shown = s3::printable(path);
  // A pipe, as `--config <(…)` names one, has no size.
  std::string text;
  if (const int why = read_some(path, largest_config + 1, text); why != 0) {
    return usage_error{shown + " cannot be read: " + std::strerror(why) + "."};
  }
  if (text.size() > largest_config) {
    return usage_error{shown + " has more than " + std::to_string(largest_config / 1024) +
                       " KB: that is no config.json (they have a few)."};
  }
  std::error_code ignored;
  const fs::file_type kind = fs::status(path, ignored).type();
  if (kind == fs::file_type::character && text.empty()) {
    config_file none;
    none.told = "using no config (" + shown + ")";
    return none;
  }
  auto config = parse_config(text, shown);
  if (!config) return config;
  config->path = path;
  config->is_kept = kind == fs::file_type::regular;
  config->told = "using " + shown;
  return config;
}

}  // namespace beatsync::cli
