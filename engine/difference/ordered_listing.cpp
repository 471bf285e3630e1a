#include "engine/difference/ordered_listing.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

ordered_listing::ordered_listing(asio::any_io_executor executor, s3::object_store& store,
                                 std::string prefix, const selection_filter& filter,
                                 key_range range, std::size_t most_requests,
                                 const names_ahead& names)
    : executor_(std::move(executor)),
      store_(store),
      prefix_(std::move(prefix)),
      fresh_(filter),
      filter_(filter),
      names_(names),
      tracker_(std::move(range), most_requests),
      changed_(executor_, asio::steady_timer::time_point::max()) {
  parts_.push_back(std::make_unique<part>());
}

void ordered_listing::go_on() {
  while (const auto step = tracker_.next_step(names_)) {
    if (step->what == listing_step::kind::fetch) {
      begin_fetch(step->range);
      continue;
    }
    const auto place = parts_.begin() + static_cast<std::ptrdiff_t>(step->range);
    if ((*place)->listing) (*place)->listing->end_at(step->at);
    parts_.insert(place + 1, std::make_unique<part>());
  }
}

void ordered_listing::begin_fetch(std::size_t place) {
  part& at = *parts_[place];
  if (!at.listing) {
    at.listing = std::make_unique<remote_listing>(store_, prefix_, fresh_, tracker_.keys_of(place));
  }
  ++under_way_;
  asio::co_spawn(executor_, fetch(&at), [this](const std::exception_ptr& failure) {
    --under_way_;
    if (failure && !failure_) failure_ = failure;
    if (failure) tracker_.stop();
    changed_.cancel();
  });
}

// The part stays where it is until its page came.
asio::awaitable<void> ordered_listing::fetch(part* of) {
  auto page = co_await of->listing->next();
  arrived(*of, std::move(page));
}

void ordered_listing::arrived(part& at, s3::result<remote_page> page) {
  page_facts facts;
  facts.failed = !page;
  facts.over = !page || page->last;
  if (page) {
    const auto& objects = page->page.objects;
    facts.keys = objects.size() - page->first;
    facts.all_keys = page->listed;
    facts.more = !page->page.next_token.empty();
    facts.nothing_follows = page->bucket_ends;
    facts.first_listed = page->first_listed;
    facts.last_listed = at.listing->furthest();
    facts.next_key = page->next_key;
    if (facts.keys != 0) facts.last_key = objects.back().key.substr(prefix_.size());
  }
  const auto place = std::ranges::find(parts_, &at, [](const auto& p) { return p.get(); });
  at.pages.push_back(std::move(page));
  tracker_.page_came(static_cast<std::size_t>(place - parts_.begin()), facts);
  parts_.resize(tracker_.size());  // those behind the bucket's end were not begun
  go_on();
}

void ordered_listing::drop_finished() {
  while (!tracker_.done() && tracker_.front_is_done()) {
    if (parts_.front()->listing) filter_.note_matches_of(parts_.front()->listing->filter());
    parts_.pop_front();
    tracker_.pop_front();
  }
}

bool ordered_listing::ready() const {
  return failure_ || parts_.empty() || !parts_.front()->pages.empty();
}

asio::awaitable<void> ordered_listing::wait() {
  boost::system::error_code ignored;
  auto token = asio::redirect_error(asio::use_awaitable, ignored);
  co_await changed_.async_wait(token);
}

asio::awaitable<s3::result<remote_page>> ordered_listing::next(bool hurry) {
  go_on();
  bool waited = false;
  while (!ready()) {
    waited = true;
    co_await wait();
  }
  if (failure_) std::rethrow_exception(failure_);
  auto& pages = parts_.front()->pages;
  auto page = std::move(pages.front());
  pages.pop_front();
  tracker_.page_taken(waited && hurry);
  drop_finished();
  if (page) page->last = tracker_.done();
  go_on();
  co_return std::move(page);
}

asio::awaitable<void> ordered_listing::drain() {
  tracker_.stop();
  while (under_way_ != 0) co_await wait();
}

}  // namespace beatsync::engine
