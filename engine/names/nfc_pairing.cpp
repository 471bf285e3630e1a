#include "engine/names/nfc_pairing.hpp"

#include "xml/utf.hpp"

#include <algorithm>

namespace beatsync::engine {

namespace {

/// Positions of `names`, sorted by NFC form, then by spelling.
std::vector<std::pair<std::string, std::size_t>> by_form(const std::vector<held_name>& names) {
  std::vector<std::pair<std::string, std::size_t>> forms;
  forms.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) forms.emplace_back(xml::to_nfc(names[i].path), i);
  std::ranges::sort(forms, [&](const auto& a, const auto& b) {
    const int order = a.first.compare(b.first);
    return order != 0 ? order < 0 : names[a.second].path < names[b.second].path;
  });
  return forms;
}

}  // namespace

std::vector<std::string> other_spellings_of(std::string_view path) {
  std::vector<std::string> found;
  if (!xml::may_change_under_normalisation(path) || !xml::is_valid_utf8(path)) return found;
  for (auto& form : {xml::to_nfc(path), xml::to_nfd(path)}) {
    if (form != path && (found.empty() || found.back() != form)) found.push_back(form);
  }
  return found;
}

bool has_other_spelling(std::string_view path) { return !other_spellings_of(path).empty(); }

bool has_mixed_spellings(std::string_view path) {
  return xml::longest_run_of_marks(xml::to_nfd(path)) > 1;
}

bool nfc_pairing::hold(std::vector<held_name>& where, held_name name) {
  const auto bytes = sizeof(held_name) + name.path.size() + name.etag.size();
  if (sources_.size() + targets_.size() == most_.names || bytes_ + bytes > most_.bytes) {
    complete_ = false;
    return false;
  }
  bytes_ += bytes;
  where.push_back(std::move(name));
  return true;
}

nfc_pairing::pairs nfc_pairing::take() {
  const auto sources = by_form(sources_);
  const auto targets = by_form(targets_);
  pairs found;
  std::vector<bool> paired(sources_.size(), false);
  for (auto s = sources.begin(), t = targets.begin(); s != sources.end() && t != targets.end();) {
    const int order = s->first.compare(t->first);
    if (order == 0) {
      found.matched.emplace_back(std::move(sources_[s->second]), std::move(targets_[t->second]));
      paired[s->second] = true;
    }
    if (order <= 0) ++s;
    if (order >= 0) ++t;
  }
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (!paired[i]) found.alone.push_back(std::move(sources_[i]));
  }
  sources_.clear();
  targets_.clear();
  bytes_ = 0;
  return found;
}

}  // namespace beatsync::engine
