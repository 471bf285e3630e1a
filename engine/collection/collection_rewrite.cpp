/// rewrite_file: the rewriter as a tool of its own, from file or standard input to file or standard
/// output.

#include "engine/collection/collection.hpp"
#include "engine/collection/document_rewriting.hpp"
#include "engine/collection/document_target.hpp"
#include "engine/collection/xml_item.hpp"
#include "engine/files/posix_file_system.hpp"
#include "engine/files/posix_handle.hpp"
#include "engine/files/temporary_file.hpp"
#include "engine/run/operation_end.hpp"

#include <cerrno>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace beatsync::engine {
namespace {

fs_error error_of(const char* operation, std::string path) {
  fs_error e;
  e.code = errno;
  e.operation = operation;
  e.path = std::move(path);
  return e;
}

class file_rewrite {
 public:
  file_rewrite(const rewrite_file_task& task, run_ledger& ledger, xml_report& result,
               const std::function<bool()>& go_on)
      : task_(task),
        to_stdout_(task.output == "-"),
        result_(result),
        go_on_(go_on),
        item_(ledger, action_kind::rewrite, std::string(),
              to_stdout_ ? "standard output" : task.output) {}

  void run() {
    auto roots = parse_roots(task_.from_roots, task_.to_root);
    if (roots.has_error()) {
      item_.failed(reason::no_match, roots.error().text());
      return;
    }
    sources_ = roots->from;
    // Standard input and pipes too, which the port would refuse.
    const unique_fd opened(from_stdin() ? -1 : ::open(task_.input.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened && !from_stdin()) {
      item_.failed(error_of("open", task_.input));
      return;
    }
    const int input = from_stdin() ? STDIN_FILENO : opened.get();
    const auto read = [this, input](std::span<std::byte> buffer) {
      return read_from(input, buffer);
    };
    if (!to_stdout_ && !find_place()) return;
    if (task_.dry_run) {
      if (accept(rewrite(std::move(*roots), read, byte_writer()))) item_.planned();
    } else if (to_stdout_) {
      rewrite_to_stdout(std::move(*roots), read);
    } else {
      rewrite_to_file(std::move(*roots), read);
    }
  }

 private:
  /// Where the output belongs. A rename would put a file in the place of a link, a device or a
  /// pipe.
  bool find_place() {
    const auto place = files_.place_of_file(task_.output);
    if (place.has_value()) {
      place_ = split(*place);
      return true;
    }
    if (place.error().code == EINVAL) {
      item_.failed(reason::local_io,
                   task_.output + " is no regular file; use - for standard output");
    } else {
      item_.failed(place.error());
    }
    return false;
  }

  bool from_stdin() const { return task_.input == "-"; }
  bool ending() const { return go_on_ && !go_on_(); }

  /// A pipe may bring nothing for a long time; the end of the run is noticed meanwhile.
  fs_result<std::size_t> read_from(int fd, std::span<std::byte> buffer) {
    const auto failed = [this] {
      return error_of("read", from_stdin() ? "standard input" : task_.input);
    };
    constexpr int look_milliseconds = 100;
    for (pollfd waiting{fd, POLLIN, 0};;) {
      if (ending()) {
        errno = ECANCELED;
        return failed();
      }
      const int ready = ::poll(&waiting, 1, look_milliseconds);
      if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
      const ssize_t got = ready < 0 ? -1 : ::read(fd, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed();
      return static_cast<std::size_t>(got);
    }
  }

  rewriting rewrite(xml::rewrite_options roots, const byte_reader& read, const byte_writer& write) {
    const auto count = [this, &write](std::span<const std::byte> bytes) -> fs_result<void> {
      written_ += bytes.size();
      item_.set_size(written_);
      return write ? write(bytes) : fs_result<void>();
    };
    return rewrite_document(std::move(roots), read, count, {}, go_on_);
  }

  bool accept(const rewriting& how) {
    if (!item_.accept(how)) return false;
    result_.rewrite = how.counts;
    const std::string nothing_done =
        to_stdout_ ? "; the output is not to be used" : "; nothing was written";
    if (!how.counts->is_collection && !task_.allow_unmatched) {
      item_.failed(reason::malformed,
                   no_collection_text(from_stdin() ? "standard input" : task_.input) +
                       nothing_done + ". Use --allow-unmatched if it is meant");
      return false;
    }
    if (how.counts->nothing_matched() && !task_.allow_unmatched) {
      item_.failed(reason::no_match, no_match_text(sources_, *how.counts) + nothing_done);
      return false;
    }
    return true;
  }

  void rewrite_to_stdout(xml::rewrite_options roots, const byte_reader& read) {
    const auto write = [](std::span<const std::byte> bytes) -> fs_result<void> {
      if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) {
        return error_of("write", "standard output");
      }
      return {};
    };
    rewriting how = rewrite(std::move(roots), read, write);
    if (how.counts && std::fflush(stdout) != 0) {
      how.unwritable = error_of("write", "standard output");
      how.counts.reset();
    }
    // What has gone out cannot be taken back.
    if (how.refused) how.refused->message += "; the output is incomplete";
    if (accept(how)) finish("-");
  }

  void rewrite_to_file(xml::rewrite_options roots, const byte_reader& read) {
    auto where = files_.open_root(place_.folder);
    if (where.has_error()) {
      item_.failed(where.error());
      return;
    }
    remove_temporaries(**where, time_now_ns());
    auto target = document_target::create(**where, place_.name);
    if (target.has_error()) {
      item_.failed(target.error());
      return;
    }
    if (!accept(rewrite(std::move(roots), read, writer_to((*target)->file())))) return;
    const auto published = (*target)->publish(task_.fsync);
    if (published.has_error()) {
      item_.failed(published.error());
      return;
    }
    finish(task_.output);
  }

  void finish(const std::string& written) {
    item_.done();
    result_.written = written;
  }

  const rewrite_file_task& task_;
  const bool to_stdout_;
  xml_report& result_;
  const std::function<bool()>& go_on_;
  xml_item item_;
  posix_file_system files_;
  split_path place_;
  std::vector<xml::root> sources_;
  std::uint64_t written_ = 0;
};

}  // namespace

xml_report rewrite_file(const rewrite_file_task& task, observer& out,
                        const std::function<bool()>& go_on) {
  xml_report result;
  run_ledger ledger(out);
  try {
    file_rewrite rewrite(task, ledger, result, go_on);
    rewrite.run();
  } catch (const std::exception& e) {
    halt_on(ledger, e);
  }
  result.base = ledger.result();
  return result;
}

}  // namespace beatsync::engine
