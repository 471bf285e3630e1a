/// download_xml: another DJ's collection, with their root replaced by mine.
///
///     HEAD ─► root ─► GET into a temporary file ─► rewrite into a second one ─► rename
///
/// Nothing that was there is touched before the last step.

#include "engine/collection/collection.hpp"
#include "engine/collection/document_rewriting.hpp"
#include "engine/collection/document_target.hpp"
#include "engine/collection/import_root.hpp"
#include "engine/collection/missing_tracks.hpp"
#include "engine/collection/xml_item.hpp"
#include "engine/collection/xml_object.hpp"
#include "engine/files/temporary_file.hpp"
#include "engine/files/temporary_name.hpp"
#include "engine/run/lane_call.hpp"
#include "engine/run/operation_end.hpp"
#include "engine/transfer/transfer_crew.hpp"

#include <cerrno>
#include <exception>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace beatsync::engine {
namespace {

std::uint64_t random_number() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

class xml_download {
 public:
  xml_download(runtime::impl& rt, const download_xml_task& task, run_ledger& ledger, observer& out,
               xml_report& result)
      : rt_(rt),
        task_(task),
        ledger_(ledger),
        out_(out),
        result_(result),
        key_(task.folder_prefix + "rekordbox.xml") {}

  void run() {
    if (!find_object() || !open_folder()) return;
    // The root and the bytes belong together: where the object changes between the two, both are
    // asked for again, once.
    for (int tries_left = 1;; --tries_left) {
      if (!look_at_object()) return;
      if (task_.dry_run) {
        item().planned();
        return;
      }
      const scratch_file fetched(*root_, temporary_name(random_number()));
      const item_end end = fetch(fetched.name(), tries_left > 0);
      if (end == item_end::changed) continue;
      if (end == item_end::told) return;
      auto input = root_->open_file(fetched.name());
      // Nobody has it locked now that it is whole, and FAT keeps no time of change to tell it from
      // a leftover by.
      const bool taken = input.has_error() && input.error().code == ENOENT;
      if (taken && tries_left > 0) continue;
      rewrite(std::move(input));
      return;
    }
  }

 private:
  enum class item_end { done, changed, told };

  xml_item item() {
    xml_item it(ledger_, action_kind::download, key_, task_.target_path);
    it.set_size(head_.size);
    it.set_reason(target_exists_ ? reason::differs : reason::missing);
    return it;
  }

  bool find_object() {
    io_lane& lane = *rt_.lanes.front();
    const auto found = call_on(lane, find_xml(lane.store(), task_.folder_prefix));
    if (found.has_error()) {
      item().failed(found.error(), "Could not look into " + task_.folder_prefix);
      return false;
    }
    if (!found->key.empty()) {
      key_ = found->key;
      return true;
    }
    s3::error none;
    none.code = s3::errc::no_such_key;
    const auto others = [&] { return find_other_users(lane.store(), task_.folder_prefix); };
    none.message = found->names.empty()
                       ? no_xml_text(call_on(lane, others()), task_.unlikeness)
                       : "there are several XML files and none is called rekordbox.xml: " +
                             comma_separated(found->names);
    item().failed(none, task_.folder_prefix);
    return false;
  }

  bool open_folder() {
    const auto place = rt_.files.place_of_file(task_.target_path);
    if (place.has_error()) {
      if (place.error().code == EINVAL) {
        item().failed(reason::local_io, task_.target_path + " is no regular file: move it away");
      } else {
        item().failed(place.error());
      }
      return false;
    }
    parts_ = split(*place);
    auto root = rt_.files.open_root(parts_.folder);
    if (root.has_error()) {
      item().failed(root.error());
      return false;
    }
    root_ = std::move(*root);
    target_exists_ = root_->status_of(parts_.name, links::follow).has_value();
    if (!task_.dry_run) remove_temporaries(*root_, time_now_ns());
    return true;
  }

  bool look_at_object() {
    auto head = call_on(*rt_.lanes.front(), rt_.lanes.front()->store().head(key_));
    if (head.has_error()) {
      item().failed(head.error(), "Could not look at " + key_);
      return false;
    }
    head_ = std::move(*head);
    const import_roots chosen = choose_import_roots(task_, head_.metadata);
    for (const std::string& text : chosen.warnings) ledger_.warn(text);
    if (!chosen.problem.empty()) {
      item().failed(reason::no_match, chosen.problem);
      return false;
    }
    auto roots = parse_roots(chosen.roots, task_.to_root);
    if (roots.has_error()) {
      item().failed(reason::no_match, "XML_ROOT: " + roots.error().text());
      return false;
    }
    roots_ = std::move(*roots);
    result_.root_used = comma_separated(chosen.roots);
    result_.root_source = chosen.source;
    return true;
  }

  item_end fetch(const std::string& name, bool again_if_changed) {
    lone_transfer job;
    job.root = root_.get();
    job.root_path = parts_.folder;
    job.what.kind = action_kind::download;
    job.what.path = name;
    job.what.key = key_;
    job.what.size = head_.size;
    job.what.etag = head_.etag;
    job.fsync = false;  // only what is written from it has to last
    const lone_end end = transfer_one(rt_, std::move(job), out_);
    if (end.how.stopped) ledger_.halt(*end.how.stopped);
    unverified_ = end.it.unverified;
    if (end.it.result == outcome::done) return item_end::done;
    if (again_if_changed && end.it.why == reason::changed) return item_end::changed;
    item().ended(end.it);
    return item_end::told;
  }

  void rewrite(fs_result<std::unique_ptr<input_file>> input) {
    if (input.has_error()) {
      item().failed(input.error());
      return;
    }
    const auto go_on = [this] { return !rt_.stopping.load(); };
    missing_tracks missing;
    if (!task_.library_root.empty()) {
      const auto problem = missing.walk(rt_.files, task_.library_root, go_on);
      if (problem) {
        ledger_.warn("Whether all tracks are on the stick could not be checked: " +
                     problem->message);
      }
    }
    auto target = document_target::create(*root_, parts_.name);
    if (target.has_error()) {
      item().failed(target.error());
      return;
    }
    const std::vector<xml::root> sources = roots_->from;
    const auto on_track = [&missing](std::string_view path) { missing.look_up(path); };
    const rewriting how = rewrite_document(*roots_, reader_of(**input),
                                           writer_to((*target)->file()), on_track, go_on);
    if (!item().accept(how)) return;
    result_.rewrite = how.counts;
    if (!how.counts->is_collection && !task_.allow_unmatched) {
      item().failed(reason::malformed, no_collection_text(key_) + "; nothing was replaced");
      return;
    }
    result_.missing_tracks = missing.count();
    result_.missing_examples = missing.examples();
    if (how.counts->nothing_matched() && !task_.allow_unmatched) {
      item().failed(reason::no_match, no_match_text(sources, *how.counts) +
                                          ". Give the other DJ's root with --import-root, or use "
                                          "--allow-unmatched; nothing was replaced");
      return;
    }
    publish(**target);
  }

  void publish(document_target& target) {
    const auto same = target.is_there_already();
    if (same.has_value() && *same) {
      ledger_.compared(1, 1);
      return;
    }
    const auto written = target.file().status();
    const auto published = target.publish(task_.fsync);
    if (published.has_error()) {
      item().failed(published.error());
      return;
    }
    xml_item it = item();
    if (written.has_value()) it.set_size(written->size);
    it.done(unverified_);
    result_.written = task_.target_path;
  }

  runtime::impl& rt_;
  const download_xml_task& task_;
  run_ledger& ledger_;
  observer& out_;
  xml_report& result_;
  std::string key_;
  split_path parts_;
  std::unique_ptr<folder> root_;
  bool target_exists_ = false;
  s3::object_head head_;
  std::optional<xml::rewrite_options> roots_;
  bool unverified_ = false;
};

}  // namespace

xml_report download_xml(runtime& rt, const download_xml_task& task, observer& out) {
  xml_report result;
  run_ledger ledger(out);
  try {
    xml_download download(rt.internals(), task, ledger, out, result);
    download.run();
  } catch (const std::exception& e) {
    halt_on(ledger, e);
  }
  result.base = close_books(rt.internals(), ledger);
  return result;
}

}  // namespace beatsync::engine
