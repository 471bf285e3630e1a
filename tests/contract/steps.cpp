#include "tests/contract/steps.hpp"

#include "tests/contract/bodies.hpp"

namespace beatsync::tests {

boost::asio::awaitable<s3::put_answer> put_text(s3::object_store& store, std::string key,
                                                std::string text) {
  s3::put_request request;
  request.key = std::move(key);
  request.content_type = "application/octet-stream";
  request.sum = sum_of(store.upload_checksum(), text);
  text_source body(std::move(text), true);
  co_return ok(co_await store.put(request, body));
}

boost::asio::awaitable<std::string> get_text(s3::object_store& store, std::string key) {
  s3::get_request request;
  request.key = std::move(key);
  text_sink sink;
  ok(co_await store.get(request, sink));
  co_return sink.text();
}

boost::asio::awaitable<std::vector<std::string>> list_keys(s3::object_store& store,
                                                           s3::list_request request) {
  std::vector<std::string> keys;
  for (;;) {
    const s3::list_page page = ok(co_await store.list(request));
    for (const auto& object : page.objects) keys.emplace_back(object.key);
    if (page.next_token.empty()) co_return keys;
    request.continuation_token = page.next_token;
  }
}

}  // namespace beatsync::tests
