#pragma once

/// Finds out whether a write whose answer was lost (or was no answer) has arrived all the same: the
/// object must be there, with our size and our bytes.
///
/// Lives in one call's frame.

#include "s3/client/operation.hpp"
#include "s3/object_store.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace beatsync::s3 {

class write_proof {
 public:
  template <class T>
  using awaitable = boost::asio::awaitable<T>;
  using head_finder = std::function<awaitable<result<object_head>>()>;

  explicit write_proof(head_finder find) : find_(std::move(find)) {}

  /// Call after every failure that leaves it open. "There already" (412) and "no such upload" (404)
  /// may be our own doing only after an earlier try was left open.
  bool needed_after(const failure& after);

  /// The object, where it is proven to be ours: by its checksum, else by MD5 against the ETag
  /// (`body` is read again), else by `multipart_etag`.
  awaitable<std::optional<object_head>> stored(std::uint64_t size, checksum sum, body_source* body,
                                               const std::string& multipart_etag = {});

 private:
  head_finder find_;
  bool left_open_ = false;
};

/// `md5(md5(part 1) md5(part 2) …)-n`, as S3 names multipart objects; empty where a part's ETag is
/// no MD5.
std::string multipart_etag(const std::vector<uploaded_part>& parts);

}  // namespace beatsync::s3
