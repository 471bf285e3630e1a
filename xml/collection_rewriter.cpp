#include "xml/collection_rewriter.hpp"

#include "xml/feed.hpp"
#include "xml/location.hpp"
#include "xml/root_tally.hpp"
#include "xml/sax_parser.hpp"
#include "xml/splicer.hpp"
#include "xml/start_tag.hpp"
#include "xml/target_root.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stdexcept>

namespace beatsync::xml {
namespace {

constexpr std::size_t reported_roots = 8;

/// What an open element is to its children.
enum class element { other, collection, playlists, node, node_keyed_by_location };

struct source {
  root where;
  bool is_target;         ///< nothing to replace
  bool target_is_inside;  ///< what lies below the target already, stays
};

bool looks_like_file_url(std::string_view value) noexcept {
  constexpr std::string_view scheme = "file:";
  return value.size() >= scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), value.begin(),
                    [](char lower, char c) { return c == lower || (c | 0x20) == lower; });
}

}  // namespace

class collection_rewriter::impl final : private sax_handler {
 public:
  impl(rewrite_options options, output out, visitor on_track)
      : to_(std::move(options.to)),
        target_(to_),
        on_track_(std::move(on_track)),
        parser_(*this, sax_text::ignore),
        splicer_(std::move(out)) {
    if (options.from.empty())
      throw std::invalid_argument("collection_rewriter needs a source root");
    depth_ = std::max<std::size_t>(1, to_.segments().size());
    for (root& from : options.from) {
      depth_ = std::max(depth_, from.segments().size());
      has_unc_root_ = has_unc_root_ || from.kind() == root_kind::unc;
      const bool same = from == to_;
      const bool inside = to_.is_below(from);
      from_.push_back({std::move(from), same, inside});
    }
  }

  result<std::span<char>> prepare(std::size_t size) {
    auto room = parser_.prepare(size);
    if (room) prepared_ = *room;
    return room;
  }

  result<void> commit(std::size_t size) {
    splicer_.begin_block(prepared_.first(size));
    if (auto fed = parser_.commit(size); !fed) return fed;
    splicer_.end_block(parser_.consumed());
    return {};
  }

  result<rewrite_report> finish() {
    if (auto complete = parser_.finish(); !complete) return complete.error();
    splicer_.finish();
    report_.other_roots = tally_.top(reported_roots);
    return report_;
  }

 private:
  void on_start(std::string_view name, const attribute_list& attributes) override {
    const element parent = open_.empty() ? element::other : open_.back();
    element self = element::other;
    if (name == "TRACK") {
      if (parent == element::collection) {
        rewrite_track(attributes);
      } else if (parent == element::node || parent == element::node_keyed_by_location) {
        rewrite_key(attributes, parent == element::node_keyed_by_location);
      }
    } else if (name == "NODE") {
      if (parent == element::playlists || parent == element::node ||
          parent == element::node_keyed_by_location) {
        const bool by_location = attributes.find("KeyType") == "1";
        self = by_location ? element::node_keyed_by_location : element::node;
      }
    } else if (name == "COLLECTION") {
      self = element::collection;
    } else if (name == "PLAYLISTS") {
      self = element::playlists;
    } else if (open_.empty() && name == "DJ_PLAYLISTS") {
      report_.is_collection = true;
    }
    open_.push_back(self);
  }

  void on_end(std::string_view, std::string_view) override { open_.pop_back(); }

  void rewrite_track(const attribute_list& attributes) {
    ++report_.tracks;
    const auto index = attributes.index_of("Location");
    if (!index || attributes[*index].value.empty()) {
      ++report_.without_location;
      return;
    }
    location_.read(attributes[*index].value, depth_);
    if (location_.kind() == location_kind::streaming) {
      ++report_.streaming;
      return;
    }
    const auto found = find_source();
    if (found) {
      ++report_.rewritten;
      if (!found->where.exact) ++report_.case_differs;
      visit(found->where.end);
      if (target_.makes_too_long(location_.value().substr(found->where.end))) ++report_.too_long;
      splice(*found, *index, attributes.size());
    } else if (location_.kind() == location_kind::path ||
               location_.kind() == location_kind::drive) {
      ++report_.other_root;
      location_.read(location_.value(), root_tally::depth);
      tally_.add(location_, has_unc_root_);
    } else {
      ++report_.not_a_file;
    }
  }

  void rewrite_key(const attribute_list& attributes, bool by_location) {
    const auto index = attributes.index_of("Key");
    if (!index) return;
    const std::string_view value = attributes[*index].value;
    if (!by_location && !looks_like_file_url(value)) return;
    location_.read(value, depth_);
    if (const auto found = find_source()) {
      ++report_.keys_rewritten;
      splice(*found, *index, attributes.size());
    }
  }

  struct found_source {
    root_match where;
    bool stays;
  };

  /// The longest source root above the location; of equally long ones, the one with the same case.
  std::optional<found_source> find_source() const {
    const source* best = nullptr;
    root_match longest{};
    for (const source& candidate : from_) {
      const auto here = match(location_, candidate.where);
      if (!here) continue;
      const bool better = best == nullptr || here->segments > longest.segments ||
                          (here->segments == longest.segments && here->exact && !longest.exact);
      if (better) {
        best = &candidate;
        longest = *here;
      }
    }
    if (best == nullptr) return std::nullopt;
    if (best->target_is_inside) {
      if (const auto there = match(location_, to_)) return found_source{*there, true};
    }
    return found_source{longest, best->is_target};
  }

  void visit(std::size_t remainder_begin) {
    if (!on_track_) return;
    decode_relative_path(location_.value().substr(remainder_begin), relative_path_);
    on_track_(relative_path_);
  }

  /// Replaces the root in front of the location that was read last.
  void splice(const found_source& found, std::size_t index, std::size_t count) {
    if (found.stays) return;
    const std::string_view value = location_.value();
    const std::string_view tag = splicer_.bytes(parser_.tag_offset(), parser_.tag_size());
    const document_encoding encoding = parser_.encoding();
    const auto span = find_value(tag, index, count, smallest_raw_size(value.size(), encoding));
    if (!span) return lost();
    const std::string_view raw = tag.substr(span->begin, span->end - span->begin);
    const auto begin = raw_offset(raw, value.size(), location_.path_begin(), encoding);
    const auto end = raw_offset(raw, value.size(), found.where.end, encoding);
    if (!begin || !end) return lost();

    const std::uint64_t raw_begin = parser_.tag_offset() + span->begin;
    const std::string& prefix = target_.spelt_like(value, encoding);
    const bool nothing_else = prefix.empty() && found.where.end == value.size();
    splicer_.replace(raw_begin + *begin, raw_begin + *end, nothing_else ? "/" : prefix);
  }

  /// expat and the walk through the tag disagree; better no document than a damaged one.
  void lost() { parser_.refuse("a location cannot be found in its own tag"); }

  root to_;
  target_root target_;
  std::vector<source> from_;
  bool has_unc_root_ = false;
  std::size_t depth_ = 0;  ///< how far locations are read to match any root
  visitor on_track_;

  sax_parser parser_;
  std::span<char> prepared_;
  splicer splicer_;
  std::vector<element> open_;
  location location_;
  std::string relative_path_;
  root_tally tally_;
  rewrite_report report_;
};

collection_rewriter::collection_rewriter(rewrite_options options, output out, visitor on_track)
    : impl_(std::make_unique<impl>(std::move(options), std::move(out), std::move(on_track))) {}

collection_rewriter::~collection_rewriter() = default;
collection_rewriter::collection_rewriter(collection_rewriter&&) noexcept = default;
collection_rewriter& collection_rewriter::operator=(collection_rewriter&&) noexcept = default;

result<std::span<char>> collection_rewriter::prepare(std::size_t size) {
  return impl_->prepare(size);
}

result<void> collection_rewriter::commit(std::size_t size) { return impl_->commit(size); }

result<void> collection_rewriter::feed(std::span<const char> bytes) {
  return feed_by_copy(*this, bytes);
}

result<rewrite_report> collection_rewriter::finish() { return impl_->finish(); }

}  // namespace beatsync::xml
