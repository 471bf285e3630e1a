#include "engine/difference/literal_names.hpp"

#include "engine/names/key_mapping.hpp"
#include "engine/run/offload.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace beatsync::engine {

namespace {

using boost::asio::awaitable;

/// Is there a key `name` or one beneath `name/`?
awaitable<s3::result<bool>> exists_remotely(const lookup_places& places, const std::string& name) {
  const std::string key = key_of(places.prefix, name);
  s3::list_request request;
  request.prefix = key;
  request.max_keys = 1;
  for (;;) {
    const auto page = co_await places.store->list(request);
    if (!page) co_return page.error();
    if (page->objects.empty()) co_return false;
    const auto first = page->objects.front().key;
    if (first == key || first.substr(key.size()).starts_with('/')) co_return true;
    if (request.prefix != key) co_return false;
    request.prefix += '/';  // something like `name.txt` came before
  }
}

awaitable<bool> exists_locally(const lookup_places& places, const std::string& name) {
  if (places.root == nullptr) co_return false;
  auto job = [&] { return places.root->status_of(name, links::no_follow).has_value(); };
  const bool found = co_await offload(*places.file_threads, job);
  co_return found;
}

}  // namespace

awaitable<s3::result<void>> settle_literal_names(const lookup_places& places,
                                                 selection_filter& filter) {
  const auto entries = filter.ambiguous();
  for (const auto entry : entries) {
    const std::string name = glob::plain(filter.text_of(entry)).text();
    auto spellings = other_spellings_of(name);
    spellings.insert(spellings.begin(), name);
    bool found = false;
    for (std::size_t i = 0; i < spellings.size() && !found; ++i) {
      found = co_await exists_locally(places, spellings[i]);
      if (found) break;
      const auto remotely = co_await exists_remotely(places, spellings[i]);
      if (!remotely) co_return remotely.error();
      found = *remotely;
    }
    if (found) filter.take_literally(entry);
  }
  co_return s3::result<void>();
}

}  // namespace beatsync::engine
