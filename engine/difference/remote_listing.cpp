#include "engine/difference/remote_listing.hpp"

#include "s3/printable.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::engine {

namespace {

// Stores with versions may answer some pages without a key. None needs that many.
constexpr std::uint64_t most_empty_pages = 1000;

// 10^10 keys in full pages: beyond any bucket that a folder is synced with.
constexpr std::uint64_t most_pages = 10'000'000;

constexpr std::string_view greatest_character = "\U0010FFFF";

s3::error untrusted(std::string what) {
  s3::error e;
  e.code = s3::errc::bad_reply;
  e.message = "the store's listing cannot be trusted: " + std::move(what);
  return e;
}

}  // namespace

remote_listing::remote_listing(s3::object_store& store, std::string prefix, selection_filter filter,
                               key_range range)
    : store_(store),
      prefix_(std::move(prefix)),
      filter_(std::move(filter)),
      range_(std::move(range)),
      stretches_(filter_.ranges()) {
  open_ = open_stretch();
}

bool remote_listing::open_stretch() {
  while (next_stretch_ < stretches_.size()) {
    const listing_range& wanted = stretches_[next_stretch_++];
    stretch_.after = std::max(wanted.keys.after, range_.after);
    stretch_.until = wanted.keys.until;
    if (!range_.until.empty() && (stretch_.until.empty() || range_.until < stretch_.until)) {
      stretch_.until = range_.until;
    }
    if (!stretch_.until.empty() && std::max(stretch_.after, wanted.prefix) > stretch_.until) {
      continue;
    }
    if (stretch_.after > wanted.prefix && !stretch_.after.starts_with(wanted.prefix)) continue;
    request_.prefix = prefix_ + wanted.prefix;
    request_.continuation_token.clear();
    request_.start_after.clear();
    if (stretch_.after > wanted.prefix) request_.start_after = prefix_ + stretch_.after;
    last_token_.clear();
    last_key_.clear();  // the last page of a stretch may have gone beyond its end
    return true;
  }
  return false;
}

void remote_listing::end_at(const std::string& until) {
  range_.until = until;
  if (stretch_.until.empty() || until < stretch_.until) stretch_.until = until;
}

boost::asio::awaitable<s3::result<remote_page>> remote_listing::next() {
  remote_page found;
  if (!open_) {
    found.last = true;
    co_return std::move(found);
  }
  if (++pages_ > most_pages) co_return untrusted("it does not end");
  auto answer = co_await store_.list(request_);
  if (!answer) co_return answer.error();
  found.page = std::move(*answer);
  if (auto good = check(found.page); !good) co_return good.error();
  const std::string last(found.page.objects.empty() ? std::string_view()
                                                    : found.page.objects.back().key);
  found.listed = found.page.objects.size();
  if (found.listed != 0) found.first_listed = found.page.objects.front().key.substr(prefix_.size());
  trim(found);
  const bool last_stretch = next_stretch_ == stretches_.size();
  found.bucket_ends =
      last_stretch && found.page.next_token.empty() && found.page.objects.size() == found.listed;
  move_on(last, found.page.next_token);
  found.last = !open_;
  co_return std::move(found);
}

s3::result<void> remote_listing::check(const s3::list_page& page) {
  std::string_view before = last_key_;
  for (const auto& object : page.objects) {
    if (!object.key.starts_with(request_.prefix)) {
      return untrusted("the key " + s3::printable(object.key) + " lies outside the prefix " +
                       s3::printable(request_.prefix));
    }
    if (object.key <= before && !before.empty()) {
      return untrusted("the key " + s3::printable(object.key) + " came after " +
                       s3::printable(before) + ", keys must rise in byte order");
    }
    if (!request_.start_after.empty() && object.key <= request_.start_after) {
      return untrusted("the key " + s3::printable(object.key) + " came although the keys after " +
                       s3::printable(request_.start_after) + " were asked for");
    }
    before = object.key;
  }
  if (page.objects.empty()) {
    if (!page.next_token.empty() && ++empty_pages_ > most_empty_pages) {
      return untrusted("page after page is empty, and there is always another one");
    }
  } else {
    empty_pages_ = 0;
    last_key_ = before;
  }
  if (!page.next_token.empty() && page.next_token == last_token_) {
    return untrusted("the same continuation token came twice");
  }
  return {};
}

void remote_listing::move_on(std::string_view last, const std::string& token) {
  if (!last.empty()) {
    last.remove_prefix(prefix_.size());
    furthest_ = last;
  }
  const bool behind = !stretch_.until.empty() && !last.empty() && last >= stretch_.until;
  if (token.empty() || behind) {
    open_ = open_stretch();
    return;
  }

  if (auto excluded = filter_.pruned_prefix_of(last); !excluded.empty()) {
    request_.start_after = prefix_;
    request_.start_after += excluded;
    request_.start_after += greatest_character;
    request_.continuation_token.clear();
    last_token_.clear();
  } else {
    last_token_ = token;
    request_.continuation_token = token;
  }
}

void remote_listing::trim(remote_page& found) {
  auto& objects = found.page.objects;
  const auto relative = [this](const s3::object_summary& object) {
    return object.key.substr(prefix_.size());
  };
  if (!stretch_.until.empty()) {
    const auto end =
        std::ranges::upper_bound(objects, std::string_view(stretch_.until), {}, relative);
    if (end != objects.end()) found.next_key = relative(*end);
    objects.erase(end, objects.end());
  }
  const auto begin =
      std::ranges::upper_bound(objects, std::string_view(stretch_.after), {}, relative);
  found.first = static_cast<std::size_t>(begin - objects.begin());
}

}  // namespace beatsync::engine
