#include "tests/unit/s3_server/loopback.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::s3_server;
using namespace beatsync::tests;

namespace {

call put_call(const std::string& key, const std::string& body) {
  call request;
  request.method = "PUT";
  request.target = "/music/" + key;
  request.body = body;
  return request;
}

}  // namespace

BOOST_AUTO_TEST_CASE(connections_are_kept) {
  loopback server;
  call get;
  get.target = "/music/a";
  const auto seen =
      server.talk(server.to_wire(put_call("a", "x")) + server.to_wire(get) + server.to_wire(get));
  BOOST_TEST(seen.answers.size() == 3U);
  BOOST_TEST(seen.answers.back().body == "x");
  BOOST_CHECK(seen.closed == close_kind::clean);
}

BOOST_AUTO_TEST_CASE(connections_end_after_so_many_requests) {
  loopback server;
  network_conditions conditions;
  conditions.close_after = 2;
  server.service().set_conditions(conditions);
  const auto one = server.to_wire(put_call("a", "x"));
  const auto seen = server.talk(one + one + one);
  BOOST_TEST(seen.answers.size() == 2U);
  BOOST_TEST(seen.answers.at(0).header("connection").empty());
  BOOST_TEST(seen.answers.at(1).header("connection") == "close");
}

BOOST_AUTO_TEST_CASE(continue_is_said_before_a_body_and_not_before_a_refusal) {
  loopback server;
  auto request = put_call("a", "x");
  request.headers = {{"Expect", "100-continue"}, {"If-None-Match", "*"}};
  auto seen = server.talk(server.to_wire(request));
  BOOST_TEST(seen.answers.at(0).status == 100);
  BOOST_TEST(seen.answers.at(1).status == 200);
  seen = server.talk(server.to_wire(request));
  BOOST_TEST(seen.answers.at(0).status == 412);
  BOOST_TEST(seen.answers.at(0).header("connection") == "close");
}

BOOST_AUTO_TEST_CASE(large_bodies_of_refused_requests_are_not_read) {
  loopback server;
  auto request = put_call("a", std::string(1000000, 'x'));
  request.secret_key = "wrong";
  const auto seen = server.talk(server.to_wire(request));
  BOOST_TEST(seen.answers.at(0).status == 403);
  BOOST_TEST(seen.answers.at(0).header("connection") == "close");
  BOOST_TEST(server.log().at(0).bytes_in == 0U);
}

BOOST_AUTO_TEST_CASE(small_bodies_of_refused_requests_are_read_and_the_connection_kept) {
  loopback server;
  auto request = put_call("a", "x");
  request.secret_key = "wrong";
  call get;
  get.target = "/music?list-type=2";
  const auto seen = server.talk(server.to_wire(request) + server.to_wire(get));
  BOOST_TEST(seen.answers.at(1).status == 200);
}

BOOST_AUTO_TEST_CASE(garbage_is_answered_400_and_logged_nowhere) {
  loopback server;
  BOOST_TEST(server.talk("\x16\x03\x01 hello\r\n\r\n").answers.at(0).status == 400);
  BOOST_TEST(server.log().empty());
}

BOOST_AUTO_TEST_CASE(a_body_that_stops_short_stores_nothing) {
  loopback server;
  auto wire = server.to_wire(put_call("a", "0123456789"));
  wire.resize(wire.size() - 3);
  BOOST_TEST(server.talk(wire).answers.empty());
  BOOST_TEST(server.get("/music/a").status == 404);
}

BOOST_AUTO_TEST_CASE(the_log_tells_what_was_asked) {
  loopback server;
  server.put("/music/a%20b?x-id=PutObject", "hello");
  auto bad = put_call("b", "x");
  bad.secret_key = "wrong";
  server.ask(bad);
  const auto log = server.log();
  BOOST_TEST(log.at(0).operation == "PutObject");
  BOOST_TEST(log.at(0).key == "a b");
  BOOST_TEST(log.at(0).parameter("x-id").value() == "PutObject");
  BOOST_TEST(log.at(0).bytes_in == 5U);
  BOOST_TEST(log.at(0).signed_ok);
  BOOST_TEST(log.at(0).finished);
  BOOST_TEST(!log.at(1).signed_ok);
  BOOST_TEST(log.at(1).status == 403);
  const auto sums = server.service().log.sums();
  BOOST_TEST(sums["PutObject"] == 2U);
  BOOST_TEST(sums.statuses.at(403) == 1U);
}

BOOST_AUTO_TEST_CASE(other_programs_can_ask_for_the_sums) {
  loopback server;
  server.put("/music/a", "hello");
  const auto ask = [&](const std::string& what) {
    return server.talk("GET /_s3-test-server/" + what + " HTTP/1.1\r\nHost: x\r\n\r\n");
  };
  BOOST_TEST(ask("stats").answers.at(0).says("\"PutObject\": 1"));
  ask("reset");
  BOOST_TEST(!ask("stats").answers.at(0).says("PutObject"));
}

BOOST_AUTO_TEST_CASE(the_first_of_each_operation_is_dated) {
  request_log log(0);
  const std::chrono::steady_clock::time_point start{std::chrono::seconds(1000)};
  const auto answer = [&](const char* operation, int after_ms) {
    request_record record;
    record.operation = operation;
    record.arrived = start + std::chrono::milliseconds(after_ms);
    log.begin(record);
  };
  answer("PutObject", 90);
  answer("ListObjectsV2", 0);  // came first, was answered later
  answer("PutObject", 85);
  answer("ListObjectsV2", 95);
  auto first = log.sums().first;
  BOOST_TEST(first["ListObjectsV2"].count() == 0);
  BOOST_TEST(first["PutObject"].count() == 85);
  BOOST_TEST(to_json(log.sums()).find("\"first_ms\": {\"ListObjectsV2\": 0, \"PutObject\": 85}") !=
             std::string::npos);
  log.clear();
  BOOST_TEST(log.sums().first.empty());
}
