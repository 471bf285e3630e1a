#pragma once

/// Performs the operations of a run in their order, tells the printer, and makes one exit code of
/// theirs. The engine comes in as functions, so that tests run without it.

#include "cli/output/exit_code.hpp"
#include "cli/output/printer.hpp"
#include "cli/settings/settings.hpp"
#include "cli/settings/usage_error.hpp"
#include "engine/collection/collection.hpp"
#include "engine/copy/copy.hpp"
#include "engine/sync/sync.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace beatsync::cli {

/// What the commands ask of the engine. Each call runs to its end.
struct engine_port {
  std::function<engine::report(const engine::sync_task&, engine::observer&)> sync;
  std::function<engine::report(const engine::copy_task&, engine::observer&)> copy;
  std::function<engine::xml_report(const engine::upload_xml_task&, engine::observer&)> upload_xml;
  std::function<engine::xml_report(const engine::download_xml_task&, engine::observer&)>
      download_xml;
  std::function<engine::xml_report(const engine::rewrite_file_task&, engine::observer&)>
      rewrite_file;
  /// Is there an object of this key in the bucket of SRC? Asked where nothing was found below it.
  std::function<bool(const std::string& key)> is_object;
};

struct run_context {
  engine_port engine;
  std::function<int()> signal;  ///< the one that stopped the run, 0: none
  clock_function now;
  std::vector<std::string> registered_roots;  ///< of XML_IMPORT_USER
};

/// The exit code of the run. Later operations run as contract.md §7 says.
exit_code run_operations(const settings& with, const run_context& context, printer& out);

}  // namespace beatsync::cli
