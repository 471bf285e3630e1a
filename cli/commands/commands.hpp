#pragma once

/// One function per operation, one file per function (command_*.cpp): the settings become the
/// engine's task. Pure, so that what a flag means for the engine is a table in a test.

#include "cli/output/printer.hpp"
#include "cli/settings/settings.hpp"
#include "engine/collection/collection.hpp"
#include "engine/copy/copy.hpp"
#include "engine/plan/plan.hpp"
#include "engine/sync/sync.hpp"

#include <string>
#include <vector>

namespace beatsync::cli {

/// A task, and its two ends as people name them.
template <class Task>
struct command_plan {
  Task task;
  std::string source;
  std::string target;
};

/// What the three that move music have in common.
engine::sync_task common_task(const settings& with);

command_plan<engine::sync_task> plan_upload_music(const settings& with);
command_plan<engine::sync_task> plan_download_music(const settings& with);
command_plan<engine::sync_task> plan_sync(const settings& with);
/// `sync` and `plan` where both sides are in a store.
command_plan<engine::copy_task> plan_copy(const settings& with);
/// `plan`: without the place and the folder of the manifests. Fails where a place cannot stand in
/// one.
result<command_plan<engine::plan_task>> plan_plan(const settings& with);
command_plan<engine::upload_xml_task> plan_upload_xml(const settings& with);
command_plan<engine::download_xml_task> plan_download_xml(
    const settings& with, const std::vector<std::string>& registered_roots);
command_plan<engine::rewrite_file_task> plan_rewrite_xml(const settings& with);

}  // namespace beatsync::cli
