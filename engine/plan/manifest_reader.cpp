#include "engine/plan/manifest_reader.hpp"

#include "s3/printable.hpp"

#include <span>
#include <stdexcept>
#include <utility>

namespace beatsync::engine {

namespace {
constexpr std::size_t block = 256 * 1024;
}

void throw_exception_from_error(const manifest_fault& e, const boost::source_location&) {
  throw std::runtime_error(e.message);
}

manifest_reader::manifest_reader(std::unique_ptr<input_file> file, std::string path)
    : file_(std::move(file)), path_(std::move(path)) {}

manifest_fault manifest_reader::fault(const std::string& message) const {
  return {s3::printable(path_, 4096) + ":" + std::to_string(number_) + ": " + message};
}

manifest_result<std::unique_ptr<manifest_reader>> manifest_reader::open(file_system& files,
                                                                        const std::string& path) {
  auto file = files.open_file(path);
  if (file.has_error()) return manifest_fault{describe(file.error())};
  std::unique_ptr<manifest_reader> reader(new manifest_reader(std::move(*file), path));
  const auto first = reader->line();
  if (first.has_error()) return first.error();
  if (!*first) return manifest_fault{s3::printable(path, 4096) + ": the file is empty"};
  auto header = reader->parser_.header(**first);
  if (header.has_error()) return reader->fault(header.error().message);
  reader->header_ = std::move(*header);
  return reader;
}

/// The next line without its newline, valid until the one after; nothing where the file ends.
manifest_result<std::optional<std::string_view>> manifest_reader::line() {
  for (;;) {
    const auto newline = text_.find('\n', at_);
    if (newline != std::string::npos) {
      const std::string_view found = std::string_view(text_).substr(at_, newline - at_);
      at_ = newline + 1;
      ++number_;
      return std::optional(found);
    }
    if (text_.size() - at_ > longest_manifest_line) {
      ++number_;
      return fault("the line is too long for a manifest");
    }
    if (ended_) {
      if (at_ == text_.size()) return std::optional<std::string_view>();
      ++number_;
      return fault("the file ends in the middle of a line: it was cut off");
    }
    text_.erase(0, std::exchange(at_, 0));
    const std::size_t old = text_.size();
    text_.resize(old + block);
    const auto got =
        file_->read_at(read_, std::as_writable_bytes(std::span(text_.data() + old, block)));
    if (got.has_error()) return manifest_fault{describe(got.error())};
    text_.resize(old + *got);
    read_ += *got;
    ended_ = *got < block;
  }
}

manifest_result<std::optional<action>> manifest_reader::next() {
  const auto here = line();
  if (here.has_error()) return here.error();
  if (!*here) {
    ++number_;
    return fault("the last line is missing: the manifest was cut off");
  }
  auto parsed = parser_.body(header_, **here);
  if (parsed.has_error()) return fault(parsed.error().message);
  if (parsed->what) {
    ++sums_.items;
    sums_.bytes += parsed->what->size;
    return std::move(parsed->what);
  }
  if (parsed->end.items != sums_.items || parsed->end.bytes != sums_.bytes) {
    return fault("the manifest says that it has " + std::to_string(parsed->end.items) +
                 " items of " + std::to_string(parsed->end.bytes) + " bytes, and has " +
                 std::to_string(sums_.items) + " of " + std::to_string(sums_.bytes));
  }
  const auto more = line();
  if (more.has_error()) return more.error();
  if (*more) return fault("something follows the last line");
  return std::optional<action>();
}

manifest_result<manifest_end> check_manifest(file_system& files, const std::string& path) {
  auto reader = manifest_reader::open(files, path);
  if (reader.has_error()) return reader.error();
  for (;;) {
    const auto next = (*reader)->next();
    if (next.has_error()) return next.error();
    if (!*next) return (*reader)->sums();
  }
}

}  // namespace beatsync::engine
