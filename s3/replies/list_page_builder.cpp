#include "s3/replies/list_page_builder.hpp"

#include "s3/http_date.hpp"
#include "s3/printable.hpp"
#include "s3/uri.hpp"

#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace beatsync::s3 {
namespace {

std::string quoted(std::string_view text) { return "\"" + printable(text, 200) + "\""; }

/// Below 2^63: sizes are signed in every store that we know, and a larger one is nonsense.
std::optional<std::uint64_t> parse_size(std::string_view text) noexcept {
  std::uint64_t size = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (failure != std::errc() || text.empty() || end != text.data() + text.size())
    return std::nullopt;
  constexpr auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (size > limit) return std::nullopt;
  return size;
}

std::string_view unquoted(std::string_view etag) noexcept {
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"')
    return etag.substr(1, etag.size() - 2);
  return etag;
}

/// Steps return false after setting the error: a result<> for every name of a page would cost as
/// much as the rest of the work.
class page_builder {
 public:
  page_builder(std::vector<char> text, std::string_view prefix) : prefix_(prefix) {
    page_.text = std::move(text);
  }

  result<list_page> build(const raw_list_page& raw) {
    if (!take_all(raw)) return std::move(error_);
    drop_markup();
    return std::move(page_);
  }

 private:
  bool take_all(const raw_list_page& raw) {
    const std::string_view encoding = view(raw.encoding_type);
    if (!encoding.empty() && encoding != "url") return lie("EncodingType " + quoted(encoding));
    url_encoded_ = !encoding.empty();
    if (!take_token(raw)) return false;
    page_.objects.reserve(raw.objects.size());
    for (const raw_object& object : raw.objects)
      if (!take_object(object)) return false;
    page_.common_prefixes.reserve(raw.common_prefixes.size());
    for (const text_span span : raw.common_prefixes)
      if (!take_common_prefix(span)) return false;
    return true;
  }

  bool lie(const std::string& what) {
    error_ = make_error(errc::bad_reply, "the store's listing cannot be trusted: " + what);
    return false;
  }

  std::string_view view(text_span span) const noexcept {
    return std::string_view(page_.text.data() + span.first, span.size);
  }

  bool take_token(const raw_list_page& raw) {
    const std::string_view truncated = view(raw.is_truncated);
    if (truncated == "true") {
      page_.next_token = std::string(view(raw.next_token));
      if (page_.next_token.empty()) return lie("it goes on, but has no NextContinuationToken");
    } else if (truncated.empty()) {
      // Every store that we know does. Half a bucket that looks whole would cost files elsewhere.
      return lie("it does not say whether it goes on (IsTruncated)");
    } else if (truncated != "false") {
      return lie("IsTruncated " + quoted(truncated));
    }
    return true;
  }

  /// The name itself, and that it belongs after `before` and below the prefix.
  bool take_name(text_span span, std::string_view before, bool first, std::string_view& name) {
    if (url_encoded_) {
      const auto size =
          percent_decode_in_place(page_.text.data() + span.first, span.size, plus_sign::blank);
      if (!size) return lie("broken percent-encoding in " + quoted(view(span)));
      span.size = *size;
    }
    name = view(span);
    if (!name.starts_with(prefix_))
      return lie(quoted(name) + " does not begin with the prefix " + quoted(prefix_));
    if (name.empty()) return lie("an empty key");
    if (!first && name <= before)
      return lie(
          quoted(name) + " comes after " + quoted(before) +
          ", which is not rising byte order; beatsync needs a store that sorts its listings");
    return true;
  }

  bool take_object(const raw_object& raw) {
    if (!raw.has_key || !raw.has_size) return lie("an object without Key or Size");
    const bool first = page_.objects.empty();
    const std::string_view before = first ? std::string_view() : page_.objects.back().key;
    object_summary object;
    if (!take_name(raw.key, before, first, object.key)) return false;
    const auto size = parse_size(view(raw.size));
    if (!size) return lie("size " + quoted(view(raw.size)) + " of " + quoted(object.key));
    object.size = *size;
    object.etag = unquoted(view(raw.etag));
    if (raw.last_modified.size != 0) {
      const auto time = parse_iso8601(view(raw.last_modified));
      if (!time)
        return lie("time " + quoted(view(raw.last_modified)) + " of " + quoted(object.key));
      object.last_modified = *time;
    }
    const std::string_view storage = view(raw.storage_class);
    object.archived = storage == "GLACIER" || storage == "DEEP_ARCHIVE";
    page_.objects.push_back(object);
    return true;
  }

  bool take_common_prefix(text_span span) {
    const bool first = page_.common_prefixes.empty();
    const std::string_view before =
        first ? std::string_view() : std::string_view(page_.common_prefixes.back());
    std::string_view name;
    if (!take_name(span, before, first, name)) return false;
    page_.common_prefixes.emplace_back(name);
    return true;
  }

  /// Pages may wait for their turn, 32 of them at once, and three quarters of each are tags and
  /// fields that have been read.
  void drop_markup() {
    std::size_t size = 0;
    for (const object_summary& object : page_.objects) {
      size += object.key.size() + object.etag.size();
    }
    std::vector<char> kept;
    kept.reserve(size);
    const auto keep = [&kept](std::string_view& text) {
      const std::size_t at = kept.size();
      kept.insert(kept.end(), text.begin(), text.end());
      text = std::string_view(kept.data() + at, text.size());
    };
    for (object_summary& object : page_.objects) {
      keep(object.key);
      keep(object.etag);
    }
    page_.text = std::move(kept);
  }

  list_page page_;
  error error_;
  std::string_view prefix_;
  bool url_encoded_ = false;
};

}  // namespace

result<list_page> build_list_page(std::vector<char> text, const raw_list_page& raw,
                                  std::string_view prefix) {
  page_builder builder(std::move(text), prefix);
  return builder.build(raw);
}

}  // namespace beatsync::s3
