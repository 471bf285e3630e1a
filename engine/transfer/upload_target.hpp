#pragma once

/// The object side of uploads: what goes with the body, and what a refused condition means.
///
/// Every upload carries a condition, because the bucket is shared: a name believed missing must
/// still be missing (If-None-Match), an object to be replaced must be the one that was listed
/// (If-Match). So no DJ's upload silently ends under another's. Small bodies go out with their head
/// and pay nothing for it; larger ones one round trip, multipart uploads nothing (the condition
/// is on Complete). Stores that do not know conditions (501) are remembered and served without.

#include "engine/transfer/transfer.hpp"
#include "s3/object_store.hpp"

#include <string>

namespace beatsync::engine {

s3::put_request put_request_of(const transfer_run& run, const transfer_job& job,
                               const file_status& source, const s3::checksum& sum);

s3::metadata_map metadata_of(const transfer_run& run, const file_status& source);

/// If-None-Match or If-Match, whichever the action asks for.
struct write_condition {
  bool if_none_match = false;
  std::string if_match;
};
write_condition condition_of(const transfer_run& run, const action& what);

/// Is the object the file? By checksum where both are known and comparable; else by size and our
/// own time stamp, which is exact to the nanosecond.
bool is_the_same(const s3::object_head& head, const file_status& source, const s3::checksum& sum);

/// Does this error answer the condition that was sent?
bool is_about_condition(const s3::error& e, bool if_none_match, const std::string& if_match);

/// The object at which the store has pointed is not there, or it has lost the upload: whether the
/// name is free is for another try to find out. `there`: what a HEAD says of it.
bool leaves_open(const s3::result<s3::object_head>& there, const s3::error& e, const action& what);
transfer_end try_write_again(const s3::error& e);

/// The object that stands where the action would put its own is neither what was listed nor ours.
transfer_end end_of_other_object(const action& what);

/// The condition was not met, or is not known here. Not met may also be our own first try whose
/// answer was lost: the object is looked at, and where it is what we were to upload, that is done.
boost::asio::awaitable<transfer_end> end_of_condition(transfer_worker& by, const transfer_job& job,
                                                      const file_status& source,
                                                      const s3::checksum& sum, s3::error e);

}  // namespace beatsync::engine
