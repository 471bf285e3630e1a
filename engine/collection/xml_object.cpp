#include "engine/collection/xml_object.hpp"

#include "engine/collection/document_rewriting.hpp"
#include "s3/uri.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::engine {
namespace {

/// More candidates than anybody would read.
constexpr std::size_t most_names = 100;

constexpr std::size_t most_suggestions = 10;

bool is_xml_name(std::string_view name) {
  constexpr std::string_view ending = ".xml";
  if (name.size() <= ending.size() || name.front() == '.') return false;  // `._a.xml` is junk
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
  return std::ranges::equal(name.substr(name.size() - ending.size()), ending, same);
}

}  // namespace

std::string encode_root(std::string_view root) { return s3::percent_encode_path(root); }

std::optional<std::string> root_in(const s3::metadata_map& metadata) {
  for (const auto& [name, value] : metadata) {
    if (name == root_metadata_name) return s3::percent_decode(value, s3::plus_sign::literal);
  }
  return std::nullopt;
}

boost::asio::awaitable<s3::result<xml_candidates>> find_xml(s3::object_store& store,
                                                            std::string prefix) {
  xml_candidates found;
  s3::list_request request;
  request.prefix = prefix;
  request.delimiter = "/";
  do {
    auto page = co_await store.list(request);
    if (page.has_error()) co_return page.error();
    for (const s3::object_summary& o : page->objects) {
      const std::string_view name = o.key.substr(prefix.size());
      if (name == "rekordbox.xml") {
        found.key = o.key;
        co_return found;
      }
      if (is_xml_name(name) && found.names.size() < most_names) found.names.emplace_back(name);
    }
    request.continuation_token = page->next_token;
  } while (!request.continuation_token.empty());
  if (found.names.size() == 1) found.key = prefix + found.names.front();
  co_return found;
}

boost::asio::awaitable<std::vector<std::string>> find_other_users(s3::object_store& store,
                                                                  std::string prefix) {
  std::vector<std::string> others;
  s3::list_request request;
  request.prefix = prefix.substr(0, prefix.rfind('/', prefix.size() - 2) + 1);
  request.delimiter = "/";
  const auto page = co_await store.list(request);
  if (page.has_error()) co_return others;
  for (const std::string& folder : page->common_prefixes) {
    if (folder == prefix) co_return std::vector<std::string>();
    const std::size_t begin = request.prefix.size();
    others.push_back(folder.substr(begin, folder.size() - begin - 1));
  }
  co_return others;
}

std::string no_xml_text(std::vector<std::string> others,
                        const std::function<std::size_t(std::string_view)>& unlikeness) {
  if (others.empty()) return "there is no XML; the other DJ has to run upload_xml first";
  if (unlikeness) {
    const auto key = [&](const std::string& name) { return std::pair(unlikeness(name), name); };
    std::ranges::sort(others, {}, key);
  }
  if (others.size() > most_suggestions) {
    others.resize(most_suggestions);
    others.emplace_back("…");
  }
  return "there is no XML of that name; there is XML of " + comma_separated(others) +
         ". Correct XML_IMPORT_USER, or the other DJ has to run upload_xml first";
}

}  // namespace beatsync::engine
