#include "engine/transfer/transfer.hpp"

#include "engine/run/offload.hpp"

#include <boost/align/aligned_alloc.hpp>

#include <cerrno>
#include <exception>
#include <new>
#include <string>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

item item_of(const transfer_run& run, const action& what, const transfer_end& end) {
  item it;
  it.action = what.kind;
  it.result = end.result;
  it.why = end.result == outcome::done ? what.why : end.why;
  it.message = end.message;
  it.key = what.key;
  if (what.kind != action_kind::copy) it.path = run.root_path + "/" + what.path;
  it.bytes = end.result == outcome::done ? end.bytes : what.size;
  it.unverified = end.unverified;
  if (end.error) it.error = *end.error;
  return it;
}

namespace {

asio::awaitable<begun_transfer> begin(transfer_worker& by, transfer_job& job) {
  switch (job.what.kind) {
    case action_kind::upload:
      return begin_upload(by, job);
    case action_kind::copy:
      return begin_copy(by, job);
    default:
      return begin_download(by, job);
  }
}

}  // namespace

large_transfer::large_transfer(transfer_job job, const part_plan& plan)
    : job_(std::move(job)), plan_(plan), left_(plan.count()) {}

large_transfer::~large_transfer() = default;

void large_transfer::fail(transfer_end why) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = std::move(why);
}

std::optional<transfer_end> large_transfer::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

transfer_worker::transfer_worker(transfer_run& shared, io_lane& home) : run_(shared), lane_(home) {}

std::span<std::byte> transfer_worker::buffer() {
  const std::size_t size = run_.tuning.buffer;
  if (!buffer_) {
    void* fresh = boost::alignment::aligned_alloc(direct_io_alignment, size);
    if (fresh == nullptr) throw std::bad_alloc();
    buffer_.reset(static_cast<std::byte*>(fresh));
  }
  return {buffer_.get(), size};
}

asio::awaitable<void> transfer_worker::work() {
  waiter idle(lane_.executor());
  for (;;) {
    auto next = run_.queue.take(idle);
    if (!next) {
      if (run_.wide()) buffer_.reset();
      co_await idle.wait();
      continue;
    }
    if (std::holds_alternative<transfer_scheduler::end>(next->what)) co_return;
    held_ = next->held;
    began_ = transfer_window::clock::now();
    // Whatever happens, what was taken is settled, or everybody would wait for it for ever.
    try {
      if (auto* job = std::get_if<transfer_job>(&next->what)) {
        co_await do_action(std::move(*job));
      } else {
        auto& part = std::get<transfer_scheduler::part>(next->what);
        co_await do_part(std::move(part.transfer), part.index);
      }
    } catch (const std::exception& e) {
      stop_reason broken;
      broken.message = std::string("Stopped by an unexpected error: ") + e.what();
      run_.ledger.halt(std::move(broken));
    }
    const auto now = transfer_window::clock::now();
    transfer_window::sample request;
    request.weight = held_.memory;
    request.took = now - began_;
    request.slow_downs = store().slow_downs();
    run_.ended(request, now);
    run_.queue.settled(held_);
  }
}

void transfer_worker::moved(std::size_t bytes) {
  run_.ledger.moved(static_cast<std::int64_t>(bytes));
  if (held_.stream) run_.streamed(bytes, began_);
}

void transfer_run::ended(const transfer_window::sample& request,
                         transfer_window::clock::time_point now) {
  std::optional<std::size_t> fresh;
  {
    const std::lock_guard lock(window_mutex_);
    if (window_.ended(request, now)) fresh = window_.size();
  }
  if (!fresh) return;
  wide_.store(*fresh > rt.options.transfers, std::memory_order_relaxed);
  queue.set_window(*fresh);
}

void transfer_run::streamed(std::size_t bytes, stream_window::clock::time_point began) {
  const auto now = stream_window::clock::now();
  std::optional<std::size_t> fresh;
  {
    const std::lock_guard lock(window_mutex_);
    if (streams_.moved(bytes, began, now)) fresh = streams_.size();
  }
  if (fresh) queue.set_streams(*fresh);
}

asio::awaitable<void> transfer_worker::do_action(transfer_job job) {
  begun_transfer begun;
  if (run_.ending()) {
    begun.end = cut_short();
  } else {
    // A broken environment throws (no memory): the item fails, the books stay right.
    try {
      begun = co_await begin(*this, job);
    } catch (const std::exception& e) {
      begun.end = failed(reason::local_io, e.what());
    }
  }
  if (begun.parts) {
    const std::uint32_t count = begun.parts->plan().count();
    run_.queue.open(std::move(begun.parts), count, held_);
    co_return;
  }
  co_await conclude(std::move(job), std::move(*begun.end));
}

asio::awaitable<void> transfer_worker::do_part(std::shared_ptr<large_transfer> transfer,
                                               std::uint32_t index) {
  std::uint32_t settled = 1;
  if (!transfer->failure()) {
    std::optional<transfer_end> problem;
    if (run_.ending()) {
      problem = cut_short();
    } else {
      try {
        problem = co_await transfer->move_part(*this, index);
      } catch (const std::exception& e) {
        problem = failed(reason::local_io, e.what());
      }
    }
    if (problem) transfer->fail(std::move(*problem));
  }
  if (transfer->failure()) settled += run_.queue.drop(transfer);
  if (!transfer->settle(settled)) co_return;

  // The last part: nobody else holds one.
  std::optional<transfer_end> end = transfer->failure();
  try {
    if (end) {
      co_await transfer->discard(*this);
    } else {
      end = co_await transfer->finish(*this);
    }
  } catch (const std::exception& e) {
    end = failed(reason::local_io, e.what());
  }
  if (end->result != outcome::done) run_.ledger.moved(-transfer->moved());
  transfer_job job = transfer->job();
  co_await conclude(std::move(job), std::move(*end));
}

asio::awaitable<void> transfer_worker::conclude(transfer_job job, transfer_end end) {
  const auto cause = static_cast<std::size_t>(end.again);
  if (end.again != retry_cause::none && !run_.ending() &&
      job.tries.at(cause) < tries_allowed(end.again, job.what)) {
    ++job.tries.at(cause);
    if (end.again == retry_cause::source_changed) job.refresh = true;
    auto wait = std::chrono::milliseconds(0);
    if (end.again == retry_cause::out_of_handles) wait = run_.tuning.handles_pause;
    if (end.again == retry_cause::source_changed && job.what.kind == action_kind::upload) {
      wait = run_.tuning.changed_pause;
    }
    co_await pause(wait, run_.rt.stopping);
    const claim needs = run_.claim_of(job.what);
    run_.queue.again(std::move(job), needs);
    co_return;
  }
  if (end.result == outcome::done) run_.gate.succeeded(failure_gate::time_point::clock::now());
  if (end.then == consequence::check_root) co_await look_for_root();
  halt_for(job, end);
  if (end.in_place) {
    run_.ledger.end_unchanged(end.bytes);
    co_return;
  }
  // What was planned and cannot be done is no side issue.
  if (job.what.planned && end.result == outcome::skipped) end.result = outcome::failed;
  run_.ledger.end(item_of(run_, job.what, end));
}

void transfer_worker::halt_for(const transfer_job& job, const transfer_end& end) {
  stop_reason why;
  if (end.then == consequence::disk_full) {
    why.message = "The disk is full at " + run_.root_path +
                  ". What was finished is safe; free some space and run again.";
    why.cause = stop_cause::disk_full;
  } else if (end.then == consequence::read_only) {
    why.message = run_.root_path +
                  " is read-only. Is the stick's write protection on? Remount it and run again.";
  } else if (end.error &&
             run_.gate.failed(end.error->code, failure_gate::time_point::clock::now())) {
    why.message = "Gave up at " + job.what.key + ": " + s3::describe(*end.error);
    why.error = *end.error;
  } else {
    return;
  }
  run_.ledger.halt(std::move(why));
}

asio::awaitable<void> transfer_worker::look_for_root() {
  if (run_.ledger.halted()) co_return;
  auto look = [this] {
    const auto open = run_.root->status();
    if (open.has_error()) return false;
    const auto again = run_.rt.files.open_root(run_.root_path);
    if (again.has_error()) {
      // Out of handles says nothing about the drive.
      return again.error().code == EMFILE || again.error().code == ENFILE;
    }
    const auto now = (*again)->status();
    return now.has_value() && same_identity(*now, run_.root_status);
  };
  const bool there = co_await offload(file_threads(), look);
  if (there) co_return;
  stop_reason why;
  why.message = run_.root_path +
                " is gone or is another drive now. Plug the stick in again and "
                "run again; what was finished is safe.";
  run_.ledger.halt(std::move(why));
}

}  // namespace beatsync::engine
