#include "tests/scenario/dj.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>

namespace beatsync::tests {
namespace fs = std::filesystem;

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) {
      out += c;
    } else {
      constexpr std::string_view digits = "0123456789abcdef";
      out += "\\u00";
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 15];
    }
  }
  return out + "\"";
}

dj::dj(tls_store& store, const std::string& bucket, const std::string& user) {
  fs::create_directories(library());
  set("USB_PATH", stick().native());
  set("XML_PATH", xml().native());
  set("USER", user);
  set("BUCKET_URL", "s3://" + bucket);
  set("ENDPOINT_URL", store.url);
  environment = {{"HOME", home().native()},
                 {"AWS_ACCESS_KEY_ID", store.access_key},
                 {"AWS_SECRET_ACCESS_KEY", store.secret_key},
                 {"AWS_REGION", "us-east-1"},
                 {"AWS_CA_BUNDLE", store.ca_file},
                 // No machine of Amazon's network answers in a test.
                 {"AWS_EC2_METADATA_DISABLED", "true"}};
  for (const auto& [name, value] : bare_environment()) environment.emplace(name, value);
  // Where the sanitizers are told how to behave, the program under test is told, too.
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) environment.emplace(name, value);
  }
}

void dj::set(const std::string& key, std::string_view value) { config[key] = json_string(value); }

void dj::add_track(std::string_view name, std::string_view content) {
  const fs::path path = library() / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
  ++tracks_;
  const timespec time{1'600'000'000 + tracks_ * 86'413, 123'456'789 + tracks_};
  const timespec times[] = {time, time};
  BOOST_REQUIRE_EQUAL(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
}

process_options dj::command(const std::vector<std::string>& arguments) const {
  std::ofstream file(home() / "config.json");
  const char* separator = "{\n  ";
  for (const auto& [key, value] : config) {
    file << separator << json_string(key) << ": " << value;
    separator = ",\n  ";
  }
  file << (config.empty() ? "{}\n" : "\n}\n");
  file.close();

  process_options options;
  options.command = {BEATSYNC_PROGRAM};
  options.command.insert(options.command.end(), arguments.begin(), arguments.end());
  options.environment.assign(environment.begin(), environment.end());
  options.folder = home().native();  // ./config.json is found there
  return options;
}

process_result dj::run(const std::vector<std::string>& arguments) const {
  return run_process(command(arguments));
}

json_output dj::run_json(std::vector<std::string> arguments) const {
  arguments.push_back("--json");
  return parse_json_lines(run(arguments));
}

void expect_exit(const process_result& result, int code) {
  BOOST_TEST(!result.timed_out, "the program did not come to an end");
  BOOST_TEST(result.exit_code == code, "exit code " << result.exit_code << " instead of " << code
                                                    << "\nstdout:\n"
                                                    << result.out << "\nstderr:\n"
                                                    << result.err);
}

}  // namespace beatsync::tests
