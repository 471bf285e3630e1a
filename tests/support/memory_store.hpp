#pragma once

/// A bucket in memory behind s3::object_store, scripted: any call can be refused, lost after it
/// worked, damaged or cut. It passes the contract suite of the real ones.
///
/// Threads: a memory_bucket may be shared by stores on any threads; scripts and hooks run on the
/// thread of the call, without a lock held. A memory_store belongs to one io_context.

#include "s3/object_store.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace beatsync::tests {

enum class store_call : std::uint8_t {
  list,
  head,
  get,
  put,
  create_upload,
  upload_part,
  upload_part_copy,
  complete_upload,
  abort_upload,
  list_uploads,
  list_parts,
  delete_objects,
  head_bucket
};

/// One call as it arrives.
struct store_event {
  store_call what = store_call::list;
  std::string key;           ///< or the prefix
  int part = 0;              ///< upload_part
  s3::byte_range range;      ///< get
  std::uint64_t number = 0;  ///< among all calls to the bucket, from 1
};

/// What a script does to one call; nothing by default.
struct interference {
  interference() = default;  // no aggregate: s3::result must not mistake an error for one

  std::optional<s3::error> refuse;   ///< the call is not carried out
  std::optional<s3::error> lose;     ///< it is, but this is the answer
  bool flip_bit = false;             ///< get: one bit of the body is wrong
  std::optional<std::uint64_t> cut;  ///< get: the body ends here, and nobody notices
  std::function<void()> midway;      ///< bodies: called after the first piece
};

struct stored_object {
  std::string bytes;
  std::string etag;
  std::string content_type;
  s3::metadata_map headers;
  s3::metadata_map metadata;
  s3::time_point last_modified{};
  s3::checksum sum;
  bool etag_is_md5 = false;
  bool archived = false;
};

/// As a function of its own: g++ 12 takes an initializer list here for uninitialised memory at -O3.
std::vector<s3::checksum_algorithm> crc64nvme_and_crc32c();

/// What kind of store this is.
struct memory_bucket_settings {
  /// Taken on uploads, best first; any other is refused as unknown.
  std::vector<s3::checksum_algorithm> checksums = crc64nvme_and_crc32c();
  bool keeps_checksums = true;     ///< and shows them on HEAD and GET
  bool md5_etags = true;           ///< of objects that came in one PUT
  bool conditional_writes = true;  ///< false: 501 NotImplemented
  std::size_t piece = 16 * 1024;   ///< bodies move in steps of at most this
  std::size_t page = 1000;         ///< entries of a list page
};

class memory_bucket {
 public:
  explicit memory_bucket(memory_bucket_settings settings = memory_bucket_settings());

  /// As another client's PUT would.
  void put(const std::string& key, std::string bytes, s3::metadata_map metadata = {});
  void put(const std::string& key, stored_object object);
  void remove(const std::string& key);
  std::optional<stored_object> find(const std::string& key) const;
  std::map<std::string, stored_object> all() const;
  std::size_t pending_uploads() const;

  using script = std::function<interference(const store_event&)>;
  void set_script(script s);
  std::vector<store_event> events() const;
  std::size_t count(store_call what) const;

 private:
  friend class memory_store;
  struct upload {
    std::string key, content_type;
    s3::metadata_map headers;
    s3::metadata_map metadata;
    s3::checksum_algorithm algorithm = s3::checksum_algorithm::none;
    s3::time_point initiated{};
    std::map<int, std::pair<s3::uploaded_part, std::string>> parts;
  };

  interference arrive(store_event event);
  s3::time_point tick();  ///< a clock of its own: every write is a second later
  void store(const std::string& key, stored_object object);
  s3::result<void> check_condition(const std::string& key, bool if_none_match,
                                   const std::string& if_match) const;
  s3::result<void> check_sum(const s3::checksum& sum);

  const memory_bucket_settings settings_;
  mutable std::mutex mutex_;
  std::map<std::string, stored_object> objects_;
  std::map<std::string, upload> uploads_;
  std::vector<store_event> events_;
  script script_;
  std::atomic<std::size_t> refused_checksums_{0};
  std::uint64_t calls_ = 0;
  std::uint64_t writes_ = 0;
  std::uint64_t next_upload_ = 1;
};

class memory_store final : public s3::object_store {
 public:
  memory_store(boost::asio::any_io_executor executor, std::shared_ptr<memory_bucket> bucket);

  /// Another bucket of the same store, as copies name it. Before the first call.
  void knows(const std::string& name, std::shared_ptr<memory_bucket> bucket) {
    others_[name] = std::move(bucket);
  }

  template <class T>
  using answer = awaitable<s3::result<T>>;

  answer<s3::list_page> list(const s3::list_request& request) override;
  answer<s3::object_head> head(const std::string& key) override;
  answer<s3::object_head> get(const s3::get_request& request, s3::body_sink& sink) override;
  answer<s3::put_answer> put(const s3::put_request& request, s3::body_source& body) override;
  answer<std::string> create_upload(const s3::create_upload_request& request) override;
  answer<s3::uploaded_part> upload_part(const s3::upload_part_request& request,
                                        s3::body_source& body) override;
  answer<s3::uploaded_part> upload_part_copy(const s3::copy_part_request& request) override;
  answer<s3::put_answer> complete_upload(const s3::complete_upload_request& request) override;
  answer<void> abort_upload(const std::string& key, const std::string& upload_id) override;
  answer<std::vector<s3::pending_upload>> list_uploads(const std::string& prefix) override;
  answer<std::vector<s3::uploaded_part>> list_parts(const std::string& key,
                                                    const std::string& upload_id) override;
  answer<std::vector<s3::delete_failure>> delete_objects(
      const std::vector<std::string>& keys) override;
  answer<void> head_bucket() override;
  s3::checksum_algorithm upload_checksum() const noexcept override;
  void stop() noexcept override;

 private:
  awaitable<s3::result<interference>> arrive(store_event event, bool even_after_stop = false);
  awaitable<s3::result<std::string>> take_body(s3::body_source& body,
                                               const std::function<void()>& midway);
  awaitable<s3::result<void>> give_body(const std::string& bytes, s3::body_sink& sink,
                                        const std::function<void()>& midway);

  boost::asio::any_io_executor executor_;
  std::shared_ptr<memory_bucket> bucket_;
  std::map<std::string, std::shared_ptr<memory_bucket>> others_;
  std::atomic<bool> stopped_{false};
};

/// An error as a script returns it.
s3::error scripted_error(s3::errc code, int http = 0, std::string service_code = {});

}  // namespace beatsync::tests
