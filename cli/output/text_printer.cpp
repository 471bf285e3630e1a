#include "cli/output/text_printer.hpp"

#include "cli/output/human_units.hpp"
#include "cli/output/item_text.hpp"
#include "cli/output/summary_text.hpp"
#include "s3/printable.hpp"

#include <utility>

namespace beatsync::cli {

namespace {

/// The local folder of a music operation; XML operations name whole paths.
std::string_view local_root(const operation_start& start) {
  switch (start.what) {
    case operation::upload_music:
      return start.source;
    case operation::download_music:
      return start.target;
    case operation::sync:
    case operation::plan:
    case operation::apply:
      return start.source.starts_with("s3://") ? start.target : start.source;
    default:
      return {};
  }
}

/// What is at work when a run is stopped is hundreds of small files. A few names tell which; more
/// would push what really failed off the screen.
constexpr std::uint64_t most_cut_short = 3;

bool is_music(operation what) {
  return what == operation::upload_music || what == operation::download_music ||
         what == operation::sync || what == operation::plan || what == operation::apply;
}

}  // namespace

text_printer::text_printer(console& to, const text_style& style, clock_function now)
    : console_(to), style_(style), now_(std::move(now)) {}

void text_printer::tell(const std::string& line) {
  if (style_.stdout_is_taken) {
    console_.diagnostic(line);
  } else {
    console_.result(line);
  }
}

void text_printer::begin(const operation_start& start) {
  start_ = start;
  planned_bytes_ = 0;
  cut_short_ = 0;
  rate_.reset();
}

void text_printer::on_item(const engine::item& it) {
  const bool moves = it.result == engine::outcome::done || it.result == engine::outcome::planned;
  if (it.result == engine::outcome::planned) planned_bytes_ += it.bytes;
  if (moves && !is_music(start_.what)) return;  // the summary says it better
  if (style_.quiet && it.result != engine::outcome::failed) return;
  const bool undone = it.result == engine::outcome::failed && it.why == engine::reason::stopped;
  if (undone && ++cut_short_ > most_cut_short) return;
  const std::string line = item_text(it, local_root(start_));
  if (moves) {
    tell(line);
  } else {
    console_.diagnostic("beatsync: " + line);
  }
}

void text_printer::on_difference(const engine::difference& d) {
  if (!style_.quiet) tell(difference_text(d, local_root(start_)));
}

void text_printer::on_warning(const std::string& text) {
  if (!style_.quiet) console_.diagnostic("beatsync: warning: " + s3::printable(text));
}

void text_printer::on_progress(const engine::progress& p) {
  if (!style_.quiet && console_.shows_progress()) {
    rate_.add(now_(), p.bytes_moved);
    console_.progress(progress_line(name_of(start_.what), p, rate_.per_second()));
  }
  console_.flush();
}

void text_printer::end(const operation_end& end) {
  console_.clear_progress();
  if (cut_short_ > most_cut_short) {
    console_.diagnostic("beatsync: FAILED " + with_commas(cut_short_ - most_cut_short) +
                        " more: the run ended before they were done");
  }
  for (const std::string& line : trouble_lines(end)) {
    console_.diagnostic("beatsync: error: " + line);
  }
  if (!style_.quiet) {
    for (const std::string& line : summary_lines(start_, end, planned_bytes_)) tell(line);
  }
  console_.flush();
}

void text_printer::run_ended(const run_end& end) {
  if (!end.problem.empty()) console_.diagnostic("beatsync: error: " + end.problem);
  console_.flush();
}

}  // namespace beatsync::cli
