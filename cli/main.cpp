// The composition root: makes the concrete store, file system and printer, hands them to the
// commands, and turns the outcome into an exit code. It decides nothing.

#include "cli/commands/run_operations.hpp"
#include "cli/commands/run_plan.hpp"
#include "cli/commands/signals.hpp"
#include "cli/commands/stop_guard.hpp"
#include "cli/output/console.hpp"
#include "cli/output/json_printer.hpp"
#include "cli/output/logging.hpp"
#include "cli/output/text_printer.hpp"
#include "cli/output/unforeseen.hpp"
#include "cli/settings/config_file.hpp"
#include "cli/settings/help.hpp"
#include "cli/settings/options.hpp"
#include "cli/settings/places.hpp"
#include "cli/settings/registered_users.hpp"
#include "cli/settings/settings.hpp"
#include "engine/difference/object_probe.hpp"
#include "engine/files/posix_file_system.hpp"
#include "engine/run/runtime.hpp"
#include "s3/client/client.hpp"
#include "s3/client/session.hpp"
#include "s3/printable.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <exception>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <pwd.h>
#include <unistd.h>

using namespace beatsync;
using namespace beatsync::cli;

namespace {

std::string user_name() {
  const passwd* entry = ::getpwuid(::geteuid());
  return entry != nullptr ? entry->pw_name : "";
}

surroundings surroundings_of(const s3::environment& env) {
  surroundings around;
  around.variable = env.variable;
  around.home = env.home;
  if (char* folder = ::getcwd(nullptr, 0); folder != nullptr) {
    // "(unreachable)/…" where it lies outside of this process's root, getcwd(3).
    if (*folder == '/') around.working_folder = folder;
    ::free(folder);
  }
  around.user_name = user_name();
  return around;
}

std::unique_ptr<printer> make_printer(const options& given, console& to) {
  const clock_function now = [] { return std::chrono::steady_clock::now(); };
  if (given.json) return std::make_unique<json_printer>(to, given.quiet, now);
  const bool taken = given.what == command::rewrite_xml && given.target == "-";
  return std::make_unique<text_printer>(to, text_style{given.quiet, taken}, now);
}

s3::session_options session_options_of(const store_settings& store, const std::string& bucket,
                                       diagnostics& say) {
  s3::session_options options;
  options.bucket = bucket;
  options.endpoint_url = store.endpoint_url;
  options.endpoint_source = store.endpoint_source;
  options.configured_endpoint_url = store.configured_endpoint_url;
  options.region = store.region;
  options.configured_region = store.configured_region;
  options.profile = store.profile;
  options.profile_is_explicit = store.profile_is_explicit;
  options.ca_bundle = store.ca_bundle;
  options.ca_bundle_source = store.ca_bundle_source;
  if (store.style == addressing::path) options.style = s3::addressing_style::path;
  if (store.style == addressing::virtual_hosted) {
    options.style = s3::addressing_style::virtual_hosted;
  }
  if (say.shows_requests()) {
    options.log = [&say](std::string_view line) { say.request(line); };
  }
  return options;
}

engine::store_factory clients_of(std::shared_ptr<s3::session> session) {
  if (!session) return {};
  return [session](boost::asio::any_io_executor executor) -> std::unique_ptr<s3::object_store> {
    return std::make_unique<s3::client>(std::move(executor), session);
  };
}

/// A bucket, perhaps with the one that copies come from, and the runtime on both.
class connected_store final : public open_store {
 public:
  connected_store(const settings& with, std::shared_ptr<s3::session> session,
                  std::shared_ptr<s3::session> from, engine::file_system& files)
      : session_(session),
        runtime_(options_of(with), clients_of(session), files, clients_of(std::move(from))) {}

  engine::runtime& runtime() override { return runtime_; }
  std::string name() const override { return session_->store_name(); }

 private:
  static engine::runtime_options options_of(const settings& with) {
    engine::runtime_options options;
    options.transfers = with.store.transfers;
    options.most_transfers = with.store.most_transfers;
    return options;
  }

  std::shared_ptr<s3::session> session_;
  engine::runtime runtime_;
};

/// `from`: empty where nothing is copied from another bucket.
s3::result<std::unique_ptr<open_store>> connect(const settings& with, const std::string& bucket,
                                                const std::string& from, const s3::environment& env,
                                                diagnostics& say, engine::file_system& files) {
  auto session = s3::open_session(session_options_of(with.store, bucket, say), env);
  if (!session) return session.error();
  say.request((*session)->describe());
  std::shared_ptr<s3::session> source;
  if (!from.empty()) {
    auto opened = s3::open_session(session_options_of(with.store, from, say), env);
    if (!opened) return opened.error();
    say.request((*opened)->describe());
    source = std::move(*opened);
  }
  return std::make_unique<connected_store>(with, std::move(*session), std::move(source), files);
}

stop_hook hook_of(signal_watch& signals) {
  return [&signals](std::function<void()> stop) { signals.on_stop(std::move(stop)); };
}

/// The four operations and `sync`: with a store.
exit_code run_with_store(const settings& with, run_context& context, const s3::environment& env,
                         signal_watch& signals, diagnostics& say, printer& out) {
  engine::posix_file_system files;
  const std::string& bucket = with.store.place.bucket;
  const bool two = with.copy_from && with.copy_from->bucket != bucket;
  const auto store =
      connect(with, bucket, two ? with.copy_from->bucket : std::string(), env, say, files);
  if (!store) {
    run_end end;
    end.problem = s3::describe(store.error());
    end.code = code_of(store.error());
    out.run_ended(end);
    return end.code;
  }
  engine::runtime& runtime = (*store)->runtime();
  context.engine.sync = [&](const engine::sync_task& task, engine::observer& to) {
    return engine::sync(runtime, task, to);
  };
  context.engine.copy = [&](const engine::copy_task& task, engine::observer& to) {
    return engine::copy(runtime, task, to);
  };
  context.engine.upload_xml = [&](const engine::upload_xml_task& task, engine::observer& to) {
    return engine::upload_xml(runtime, task, to);
  };
  context.engine.download_xml = [&](const engine::download_xml_task& task, engine::observer& to) {
    return engine::download_xml(runtime, task, to);
  };
  context.engine.is_object = [&](const std::string& key) {
    return engine::is_object(runtime, key);
  };
  const stop_hook on_stop = hook_of(signals);
  const stop_guard stoppable(on_stop, [&runtime] { runtime.stop(); });
  return run_operations(with, context, out);
}

exit_code rewrite_xml(const settings& with, run_context& context, signal_watch& signals,
                      printer& out) {
  std::atomic<bool> stopped{false};
  context.engine.rewrite_file = [&](const engine::rewrite_file_task& task, engine::observer& to) {
    return engine::rewrite_file(task, to, [&stopped] { return !stopped.load(); });
  };
  const stop_hook on_stop = hook_of(signals);
  const stop_guard stoppable(on_stop, [&stopped] { stopped.store(true); });
  return run_operations(with, context, out);
}

/// `plan`, `apply`, `status`: each opens the stores that it needs.
exit_code run_bulk(const settings& with, const run_context& around, const s3::environment& env,
                   signal_watch& signals, diagnostics& say, printer& out) {
  engine::posix_file_system files;
  plan_context context;
  context.open = [&](const std::string& bucket, const std::string& from) {
    return connect(with, bucket, from, env, say, files);
  };
  context.on_stop = hook_of(signals);
  context.before_end = [&signals](std::function<void()> tidy) {
    signals.before_end(std::move(tidy));
  };
  context.signal = around.signal;
  context.now = around.now;
  context.files = &files;
  switch (with.operations.front()) {
    case operation::plan:
      return run_plan(with, context, out);
    case operation::apply:
      return run_apply(with, context, out);
    default:
      return run_status(with, context, out);
  }
}

bool is_bulk(operation what) {
  return what == operation::plan || what == operation::apply || what == operation::status;
}

bool is_dj(operation what) {
  return what != operation::sync && what != operation::rewrite_xml && !is_bulk(what);
}

/// Looks up the import user's root, and records mine for the others (contract.md §4).
void look_up_and_register(const settings& with, run_context& context, printer& out) {
  const std::string file = registered_users_path(with.config_path);
  if (!std::ranges::all_of(with.operations, is_dj)) return;
  // Looked up first: who imports from oneself needs the root of the computer before this one.
  if (!with.xml_import_user.empty()) {
    const registered_roots found = read_roots(file, with.xml_import_user);
    if (!found.problem.empty()) out.on_warning(found.problem);
    context.registered_roots = found.roots;
  }
  if (with.dry_run) return;
  const registration done = register_user(file, with.user, with.xml_root);
  if (!done.warning.empty()) out.on_warning(done.warning);
}

exit_code run(const options& given, console& to, signal_watch& signals, printer& out) {
  const auto refuse = [&](const usage_error& why) {
    run_end end;
    end.problem = why.message;
    end.code = exit_code::usage;
    out.run_ended(end);
    return end.code;
  };
  const s3::environment env = s3::process_environment();
  const surroundings around = surroundings_of(env);
  if (around.working_folder.empty()) {
    return refuse(
        {"the folder that this shell stands in is gone (was a stick unplugged, or a "
         "folder removed?): go to another one with cd and run again"});
  }
  const bool reads_config = given.what != command::rewrite_xml;
  const auto config = reads_config ? read_config(given.config, around) : config_file();
  if (!config) return refuse(config.error());
  diagnostics say(to, given.quiet     ? verbosity::quiet
                      : given.verbose ? verbosity::verbose
                                      : verbosity::normal);
  // Before the settings are made: a key that is misspelt is why one of them is missing.
  if (!config->told.empty()) say.note(config->told);
  for (const std::string& warning : config->warnings) out.on_warning(warning);
  const auto with = make_settings(given, *config, around);
  if (!with) return refuse(with.error());
  for (const std::string& warning : with->warnings) out.on_warning(warning);
  if (const auto fine = check_places(*with); !fine) return refuse(fine.error());

  run_context context;
  context.signal = [&signals] { return signals.received(); };
  context.now = [] { return std::chrono::steady_clock::now(); };
  if (given.what == command::rewrite_xml) {
    return rewrite_xml(*with, context, signals, out);
  }
  if (is_bulk(with->operations.front())) return run_bulk(*with, context, env, signals, say, out);
  look_up_and_register(*with, context, out);
  return run_with_store(*with, context, env, signals, say, out);
}

/// Help and version: their text is the result.
exit_code show(std::string_view text, console& to) {
  text.remove_suffix(1);
  to.result(text);
  return exit_code::ok;
}

/// A command line that cannot be read may still ask for JSON, and then ends with its last line; so
/// does a run that an exception ended.
exit_code end_without_run(const std::vector<std::string>& arguments, const std::string& problem,
                          exit_code code, console& to) {
  options given;
  for (const std::string& word : arguments) {
    if (word == "--") break;
    if (word == "--json" || word == "--json=true") given.json = true;
    if (word == "--json=false") given.json = false;
  }
  run_end end;
  end.problem = problem;
  end.code = code;
  make_printer(given, to)->run_ended(end);
  return code;
}

exit_code run_program(const std::vector<std::string>& arguments, console& to) {
  signal_watch signals([&to](const char* text) { to.urgent(std::string("beatsync: ") + text); });
  const auto given = parse_options(arguments);
  if (!given) return end_without_run(arguments, given.error().message, exit_code::usage, to);
  if (given->version) return show(version_text(), to);
  if (given->help) return show(help_for(given->what), to);
  const auto out = make_printer(*given, to);
  return run(*given, to, signals, *out);
}

}  // namespace

int main(int argc, char** argv) {
  hold_closed_streams();
  forbid_core_dumps();
  console to(process_console());
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  exit_code code = exit_code::ok;
  try {
    code = run_program(arguments, to);
  } catch (const std::exception& e) {
    code = end_without_run(arguments, describe_unforeseen(e), exit_code::stopped, to);
  }

  if (const int failed = to.output_error(); failed != 0) {
    to.diagnostic(std::string("beatsync: error: standard output could not be written (") +
                  std::strerror(failed) + "): the report is incomplete");
    code = combine(code, exit_code::some_failed);
  }
  return static_cast<int>(code);
}
