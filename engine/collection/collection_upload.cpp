/// upload_xml: my collection into the beatcloud, parsed first, compared by content.

#include "engine/collection/collection.hpp"
#include "engine/collection/document_rewriting.hpp"
#include "engine/collection/xml_item.hpp"
#include "engine/collection/xml_object.hpp"
#include "engine/run/lane_call.hpp"
#include "engine/run/operation_end.hpp"
#include "engine/transfer/transfer_crew.hpp"
#include "engine/transfer/verify.hpp"

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace beatsync::engine {
namespace {

class xml_upload {
 public:
  xml_upload(runtime::impl& rt, const upload_xml_task& task, run_ledger& ledger, observer& out,
             xml_report& result)
      : rt_(rt),
        task_(task),
        ledger_(ledger),
        out_(out),
        result_(result),
        item_(ledger, action_kind::upload, task.key, task.xml_path) {}

  void run() {
    if (!open() || !check_document()) return;
    auto head = call_on(*rt_.lanes.front(), rt_.lanes.front()->store().head(task_.key));
    if (head.has_error() && head.error().code != s3::errc::no_such_key) {
      item_.failed(head.error(), "Could not look at " + task_.key);
      return;
    }
    if (head.has_value()) {
      item_.set_reason(reason::differs);
      const auto same = is_same(*head);
      if (same.has_error()) {
        item_.failed(same.error());
        return;
      }
      if (*same) {
        ledger_.compared(1, 1);
        return;
      }
    }
    if (task_.dry_run) {
      item_.planned();
      return;
    }
    send(head.has_value() ? head->etag : std::string(), head.has_value());
  }

 private:
  bool open() {
    parts_ = split(task_.xml_path);
    auto root = rt_.files.open_root(parts_.folder);
    if (root.has_error()) {
      item_.failed(root.error());
      return false;
    }
    root_ = std::move(*root);
    auto file = root_->open_file(parts_.name);
    if (file.has_error()) {
      item_.failed(file.error());
      return false;
    }
    file_ = std::move(*file);
    const auto status = file_->status();
    if (status.has_error()) {
      item_.failed(status.error());
      return false;
    }
    status_ = *status;
    item_.set_size(status_.size);
    return true;
  }

  /// Is it a collection that another DJ can use?
  bool check_document() {
    std::vector<std::string> from(1, task_.xml_root);
    auto roots = parse_roots(from, task_.xml_root);
    if (roots.has_error()) {
      item_.failed(reason::no_match, "XML_ROOT: " + roots.error().text());
      return false;
    }
    const std::vector<xml::root> sources = roots->from;
    const auto go_on = [this] { return !rt_.stopping.load(); };
    const rewriting read =
        rewrite_document(std::move(*roots), reader_of(*file_), byte_writer(), {}, go_on);
    if (!item_.accept(read)) return false;
    result_.rewrite = read.counts;
    if (!read.counts->is_collection) {
      const std::string none = no_collection_text(task_.xml_path);
      if (!task_.allow_unmatched) {
        item_.failed(reason::malformed, none +
                                            "; nothing was uploaded. Name your collection with "
                                            "XML_PATH, or use --allow-unmatched");
        return false;
      }
      ledger_.warn(none);
    }
    if (read.counts->nothing_matched() && !task_.allow_unmatched) {
      item_.failed(reason::no_match, no_match_text(sources, *read.counts) +
                                         ". Set XML_ROOT (or --xml-root) to the folder under which "
                                         "rekordbox sees the stick, or use --allow-unmatched");
      return false;
    }
    return true;
  }

  /// The object holds these bytes, and the root that goes with them.
  fs_result<bool> is_same(const s3::object_head& head) {
    if (head.size != status_.size || evidence_of(head) == evidence::none) return false;
    if (root_in(head.metadata) != task_.xml_root) return false;
    std::vector<std::byte> buffer(256 * 1024);
    return file_matches(*root_, parts_.name, head, buffer);
  }

  void send(std::string etag, bool exists) {
    lone_transfer job;
    job.root = root_.get();
    job.root_path = parts_.folder;
    job.what.kind = action_kind::upload;
    job.what.why = item_.it().why;
    job.what.path = parts_.name;
    job.what.key = task_.key;
    job.what.size = status_.size;
    job.what.etag = std::move(etag);
    job.what.target_exists = exists;
    job.metadata.emplace_back(root_metadata_name, encode_root(task_.xml_root));
    // Nothing but what was parsed goes up.
    job.must_be = status_;
    lone_end end = transfer_one(rt_, std::move(job), out_);
    if (end.how.stopped) ledger_.halt(*end.how.stopped);
    for (std::string& text : end.how.unanswered_aborts) ledger_.unanswered_abort(std::move(text));
    item_.ended(end.it);
    if (end.it.result == outcome::done) result_.written = task_.key;
  }

  runtime::impl& rt_;
  const upload_xml_task& task_;
  run_ledger& ledger_;
  observer& out_;
  xml_report& result_;
  xml_item item_;
  split_path parts_;
  std::unique_ptr<folder> root_;
  std::unique_ptr<input_file> file_;
  file_status status_;
};

}  // namespace

xml_report upload_xml(runtime& rt, const upload_xml_task& task, observer& out) {
  xml_report result;
  run_ledger ledger(out);
  try {
    xml_upload upload(rt.internals(), task, ledger, out, result);
    upload.run();
  } catch (const std::exception& e) {
    halt_on(ledger, e);
  }
  result.base = close_books(rt.internals(), ledger);
  return result;
}

}  // namespace beatsync::engine
