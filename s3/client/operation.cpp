#include "s3/client/operation.hpp"

#include "s3/http/http_connection.hpp"
#include "s3/replies/reply_xml.hpp"

#include <utility>

namespace beatsync::s3 {

failure_ptr transport_failure(error what) {
  auto f = std::make_unique<failure>();
  f->why = classify(what.code);
  f->what = std::move(what);
  return f;
}

failure_ptr bad_answer(std::string message) {
  return transport_failure(make_error(errc::bad_reply, std::move(message)));
}

failure_ptr error_in_success(std::string_view text) {
  // A listing is large and no error; do not read it twice.
  constexpr std::size_t largest_error = 64 * 1024;
  if (text.size() > largest_error || text.find("<Error") == std::string_view::npos) return {};
  const auto reply = parse_error(text);
  if (!reply) return {};
  auto f = std::make_unique<failure>();
  // The status has been sent before the store knew better; by its meaning it is a 500.
  f->why = classify(500, reply->code, false);
  f->what.code = f->why.code;
  f->what.http = 200;
  f->what.service_code = reply->code;
  f->what.service_message = reply->message;
  f->what.request_id = reply->request_id;
  f->what.message = "the store answered 200 and then reported an error";
  return f;
}

boost::asio::awaitable<failure_ptr> text_operation::take(http_connection& from) {
  std::vector<char> text;
  const bool read = co_await from.read_text(text, largest_text);
  if (!read) co_return transport_failure(from.failure());
  co_return understand(from, std::move(text));
}

failure_ptr text_operation::understand(const http_connection&, std::vector<char>) {
  return nullptr;
}

}  // namespace beatsync::s3
