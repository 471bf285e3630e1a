#include "engine/difference/name_lookup.hpp"

#include "engine/files/mtime_metadata.hpp"
#include "engine/names/key_mapping.hpp"
#include "engine/run/concurrently.hpp"
#include "engine/run/offload.hpp"

#include <functional>
#include <utility>

namespace beatsync::engine {

namespace {

using boost::asio::awaitable;
using work = std::function<awaitable<void>(std::size_t)>;

// As many as transfers by default (runtime.hpp): HEADs are short and the connections are there.
constexpr std::size_t width = 16;

void bring_up_to_date(held_name& object, const s3::object_head& head) {
  object.size = head.size;
  object.etag = head.etag;
  object.last_modified = head.last_modified;
  object.archived = head.archived;
}

awaitable<void> ask_date(const lookup_places& places, held_name& object, date_answer& answer) {
  const std::string key = key_of(places.prefix, object.path);
  const auto head = co_await places.store->head(key);
  if (head) {
    bring_up_to_date(object, *head);
    answer.mtime_ns = mtime_of(*head);
  } else if (head.error().code == s3::errc::no_such_key) {
    answer.gone = true;
  } else {
    answer.failed = head.error();
  }
}

/// What stands under this name in the local folder; nothing where nothing does.
awaitable<std::optional<file_status>> look(const lookup_places& places, const std::string& path) {
  if (places.root == nullptr) co_return std::nullopt;
  auto job = [&] { return places.root->status_of(path, links::follow); };
  const auto seen = co_await offload(*places.file_threads, job);
  if (!seen) co_return std::nullopt;
  co_return *seen;
}

/// One spelling of one source; true when the question is answered.
awaitable<bool> ask_spelling(const lookup_places& places, direction way, const held_name& source,
                             const std::string& form, spelling_answer& answer) {
  const std::string key = key_of(places.prefix, form);
  const auto file = co_await look(places, form);
  if (way == direction::upload && file) co_return false;     // the object's exact partner
  if (way == direction::download && !file) co_return false;  // nothing to pair with

  const auto head = co_await places.store->head(key);
  const bool gone = !head && head.error().code == s3::errc::no_such_key;
  if (!head && !gone) {
    answer.failed = head.error();
    co_return true;
  }
  if (way == direction::download) {
    if (!gone) co_return false;  // the file's exact partner
    if (file->kind != file_kind::regular) co_return false;
    name_pair pair;
    pair.remote = source;
    pair.local.path = form;
    pair.local.size = file->size;
    pair.local.mtime_ns = file->mtime_ns;
    answer.pair = std::move(pair);
    co_return true;
  }
  if (gone) co_return false;
  name_pair pair;
  pair.local = source;
  pair.remote.path = form;
  bring_up_to_date(pair.remote, *head);
  answer.mtime_ns = mtime_of(*head);
  answer.pair = std::move(pair);
  co_return true;
}

awaitable<void> ask_source(const lookup_places& places, direction way, const held_name& source,
                           spelling_answer& answer) {
  const auto forms = other_spellings_of(source.path);
  for (const auto& form : forms) {
    const bool answered = co_await ask_spelling(places, way, source, form, answer);
    if (answered) co_return;
  }
}

}  // namespace

awaitable<std::vector<date_answer>> ask_dates(const lookup_places& places,
                                              std::vector<name_pair>& pairs) {
  std::vector<date_answer> answers(pairs.size());
  const work ask = [&](std::size_t i) { return ask_date(places, pairs[i].remote, answers[i]); };
  co_await concurrently(pairs.size(), width, ask);
  co_return std::move(answers);
}

awaitable<bool> is_local_folder(const lookup_places& places, const std::string& path) {
  if (places.root == nullptr) co_return false;
  auto job = [&] { return places.root->status_of(path, links::no_follow); };
  const auto seen = co_await offload(*places.file_threads, job);
  co_return seen && seen->kind == file_kind::folder;
}

awaitable<std::vector<spelling_answer>> ask_spellings(const lookup_places& places, direction way,
                                                      const std::vector<held_name>& sources) {
  std::vector<spelling_answer> answers(sources.size());
  const work ask = [&](std::size_t i) { return ask_source(places, way, sources[i], answers[i]); };
  co_await concurrently(sources.size(), width, ask);
  co_return std::move(answers);
}

}  // namespace beatsync::engine
