#include "cli/commands/commands.hpp"
#include "cli/commands/plan_spot.hpp"
#include "cli/commands/run_plan.hpp"
#include "engine/plan/apply.hpp"
#include "engine/plan/manifest_reader.hpp"
#include "engine/plan/shard_result.hpp"
#include "engine/plan/shard_writer.hpp"
#include "s3/printable.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace beatsync::cli {

namespace {

/// A manifest that was read through and found good, and where its result goes.
struct chosen_manifest {
  std::unique_ptr<plan_spot> spot;
  std::string path;
  std::string result;  ///< its name
  engine::plan_header header;
  engine::manifest_end sums;
};

std::string result_beside(const std::string& manifest) {
  std::string name = manifest.substr(manifest.rfind('/') + 1);
  if (name.ends_with(".jsonl")) name.resize(name.size() - 6);
  return name + ".result.json";
}

/// Keeps the first failure's words for the result.
class listening final : public engine::observer {
 public:
  explicit listening(printer& out) : out_(out) {}

  void on_item(const engine::item& it) override {
    if (it.result == engine::outcome::failed && first_.empty()) {
      first_ = it.key + ": " + (it.message.empty() ? std::string(name_of(it.why)) : it.message);
    }
    out_.on_item(it);
  }
  void on_difference(const engine::difference& d) override { out_.on_difference(d); }
  void on_warning(const std::string& text) override { out_.on_warning(text); }
  void on_progress(const engine::progress& p) override { out_.on_progress(p); }

  const std::string& first_failure() const noexcept { return first_; }

 private:
  printer& out_;
  std::string first_;
};

class applier {
 public:
  applier(const settings& with, const plan_context& context, printer& out)
      : with_(with), context_(context), out_(out), began_(context.now()) {}

  exit_code run() {
    if (with_.shard) {
      choose_shard();
    } else {
      for (const std::string& path : with_.manifests) {
        if (total_.problem.empty()) choose(path);
      }
    }
    // Nothing is done before all manifests were found good.
    if (total_.problem.empty()) {
      for (chosen_manifest& one : chosen_) {
        if (!goes_on_after(total_.code)) break;
        perform(one);
      }
    }
    total_.seconds = seconds_since(began_);
    out_.run_ended(total_);
    return total_.code;
  }

 private:
  double seconds_since(std::chrono::steady_clock::time_point when) const {
    return std::chrono::duration<double>(context_.now() - when).count();
  }

  void refuse(std::string problem, exit_code code = exit_code::usage) {
    if (total_.problem.empty()) total_.problem = std::move(problem);
    total_.code = combine(total_.code, code);
  }

  void refuse(const engine::stop_reason& why) { refuse(why.message, code_of(why)); }

  void choose(const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
      return refuse(s3::printable(path) +
                    " is a folder, not a manifest: give --shard K to carry out "
                    "a shard of the plan in it.");
    }
    chosen_manifest one;
    one.spot = plan_spot::beside(path, context_);
    one.path = path;
    one.result = result_beside(path);
    take(std::move(one));
  }

  void choose_shard() {
    auto spot = plan_spot::open(with_, context_);
    if (spot.has_error()) return refuse(spot.error());
    engine::plan_folder& where = (*spot)->folder();
    std::optional<stop_guard> stoppable(std::in_place, context_.on_stop, [&] { (*spot)->stop(); });
    const auto plan = engine::read_plan(where);
    if (plan.has_error()) return refuse(plan.error());
    const std::size_t shards = plan->shards.size();
    if (*with_.shard >= shards) {
      return refuse("there is no shard " + std::to_string(*with_.shard) + " in " + where.text() +
                    ": its plan has " + std::to_string(shards) + ", 0 to " +
                    std::to_string(shards - 1) + ".");
    }
    const auto path = where.fetch(engine::manifest_name(*with_.shard));
    if (path.has_error()) return refuse(path.error());
    stoppable.reset();
    chosen_manifest one;
    one.spot = std::move(*spot);
    one.path = *path;
    one.result = engine::result_name(*with_.shard);
    take(std::move(one));
    if (!total_.problem.empty()) return;
    const engine::plan_header& header = chosen_.front().header;
    if (header.plan != plan->header.plan || header.shard != *with_.shard) {
      refuse(s3::printable(engine::manifest_name(*with_.shard)) + " in " +
             chosen_.front().spot->folder().text() + " belongs to another plan than plan.json.");
    }
  }

  void take(chosen_manifest one) {
    const auto sums = engine::check_manifest(*context_.files, one.path);
    if (sums.has_error()) return refuse(sums.error().message);
    const auto reader = engine::manifest_reader::open(*context_.files, one.path);
    if (reader.has_error()) return refuse(reader.error().message);
    one.sums = *sums;
    one.header = (*reader)->header();
    chosen_.push_back(std::move(one));
  }

  void perform(chosen_manifest& one) {
    const engine::plan_header& header = one.header;
    operation_start start;
    start.what = operation::apply;
    start.source = header.source.text();
    start.target = header.target.text();
    out_.begin(start);
    const auto began = context_.now();
    listening ears(out_);
    operation_end end;
    end.how = carry_out(one, ears, end);
    if (end.code == exit_code::ok) end.code = code_of(end.how, context_.signal());
    end.seconds = seconds_since(began);
    if (!tells_less(one, end)) keep_result(one, end, ears.first_failure());
    out_.end(end);
    add(total_.count, end.how.count);
    total_.code = combine(total_.code, end.code);
  }

  engine::report carry_out(const chosen_manifest& one, engine::observer& ears, operation_end& end) {
    engine::report how;
    const engine::plan_header& header = one.header;
    const bool down = header.kind() == engine::action_kind::download;
    const engine::plan_place& place = down ? header.source : header.target;
    const bool two =
        header.kind() == engine::action_kind::copy && header.source.bucket != header.target.bucket;
    const auto store = context_.open(place.bucket, two ? header.source.bucket : "");
    if (store.has_error()) {
      how.stopped = engine::stop_because(store.error());
      return how;
    }
    if ((*store)->name() != header.endpoint) {
      how.stopped = engine::stop_because("this was planned for the store " + header.endpoint +
                                         ", and would go to " + (*store)->name() +
                                         ": give --endpoint-url as `plan` had it.");
      end.code = exit_code::usage;
      return how;
    }
    engine::apply_task task;
    task.manifest = one.path;
    task.fsync = with_.fsync;
    const stop_guard stoppable(context_.on_stop, [&] { (*store)->runtime().stop(); });
    return engine::apply((*store)->runtime(), task, ears);
  }

  /// It stopped before its first item (another store, a folder that is not here), and an earlier
  /// run of the shard has left a result: that one still says what is in place.
  static bool tells_less(const chosen_manifest& one, const operation_end& end) {
    const engine::totals& count = end.how.count;
    if (!end.how.stopped || count.planned + count.unchanged > 0) return false;
    const auto texts = one.spot->folder().read({one.result}, engine::longest_result_document);
    if (texts.has_error() || !texts->front()) return false;
    const auto former = engine::parse_shard_result(*texts->front());
    return former && former->plan == one.header.plan;
  }

  void keep_result(chosen_manifest& one, operation_end& end, const std::string& first_failure) {
    const engine::totals& count = end.how.count;
    engine::shard_result result;
    result.plan = one.header.plan;
    result.shard = one.header.shard;
    result.planned = one.sums;
    result.done = count.done;
    result.unchanged = count.unchanged;
    result.failed = count.failed;
    result.bytes_done = count.bytes;
    result.bytes_unchanged = count.bytes_in_place;
    result.seconds = end.seconds;
    result.exit = static_cast<int>(end.code);
    result.message = end.how.stopped ? end.how.stopped->message : first_failure;
    // Longer ones say the same of more names.
    result.message = s3::printable(result.message, 2000);
    const auto kept = one.spot->folder().write(one.result, engine::text_of(result));
    if (kept.has_value()) return;
    end.how.warnings.push_back("the result of this shard could not be written: " +
                               kept.error().message);
    out_.on_warning(end.how.warnings.back());
    end.code = combine(end.code, exit_code::some_failed);
  }

  static void add(engine::totals& sum, const engine::totals& one) {
    sum.planned += one.planned;
    sum.done += one.done;
    sum.failed += one.failed;
    sum.unchanged += one.unchanged;
    sum.unverified += one.unverified;
    sum.bytes += one.bytes;
    sum.bytes_in_place += one.bytes_in_place;
  }

  const settings& with_;
  const plan_context& context_;
  printer& out_;
  const std::chrono::steady_clock::time_point began_;
  std::vector<chosen_manifest> chosen_;
  run_end total_;
};

}  // namespace

exit_code run_apply(const settings& with, const plan_context& context, printer& out) {
  return applier(with, context, out).run();
}

}  // namespace beatsync::cli
