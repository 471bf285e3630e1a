#pragma once

/// object_store over HTTPS: the client of one bucket for one I/O thread.
///
/// Threads: everything but stop(), upload_checksum() and slow_downs() is called on the thread that
/// runs the given executor (one io_context, one thread). Several clients share one session.
///
/// Life: destroy it before its io_context, on its thread or when run() has returned, and only after
/// every call has completed. It keeps no work on the context while no call is in flight.
///
/// Errors: see object_store.hpp; messages name the host, the phase and what to do.

#include "s3/client/session.hpp"
#include "s3/object_store.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace beatsync::s3 {

class client final : public object_store {
 public:
  client(boost::asio::any_io_executor executor, std::shared_ptr<session> shared);
  ~client() override;
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  awaitable<result<list_page>> list(const list_request& request) override;
  awaitable<result<object_head>> head(const std::string& key) override;
  awaitable<result<object_head>> get(const get_request& request, body_sink& sink) override;
  awaitable<result<put_answer>> put(const put_request& request, body_source& body) override;
  awaitable<result<std::string>> create_upload(const create_upload_request& request) override;
  awaitable<result<uploaded_part>> upload_part(const upload_part_request& request,
                                               body_source& body) override;
  awaitable<result<uploaded_part>> upload_part_copy(const copy_part_request& request) override;
  awaitable<result<put_answer>> complete_upload(const complete_upload_request& request) override;
  awaitable<result<void>> abort_upload(const std::string& key,
                                       const std::string& upload_id) override;
  awaitable<result<std::vector<pending_upload>>> list_uploads(const std::string& prefix) override;
  awaitable<result<std::vector<uploaded_part>>> list_parts(const std::string& key,
                                                           const std::string& upload_id) override;
  awaitable<result<std::vector<delete_failure>>> delete_objects(
      const std::vector<std::string>& keys) override;
  awaitable<result<void>> head_bucket() override;

  checksum_algorithm upload_checksum() const noexcept override;
  std::uint64_t slow_downs() const noexcept override;
  void stop() noexcept override;

 private:
  class exchange;
  awaitable<result<object_head>> quick_head(const std::string& key);

  std::shared_ptr<exchange> exchange_;
};

}  // namespace beatsync::s3
