// The HTTP port of STS and SSO: what is tried again, and what is not.
#include "s3/identity/blocking_http.hpp"

#include "tests/s3_transport/fixture.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <thread>

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::ip::tcp;

namespace {

/// Answers one connection after the other with the next status of a list; 0 closes without an
/// answer.
class listed_answers {
 public:
  explicit listed_answers(std::vector<int> answers)
      : acceptor_(context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
        url_("http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/"),
        thread_([this, answers = std::move(answers)] {
          for (const int status : answers) {
            if (!answer(status)) return;
            ++answered_;
          }
        }) {}
  ~listed_answers() { finish(); }

  /// How many of the list were asked for.
  int finish() {
    done_ = true;
    tcp::socket last(context_);  // ends an accept() that waits
    boost::system::error_code ignored;
    last.connect(acceptor_.local_endpoint(), ignored);
    if (thread_.joinable()) thread_.join();
    return answered_;
  }

  s3::result<s3::http_reply> call() {
    s3::http_call what;
    what.method = "POST";
    what.url = url_;
    what.body = "Action=AssumeRole";
    return s3::blocking_http("")(what);
  }

 private:
  bool answer(int status) {
    tcp::socket socket = acceptor_.accept();
    if (done_) return false;
    std::string request;
    boost::asio::read_until(socket, boost::asio::dynamic_buffer(request), "Action=AssumeRole");
    if (status == 0) return true;
    const std::string reply =
        "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Length: 2\r\n\r\nok";
    boost::asio::write(socket, boost::asio::buffer(reply));
    return true;
  }

  boost::asio::io_context context_;
  tcp::acceptor acceptor_;
  std::string url_;
  std::atomic<bool> done_ = false;
  int answered_ = 0;  ///< the thread's until it is joined
  std::thread thread_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(blocking_http_port)

BOOST_AUTO_TEST_CASE(a_broken_way_and_a_busy_service_are_tried_again) {
  for (const int first : {0, 429, 500, 503}) {
    listed_answers service({first, 200});
    const auto reply = service.call();
    BOOST_REQUIRE_MESSAGE(reply.has_value(), first << ": " << s3::describe(reply.error()));
    BOOST_TEST(reply->status == 200, first);
    BOOST_TEST(reply->body == "ok");
  }
}

BOOST_AUTO_TEST_CASE(three_tries_are_made) {
  listed_answers lost({0, 0, 0});
  BOOST_TEST(failed(lost.call()).code == s3::errc::connection_lost);
  BOOST_TEST(lost.finish() == 3);
  listed_answers busy({503, 503, 503});
  BOOST_TEST(ok(busy.call()).status == 503);
  BOOST_TEST(busy.finish() == 3);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_final) {
  listed_answers service({403, 200});
  BOOST_TEST(ok(service.call()).status == 403);
  BOOST_TEST(service.finish() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
