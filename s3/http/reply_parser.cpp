#include "s3/http/reply_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cstring>
#include <optional>

namespace beatsync::s3 {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool same_name(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

/// Hands fields to a reply_head and the bytes of chunks to whoever reads the body.
class collecting_parser final : public http::basic_parser<false> {
 public:
  reply_head* head = nullptr;
  std::span<std::byte> out;
  std::size_t written = 0;

 private:
  std::size_t take(boost::beast::string_view bytes) {
    const std::size_t n = std::min(bytes.size(), out.size() - written);
    if (n != 0) std::memcpy(out.data() + written, bytes.data(), n);
    written += n;
    return n;
  }

  void on_request_impl(http::verb, boost::beast::string_view, boost::beast::string_view, int,
                       error_code&) override {}
  void on_response_impl(int status, boost::beast::string_view, int, error_code&) override {
    head->status = status;
  }
  void on_field_impl(http::field, boost::beast::string_view name, boost::beast::string_view value,
                     error_code&) override {
    if (head != nullptr) head->add_field({name.data(), name.size()}, {value.data(), value.size()});
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(boost::beast::string_view bytes, error_code&) override {
    return take(bytes);
  }
  void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view bytes,
                                 error_code&) override {
    return take(bytes);
  }
  void on_finish_impl(error_code&) override {}
};

}  // namespace

std::string_view reply_head::field(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const entry e = field_at(i);
    if (same_name(e.name, name)) return e.value;
  }
  return {};
}

reply_head::entry reply_head::field_at(std::size_t i) const noexcept {
  const place& p = places_[i];
  const std::string_view text = text_;
  return {text.substr(p.name, p.name_size), text.substr(p.name + p.name_size, p.value_size)};
}

void reply_head::clear() {
  status = 0;
  keep_alive = false;
  framing = body_framing::none;
  has_length = false;
  length = 0;
  text_.clear();
  places_.clear();
}

void reply_head::add_field(std::string_view name, std::string_view value) {
  place p;
  p.name = static_cast<std::uint32_t>(text_.size());
  p.name_size = static_cast<std::uint32_t>(name.size());
  p.value_size = static_cast<std::uint32_t>(value.size());
  text_.append(name).append(value);
  places_.push_back(p);
}

struct reply_parser::machine {
  std::optional<collecting_parser> parser;
  std::size_t head_bytes = 0;
};

reply_parser::reply_parser() : machine_(std::make_unique<machine>()) {}
reply_parser::~reply_parser() = default;

void reply_parser::begin(bool answer_to_head) {
  machine_->head_bytes = 0;
  auto& parser = machine_->parser.emplace();
  parser.header_limit(static_cast<std::uint32_t>(largest_head));
  parser.body_limit(boost::none);  // whoever reads the body has limits of its own
  parser.skip(answer_to_head);
}

reply_parser::progress reply_parser::put_head(std::span<const std::byte> input, std::size_t& used,
                                              reply_head& out) {
  auto& parser = *machine_->parser;
  parser.head = &out;
  parser.eager(false);
  error_code ec;
  used = parser.put(boost::asio::buffer(input.data(), input.size()), ec);
  machine_->head_bytes += used;
  if (ec == http::error::need_more) {
    // Beast's own limit counts from the first line that is not complete yet.
    if (machine_->head_bytes + (input.size() - used) <= largest_head) return progress::need_more;
    ec = http::error::header_limit;
  }
  if (ec) {
    problem_ = ec.message();
    return progress::failed;
  }
  if (!parser.is_header_done()) return progress::need_more;
  out.keep_alive = parser.keep_alive();
  if (const auto length = parser.content_length()) {
    out.has_length = true;
    out.length = *length;
  }
  if (parser.is_done()) {
    out.framing = body_framing::none;
  } else if (parser.chunked()) {
    out.framing = body_framing::chunked;
  } else if (out.has_length) {
    out.framing = body_framing::length;
  } else {
    out.framing = body_framing::until_close;
  }
  return progress::done;
}

reply_parser::progress reply_parser::put_chunks(std::span<const std::byte> input, std::size_t& used,
                                                std::span<std::byte> out, std::size_t& written) {
  auto& parser = *machine_->parser;
  parser.head = nullptr;  // trailers are of no interest
  parser.out = out;
  parser.written = 0;
  used = 0;
  progress what = progress::need_more;
  while (!parser.is_done()) {
    error_code ec;
    const std::size_t before = parser.written;
    const std::size_t n =
        parser.put(boost::asio::buffer(input.data() + used, input.size() - used), ec);
    used += n;
    if (ec && ec != http::error::need_more) {
      problem_ = ec.message();
      what = progress::failed;
      break;
    }
    if (ec || used == input.size() || parser.written == out.size()) break;
    if (n == 0 && parser.written == before) break;
  }
  written = parser.written;
  if (what != progress::failed && parser.is_done()) what = progress::done;
  return what;
}

}  // namespace beatsync::s3
