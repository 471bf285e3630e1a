#pragma once

/// The character data of the open elements, each without that of its children.
///
/// Parsers deliver one text in several pieces (at entities, line ends and buffer ends); here they
/// come together. A run of nothing but white space beside a child element is indentation and left
/// out. Not shared between threads at the same time.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::xml {

class element_text {
 public:
  void open() {
    drop_white_run();
    if (!levels_.empty()) levels_.back().has_children = true;
    levels_.push_back({text_.size(), false});
  }

  void append(std::string_view piece) { text_.append(piece); }

  /// The whole text of the innermost element, valid until close().
  std::string_view get() {
    if (levels_.back().has_children) drop_white_run();
    return std::string_view(text_).substr(levels_.back().begin);
  }

  void close() {
    text_.resize(levels_.back().begin);
    run_begin_ = text_.size();
    levels_.pop_back();
  }

  /// Bytes held for all open elements.
  std::size_t size() const noexcept { return text_.size(); }

 private:
  struct level {
    std::size_t begin;
    bool has_children;
  };

  void drop_white_run() {
    const bool white = std::string_view(text_).substr(run_begin_).find_first_not_of(" \t\r\n") ==
                       std::string_view::npos;
    if (white) text_.resize(run_begin_);
    run_begin_ = text_.size();
  }

  std::string text_;           ///< of all open elements, one behind the other
  std::size_t run_begin_ = 0;  ///< what came since the last tag
  std::vector<level> levels_;
};

}  // namespace beatsync::xml
