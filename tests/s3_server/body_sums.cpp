#include "tests/s3_server/body_sums.hpp"

#include "tests/s3_server/refusal.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

namespace beatsync::s3_server {
namespace {

using s3::checksum_algorithm;

struct known_algorithm {
  std::string_view name;    ///< in XML and in x-amz-checksum-algorithm
  std::string_view header;  ///< behind x-amz-checksum-
  checksum_algorithm crc;   ///< none: a hash
  std::size_t size;         ///< bytes
};

constexpr std::array<known_algorithm, 5> algorithms = {{
    {"CRC32", "crc32", checksum_algorithm::crc32, 4},
    {"CRC32C", "crc32c", checksum_algorithm::crc32c, 4},
    {"CRC64NVME", "crc64nvme", checksum_algorithm::crc64nvme, 8},
    {"SHA1", "sha1", checksum_algorithm::none, 20},
    {"SHA256", "sha256", checksum_algorithm::none, 32},
}};

const known_algorithm* find_algorithm(std::string_view name) noexcept {
  const auto* found = std::find_if(algorithms.begin(), algorithms.end(),
                                   [&](const auto& known) { return known.name == name; });
  return found == algorithms.end() ? nullptr : found;
}

std::string header_name(const known_algorithm& known) {
  return "x-amz-checksum-" + std::string(known.header);
}

refusal bad_digest(const std::string& name) {
  return {400, "BadDigest", "The " + name + " you specified did not match what we received."};
}

std::string read_content_md5(const request_head& head) {
  constexpr std::size_t md5_size = 16;
  if (!head.has("content-md5")) return {};
  auto raw = from_base64(head.header("content-md5"));
  if (!raw || raw->size() != md5_size) {
    throw refusal{400, "InvalidDigest", "The Content-MD5 you specified was invalid."};
  }
  return *raw;
}

}  // namespace

bool is_checksum_algorithm(std::string_view name) noexcept {
  return find_algorithm(name) != nullptr;
}

checksum_stream::checksum_stream(const std::string& algorithm) {
  const auto* known = find_algorithm(algorithm);
  if (known == nullptr) throw std::invalid_argument("no such checksum: " + algorithm);
  if (known->crc != checksum_algorithm::none) {
    crc_.emplace(known->crc);
  } else {
    hash_.emplace(algorithm.c_str());
  }
}

void checksum_stream::update(std::span<const std::byte> data) {
  if (crc_) {
    crc_->update(data);
  } else {
    hash_->update(data);
  }
}

std::string checksum_stream::finish() {
  return crc_ ? s3::to_base64(crc_->value()) : to_base64(hash_->finish());
}

std::optional<std::string> combine(const std::string& algorithm,
                                   const std::vector<piece_sum>& pieces) {
  const auto* known = find_algorithm(algorithm);
  if (known == nullptr || known->crc == checksum_algorithm::none) return std::nullopt;
  auto sum = s3::crc_stream(known->crc).value();
  for (const auto& piece : pieces) {
    const auto next = s3::checksum_from_base64(known->crc, piece.checksum);
    if (!next) return std::nullopt;
    sum = s3::combine(sum, *next, piece.size);
  }
  return s3::to_base64(sum);
}

announced_checksum find_checksum(const request_head& head) {
  announced_checksum found;
  const auto trailer = to_lower(head.header("x-amz-trailer"));
  for (const auto& known : algorithms) {
    const auto name = header_name(known);
    if (!head.has(name) && trailer != name) continue;
    if (!found.algorithm.empty()) {
      throw refusal{400, "InvalidRequest",
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not "
                    "allowed."};
    }
    found.algorithm = known.name;
    found.value = head.header(name);
    if (found.value.empty()) continue;
    const auto raw = from_base64(found.value);
    if (!raw || raw->size() != known.size) {
      throw refusal{400, "InvalidRequest", "Value for " + name + " header is invalid."};
    }
  }
  const auto declared = head.header("x-amz-sdk-checksum-algorithm");
  if (!declared.empty() && declared != found.algorithm && head.method == "PUT" &&
      !head.has("x-amz-copy-source")) {
    throw refusal{
        400, "InvalidRequest",
        "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or "
        "x-amz-trailer headers were found."};
  }
  return found;
}

body_sums::body_sums(const request_head& head, const std::string& payload_hash,
                     announced_checksum announced, std::string algorithm, bool with_md5)
    : wanted_md5_(read_content_md5(head)),
      wanted_sha256_(from_hex(payload_hash) && payload_hash.size() == 64 ? payload_hash : ""),
      announced_(std::move(announced)),
      algorithm_(announced_.algorithm.empty() ? std::move(algorithm) : announced_.algorithm) {
  if (with_md5 || !wanted_md5_.empty()) md5_.emplace("MD5");
  if (!wanted_sha256_.empty()) sha256_.emplace("SHA256");
  if (!algorithm_.empty()) checksum_.emplace(algorithm_);
}

void body_sums::update(std::span<const std::byte> data) {
  if (md5_) md5_->update(data);
  if (sha256_) sha256_->update(data);
  if (checksum_) checksum_->update(data);
}

void body_sums::verify(const text_pairs& trailers) {
  if (md5_) md5_value_ = md5_->finish();
  if (checksum_) checksum_value_ = checksum_->finish();
  if (!wanted_md5_.empty() && wanted_md5_ != md5_value_) throw bad_digest("Content-MD5");
  if (sha256_ && to_hex(sha256_->finish()) != to_lower(wanted_sha256_)) {
    throw refusal{400, "XAmzContentSHA256Mismatch",
                  "The provided 'x-amz-content-sha256' header does not match what was computed."};
  }
  if (announced_.algorithm.empty()) return;
  auto wanted = announced_.value;
  const auto name = header_name(*find_algorithm(announced_.algorithm));
  for (const auto& [key, value] : trailers) {
    if (key == name) wanted = value;
  }
  if (wanted.empty()) {
    throw refusal{400, "MalformedTrailerError", "The announced trailer " + name + " did not come."};
  }
  if (wanted != checksum_value_) throw bad_digest(announced_.algorithm);
}

}  // namespace beatsync::s3_server
