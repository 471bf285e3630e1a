#include "cli/settings/places.hpp"

#include "cli/settings/plan_settings.hpp"
#include "s3/printable.hpp"

#include <algorithm>
#include <filesystem>

namespace beatsync::cli {

namespace {

namespace fs = std::filesystem;

std::string shown(const std::string& path) { return s3::printable(path); }

/// Why a folder that should be there is not one; nothing where it is.
std::string folder_problem(const std::string& path) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (fs::is_directory(status)) return {};
  if (fs::exists(status)) return "is no folder";
  if (failed && failed != std::errc::no_such_file_or_directory) {
    return "cannot be looked at (" + failed.message() + ")";
  }
  return "is not there";
}

std::string file_problem(const std::string& path) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (fs::is_directory(status)) return "is a folder, not a file";
  if (fs::exists(status)) return {};
  if (failed && failed != std::errc::no_such_file_or_directory) {
    return "cannot be looked at (" + failed.message() + ")";
  }
  return "is not there";
}

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// `/home/me/E:/DJ`, `/home/me/E:\DJ`: what becomes of a Windows path that was meant for Windows.
std::string drive_hint(const std::string& path) {
  for (std::size_t at = path.find(':'); at != std::string::npos; at = path.find(':', at + 1)) {
    if (at < 2 || path[at - 2] != '/' || !is_letter(path[at - 1])) continue;
    std::string rest = path.substr(at + 1);
    if (!rest.empty() && rest[0] != '/' && rest[0] != '\\') continue;
    std::ranges::replace(rest, '\\', '/');
    const char letter = path[at - 1];
    const char low = static_cast<char>(letter | 0x20);
    return std::string(" Under WSL that drive is /mnt/") + low + shown(rest) +
           ": write this as USB_PATH, and " + std::string(1, letter) + ":" +
           (rest.empty() ? "/" : shown(rest)) + " as XML_ROOT.";
  }
  return {};
}

result<void> check_usb(const settings& with) {
  if (with.usb_path.empty()) return {};
  const std::string problem = folder_problem(with.usb_path);
  if (problem.empty()) return {};
  const std::string hint = drive_hint(with.usb_path);
  return usage_error{
      "USB_PATH " + shown(with.usb_path) + " " + problem + "." +
      (hint.empty() ? " Plug the stick in, or correct " + with.usb_path_source + "." : hint)};
}

result<void> check_upload_xml(const settings& with) {
  const std::string problem = file_problem(with.xml_path);
  if (problem.empty()) return {};
  return usage_error{"XML_PATH " + shown(with.xml_path) + " " + problem +
                     ". Export your collection from rekordbox (File > Export Collection in xml "
                     "format) to that place, or correct " +
                     with.xml_path_source + "."};
}

result<void> check_download_xml(const settings& with) {
  const std::string target = with.import_target();
  const std::string folder = target.substr(0, std::max<std::size_t>(1, target.rfind('/')));
  if (const std::string problem = folder_problem(folder); !problem.empty()) {
    return usage_error{"the folder of XML_PATH, " + shown(folder) + ", " + problem +
                       ": download_xml writes " + shown(with.xml_import_user + "_rekordbox.xml") +
                       " there. Make it, or correct " + with.xml_path_source + "."};
  }
  std::error_code ignored;
  if (target == with.xml_path || fs::equivalent(target, with.xml_path, ignored)) {
    return usage_error{"download_xml would write " + shown(target) +
                       ", and that is XML_PATH, your own XML. Give your own another name."};
  }
  return {};
}

result<void> check_rewrite(const settings& with) {
  if (with.input != "-") {
    if (const std::string problem = file_problem(with.input); !problem.empty()) {
      return usage_error{"IN " + shown(with.input) + " " + problem + "."};
    }
  }
  if (with.output == "-") return {};
  std::error_code ignored;
  if (fs::is_directory(with.output, ignored)) {
    return usage_error{"OUT " + shown(with.output) + " is a folder: name a file."};
  }
  const std::string folder =
      with.output.substr(0, std::max<std::size_t>(1, with.output.rfind('/')));
  if (const std::string problem = folder_problem(folder); !problem.empty()) {
    return usage_error{"the folder of OUT, " + shown(folder) + ", " + problem + "."};
  }
  return {};
}

/// Whatever links lead there; what is not there yet counts as it is written.
result<void> check_plan_folder(const settings& with) {
  if (with.plan_folder.empty() || with.local_folder.empty()) return {};
  std::error_code failed;
  const fs::path plan = fs::weakly_canonical(with.plan_folder, failed);
  if (failed) return {};
  const fs::path place = fs::weakly_canonical(with.local_folder, failed);
  if (failed) return {};
  if (std::ranges::mismatch(place, plan).in1 != place.end()) return {};
  return plan_within();
}

}  // namespace

result<void> check_music_folder(const settings& with, operation what) {
  if (what == operation::upload_music) {
    const std::string problem = folder_problem(with.music_folder());
    if (problem.empty()) return {};
    return usage_error{"there is no music to upload: " + shown(with.music_folder()) + " " +
                       problem + ". The library is the folder `DJ Music` of USB_PATH."};
  }
  if (what == operation::download_music) {
    std::error_code ignored;
    const bool missing = !fs::exists(fs::symlink_status(with.music_folder(), ignored));
    const std::string problem = folder_problem(with.music_folder());
    if (missing || problem.empty()) return {};
    return usage_error{shown(with.music_folder()) + " " + problem +
                       ": move it away, and download_music makes the folder."};
  }
  if ((what != operation::sync && what != operation::plan) || with.copy_from) return {};
  const std::string problem = folder_problem(with.local_folder);
  if (problem.empty()) return {};
  if (with.way == engine::direction::upload) {
    std::error_code ignored;
    const bool file = fs::is_regular_file(with.local_folder, ignored);
    return usage_error{"SRC " + shown(with.local_folder) + " " + problem +
                       (file ? ": `sync` takes folders. Name the folder it is in, and --include "
                               "its name."
                             : ".")};
  }
  if (problem == "is not there") return {};  // DST is created
  return usage_error{"DST " + shown(with.local_folder) + " " + problem + "."};
}

result<void> check_places(const settings& with) {
  bool music_may_come = false;  // from a download_music before
  for (const operation what : with.operations) {
    result<void> fine = {};
    switch (what) {
      case operation::upload_music:
      case operation::download_music:
        fine = check_usb(with);
        if (fine && !music_may_come) fine = check_music_folder(with, what);
        music_may_come = music_may_come || what == operation::download_music;
        break;
      case operation::upload_xml:
        fine = check_usb(with);
        if (fine) fine = check_upload_xml(with);
        break;
      case operation::download_xml:
        fine = check_usb(with);
        if (fine) fine = check_download_xml(with);
        break;
      case operation::sync:
        fine = check_music_folder(with, what);
        break;
      case operation::plan:
        fine = check_music_folder(with, what);
        if (fine) fine = check_plan_folder(with);
        break;
      case operation::rewrite_xml:
        fine = check_rewrite(with);
        break;
      case operation::apply:
      case operation::status:
        break;
    }
    if (!fine) return fine;
  }
  return {};
}

}  // namespace beatsync::cli
