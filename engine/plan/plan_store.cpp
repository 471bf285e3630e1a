// A plan kept in a store.
#include "engine/plan/plan_folder.hpp"
#include "engine/plan/shard_writer.hpp"
#include "engine/run/concurrently.hpp"
#include "engine/run/operation_end.hpp"
#include "engine/run/runtime_internals.hpp"
#include "engine/sync/sync.hpp"
#include "engine/transfer/download_sink.hpp"
#include "engine/transfer/upload_body.hpp"
#include "s3/checksum.hpp"

#include <functional>
#include <span>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

namespace {

constexpr std::size_t reads_at_once = 16;

/// What the transfers below have to tell is in their report.
class silence final : public observer {
 public:
  explicit silence(const std::string& prefix) : prefix_(prefix) {}

  void on_item(const item& it) override {
    if (it.result == outcome::skipped && it.why == reason::differs) taken_ = true;
    if (it.result == outcome::done || !problem_.empty()) return;
    problem_ = it.key.substr(it.key.starts_with(prefix_) ? prefix_.size() : 0) + ": " + it.message;
  }
  void on_difference(const difference&) override {}
  void on_warning(const std::string&) override {}
  void on_progress(const progress&) override {}

  /// As it reads after the place: `name: message`. Empty: none.
  const std::string& problem() const noexcept { return problem_; }
  /// An object was there before ours.
  bool is_taken() const noexcept { return taken_; }

 private:
  const std::string& prefix_;
  std::string problem_;
  bool taken_ = false;
};

class in_store final : public plan_folder {
 public:
  in_store(runtime& rt, std::string prefix, std::string url, std::string scratch)
      : rt_(rt), prefix_(std::move(prefix)), url_(std::move(url)), scratch_(std::move(scratch)) {}

  const std::string& text() const noexcept override { return url_; }

  plan_folder_result<std::string> workplace() override {
    return {boost::system::in_place_value, scratch_};
  }

  /// The first manifest alone, and the others once it stands: of several plans on their way to one
  /// place, one goes on (where the store knows If-None-Match), and no others' manifests come
  /// between its own.
  plan_folder_result<void> keep() override {
    sync_task first = scratch_task(direction::upload);
    first.names.include_dirs = {manifest_name(0)};
    const auto claimed = upload(first);
    if (claimed.has_error()) return claimed;
    sync_task others = scratch_task(direction::upload);
    others.names.exclude_dirs = {manifest_name(0)};
    return upload(others);
  }

  plan_folder_result<std::vector<std::string>> names() override {
    std::optional<s3::error> failed;
    std::vector<std::string> names;
    run(list(names, failed));
    if (failed) return stop_because(*failed, "cannot list " + url_);
    return names;
  }

  plan_folder_result<std::vector<std::optional<std::string>>> read(
      const std::vector<std::string>& names, std::size_t limit) override {
    std::vector<std::optional<std::string>> texts(names.size());
    std::optional<s3::error> failed;
    run(get_all(names, limit, texts, failed));
    if (failed) return stop_because(*failed, "cannot read from " + url_);
    return texts;
  }

  plan_folder_result<void> write(const std::string& name, const std::string& text) override {
    std::optional<s3::error> failed;
    run(put(name, text, failed));
    if (failed) return stop_because(*failed, "cannot write " + url_ + name);
    return {};
  }

  plan_folder_result<std::string> fetch(const std::string& name) override {
    sync_task task = scratch_task(direction::download);
    task.names.include_dirs = {name};
    silence out(prefix_);
    const report how = sync(rt_, task, out);
    if (how.stopped) return *how.stopped;
    if (!out.problem().empty()) return stop_because("cannot read " + url_ + out.problem());
    if (how.count.done == 0) {
      return stop_because("there is no " + url_ + name, stop_cause::bad_plan);
    }
    return {boost::system::in_place_value, scratch_ + "/" + name};
  }

 private:
  sync_task scratch_task(direction way) const {
    sync_task task;
    task.way = way;
    task.root = scratch_;
    task.prefix = prefix_;
    task.fsync = false;
    return task;
  }

  plan_folder_result<void> upload(const sync_task& task) {
    silence out(prefix_);
    const report how = sync(rt_, task, out);
    if (how.stopped) return *how.stopped;
    // Listed, or come since.
    if (how.count.unchanged + how.count.differs > 0 || out.is_taken()) {
      return stop_because("another plan is in " + url_ + ": choose another place for this one.");
    }
    if (!out.problem().empty()) return stop_because("cannot write " + url_ + out.problem());
    return {};
  }

  io_lane& lane() { return *rt_.internals().lanes.front(); }

  void run(asio::awaitable<void> work) {
    coroutine_group group;
    group.start(lane(), std::move(work));
    group.wait({});
  }

  // References: run() waits for the end.

  asio::awaitable<void> list(std::vector<std::string>& names, std::optional<s3::error>& failed) {
    s3::list_request request;
    request.prefix = prefix_;
    do {
      const auto page = co_await lane().store().list(request);
      if (page.has_error()) {
        failed = page.error();
        co_return;
      }
      for (const s3::object_summary& o : page->objects) {
        names.emplace_back(o.key.substr(prefix_.size()));
      }
      request.continuation_token = page->next_token;
    } while (!request.continuation_token.empty());
  }

  asio::awaitable<void> get_all(const std::vector<std::string>& names, std::size_t limit,
                                std::vector<std::optional<std::string>>& texts,
                                std::optional<s3::error>& failed) {
    const std::function<asio::awaitable<void>(std::size_t)> one = [&](std::size_t i) {
      return get(names[i], limit, texts[i], failed);
    };
    co_await concurrently(names.size(), reads_at_once, one);
  }

  asio::awaitable<void> get(const std::string& name, std::size_t limit,
                            std::optional<std::string>& text, std::optional<s3::error>& failed) {
    s3::get_request request;
    request.key = prefix_ + name;
    std::vector<std::byte> room(limit);
    memory_sink sink(room);
    const auto head = co_await lane().store().get(request, sink);
    if (head.has_error()) {
      if (head.error().code != s3::errc::no_such_key && !sink.overflowed()) failed = head.error();
      co_return;
    }
    const auto bytes = sink.bytes();
    text.emplace(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }

  asio::awaitable<void> put(const std::string& name, const std::string& text,
                            std::optional<s3::error>& failed) {
    s3::put_request request;
    request.key = prefix_ + name;
    request.content_type = "application/json";
    const auto bytes = std::as_bytes(std::span(text));
    s3::crc_stream crc(lane().store().upload_checksum());
    crc.update(bytes);
    request.sum = crc.value();
    memory_body body(bytes);
    auto answer = co_await lane().store().put(request, body);
    if (answer.has_error() && answer.error().code == s3::errc::checksum_refused) {
      request.sum = s3::checksum();
      answer = co_await lane().store().put(request, body);
    }
    if (answer.has_error()) failed = answer.error();
  }

  runtime& rt_;
  const std::string prefix_;
  const std::string url_;
  const std::string scratch_;
};

}  // namespace

std::unique_ptr<plan_folder> plan_in_store(runtime& rt, std::string prefix, std::string url,
                                           std::string scratch) {
  return std::make_unique<in_store>(rt, std::move(prefix), std::move(url), std::move(scratch));
}

}  // namespace beatsync::engine
