#include "tests/support/exfat_stick.hpp"

#include "tests/support/run_process.hpp"

#include <fstream>
#include <stdexcept>
#include <vector>

#include <unistd.h>

namespace beatsync::tests {
namespace fs = std::filesystem;
namespace {

constexpr const char* losetup = "/usr/sbin/losetup";
constexpr const char* mkfs = "/usr/sbin/mkfs.exfat";
constexpr const char* mount = "/usr/sbin/mount.exfat-fuse";

process_result run(std::vector<std::string> command) {
  process_options options;
  options.command = std::move(command);
  return run_process(options);
}

std::string output_of(const std::vector<std::string>& command) {
  process_result result = run(command);
  if (result.exit_code != 0) throw std::runtime_error(command.front() + ": " + result.err);
  while (result.out.ends_with('\n')) result.out.pop_back();
  return result.out;
}

}  // namespace

std::string why_no_exfat_stick() {
  if (::geteuid() != 0) return "only root may mount one";
  if (!fs::exists("/dev/fuse")) return "there is no /dev/fuse";
  for (const char* program : {losetup, mkfs, mount}) {
    if (!fs::exists(program)) return std::string(program) + " is not installed";
  }
  const auto free = run({losetup, "--find"});
  return free.exit_code == 0 ? "" : "there is no free loop device: " + free.err;
}

exfat_stick::exfat_stick() {
  const fs::path image = folder_.path() / "image";
  std::ofstream(image).close();
  fs::resize_file(image, std::uintmax_t{64} << 20U);
  fs::create_directory(mounted_);
  device_ = output_of({losetup, "--find", "--show", image.native()});
  try {
    output_of({mkfs, device_});
    output_of({mount, device_, mounted_.native()});
  } catch (...) {
    run({losetup, "--detach", device_});
    throw;
  }
}

exfat_stick::~exfat_stick() {
  run({"/usr/bin/umount", mounted_.native()});
  run({losetup, "--detach", device_});
}

}  // namespace beatsync::tests
