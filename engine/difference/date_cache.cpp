#include "engine/difference/date_cache.hpp"

#include "s3/uri.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <random>

namespace beatsync::engine {

namespace {

constexpr std::string_view first_line = "beatsync dates 2\n";
constexpr std::size_t most_bytes = std::size_t{64} << 20;
constexpr std::size_t most_entries = std::size_t{1} << 20;
constexpr std::size_t fewest_slots = 1024;

// FNV-1a's multiplier, http://www.isthe.com/chongo/tech/comp/fnv/ .
constexpr std::uint64_t fnv_prime = 0x100000001B3;

/// Stable between runs: names the file.
std::uint64_t fnv1a(std::string_view text) noexcept {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * fnv_prime;
  return hash;
}

/// The finaliser of SplitMix64, https://prng.di.unimi.it/splitmix64.c .
std::uint64_t mix(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EB;
  return z ^ (z >> 31U);
}

/// Takes it and the blank off the line.
std::optional<std::int64_t> number_before_blank(std::string_view& line) noexcept {
  const auto size = line.find(' ');
  if (size == std::string_view::npos) return std::nullopt;
  std::int64_t number = 0;
  const auto [stop, problem] = std::from_chars(line.data(), line.data() + size, number);
  if (problem != std::errc() || stop != line.data() + size) return std::nullopt;
  line.remove_prefix(size + 1);
  return number;
}

}  // namespace

date_cache::date_cache() {
  std::random_device random;
  for (auto& word : secret_) word = std::uint64_t{random()} << 32U | random();
}

date_cache date_cache::open(file_system& files, const std::string& cache_folder,
                            std::string_view store_name) {
  date_cache cache;
  if (cache_folder.empty()) return cache;
  char name[40];
  std::snprintf(name, sizeof name, "/dates-%016llx.txt",
                static_cast<unsigned long long>(fnv1a(store_name)));
  cache.files_ = &files;
  cache.folder_ = cache_folder;
  cache.path_ = cache_folder + name;
  const auto text = files.read_file(cache.path_, most_bytes);
  cache.begin_anew_ = !(text && cache.load(*text));
  if (cache.begin_anew_) {
    cache.slots_.clear();
    cache.count_ = 0;
  }
  return cache;
}

bool date_cache::load(std::string_view text) {
  if (!text.starts_with(first_line)) return false;
  text.remove_prefix(first_line.size());
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return false;  // cut off while it was written
    if (!load_line(text.substr(0, end))) return false;
    text.remove_prefix(end + 1);
  }
  return true;
}

bool date_cache::load_line(std::string_view line) {
  const auto mtime = number_before_blank(line);
  if (!mtime) return false;
  const auto modified = number_before_blank(line);
  const auto blank = line.find(' ');
  if (!modified || blank == std::string_view::npos) return false;
  const auto etag = s3::percent_decode(line.substr(0, blank), s3::plus_sign::literal);
  const auto key = s3::percent_decode(line.substr(blank + 1), s3::plus_sign::literal);
  if (!etag || !key) return false;
  insert(hash_of({*key, *etag, s3::time_point(s3::time_point::duration(*modified))}), *mtime);
  return true;
}

std::uint64_t date_cache::hash_of(const listed_object& object) const noexcept {
  std::uint64_t hash = secret_[0];
  const auto take = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * fnv_prime;
    hash = mix(hash ^ text.size());
  };
  take(object.etag);
  take(object.key);
  hash = mix(hash ^ static_cast<std::uint64_t>(object.last_modified.time_since_epoch().count()));
  return std::max<std::uint64_t>(mix(hash ^ secret_[1]), 1);
}

void date_cache::insert(std::uint64_t hash, std::int64_t mtime_ns) {
  if (slots_.empty()) slots_.resize(fewest_slots);
  if ((count_ + 1) * 4 > slots_.size() * 3) {
    std::vector<slot> old(slots_.size() * 2);
    old.swap(slots_);
    count_ = 0;
    for (const auto& s : old) {
      if (s.hash != 0) insert(s.hash, s.mtime_ns);
    }
  }
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    if (slots_[i].hash == 0) {
      if (count_ == most_entries) return;
      ++count_;
    } else if (slots_[i].hash != hash) {
      continue;
    }
    slots_[i] = {hash, mtime_ns};
    return;
  }
}

std::optional<std::int64_t> date_cache::find(const listed_object& object) const {
  if (slots_.empty()) return std::nullopt;
  const auto hash = hash_of(object);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask; slots_[i].hash != 0; i = (i + 1) & mask) {
    if (slots_[i].hash == hash) return slots_[i].mtime_ns;
  }
  return std::nullopt;
}

void date_cache::remember(const listed_object& object, std::int64_t mtime_ns) {
  insert(hash_of(object), mtime_ns);
  if (files_ == nullptr) return;
  unsaved_ += std::to_string(mtime_ns);
  unsaved_ += ' ';
  unsaved_ += std::to_string(object.last_modified.time_since_epoch().count());
  unsaved_ += ' ';
  unsaved_ += s3::percent_encode(object.etag);
  unsaved_ += ' ';
  unsaved_ += s3::percent_encode(object.key);
  unsaved_ += '\n';
}

fs_result<void> date_cache::flush() {
  if (files_ == nullptr || unsaved_.empty()) return {};
  std::string lines;
  lines.swap(unsaved_);  // a write that failed is not tried again: it is only a cache
  if (!begin_anew_) return files_->append_file(path_, lines, readers::user_only);
  if (auto made = files_->make_folders(folder_); !made) return made.error();
  lines.insert(0, first_line);
  auto written = files_->replace_file(path_, lines, readers::user_only);
  begin_anew_ = !written;
  return written;
}

}  // namespace beatsync::engine
