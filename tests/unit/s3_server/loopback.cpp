#include "tests/unit/s3_server/loopback.hpp"

#include "s3/identity/signer.hpp"
#include "s3/uri.hpp"
#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/http_head.hpp"
#include "tests/s3_server/session.hpp"
#include "tests/s3_server/uri.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace beatsync::tests {

namespace asio = boost::asio;
using s3_server::close_kind;

namespace {

class memory_channel final : public s3_server::channel {
 public:
  memory_channel(asio::io_context& context, std::string input)
      : context_(context), input_(std::move(input)) {}

  awaitable<bool> handshake() override { co_return false; }
  awaitable<std::size_t> read_some(std::span<std::byte> buffer) override {
    const auto size = std::min(buffer.size(), input_.size() - at_);
    std::memcpy(buffer.data(), input_.data() + at_, size);
    at_ += size;
    co_return size;
  }
  awaitable<void> write(std::span<const std::byte> first,
                        std::span<const std::byte> second) override {
    for (const auto& piece : {first, second}) {
      output.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    }
    co_return;
  }
  awaitable<void> close(close_kind how) override {
    closed = how;
    co_return;
  }
  void abandon() noexcept override {}
  asio::any_io_executor executor() override { return context_.get_executor(); }

  std::string output;
  std::optional<close_kind> closed;

 private:
  asio::io_context& context_;
  std::string input_;
  std::size_t at_ = 0;
};

/// Takes one answer off the front; nothing when no head is left.
std::optional<answer> take_answer(std::string_view& text, bool head_only) {
  const auto end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  answer one;
  std::string_view head = text.substr(0, end + 2);
  text.remove_prefix(end + 4);
  one.status = std::atoi(std::string(head.substr(9, 3)).c_str());
  head.remove_prefix(head.find("\r\n") + 2);
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    const auto colon = line.find(": ");
    one.headers.emplace_back(s3_server::to_lower(line.substr(0, colon)), line.substr(colon + 2));
  }
  const auto length = one.header("content-length");
  std::size_t size = one.status == 100 || head_only ? 0 : text.size();
  if (!length.empty() && !head_only) size = std::min(size, std::size_t(std::atoll(length.c_str())));
  one.body = text.substr(0, size);
  text.remove_prefix(size);
  return one;
}

}  // namespace

std::string answer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

s3_server::server_options loopback::over_tls() {
  s3_server::server_options options;
  options.tls = true;
  return options;
}

loopback::loopback(s3_server::server_options options) : service_(options) {
  service_.objects.create_bucket("music", options.region);
}

std::string loopback::to_wire(const call& request) {
  const auto question = request.target.find('?');
  const auto path = request.target.substr(0, question);
  std::string query;
  if (question != std::string::npos) query = request.target.substr(question + 1);
  std::string text = request.method + ' ' + request.target + " HTTP/1.1\r\n";
  text += "Host: " + request.host + "\r\n";
  if (!request.body.empty() || request.method == "PUT" || request.method == "POST") {
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  for (const auto& [name, value] : request.headers) text += name + ": " + value + "\r\n";
  if (request.sign) {
    s3::credentials keys;
    keys.access_key = request.access_key;
    keys.secret_key = request.secret_key;
    s3::signable_request signable;
    // The canonical order is by name and value; the requests of these tests spell what they send.
    auto pairs = s3_server::parse_query(query).value();
    std::sort(pairs.begin(), pairs.end());
    std::string canonical;
    for (const auto& [name, value] : pairs) {
      canonical += (canonical.empty() ? "" : "&") + s3_server::uri_encode(name, false) + '=' +
                   s3_server::uri_encode(value, false);
    }
    signable.method = request.method;
    signable.host = request.host;
    signable.path = path;
    signable.query = canonical;
    signable.payload_hash = request.payload_hash;
    header_list extra;
    for (const auto& [name, value] : request.headers) {
      if (name.starts_with("x-amz-")) extra.emplace_back(name, value);
    }
    signable.headers = extra;
    const auto now = std::chrono::floor<std::chrono::seconds>(service_.now()) + request.clock_error;
    text += s3::signer().sign(signable, keys, request.region, now);
  }
  return text + "\r\n" + request.body;
}

conversation loopback::talk(const std::string& input) {
  asio::io_context context;
  const auto wire = std::make_shared<memory_channel>(context, input);
  asio::co_spawn(context, s3_server::run_session(service_, wire, 1), [](std::exception_ptr) {});
  context.run();
  conversation result;
  result.raw = wire->output;
  result.closed = wire->closed;
  std::string_view rest = result.raw;
  while (auto one = take_answer(rest, input.starts_with("HEAD "))) {
    result.answers.push_back(std::move(*one));
  }
  return result;
}

answer loopback::ask(const call& request) {
  auto all = talk(to_wire(request)).answers;
  return all.empty() ? answer() : all.back();
}

answer loopback::get(const std::string& target, header_list headers) {
  call request;
  request.target = target;
  request.headers = std::move(headers);
  return ask(request);
}

answer loopback::put(const std::string& target, const std::string& body, header_list headers) {
  call request;
  request.method = "PUT";
  request.target = target;
  request.body = body;
  request.headers = std::move(headers);
  return ask(request);
}

answer loopback::post(const std::string& target, const std::string& body, header_list headers) {
  call request;
  request.method = "POST";
  request.target = target;
  request.body = body;
  request.headers = std::move(headers);
  return ask(request);
}

answer loopback::erase(const std::string& target) {
  call request;
  request.method = "DELETE";
  request.target = target;
  return ask(request);
}

std::vector<std::string> elements(std::string_view xml, const std::string& name) {
  std::vector<std::string> texts;
  const auto open = '<' + name + '>';
  const auto close = "</" + name + '>';
  while (true) {
    const auto begin = xml.find(open);
    if (begin == std::string_view::npos) return texts;
    xml.remove_prefix(begin + open.size());
    texts.emplace_back(xml.substr(0, xml.find(close)));
  }
}

std::string element(std::string_view xml, const std::string& name) {
  const auto all = elements(xml, name);
  return all.empty() ? "" : all.front();
}

}  // namespace beatsync::tests
