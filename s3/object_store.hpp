#pragma once

/// The port to one bucket. engine/ knows only this header, types.hpp and error.hpp.
///
/// Implementations: s3::client (client.hpp) and the in-memory store of the tests. All of them pass
/// the same contract suite (tests/contract).
///
/// Threads: one object belongs to one io_context; all calls and completions happen on its thread.
/// Distinct objects are independent; what they share (learned capabilities, credentials, clock
/// offset, TLS sessions) is synchronised inside.
///
/// Errors: everything that depends on the store, the network or the body comes back as a value.
/// Retries happen inside, as the table in retry_policy.hpp says; an error that arrives here is
/// final for this call.
///
/// Lifetimes: reference parameters must live until the awaitable completes. Await directly; do not
/// co_spawn with temporaries.

#include "s3/error.hpp"
#include "s3/types.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace beatsync::s3 {

/// Bytes to send. Asked again from any offset when a request has to be repeated.
class body_source {
 public:
  virtual ~body_source() = default;

  /// Length of the body in bytes; fixed for the life of the source.
  virtual std::uint64_t size() const noexcept = 0;

  /// The whole body where it already is in memory (small bodies are sent together with the head in
  /// one write); empty otherwise.
  virtual std::span<const std::byte> in_memory() const noexcept { return {}; }

  /// Fills `buffer` from `offset` on. Delivers exactly buffer.size() bytes or an error
  /// (errc::source_failed): a file that became shorter is an error, never a short body.
  virtual boost::asio::awaitable<result<void>> read(std::uint64_t offset,
                                                    std::span<std::byte> buffer) = 0;
};

/// Takes the bytes of an answer in order, each exactly once; a broken transfer is continued where
/// it stopped, never restarted from the front.
class body_sink {
 public:
  virtual ~body_sink() = default;

  /// Where the next bytes go; never empty while bytes are expected. Valid until commit().
  virtual std::span<std::byte> prepare() = 0;

  /// The first `size` bytes of the last prepare() are the next bytes of the body.
  virtual boost::asio::awaitable<result<void>> commit(std::size_t size) = 0;
};

struct list_request {
  std::string prefix;
  std::string start_after;         ///< exclusive; ignored by the store when a token is given
  std::string continuation_token;  ///< next_token of the page before, or empty
  std::string delimiter;           ///< "" or "/"
  int max_keys = 1000;             ///< 1 to 1,000
};

struct get_request {
  std::string key;
  std::string if_match;        ///< ETag without quotes; empty: any version
  byte_range range;            ///< size 0: the whole object
  bool want_checksum = false;  ///< ask for the stored checksum (whole objects only)
};

struct put_request {
  std::string key;
  std::string content_type;
  metadata_map headers;  ///< of `described_by`
  metadata_map metadata;
  checksum sum;                ///< of the body; not known: none is sent
  bool if_none_match = false;  ///< fail with precondition_failed where the key exists
  std::string if_match;        ///< only over this ETag
};

struct create_upload_request {
  std::string key;
  std::string content_type;
  metadata_map headers;  ///< of `described_by`
  metadata_map metadata;
  checksum_algorithm algorithm = checksum_algorithm::none;
};

struct upload_part_request {
  std::string key;
  std::string upload_id;
  int number = 0;  ///< 1 to 10,000
  checksum sum;
};

/// A part that the store takes from an object it has, of at most 5 GiB.
struct copy_part_request {
  std::string source_bucket;  ///< in the same store; empty: this bucket
  std::string source_key;
  std::string source_etag;  ///< only this version of it
  byte_range range;         ///< size 0: the whole object
  std::string key;
  std::string upload_id;
  int number = 0;  ///< 1 to 10,000
};

struct complete_upload_request {
  std::string key;
  std::string upload_id;
  std::vector<uploaded_part> parts;  ///< in rising order of their numbers
  std::uint64_t size = 0;            ///< of the whole object; a HEAD is held against it when the
                                     ///< answer leaves open whether it worked
  checksum sum;                      ///< of the whole object
  bool if_none_match = false;
  std::string if_match;
};

struct put_answer {
  std::string etag;  ///< without quotes
};

struct delete_failure {
  std::string key;
  error why;
};

class object_store {
 public:
  virtual ~object_store() = default;

  template <class T>
  using awaitable = boost::asio::awaitable<T>;

  /// One page. Keys are checked to rise strictly and to begin with the prefix, a repeated token is
  /// an error (bad_reply).
  virtual awaitable<result<list_page>> list(const list_request& request) = 0;

  virtual awaitable<result<object_head>> head(const std::string& key) = 0;

  /// Streams the object or one range of it into `sink`. Success means that every byte announced
  /// was committed. The returned head describes the whole object.
  virtual awaitable<result<object_head>> get(const get_request& request, body_sink& sink) = 0;

  /// At most 5 GiB (S3's limit for one PUT).
  virtual awaitable<result<put_answer>> put(const put_request& request, body_source& body) = 0;

  virtual awaitable<result<std::string>> create_upload(const create_upload_request& request) = 0;
  virtual awaitable<result<uploaded_part>> upload_part(const upload_part_request& request,
                                                       body_source& body) = 0;

  /// precondition_failed: the source is another version by now; no_such_key: it is gone. The
  /// answer's checksum is the store's, known where it computes one.
  virtual awaitable<result<uploaded_part>> upload_part_copy(const copy_part_request& request) = 0;

  /// Success only when the answer says so; a lost or empty answer is decided by HEAD.
  virtual awaitable<result<put_answer>> complete_upload(const complete_upload_request& request) = 0;

  /// Works after stop() too, within 1.5 s: the cleanup of an interrupted run.
  virtual awaitable<result<void>> abort_upload(const std::string& key,
                                               const std::string& upload_id) = 0;

  /// MinIO finds uploads only where `prefix` is a whole key.
  virtual awaitable<result<std::vector<pending_upload>>> list_uploads(
      const std::string& prefix) = 0;
  virtual awaitable<result<std::vector<uploaded_part>>> list_parts(
      const std::string& key, const std::string& upload_id) = 0;

  /// Any number of keys; missing ones count as deleted. Returns the ones that failed.
  virtual awaitable<result<std::vector<delete_failure>>> delete_objects(
      const std::vector<std::string>& keys) = 0;

  /// Is the bucket there and may we look into it?
  virtual awaitable<result<void>> head_bucket() = 0;

  /// The checksum this store takes on uploads, as far as is known now; `none` after it refused all.
  virtual checksum_algorithm upload_checksum() const noexcept = 0;

  /// How often the store has answered that fewer requests should come, so far. Any thread.
  virtual std::uint64_t slow_downs() const noexcept { return 0; }

  /// From now on every call in flight and every new one fails with errc::cancelled (but
  /// abort_upload; and a create_upload in flight may be answered within 0.75 s, so that what it has
  /// begun can be aborted). Callable from any thread, any number of times.
  virtual void stop() noexcept = 0;
};

}  // namespace beatsync::s3
