#include "cli/commands/run_operations.hpp"

#include "cli/commands/commands.hpp"
#include "cli/commands/empty_source.hpp"
#include "cli/commands/made_folders.hpp"
#include "cli/settings/places.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::cli {

namespace {

void add(engine::totals& sum, const engine::totals& one) {
  sum.planned += one.planned;
  sum.done += one.done;
  sum.skipped += one.skipped;
  sum.failed += one.failed;
  sum.differs += one.differs;
  sum.unchanged += one.unchanged;
  sum.unverified += one.unverified;
  sum.bytes += one.bytes;
}

class runner {
 public:
  runner(const settings& with, const run_context& context, printer& out)
      : with_(with), context_(context), out_(out), began_(context.now()) {}

  exit_code run() {
    for (const operation what : with_.operations) {
      if (!goes_on_after(total_.code)) break;
      if (context_.signal() != 0) {  // it came between two operations
        total_.code = combine(total_.code, code_of_signal(context_.signal()));
        break;
      }
      if (with_.dry_run && what == operation::upload_music && music_would_have_come(what)) {
        nothing_to_do(plan_upload_music(with_));
        continue;
      }
      // Looked at before as well; a former operation may have changed it.
      if (const auto fine = check_music_folder(with_, what); !fine) {
        total_.problem = fine.error().message;
        total_.code = combine(total_.code, exit_code::usage);
        break;
      }
      perform(what);
    }
    total_.seconds = seconds_since(began_);
    out_.run_ended(total_);
    return total_.code;
  }

 private:
  double seconds_since(std::chrono::steady_clock::time_point when) const {
    return std::chrono::duration<double>(context_.now() - when).count();
  }

  /// A download_music before it has not made `DJ Music`, because this is a dry run.
  bool music_would_have_come(operation what) const {
    const auto& all = with_.operations;
    const auto self = std::ranges::find(all, what);
    return std::find(all.begin(), self, operation::download_music) != self &&
           !check_music_folder(with_, what);
  }

  void nothing_to_do(const command_plan<engine::sync_task>& plan) {
    const auto began = begin(operation::upload_music, plan);
    finish({}, began);
  }

  void perform(operation what) {
    switch (what) {
      case operation::upload_music:
        music(what, plan_upload_music(with_));
        break;
      case operation::download_music:
        music(what, plan_download_music(with_));
        break;
      case operation::sync:
        if (with_.copy_from) {
          copy(plan_copy(with_));
        } else {
          music(what, plan_sync(with_));
        }
        break;
      case operation::plan:  // run_plan.hpp
      case operation::apply:
      case operation::status:
        break;
      case operation::upload_xml:
        xml(what, plan_upload_xml(with_), context_.engine.upload_xml);
        break;
      case operation::download_xml:
        xml(what, plan_download_xml(with_, context_.registered_roots),
            context_.engine.download_xml);
        break;
      case operation::rewrite_xml:
        xml(what, plan_rewrite_xml(with_), context_.engine.rewrite_file);
        break;
    }
  }

  template <class Plan>
  std::chrono::steady_clock::time_point begin(operation what, const Plan& plan) {
    operation_start start;
    start.what = what;
    start.source = plan.source;
    start.target = plan.target;
    start.dry_run = with_.dry_run;
    out_.begin(start);
    return context_.now();
  }

  void music(operation what, const command_plan<engine::sync_task>& plan) {
    const auto began = begin(what, plan);
    const bool down = plan.task.way == engine::direction::download;
    const made_folders made(down ? plan.task.root : std::string());
    operation_end end;
    end.how = context_.engine.sync(plan.task, out_);
    end.code = code_of(end.how, context_.signal());
    const empty_source from{plan.task.prefix, plan.source, plan.task.names};
    if (down && explain_nothing(from, context_.engine.is_object, out_, end)) made.take_back();
    finish(std::move(end), began);
  }

  void copy(const command_plan<engine::copy_task>& plan) {
    const auto began = begin(operation::sync, plan);
    operation_end end;
    end.how = context_.engine.copy(plan.task, out_);
    end.code = code_of(end.how, context_.signal());
    const empty_source from{plan.task.source_prefix, plan.source, plan.task.names};
    explain_nothing(from, context_.engine.is_object, out_, end);
    finish(std::move(end), began);
  }

  template <class Task, class Function>
  void xml(operation what, const command_plan<Task>& plan, const Function& perform_it) {
    const auto began = begin(what, plan);
    operation_end end;
    engine::xml_report report = perform_it(plan.task, out_);
    end.how = std::exchange(report.base, engine::report());
    end.xml = std::move(report);
    end.code = code_of(end.how, context_.signal());
    finish(std::move(end), began);
  }

  void finish(operation_end end, std::chrono::steady_clock::time_point began) {
    end.seconds = seconds_since(began);
    out_.end(end);
    add(total_.count, end.how.count);
    total_.code = combine(total_.code, end.code);
  }

  const settings& with_;
  const run_context& context_;
  printer& out_;
  const std::chrono::steady_clock::time_point began_;
  run_end total_;
};

}  // namespace

exit_code run_operations(const settings& with, const run_context& context, printer& out) {
  return runner(with, context, out).run();
}

}  // namespace beatsync::cli
