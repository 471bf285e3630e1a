#include "cli/output/summary_text.hpp"

#include "cli/output/human_units.hpp"
#include "s3/printable.hpp"

namespace beatsync::cli {

namespace {

std::string shown(std::string_view text) { return s3::printable(text, 4096); }

std::string files(std::uint64_t count) { return counted(count, "file", "files"); }

struct verbs {
  std::string_view past;
  std::string_view plan;
};

verbs verbs_of(const operation_start& start) {
  const bool from_store = start.source.starts_with("s3://");
  if (from_store && start.target.starts_with("s3://")) return {"copied", "copy"};
  if (start.what == operation::download_music || from_store) return {"downloaded", "download"};
  return {"uploaded", "upload"};
}

bool is_xml(operation what) {
  return what == operation::upload_xml || what == operation::download_xml ||
         what == operation::rewrite_xml;
}

/// `a, b, c`
class sentence {
 public:
  void add(const std::string& part) { text_ += (text_.empty() ? "" : ", ") + part; }
  bool empty() const { return text_.empty(); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string music_counts(const operation_start& start, const engine::totals& count, bool stopped,
                         std::uint64_t planned_bytes) {
  const verbs words = verbs_of(start);
  sentence said;
  if (start.dry_run) {
    // Items skipped are planned too, but nothing would move.
    const std::uint64_t moving = count.planned - count.skipped - count.failed;
    if (moving > 0) {
      said.add("would " + std::string(words.plan) + " " + files(moving) + " (" +
               human_bytes(planned_bytes) + ")");
    }
  } else if (count.done > 0) {
    said.add(files(count.done) + " (" + human_bytes(count.bytes) + ") " + std::string(words.past));
    if (count.unverified > 0) {
      said.add(with_commas(count.unverified) +
               " of them unverified (the store has nothing to "
               "check them by)");
    }
  }
  if (count.skipped > 0) said.add(with_commas(count.skipped) + " skipped");
  if (count.failed > 0) said.add(with_commas(count.failed) + " failed");
  if (count.differs > 0) {
    said.add(count.differs == 1 ? std::string("1 differs (left as it is)")
                                : with_commas(count.differs) + " differ (left as they are)");
  }
  std::string text = said.empty() ? (stopped ? "nothing done" : "nothing to do") : said.text();
  if (count.unchanged > 0) text += "; " + with_commas(count.unchanged) + " unchanged";
  return text + (stopped ? "; stopped before the end" : "");
}

/// `0-3,7`: as job arrays take them.
std::string shards_in(const engine::plan_status& status, engine::shard_state state) {
  std::string list;
  for (std::size_t i = 0; i < status.shards.size(); ++i) {
    if (status.shards[i].state != state) continue;
    std::size_t last = i;
    while (last + 1 < status.shards.size() && status.shards[last + 1].state == state) ++last;
    if (!list.empty()) list += ',';
    list += std::to_string(i);
    if (last > i) list += '-' + std::to_string(last);
    i = last;
  }
  return list;
}

/// What the first shard that failed says.
std::string message_of(const engine::plan_status& status) {
  for (const engine::shard_status& one : status.shards) {
    if (one.state != engine::shard_state::failed || one.result.message.empty()) continue;
    return "shard " + std::to_string(one.shard) + ": " + shown(one.result.message);
  }
  return {};
}

std::vector<std::string> status_lines(const operation_end& end) {
  using engine::shard_state;
  const engine::plan_status& status = *end.status;
  const engine::totals& count = end.how.count;
  const engine::manifest_end all = status.plan.sum();
  std::vector<std::string> lines;
  sentence said;
  said.add(with_commas(status.count(shard_state::done)) + " of " +
           counted(status.shards.size(), "shard", "shards") + " done");
  if (const auto n = status.count(shard_state::failed); n > 0) {
    said.add(with_commas(n) + " failed");
  }
  if (const auto n = status.count(shard_state::missing); n > 0) {
    said.add(with_commas(n) + " not run to the end");
  }
  lines.push_back("status: " + said.text());
  lines.push_back("  " + with_commas(count.done + count.unchanged) + " of " + files(all.items) +
                  " (" + human_bytes(count.bytes + count.bytes_in_place) + " of " +
                  human_bytes(all.bytes) + ") in place" +
                  (count.failed > 0 ? ", " + with_commas(count.failed) + " failed" : ""));
  for (const auto& [state, what] : {std::pair(shard_state::failed, "  failed: "),
                                    std::pair(shard_state::missing, "  not run to the end: ")}) {
    const std::string list = shards_in(status, state);
    if (!list.empty()) lines.push_back(what + list);
  }
  if (const std::string text = message_of(status); !text.empty()) lines.push_back("  " + text);
  return lines;
}

std::string plan_counts(const operation_start& start, const operation_end& end) {
  const engine::totals& count = end.how.count;
  const engine::manifest_end all = end.plan->sum();
  sentence said;
  said.add(files(all.items) + " (" + human_bytes(all.bytes) + ") to " +
           std::string(verbs_of(start).plan) + " in " +
           counted(end.plan->shards.size(), "shard", "shards"));
  if (count.skipped > 0) said.add(with_commas(count.skipped) + " skipped");
  if (count.failed > 0) said.add(with_commas(count.failed) + " failed");
  if (count.differs > 0) said.add(with_commas(count.differs) + " left that differ");
  return said.text() +
         (count.unchanged > 0 ? "; " + with_commas(count.unchanged) + " unchanged" : std::string());
}

std::string xml_counts(const operation_start& start, const operation_end& end) {
  const engine::totals& count = end.how.count;
  const engine::xml_report& xml = *end.xml;
  if (end.how.stopped) return "stopped";
  if (count.failed > 0) return "failed";
  if (start.dry_run && count.planned > 0)
    return "would write " + (start.target == "-" ? "to standard output" : shown(start.target));
  if (count.skipped > 0) return "skipped";
  if (count.done == 0) return "nothing to do: it is there already";
  const std::string what = shown(xml.written.empty() ? start.target : xml.written);
  if (start.what == operation::upload_xml) {
    return shown(start.source) + " uploaded (" + human_bytes(count.bytes) + ")";
  }
  if (what == "-") return "wrote " + human_bytes(count.bytes) + " to standard output";
  return "wrote " + what + " (" + human_bytes(count.bytes) + ")";
}

void add_rewrite(const xml::rewrite_report& r, std::vector<std::string>& lines) {
  sentence said;
  said.add(with_commas(r.rewritten) + " of " + counted(r.tracks, "track", "tracks") +
           " below the root");
  if (r.keys_rewritten > 0) {
    said.add(counted(r.keys_rewritten, "playlist entry", "playlist entries") + " with them");
  }
  if (r.other_root > 0) said.add(with_commas(r.other_root) + " elsewhere");
  if (r.streaming > 0) said.add(with_commas(r.streaming) + " streaming");
  if (r.not_a_file > 0) said.add(with_commas(r.not_a_file) + " that are no files");
  if (r.without_location > 0) said.add(with_commas(r.without_location) + " without a location");
  lines.push_back("  " + said.text());
  if (!r.other_roots.empty()) {
    sentence roots;
    for (const auto& [root, tracks] : r.other_roots) {
      roots.add(shown(root) + " (" + with_commas(tracks) + ")");
    }
    lines.push_back("  elsewhere: " + roots.text());
  }
  if (r.case_differs > 0) {
    lines.push_back("  " + with_commas(r.case_differs) +
                    " matched only without regard to upper and lower case");
  }
  if (r.too_long > 0) {
    lines.push_back("  " + counted(r.too_long, "location has", "locations have") +
                    " more than 255 characters: rekordbox does not import those");
  }
}

void add_xml(const operation_start& start, const engine::xml_report& xml,
             std::vector<std::string>& lines) {
  if (!xml.root_used.empty()) {
    lines.push_back("  the other DJ's root is " + shown(xml.root_used) + " (from " +
                    shown(xml.root_source) + ")");
  }
  if (xml.rewrite) add_rewrite(*xml.rewrite, lines);
  const std::uint64_t missing = xml.missing_tracks.value_or(0);
  if (missing == 0) return;
  sentence some;
  for (const std::string& name : xml.missing_examples) some.add(shown(name));
  lines.push_back("  " + counted(missing, "track is", "tracks are") + " not on the stick" +
                  (some.empty() ? std::string() : ", for example " + some.text()) +
                  (start.what == operation::download_xml ? ": run download_music" : ""));
}

}  // namespace

std::vector<std::string> summary_lines(const operation_start& start, const operation_end& end,
                                       std::uint64_t planned_bytes) {
  std::vector<std::string> lines;
  const std::string begin = std::string(name_of(start.what)) + ": ";
  if (end.status) return status_lines(end);
  if (start.what == operation::plan || start.what == operation::status) {
    const bool whole = end.plan && !end.how.stopped;
    lines.push_back(begin + (whole ? plan_counts(start, end) : "stopped before the end"));
    return lines;
  }
  if (!is_xml(start.what) || !end.xml) {
    lines.push_back(begin +
                    music_counts(start, end.how.count, end.how.stopped.has_value(), planned_bytes));
    return lines;
  }
  lines.push_back(begin + xml_counts(start, end));
  if (!end.how.stopped) add_xml(start, *end.xml, lines);
  return lines;
}

std::vector<std::string> trouble_lines(const operation_end& end) {
  std::vector<std::string> lines;
  if (end.how.stopped) {
    const engine::stop_reason& why = *end.how.stopped;
    std::string line = shown(why.message);
    if (line.empty() && why.error) line = s3::describe(*why.error);
    lines.push_back(std::move(line));
  }
  for (const std::string& upload : end.how.unanswered_aborts) {
    lines.push_back("the store did not say whether it dropped the unfinished upload of " +
                    shown(upload) + "; its parts may still take up space there");
  }
  return lines;
}

}  // namespace beatsync::cli
