// The actions of faults.hpp: what each named fault means in terms of fault_action's fields.
#include "tests/s3_server/faults.hpp"

#include <atomic>
#include <memory>

namespace beatsync::s3_server {
namespace {

constexpr std::string_view xml_head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

fault_action named(std::string name) {
  fault_action action;
  action.name = std::move(name);
  return action;
}

std::string error_document(const std::string& code) {
  return std::string(xml_head) + "<Error><Code>" + code +
         "</Code><Message>scripted fault</Message><RequestId>0</RequestId></Error>";
}

fault_action listing_lie(std::string name, std::function<void(listing_page&)> edit) {
  auto action = named(std::move(name));
  action.edit_listing = std::move(edit);
  return action;
}

}  // namespace

fault_action answer_error(int status, std::string code, std::string message) {
  auto action = named("answer " + std::to_string(status) + " " + code);
  action.perform = false;
  action.status = status;
  action.code = std::move(code);
  action.message = std::move(message);
  return action;
}

fault_action answer_body(int status, std::string body, std::string type) {
  auto action = named("answer " + std::to_string(status) + " with a given body");
  action.perform = false;
  action.status = status;
  action.body = std::move(body);
  action.content_type = std::move(type);
  return action;
}

fault_action ok_with_error(std::string code) { return answer_body(200, error_document(code)); }

fault_action ok_with_empty_body() { return answer_body(200, ""); }

fault_action ok_with_truncated_body() {
  return answer_body(200, std::string(xml_head) +
                              "<CompleteMultipartUploadResult><Location>http://localhost/</Loc");
}

fault_action ok_with_html() {
  return answer_body(200, "<!DOCTYPE html><html><body><h1>It works!</h1></body></html>",
                     "text/html");
}

fault_action ok_with_wrong_root() {
  return answer_body(200, std::string(xml_head) + "<Wrong><ETag>\"0\"</ETag></Wrong>");
}

fault_action whitespace_then_error(std::string code) {
  return answer_body(200, std::string(xml_head) + std::string(64, ' ') +
                              error_document(code).substr(xml_head.size()));
}

fault_action redirect(int status, std::string location) {
  auto action = answer_error(status, status == 307 ? "TemporaryRedirect" : "PermanentRedirect");
  action.headers.emplace_back("Location", std::move(location));
  return action;
}

fault_action delay_answer(std::chrono::milliseconds time) {
  auto action = named("delay");
  action.delay = time;
  return action;
}

fault_action no_answer() {
  auto action = named("no answer");
  action.perform = false;
  action.never_answer = true;
  return action;
}

fault_action stall_body(std::uint64_t after, std::chrono::milliseconds time) {
  auto action = named("stall in the body");
  action.stall_after = after;
  action.stall = time;
  return action;
}

fault_action trickle(std::uint64_t bytes_per_second) {
  auto action = named("trickle");
  action.bytes_per_second = bytes_per_second;
  return action;
}

fault_action stop_reading(std::uint64_t after) {
  auto action = named("stop reading");
  action.stop_reading_after = after;
  return action;
}

fault_action late_continue(std::uint64_t after, std::size_t in_time) {
  auto action = named("late 100 Continue");
  action.continue_after = after;
  action.continue_in_time = in_time;
  return action;
}

fault_action cut_body(std::uint64_t after, close_kind how, framing frame) {
  auto action = named("cut the body");
  action.cut_after = after;
  action.cut = how;
  action.frame = frame;
  return action;
}

fault_action drop_after_performing(close_kind how) {
  auto action = named("drop the answer");
  action.drop_answer = true;
  action.cut = how;
  return action;
}

fault_action drop_before_performing(close_kind how) {
  auto action = drop_after_performing(how);
  action.name = "drop the request";
  action.perform = false;
  return action;
}

fault_action flip_body_bit(std::uint64_t bit) {
  auto action = named("flip a bit of the answer");
  action.flip_bit = bit;
  return action;
}

fault_action flip_upload_bit(std::uint64_t bit) {
  auto action = named("flip a bit of the upload");
  action.flip_upload_bit = bit;
  return action;
}

fault_action refuse_body(std::uint64_t after, int status, std::string code) {
  auto action = answer_error(status, std::move(code));
  action.name = "refuse the body";
  action.refuse_after = after;
  return action;
}

fault_action refuse_body_and_hold(std::uint64_t after, int status, std::string code) {
  auto action = refuse_body(after, status, std::move(code));
  action.hold_afterwards = true;
  return action;
}

fault_action wrong_content_range(std::string value) {
  auto action = named("wrong Content-Range");
  action.headers.emplace_back("Content-Range", std::move(value));
  return action;
}

fault_action wrong_date(std::string http_date) {
  auto action = named("wrong Date");
  action.headers.emplace_back("Date", std::move(http_date));
  return action;
}

fault_action call_after(std::uint64_t body_bytes, std::function<void()> hook) {
  auto action = named("call in the body");
  action.hook_after = body_bytes;
  action.hook = std::move(hook);
  return action;
}

fault_action same_token(std::string token) {
  return listing_lie("same token for ever", [token = std::move(token)](listing_page& page) {
    page.truncated = true;
    page.next_token = token;
  });
}

fault_action token_cycle(std::uint64_t length) {
  return listing_lie("token cycle", [length, n = std::make_shared<std::atomic<std::uint64_t>>(0)](
                                        listing_page& page) {
    page.truncated = true;
    page.next_token = "cycle-" + std::to_string((*n)++ % length);
  });
}

fault_action missing_token() {
  return listing_lie("truncated without a token", [](listing_page& page) {
    page.truncated = true;
    page.next_token.clear();
  });
}

fault_action unsorted_listing() {
  return listing_lie("unsorted", [](listing_page& page) {
    if (page.entries.size() > 1) std::swap(page.entries.front(), page.entries.back());
  });
}

fault_action duplicate_entry() {
  return listing_lie("duplicate entry", [](listing_page& page) {
    if (!page.entries.empty()) page.entries.insert(page.entries.begin(), page.entries.front());
  });
}

fault_action extra_key(std::string key) {
  return listing_lie("extra key", [key = std::move(key)](listing_page& page) {
    listing_entry entry;
    if (!page.entries.empty()) entry = page.entries.back();
    entry.key = key;
    page.entries.push_back(std::move(entry));
  });
}

fault_action size_text(std::string text) {
  return listing_lie("lie about the size", [text = std::move(text)](listing_page& page) {
    if (!page.entries.empty()) page.entries.front().size = text;
  });
}

fault_action raw_keys() {
  return listing_lie("raw keys", [](listing_page& page) { page.url_encoding = false; });
}

}  // namespace beatsync::s3_server
