#pragma once

/// A library on disk, the scripted server over TLS, and sync() between them, with timeouts of a
/// few seconds. Parts are as small as S3 allows (5 MiB), so up to 10 MiB is one request.
///
/// Threads: the test's own; server and runtime have theirs.

#include "engine/files/posix_file_system.hpp"
#include "engine/run/runtime.hpp"
#include "engine/sync/sync.hpp"
#include "s3/client/session.hpp"
#include "tests/s3_server/server.hpp"
#include "tests/support/temp_dir.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace beatsync::tests {

namespace server = s3_server;

inline constexpr std::size_t mebibyte = 1024 * 1024;
/// One of each kind: a file job, one streamed request, parts.
inline const std::vector<std::size_t> kinds_of_sizes{10'000, 1'000'000, 11 * mebibyte};

class fault_world : public engine::observer {
 public:
  explicit fault_world(server::quirks differences = server::quirks());

  engine::report upload() { return run(engine::direction::upload); }
  engine::report download() { return run(engine::direction::download); }
  engine::report run(engine::direction way);

  server::server& store() noexcept { return *server_; }
  /// In a folder, so that another store in its place has them too; before anything else.
  void keep_objects(std::chrono::milliseconds latency);
  /// Ends the store, with all its connections, and starts another one in its place. Not while
  /// another thread calls store().
  void restart_store();
  std::filesystem::path library() const { return stick_ / "DJ Music"; }
  void add_file(const std::string& name, std::string_view bytes) const;
  void put(const std::string& name, const std::string& bytes);
  std::optional<std::string> file(const std::string& name) const;
  std::optional<std::string> object(const std::string& name) const;
  /// Applies to this operation, so often (0: always).
  void on(const std::string& operation, server::fault_action what, std::uint64_t times = 0);
  std::uint64_t count(const std::string& operation) const { return server_->sums()[operation]; }

  /// The only item of this name; ends the case where there is none.
  const engine::item& of(const std::string& name) const;
  /// planned = done + skipped + failed, nothing half-made is left on either side.
  void check_books(const engine::report& how) const;

  void on_item(const engine::item& it) override { items.push_back(it); }
  void on_difference(const engine::difference&) override {}
  void on_warning(const std::string&) override {}
  void on_progress(const engine::progress&) override {}

  std::vector<engine::item> items;
  engine::sync_task task;
  engine::runtime_options threads;

 private:
  temp_dir stick_{"beatsync-faults"};
  temp_dir objects_{"beatsync-faults-objects"};
  server::server_options options_;
  std::unique_ptr<server::server> server_;
  std::shared_ptr<s3::session> session_;
  engine::posix_file_system files_;
};

std::string pattern(std::size_t size, unsigned seed = 1);

/// An object as an old client left it: an ETag and nothing else to verify it by.
server::object_content without_checksum(const std::string& bytes);

}  // namespace beatsync::tests
