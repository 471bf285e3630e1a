#include "engine/transfer/upload_target.hpp"

#include "engine/files/mtime_metadata.hpp"
#include "engine/transfer/content_type.hpp"

#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

bool is_the_same(const s3::object_head& head, const file_status& source, const s3::checksum& sum) {
  if (head.size != source.size) return false;
  if (sum.known() && head.full_checksum.algorithm == sum.algorithm) {
    return head.full_checksum == sum;
  }
  const std::string time = format_mtime(source.mtime_ns);
  for (const auto& [name, value] : head.metadata) {
    if (name == mtime_metadata_name) return value == time;
  }
  return false;
}

s3::metadata_map metadata_of(const transfer_run& run, const file_status& source) {
  s3::metadata_map metadata = run.metadata;
  metadata.emplace_back(mtime_metadata_name, format_mtime(source.mtime_ns));
  return metadata;
}

write_condition condition_of(const transfer_run& run, const action& what) {
  write_condition condition;
  if (!run.conditional_writes.load()) return condition;
  condition.if_none_match = !what.target_exists;
  if (what.target_exists) condition.if_match = what.etag;
  return condition;
}

s3::put_request put_request_of(const transfer_run& run, const transfer_job& job,
                               const file_status& source, const s3::checksum& sum) {
  s3::put_request request;
  request.key = job.what.key;
  request.content_type = content_type_of(job.what.path);
  request.metadata = metadata_of(run, source);
  request.sum = sum;
  write_condition condition = condition_of(run, job.what);
  request.if_none_match = condition.if_none_match;
  request.if_match = std::move(condition.if_match);
  return request;
}

bool is_about_condition(const s3::error& e, bool if_none_match, const std::string& if_match) {
  if (!if_none_match && if_match.empty()) return false;
  if (e.code == s3::errc::precondition_failed) return true;
  if (e.code == s3::errc::no_such_key && !if_match.empty()) return true;
  return e.http == 501 || e.service_code == "NotImplemented";
}

bool leaves_open(const s3::result<s3::object_head>& there, const s3::error& e, const action& what) {
  if (e.code == s3::errc::no_such_upload) return true;
  return there.has_error() && there.error().code == s3::errc::no_such_key && !what.target_exists;
}

transfer_end try_write_again(const s3::error& e) {
  transfer_end again = end_of_upload(e);
  again.again = retry_cause::write_unclear;
  return again;
}

transfer_end end_of_other_object(const action& what) {
  if (what.target_exists) {
    return failed(reason::changed,
                  "somebody else changed the object since it was listed; it was left as it is. "
                  "Run again to compare anew");
  }
  return skipped(reason::differs,
                 "somebody else uploaded another file of this name meanwhile; theirs was left");
}

asio::awaitable<transfer_end> end_of_condition(transfer_worker& by, const transfer_job& job,
                                               const file_status& source, const s3::checksum& sum,
                                               s3::error e) {
  if (e.http == 501 || e.service_code == "NotImplemented") {
    if (job.what.planned) {
      co_return failed(reason::store,
                       "the store does not know conditional writes, so that nothing can hold it to "
                       "the plan; use sync");
    }
    // A single 501 may be about something else: conditions of all that follow are not given up for
    // it.
    const auto cause = static_cast<std::size_t>(retry_cause::conditions_refused);
    if (job.tries.at(cause) != 0) by.run().conditional_writes.store(false);
    transfer_end again = end_of_upload(e);
    again.again = retry_cause::conditions_refused;
    co_return again;
  }
  const auto head = co_await by.store().head(job.what.key);
  if (head.has_error() && head.error().code == s3::errc::cancelled) co_return cut_short();
  if (head.has_value() && is_the_same(*head, source, sum)) {
    co_return job.what.planned ? found_in_place(source.size) : done(source.size);
  }
  if (leaves_open(head, e, job.what)) co_return try_write_again(e);
  transfer_end end = end_of_other_object(job.what);
  end.error = std::make_shared<s3::error>(std::move(e));
  co_return end;
}

}  // namespace beatsync::engine
