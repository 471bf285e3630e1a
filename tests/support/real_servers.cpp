#include "tests/support/real_servers.hpp"

#include "tests/support/run_process.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/throwaway_ca.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace beatsync::tests {
namespace {

namespace fs = std::filesystem;

const char* binary_of(server_kind kind) noexcept {
  return kind == server_kind::minio ? "minio" : "versitygw";
}

std::string text_of(const char* variable) {
  const char* value = std::getenv(variable);
  return value ? value : "";
}

std::optional<std::string> find_binary(server_kind kind) {
  const std::string cache = text_of("BEATSYNC_CACHE");
  return find_program(binary_of(kind), {cache.empty() ? "" : cache + "/bin",
                                        text_of("HOME") + "/.cache/beatsync/bin"});
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

/// A port that was free a moment ago: neither server can be told to choose one and say which.
std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  const bool ok = fd >= 0 && ::bind(fd, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
                  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  ::close(fd);
  if (!ok) throw std::runtime_error("no free port on the loopback interface");
  return ntohs(address.sin_port);
}

bool accepts_connections(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool ok =
      fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return ok;
}

}  // namespace

const char* name_of(server_kind kind) noexcept {
  return kind == server_kind::minio ? "MinIO" : "Versity Gateway";
}

std::string why_no_server(server_kind kind) {
  if (find_binary(kind)) return {};
  return std::string("no ") + binary_of(kind) +
         " in PATH or in ~/.cache/beatsync/bin; `./run test` puts it there";
}

bool servers_are_required() {
  return !text_of("CI").empty() || !text_of("BEATSYNC_REQUIRE_SERVERS").empty();
}

struct real_server::impl {
  temp_dir folder{"beatsync-server"};
  throwaway_ca ca{folder / "ca"};
  fs::path buckets = folder / "buckets";
  std::string url;
  std::string access_key = "beatsync-tests";
  std::string secret_key = "not-a-secret-at-all";
  std::unique_ptr<child_process> process;

  void start(server_kind kind, std::uint16_t port);
  bool wait_until_ready(std::uint16_t port);
  std::vector<std::string> minio_command(const std::string& binary, const std::string& address);
  std::vector<std::string> versity_command(const std::string& binary, const std::string& address);
};

std::vector<std::string> real_server::impl::minio_command(const std::string& binary,
                                                          const std::string& address) {
  const auto files = ca.issue();
  const fs::path certificates = folder / "minio-certificates";
  fs::create_directories(certificates);
  fs::copy_file(files.certificate, certificates / "public.crt",
                fs::copy_options::overwrite_existing);
  fs::copy_file(files.key, certificates / "private.key", fs::copy_options::overwrite_existing);
  return {binary,
          "server",
          "--quiet",
          "--address",
          address,
          "--certs-dir",
          certificates.string(),
          buckets.string()};
}

std::vector<std::string> real_server::impl::versity_command(const std::string& binary,
                                                            const std::string& address) {
  const auto files = ca.issue();
  const fs::path sidecar = folder / "sidecar";
  fs::create_directories(sidecar);
  return {binary,      "--quiet",          "--port",
          address,     "--cert",           files.certificate.string(),
          "--key",     files.key.string(), "posix",
          "--sidecar", sidecar.string(),   buckets.string()};
}

void real_server::impl::start(server_kind kind, std::uint16_t port) {
  const std::string address = "127.0.0.1:" + std::to_string(port);
  const std::string binary = find_binary(kind).value();
  auto environment = bare_environment();
  environment.emplace_back("HOME", folder.path().string());
  std::vector<std::string> command;
  if (kind == server_kind::minio) {
    command = minio_command(binary, address);
    environment.emplace_back("MINIO_ROOT_USER", access_key);
    environment.emplace_back("MINIO_ROOT_PASSWORD", secret_key);
    environment.emplace_back("MINIO_BROWSER", "off");
    environment.emplace_back("MINIO_UPDATE", "off");
  } else {
    command = versity_command(binary, address);
    environment.emplace_back("ROOT_ACCESS_KEY", access_key);
    environment.emplace_back("ROOT_SECRET_KEY", secret_key);
  }
  url = "https://" + address;
  process = std::make_unique<child_process>(command, environment, (folder / "log").string());
}

bool real_server::impl::wait_until_ready(std::uint16_t port) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (process->running() && std::chrono::steady_clock::now() < deadline) {
    if (accepts_connections(port)) return process->running();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

real_server::real_server(server_kind kind) : impl_(std::make_unique<impl>()) {
  if (const auto why = why_no_server(kind); !why.empty()) throw std::runtime_error(why);
  fs::create_directories(impl_->buckets);
  for (int attempt = 0; attempt < 3; ++attempt) {  // somebody may take the port before the server
    const std::uint16_t port = free_port();
    impl_->start(kind, port);
    if (impl_->wait_until_ready(port)) return;
  }
  std::string log = read_file(impl_->folder / "log");
  throw std::runtime_error(std::string(name_of(kind)) + " did not come up:\n" +
                           log.substr(log.size() - std::min<std::size_t>(log.size(), 2000)));
}

real_server::~real_server() { impl_->process.reset(); }

const std::string& real_server::url() const noexcept { return impl_->url; }
const std::string& real_server::ca_file() const noexcept { return impl_->ca.ca_file().native(); }
const std::string& real_server::access_key() const noexcept { return impl_->access_key; }
const std::string& real_server::secret_key() const noexcept { return impl_->secret_key; }

void real_server::make_bucket(const std::string& name) {
  fs::create_directories(impl_->buckets / name);
}

}  // namespace beatsync::tests
