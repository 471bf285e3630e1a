#pragma once

/// Bodies in `aws-chunked`: data in chunks, each signed or not, with trailers or not.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
///
/// Pure: it is fed the bytes of the body and hands on the payload. Throws refusal.

#include "tests/s3_server/auth.hpp"
#include "tests/s3_server/chunk_decoder.hpp"
#include "tests/s3_server/hash.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace beatsync::s3_server {

bool is_aws_chunked(const identity& who) noexcept;

class aws_chunked_decoder {
 public:
  explicit aws_chunked_decoder(const identity& who);

  using data_handler = std::function<void(std::span<const std::byte>)>;
  void feed(std::span<const std::byte> input, const data_handler& on_data);

  bool finished() const noexcept { return finished_; }
  /// Names in lower case; checked against their signature where the mode has one.
  const text_pairs& trailers() const noexcept { return trailers_; }

 private:
  void end_chunk();
  void take_trailer(const std::string& line);
  void end_body();
  std::string sign(std::string_view kind, std::string_view tail) const;

  const identity who_;
  const bool signed_;
  const bool trailing_;
  chunk_decoder framing_;
  std::string chunk_signature_;
  std::string previous_;
  digest sum_;
  std::string trailer_text_;
  std::string trailer_signature_;
  text_pairs trailers_;
  bool finished_ = false;
};

}  // namespace beatsync::s3_server
