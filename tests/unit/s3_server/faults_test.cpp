#include "tests/s3_server/faults.hpp"

#include "tests/unit/s3_server/loopback.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::s3_server;
using namespace beatsync::tests;

namespace {

fault_rule rule(fault_action action, std::uint64_t times = 1, std::uint64_t skip = 0) {
  fault_rule made;
  made.operation = "GetObject";
  made.times = times;
  made.skip = skip;
  made.action = std::move(action);
  return made;
}

struct with_object : loopback {
  with_object() { put("/music/k", "0123456789"); }
  conversation get_k() {
    call request;
    request.target = "/music/k";
    return talk(to_wire(request));
  }
  void script(fault_rule added) { service().faults.add(std::move(added)); }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(rules_skip_hit_and_wear_out, with_object) {
  script(rule(answer_error(503, "SlowDown"), 2, 1));
  std::vector<int> statuses;
  for (int i = 0; i < 4; ++i) statuses.push_back(get("/music/k").status);
  const std::vector<int> expected = {200, 503, 503, 200};
  BOOST_TEST(statuses == expected, boost::test_tools::per_element());
  BOOST_TEST(service().faults.hits(0) == 2U);
}

BOOST_FIXTURE_TEST_CASE(rules_match_operation_key_method_and_target, with_object) {
  auto only = rule(answer_error(500, "InternalError"), 0);
  only.operation = "PutObject";
  only.key = "k";
  script(only);
  BOOST_TEST(get("/music/k").status == 200);
  BOOST_TEST(put("/music/other", "").status == 200);
  BOOST_TEST(put("/music/k", "").status == 500);
  BOOST_TEST(get("/music/k").body == "0123456789");  // the PUT was not performed
}

BOOST_FIXTURE_TEST_CASE(bodies_are_cut_in_every_framing, with_object) {
  script(rule(cut_body(4, close_kind::reset)));
  auto got = get_k();
  BOOST_TEST(got.answers.at(0).body == "0123");
  BOOST_TEST(got.answers.at(0).header("content-length") == "10");
  BOOST_CHECK(got.closed == close_kind::reset);
  script(rule(cut_body(4, close_kind::fin, framing::until_close)));
  got = get_k();
  BOOST_TEST(got.answers.at(0).header("content-length").empty());
  BOOST_TEST(got.answers.at(0).body == "0123");
  script(rule(cut_body(4, close_kind::clean, framing::chunked)));
  got = get_k();
  BOOST_TEST(got.answers.at(0).body == "4\r\n0123\r\n");
}

BOOST_FIXTURE_TEST_CASE(an_uncut_chunked_body_ends_with_its_last_chunk, with_object) {
  auto action = delay_answer({});
  action.frame = framing::chunked;
  script(rule(action));
  BOOST_TEST(get_k().answers.at(0).body == "a\r\n0123456789\r\n0\r\n\r\n");
}

BOOST_FIXTURE_TEST_CASE(bits_flip_on_the_way_out_and_in, with_object) {
  script(rule(flip_body_bit(8)));
  BOOST_TEST(get("/music/k").body == "0023456789");
  auto in = rule(flip_upload_bit(0));
  in.operation = "PutObject";
  script(in);
  put("/music/k", "0123");
  BOOST_TEST(get("/music/k").body == "1123");
}

BOOST_FIXTURE_TEST_CASE(answers_are_dropped_after_the_deed, with_object) {
  auto drop = rule(drop_after_performing());
  drop.operation = "PutObject";
  script(drop);
  BOOST_TEST(put("/music/new", "x").status == 0);
  BOOST_TEST(get("/music/new").body == "x");
  auto lost = rule(drop_before_performing());
  lost.operation = "PutObject";
  script(lost);
  BOOST_TEST(put("/music/newer", "x").status == 0);
  BOOST_TEST(get("/music/newer").status == 404);
}

BOOST_FIXTURE_TEST_CASE(bodies_are_refused_while_they_come, with_object) {
  auto early = rule(refuse_body(1000, 403, "AccessDenied"));
  early.operation = "PutObject";
  script(early);
  call request;
  request.method = "PUT";
  request.target = "/music/big";
  request.body = std::string(100000, 'x');
  const auto seen = talk(to_wire(request));
  BOOST_TEST(seen.answers.at(0).status == 403);
  BOOST_TEST(seen.answers.at(0).header("connection") == "close");
  BOOST_TEST(log().back().bytes_in < 100000U);
}

BOOST_FIXTURE_TEST_CASE(a_refusal_at_once_comes_instead_of_continue, with_object) {
  auto early = rule(refuse_body(0, 503, "SlowDown"));
  early.operation = "PutObject";
  script(early);
  call request;
  request.method = "PUT";
  request.target = "/music/k";
  request.body = "body";
  request.headers = {{"Expect", "100-continue"}};
  BOOST_TEST(talk(to_wire(request)).answers.at(0).status == 503);
}

BOOST_FIXTURE_TEST_CASE(lies_about_success, with_object) {
  script(rule(ok_with_error("InternalError")));
  auto got = get("/music/k");
  BOOST_TEST(got.status == 200);
  BOOST_TEST(element(got.body, "Code") == "InternalError");
  script(rule(ok_with_empty_body()));
  got = get("/music/k");
  BOOST_TEST(got.header("content-length") == "0");
  script(rule(redirect(307, "https://elsewhere.example/")));
  BOOST_TEST(get("/music/k").header("location") == "https://elsewhere.example/");
  script(rule(wrong_content_range("bytes 5-9/10")));
  BOOST_TEST(get("/music/k").header("content-range") == "bytes 5-9/10");
}

BOOST_FIXTURE_TEST_CASE(objects_change_in_the_middle_of_a_download, with_object) {
  script(rule(call_after(3, [this] { put("/music/k", "changed"); })));
  BOOST_TEST(get("/music/k").body == "0123456789");
  BOOST_TEST(get("/music/k").body == "changed");
}

BOOST_FIXTURE_TEST_CASE(listings_lie, with_object) {
  put("/music/m", "");
  const auto lie = [&](fault_action action) {
    fault_rule made;
    made.operation = "ListObjectsV2";
    made.action = std::move(action);
    script(made);
    return get("/music?list-type=2&continuation-token=for-ever").body;
  };
  BOOST_TEST(element(lie(same_token()), "NextContinuationToken") == "for-ever");
  BOOST_TEST(elements(lie(missing_token()), "NextContinuationToken").empty());
  BOOST_TEST(elements(lie(unsorted_listing()), "Key").at(0) == "m");
  BOOST_TEST(elements(lie(duplicate_entry()), "Key").size() == 3U);
  BOOST_TEST(elements(lie(extra_key("../../etc/passwd")), "Key").back() == "../../etc/passwd");
  BOOST_TEST(element(lie(size_text("-1")), "Size") == "-1");
}

BOOST_FIXTURE_TEST_CASE(tokens_go_round_in_a_cycle, with_object) {
  fault_rule made;
  made.operation = "ListObjectsV2";
  made.times = 0;
  made.action = token_cycle(2);
  script(made);
  std::vector<std::string> tokens;
  for (int i = 0; i < 3; ++i) {
    tokens.push_back(element(get("/music?list-type=2").body, "NextContinuationToken"));
  }
  BOOST_TEST(tokens.at(0) == tokens.at(2));
  BOOST_TEST(tokens.at(0) != tokens.at(1));
}

BOOST_FIXTURE_TEST_CASE(a_share_of_requests_is_throttled_by_seed, with_object) {
  network_conditions busy;
  busy.rate_503 = 0.5;
  const auto run = [&] {
    service().set_conditions(busy);
    std::string statuses;
    for (int i = 0; i < 20; ++i) statuses += std::to_string(get("/music/k").status) + ' ';
    return statuses;
  };
  const auto first = run();
  BOOST_TEST(first.find("503") != std::string::npos);
  BOOST_TEST(first.find("200") != std::string::npos);
  BOOST_TEST(run() == first);
}

BOOST_FIXTURE_TEST_CASE(a_share_of_requests_ends_in_a_reset, with_object) {
  network_conditions rough;
  rough.reset_rate = 1;
  service().set_conditions(rough);
  call request;
  request.target = "/music/k";
  const auto lost = talk(to_wire(request));
  BOOST_TEST(lost.answers.empty());
  BOOST_TEST((lost.closed == close_kind::reset));
}
