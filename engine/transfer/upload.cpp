/// Uploads in one request, and where uploads in parts begin.
///
/// Small file: one file job (open, read, CRC, look again), one PUT from memory. What the page cache
/// has is read where we are: handing a job to a file thread and back costs more than the job.
/// Larger: one pass for the CRC, then streamed; with the last bytes goes a look whether it changed
/// meanwhile.

#include "engine/run/offload.hpp"
#include "engine/transfer/large_upload.hpp"
#include "engine/transfer/transfer.hpp"
#include "engine/transfer/upload_body.hpp"
#include "engine/transfer/upload_target.hpp"

#include <cerrno>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

namespace {

/// What the one file job at the beginning found.
struct opened_source {
  std::optional<transfer_end> problem;
  std::unique_ptr<input_file> file;  ///< not of a file that is in the buffer already
  file_status status;
  s3::checksum sum;  ///< where the whole file was read
  bool in_buffer = false;
  bool would_wait = false;  ///< for a disk; only with patience::none, and nothing else is said then
};

enum class patience : std::uint8_t { of_a_file_thread, none };

/// What the page cache has of a file.
class cached_part final : public input_file {
 public:
  explicit cached_part(input_file& file) : file_(file) {}

  fs_result<file_status> status() override { return file_.status(); }
  fs_result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> buffer) override {
    return file_.read_cached(offset, buffer);
  }

 private:
  input_file& file_;
};

/// Opens; reads what is small into `buffer`. Blocks, unless it is to have no patience.
opened_source open_source(const transfer_run& run, const action& what, std::span<std::byte> buffer,
                          s3::checksum_algorithm algorithm, patience wait) {
  const std::string& path = what.path;
  opened_source source;
  auto file = run.root->open_file(path);
  if (file.has_error()) {
    source.problem = end_of_upload(file.error());
    return source;
  }
  const auto status = (*file)->status();
  if (status.has_error()) {
    source.problem = end_of_upload(status.error());
    return source;
  }
  source.status = *status;
  if (run.must_be && !(*run.must_be == *status)) {
    source.problem = failed(reason::changed, "it was changed while it was looked at; run again");
    return source;
  }
  if (what.planned && (status->size != what.size || status->mtime_ns != what.mtime_ns)) {
    source.problem = failed(reason::changed, "the file was changed since it was planned");
    return source;
  }
  if (status->size > run.tuning.small_file) {
    source.file = std::move(*file);
    return source;
  }
  cached_part cached(**file);
  const auto read =
      read_with_sum(wait == patience::none ? static_cast<input_file&>(cached) : **file, algorithm,
                    buffer.first(static_cast<std::size_t>(status->size)));
  if (read.has_error() && wait == patience::none && read.error().code == EAGAIN) {
    source.would_wait = true;
    return source;
  }
  if (read.has_error()) {
    source.problem = end_of_upload(read.error());
    return source;
  }
  if (read->size != status->size || !unchanged_since(*run.root, path, *status)) {
    source.problem = source_changed();
    return source;
  }
  source.sum = read->sum;
  source.in_buffer = true;
  return source;
}

transfer_end end_of_put(const s3::error& e, const file_body* body) {
  if (e.code == s3::errc::source_failed && body != nullptr && body->problem()) {
    return *body->problem();
  }
  return end_of_upload(e);
}

asio::awaitable<transfer_end> put_small(transfer_worker& by, const transfer_job& job,
                                        opened_source& source) {
  const auto bytes = by.buffer().first(static_cast<std::size_t>(source.status.size));
  memory_body body(bytes);
  const s3::put_request request = put_request_of(by.run(), job, source.status, source.sum);
  const auto answer = co_await by.store().put(request, body);
  if (answer.has_value()) {
    by.run().ledger.moved(static_cast<std::int64_t>(bytes.size()));
    co_return done(bytes.size());
  }
  if (is_about_condition(answer.error(), request.if_none_match, request.if_match)) {
    co_return co_await end_of_condition(by, job, source.status, source.sum, answer.error());
  }
  co_return end_of_put(answer.error(), nullptr);
}

asio::awaitable<transfer_end> put_streamed(transfer_worker& by, const transfer_job& job,
                                           opened_source& source) {
  const auto algorithm = by.store().upload_checksum();
  s3::byte_range whole;
  whole.size = source.status.size;
  if (algorithm != s3::checksum_algorithm::none) {
    auto pass = [&] { return sum_of_range(*source.file, whole, algorithm, by.buffer()); };
    const auto read = co_await offload(by.file_threads(), pass);
    if (read.has_error()) co_return end_of_upload(read.error());
    if (read->size != whole.size) co_return source_changed();
    source.sum = read->sum;
  }
  file_body body(by, *source.file, whole);
  body.check_at_end(job.what.path, source.status);
  const s3::put_request request = put_request_of(by.run(), job, source.status, source.sum);
  const auto answer = co_await by.store().put(request, body);
  if (answer.has_value()) co_return done(whole.size);
  by.run().ledger.moved(-static_cast<std::int64_t>(body.sent()));
  if (is_about_condition(answer.error(), request.if_none_match, request.if_match)) {
    co_return co_await end_of_condition(by, job, source.status, source.sum, answer.error());
  }
  co_return end_of_put(answer.error(), &body);
}

/// Of a planned upload too large to be sent for nothing: is it there already? Nothing: it is to be
/// sent. (Small ones learn it from the answer to their PUT.)
asio::awaitable<std::optional<transfer_end>> look_at_object(transfer_worker& by, const action& what,
                                                            const opened_source& source) {
  const auto head = co_await by.store().head(what.key);
  if (head.has_error()) {
    if (head.error().code == s3::errc::no_such_key) co_return std::nullopt;
    co_return end_of_upload(head.error());
  }
  if (what.target_exists && head->etag == what.etag) co_return std::nullopt;
  s3::checksum sum;
  if (head->size == source.status.size && head->full_checksum.known()) {
    s3::byte_range whole;
    whole.size = source.status.size;
    const auto buffer = by.buffer();
    const auto algorithm = head->full_checksum.algorithm;
    auto pass = [&] { return sum_of_range(*source.file, whole, algorithm, buffer); };
    const auto read = co_await offload(by.file_threads(), pass);
    if (read.has_error()) co_return end_of_upload(read.error());
    sum = read->sum;
  }
  if (is_the_same(*head, source.status, sum)) co_return found_in_place(source.status.size);
  co_return end_of_other_object(what);
}

}  // namespace

asio::awaitable<begun_transfer> begin_upload(transfer_worker& by, const transfer_job& job) {
  begun_transfer begun;
  transfer_run& run = by.run();
  const auto buffer = by.buffer();
  const auto algorithm = by.store().upload_checksum();
  opened_source source;
  source.would_wait = true;
  const auto open = [&](patience wait) {
    source = open_source(run, job.what, buffer, algorithm, wait);
  };
  if (job.what.size <= run.tuning.small_file && run.cache.likely()) {
    open(patience::none);
    if (source.would_wait) run.cache.missed();
  }
  if (source.would_wait) {
    auto open_there = [&] { open(patience::of_a_file_thread); };
    co_await offload(by.file_threads(), open_there);
  }
  if (source.problem) {
    begun.end = std::move(source.problem);
    co_return begun;
  }
  if (job.what.planned && !source.in_buffer) {
    begun.end = co_await look_at_object(by, job.what, source);
    if (begun.end) co_return begun;
  }
  const auto plan = plan_parts(source.status.size, run.tuning.part_size, run.tuning.parts);
  if (!plan) {
    begun.end = failed(reason::local_io, "larger than an object can be (48.8 TiB)");
  } else if (source.in_buffer || plan->single()) {
    const auto put = source.in_buffer ? &put_small : &put_streamed;
    begun.end = co_await put(by, job, source);
  } else {
    begun = co_await begin_large_upload(by, job, *plan, source.file, source.status);
  }
  co_return begun;
}

}  // namespace beatsync::engine
