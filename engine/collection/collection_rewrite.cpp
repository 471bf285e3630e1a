/// rewrite_file: the rewriter as a tool of its own, from file or standard input to file or standard
/// output.

#include "engine/collection/collection.hpp"
#include "engine/collection/document_rewriting.hpp"
#include "engine/collection/document_target.hpp"
#include "engine/collection/xml_item.hpp"
#include "engine/files/posix_file_system.hpp"
#include "engine/run/operation_end.hpp"

#include <cerrno>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace beatsync::engine {
namespace {

struct close_stream {
  void operator()(std::FILE* stream) const noexcept {
    if (stream != stdin) std::fclose(stream);
  }
};
using stream_handle = std::unique_ptr<std::FILE, close_stream>;

fs_error error_of(const char* operation, std::string path) {
  fs_error e;
  e.code = errno;
  e.operation = operation;
  e.path = std::move(path);
  return e;
}

class file_rewrite {
 public:
  file_rewrite(const rewrite_file_task& task, run_ledger& ledger, xml_report& result)
      : task_(task),
        to_stdout_(task.output == "-"),
        result_(result),
        item_(ledger, action_kind::rewrite, std::string(), to_stdout_ ? "" : task.output) {}

  void run() {
    auto roots = parse_roots(task_.from_roots, task_.to_root);
    if (roots.has_error()) {
      item_.failed(reason::no_match, roots.error().text());
      return;
    }
    sources_ = roots->from;
    // Standard input and pipes too, which the port would refuse.
    const stream_handle input(task_.input == "-" ? stdin : std::fopen(task_.input.c_str(), "rb"));
    if (!input) {
      item_.failed(error_of("open", task_.input));
      return;
    }
    const auto read = [this, &input](std::span<std::byte> buffer) {
      return read_from(*input, buffer);
    };
    if (task_.dry_run) {
      if (accept(rewrite_document(std::move(*roots), read, byte_writer()))) item_.planned();
    } else if (to_stdout_) {
      rewrite_to_stdout(std::move(*roots), read);
    } else {
      rewrite_to_file(std::move(*roots), read);
    }
  }

 private:
  fs_result<std::size_t> read_from(std::FILE& stream, std::span<std::byte> buffer) {
    const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), &stream);
    if (got < buffer.size() && std::ferror(&stream) != 0) return error_of("read", task_.input);
    read_ += got;
    item_.set_size(read_);
    return got;
  }

  bool accept(const rewriting& how) {
    if (!item_.accept(how)) return false;
    result_.rewrite = how.counts;
    if (how.counts->nothing_matched() && !task_.allow_unmatched) {
      item_.failed(reason::no_match,
                   no_match_text(sources_, *how.counts) +
                       (to_stdout_ ? "; the output is not to be used" : "; nothing was written"));
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
    rewriting how = rewrite_document(std::move(roots), read, write);
    if (how.counts && std::fflush(stdout) != 0) {
      how.unwritable = error_of("write", "standard output");
      how.counts.reset();
    }
    // What has gone out cannot be taken back.
    if (how.refused) how.refused->message += "; the output is incomplete";
    if (accept(how)) finish("-");
  }

  void rewrite_to_file(xml::rewrite_options roots, const byte_reader& read) {
    posix_file_system files;
    const split_path parts = split(task_.output);
    auto where = files.open_root(parts.folder);
    if (where.has_error()) {
      item_.failed(where.error());
      return;
    }
    const auto there = (*where)->status_of(parts.name, links::follow);
    if (there.has_value() && there->kind != file_kind::regular) {
      // A rename would put a file in the place of a device or a pipe.
      item_.failed(reason::local_io,
                   task_.output + " is no regular file; use - for standard output");
      return;
    }
    auto target = document_target::create(**where, parts.name);
    if (target.has_error()) {
      item_.failed(target.error());
      return;
    }
    if (!accept(rewrite_document(std::move(roots), read, writer_to((*target)->file())))) return;
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
  xml_item item_;
  std::vector<xml::root> sources_;
  std::uint64_t read_ = 0;
};

}  // namespace

xml_report rewrite_file(const rewrite_file_task& task, observer& out) {
  xml_report result;
  run_ledger ledger(out);
  try {
    file_rewrite rewrite(task, ledger, result);
    rewrite.run();
  } catch (const std::exception& e) {
    halt_on(ledger, e);
  }
  result.base = ledger.result();
  return result;
}

}  // namespace beatsync::engine
