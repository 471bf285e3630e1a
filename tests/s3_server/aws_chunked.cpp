#include "tests/s3_server/aws_chunked.hpp"

#include "tests/s3_server/refusal.hpp"

namespace beatsync::s3_server {
namespace {

refusal bad_signature() {
  return {403, "SignatureDoesNotMatch", "The signature of a chunk or trailer does not match."};
}

}  // namespace

bool is_aws_chunked(const identity& who) noexcept { return who.payload.starts_with("STREAMING-"); }

aws_chunked_decoder::aws_chunked_decoder(const identity& who)
    : who_(who),
      signed_(who.payload.starts_with("STREAMING-AWS4-HMAC-SHA256")),
      trailing_(who.payload.ends_with("-TRAILER")),
      previous_(who.signature),
      sum_("SHA256") {}

std::string aws_chunked_decoder::sign(std::string_view kind, std::string_view tail) const {
  std::string text(kind);
  ((text += '\n') += who_.date) += '\n';
  (((text += who_.scope) += '\n') += previous_) += '\n';
  text += tail;
  return to_hex(hmac_sha256(who_.signing_key, text));
}

void aws_chunked_decoder::end_chunk() {
  if (!signed_) return;
  const auto data = to_hex(sum_.finish());
  sum_ = digest("SHA256");
  const auto expected = sign("AWS4-HMAC-SHA256-PAYLOAD", to_hex(sha256("")) + '\n' + data);
  if (chunk_signature_ != expected) throw bad_signature();
  previous_ = expected;
}

void aws_chunked_decoder::take_trailer(const std::string& line) {
  const auto colon = line.find(':');
  if (colon == std::string::npos || !trailing_) {
    throw refusal{400, "MalformedTrailerError",
                  "The request contained trailing data that was not well-formed."};
  }
  const auto name = to_lower(line.substr(0, colon));
  auto value = line.substr(colon + 1);
  value.erase(0, value.find_first_not_of(' '));
  if (name == "x-amz-trailer-signature") {
    trailer_signature_ = value;
    return;
  }
  trailer_text_ += name + ':' + value + '\n';
  trailers_.emplace_back(name, value);
}

void aws_chunked_decoder::end_body() {
  finished_ = true;
  if (!signed_ || !trailing_) return;
  const auto expected = sign("AWS4-HMAC-SHA256-TRAILER", to_hex(sha256(trailer_text_)));
  if (trailer_signature_ != expected) throw bad_signature();
}

void aws_chunked_decoder::feed(std::span<const std::byte> input, const data_handler& on_data) {
  constexpr std::string_view extension = "chunk-signature=";
  try {
    while (!finished_) {
      const auto step = framing_.next(input);
      input = input.subspan(step.consumed);
      switch (step.what) {
        case chunk_decoder::event::need_more:
          return;
        case chunk_decoder::event::chunk:
          chunk_signature_.clear();
          if (framing_.line().starts_with(extension)) {
            chunk_signature_ = framing_.line().substr(extension.size());
          }
          if (framing_.size() == 0) end_chunk();
          break;
        case chunk_decoder::event::data:
          if (signed_) sum_.update(step.data);
          on_data(step.data);
          break;
        case chunk_decoder::event::chunk_end:
          end_chunk();
          break;
        case chunk_decoder::event::trailer:
          take_trailer(framing_.line());
          break;
        case chunk_decoder::event::end:
          end_body();
          break;
      }
    }
  } catch (const chunk_error& error) {
    throw refusal{400, "IncompleteBody", error.what()};
  }
  if (!input.empty()) {
    throw refusal{400, "IncompleteBody", "There are bytes behind the last chunk."};
  }
}

}  // namespace beatsync::s3_server
