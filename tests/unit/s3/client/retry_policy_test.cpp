#include "s3/client/retry_policy.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::s3;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

struct expectation {
  int http;
  const char* code;
  remedy what;
  errc error;
};

constexpr judgement lost{remedy::retry, errc::connection_lost};
const retry_state::time_point start{};

}  // namespace

BOOST_AUTO_TEST_SUITE(retries)

BOOST_AUTO_TEST_CASE(the_table) {
  const expectation table[] = {
      {503, "SlowDown", remedy::retry_later, errc::throttled},
      {503, "", remedy::retry_later, errc::throttled},
      {429, "", remedy::retry_later, errc::throttled},
      {500, "InternalError", remedy::retry, errc::server_failed},
      {500, "", remedy::retry, errc::server_failed},
      {502, "", remedy::retry, errc::server_failed},
      {504, "", remedy::retry, errc::server_failed},
      {501, "NotImplemented", remedy::give_up, errc::server_failed},
      {507, "XMinioStorageFull", remedy::give_up, errc::refused},
      {505, "", remedy::give_up, errc::server_failed},
      {507, "", remedy::give_up, errc::server_failed},
      {520, "", remedy::retry, errc::server_failed},
      {524, "", remedy::retry, errc::server_failed},
      {400, "RequestTimeout", remedy::retry, errc::timed_out},
      {408, "", remedy::retry, errc::timed_out},
      {400, "BadDigest", remedy::retry, errc::checksum_mismatch},
      {400, "InvalidDigest", remedy::retry, errc::checksum_mismatch},
      {400, "IncompleteBody", remedy::retry, errc::connection_lost},
      {403, "RequestTimeTooSkewed", remedy::use_server_clock, errc::clock_skew},
      {400, "ExpiredToken", remedy::reload_credentials, errc::expired_token},
      {403, "InvalidAccessKeyId", remedy::give_up, errc::bad_credentials},
      {403, "SignatureDoesNotMatch", remedy::give_up, errc::bad_credentials},
      {403, "AccessDenied", remedy::give_up, errc::access_denied},
      {403, "", remedy::give_up, errc::access_denied},
      {403, "InvalidObjectState", remedy::give_up, errc::archived},
      {301, "PermanentRedirect", remedy::change_region, errc::redirected},
      {307, "TemporaryRedirect", remedy::change_region, errc::redirected},
      {302, "", remedy::change_region, errc::redirected},
      {400, "AuthorizationHeaderMalformed", remedy::change_region, errc::wrong_region},
      {404, "NoSuchKey", remedy::give_up, errc::no_such_key},
      {404, "NoSuchBucket", remedy::give_up, errc::no_such_bucket},
      {404, "NoSuchUpload", remedy::give_up, errc::no_such_upload},
      {404, "", remedy::give_up, errc::no_such_key},
      {409, "OperationAborted", remedy::retry, errc::server_failed},
      {409, "ConditionalRequestConflict", remedy::retry, errc::precondition_failed},
      {412, "PreconditionFailed", remedy::give_up, errc::precondition_failed},
      {413, "", remedy::give_up, errc::too_large},
      {416, "InvalidRange", remedy::give_up, errc::refused},
      {400, "KeyTooLongError", remedy::give_up, errc::refused},
      {204, "", remedy::retry_once, errc::bad_reply},
      // An error inside a 200 is what its code says.
      {200, "InternalError", remedy::retry, errc::server_failed},
      {200, "SlowDown", remedy::retry_later, errc::throttled},
      {200, "AccessDenied", remedy::give_up, errc::access_denied},
  };
  for (const auto& row : table) {
    const auto verdict = classify(row.http, row.code);
    BOOST_TEST((verdict.what == row.what), row.http << " " << row.code);
    BOOST_TEST((verdict.code == row.error),
               row.http << " " << row.code << " " << name_of(verdict.code));
  }
}

BOOST_AUTO_TEST_CASE(a_region_that_is_named_is_followed) {
  for (const int http : {301, 307, 400, 403}) {
    const auto verdict = classify(http, "", true);
    BOOST_TEST((verdict.what == remedy::change_region), http);
    BOOST_TEST((verdict.code == errc::wrong_region), http);
  }
  BOOST_TEST((classify(503, "SlowDown", true).what == remedy::retry_later));
  BOOST_TEST((classify(404, "NoSuchKey", true).what == remedy::give_up));
}

BOOST_AUTO_TEST_CASE(broken_ways_are_tried_again_and_broken_ends_are_not) {
  for (const errc code :
       {errc::resolve_failed, errc::connect_failed, errc::tls_failed, errc::connection_lost,
        errc::timed_out, errc::short_body, errc::corrupt_body})
    BOOST_TEST((classify(code).what == remedy::retry), name_of(code));
  for (const errc code :
       {errc::certificate_rejected, errc::cancelled, errc::source_failed, errc::sink_failed,
        errc::no_credentials, errc::bad_configuration, errc::access_denied})
    BOOST_TEST((classify(code).what == remedy::give_up), name_of(code));
  BOOST_TEST((classify(errc::bad_reply).what == remedy::retry_once));
}

BOOST_AUTO_TEST_CASE(refusals_of_a_checksum_are_recognised) {
  BOOST_TEST(is_checksum_refusal(501, "NotImplemented",
                                 "A header you provided implies functionality that is not "
                                 "implemented",
                                 "x-amz-checksum-crc64nvme"));
  BOOST_TEST(is_checksum_refusal(400, "InvalidRequest",
                                 "The algorithm type you specified in x-amz-checksum- header is "
                                 "invalid.",
                                 ""));
  BOOST_TEST(is_checksum_refusal(400, "InvalidArgument", "Unsupported Checksum algorithm", ""));
  BOOST_TEST(!is_checksum_refusal(400, "BadDigest",
                                  "The CRC64NVME checksum you specified did not match", ""));
  BOOST_TEST(!is_checksum_refusal(400, "InvalidRequest", "Something else", ""));
  BOOST_TEST(!is_checksum_refusal(403, "AccessDenied", "checksum", ""));
}

BOOST_AUTO_TEST_CASE(damaged_bytes_are_no_refusal_of_a_checksum) {
  // Garage, src/api/common/signature/checksum.rs
  const char* words =
      "Failed to validate checksum for algorithm Crc64Nvme: calculated X, expected Y";
  BOOST_TEST(!is_checksum_refusal(400, "InvalidDigest", words, "", true));
  // What Complete is told by a version that does not know FULL_OBJECT.
  BOOST_TEST(
      is_checksum_refusal(400, "InvalidDigest", "Failed to validate x-amz-checksum-crc32c", ""));
}

BOOST_AUTO_TEST_CASE(pauses_grow_with_full_jitter_and_have_an_end) {
  const retry_limits limits;
  BOOST_TEST((backoff(limits, remedy::retry, 1, 0.0, std::nullopt) == milliseconds(0)));
  BOOST_TEST((backoff(limits, remedy::retry, 1, 0.5, std::nullopt) == milliseconds(50)));
  BOOST_TEST((backoff(limits, remedy::retry, 2, 0.5, std::nullopt) == milliseconds(100)));
  BOOST_TEST((backoff(limits, remedy::retry, 5, 0.5, std::nullopt) == milliseconds(800)));
  BOOST_TEST((backoff(limits, remedy::retry_later, 3, 0.5, std::nullopt) == milliseconds(1000)));
  BOOST_TEST((backoff(limits, remedy::retry, 40, 0.999, std::nullopt) <= limits.longest_pause));
}

BOOST_AUTO_TEST_CASE(retry_after_is_respected_within_reason) {
  const retry_limits limits;
  BOOST_TEST((backoff(limits, remedy::retry, 1, 0.5, seconds(3)) == seconds(3)));
  BOOST_TEST(
      (backoff(limits, remedy::retry, 1, 0.5, seconds(86'400)) == limits.longest_retry_after));
  BOOST_TEST(
      (backoff(limits, remedy::retry, 1, 0.5, seconds::max()) == limits.longest_retry_after));
  BOOST_TEST((backoff(limits, remedy::retry, 1, 0.5, seconds(-5)) == milliseconds(50)));
}

BOOST_AUTO_TEST_CASE(six_tries_and_no_more) {
  retry_budget budget;
  retry_state state(retry_limits(), budget, start);
  for (int i = 1; i <= 5; ++i) BOOST_TEST(state.failed(lost, start, 0.5).again, i);
  BOOST_TEST(!state.failed(lost, start, 0.5).again);
  BOOST_TEST(state.tries_made() == 6);
}

BOOST_AUTO_TEST_CASE(a_minute_without_progress_ends_it) {
  retry_budget budget;
  retry_state state(retry_limits(), budget, start);
  BOOST_TEST(state.failed(lost, start + seconds(50), 0.5).again);
  state.progress(start + seconds(55));
  BOOST_TEST(state.failed(lost, start + seconds(110), 0.5).again);
  BOOST_TEST(!state.failed(lost, start + seconds(116), 0.5).again);
  retry_state slow(slow_operation_limits(), budget, start);
  BOOST_TEST(slow.failed(lost, start + seconds(590), 0.5).again);
  BOOST_TEST(!slow.failed(lost, start + seconds(600), 0.5).again);
}

BOOST_AUTO_TEST_CASE(a_pause_that_would_outlast_the_deadline_is_not_begun) {
  retry_budget budget;
  retry_state state(retry_limits(), budget, start);
  BOOST_TEST(!state.failed(lost, start + seconds(45), 0.5, seconds(20)).again);
}

BOOST_AUTO_TEST_CASE(a_changed_request_is_tried_at_once_but_only_once) {
  retry_budget budget;
  for (const remedy what : {remedy::use_server_clock, remedy::reload_credentials,
                            remedy::change_region, remedy::drop_checksum}) {
    retry_state state(retry_limits(), budget, start);
    const auto first = state.failed({what, errc::refused}, start, 0.9);
    BOOST_TEST(first.again);
    BOOST_TEST((first.what == what));
    BOOST_TEST(first.pause.count() == 0);
    BOOST_TEST(!state.failed({what, errc::refused}, start, 0.9).again);
  }
  BOOST_TEST(budget.left() == retry_budget::usual);
}

BOOST_AUTO_TEST_CASE(different_remedies_may_follow_each_other) {
  retry_budget budget;
  retry_state state(retry_limits(), budget, start);
  BOOST_TEST(state.failed({remedy::change_region, errc::wrong_region}, start, 0.5).again);
  BOOST_TEST(state.failed({remedy::use_server_clock, errc::clock_skew}, start, 0.5).again);
  BOOST_TEST(state.failed(lost, start, 0.5).again);
  BOOST_TEST(!state.failed({remedy::give_up, errc::access_denied}, start, 0.5).again);
}

BOOST_AUTO_TEST_CASE(the_budget_ends_a_storm_of_retries) {
  retry_budget budget(20);
  int retries = 0;
  for (int i = 0; i < 100; ++i) {
    retry_state state(retry_limits(), budget, start);
    if (state.failed(lost, start, 0.5).again) ++retries;
  }
  BOOST_TEST(retries == 4);
}

BOOST_AUTO_TEST_CASE(the_budget_has_two_retries_for_everything_in_flight) {
  retry_budget budget;
  const judgement late{remedy::retry, errc::timed_out};
  for (int i = 0; i < retry_budget::most_in_flight; ++i) {
    retry_state state(retry_limits(), budget, start);
    BOOST_TEST(state.failed(late, start, 0.5).again);
    BOOST_TEST(state.failed(late, start, 0.5).again);
  }
  retry_state one_more(retry_limits(), budget, start);
  BOOST_TEST(!one_more.failed(late, start, 0.5).again);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_away_is_waited_for) {
  for (const errc code : {errc::connect_failed, errc::resolve_failed}) {
    retry_budget budget;
    budget.note_success();
    retry_state state(retry_limits(), budget, start);
    BOOST_TEST(state.failed(lost, start, 0.5).again);
    const int left = budget.left();
    auto now = start;
    int tries = 0;
    for (;; ++tries) {
      const auto next = state.failed(classify(code), now, 0.99);
      if (!next.again) break;
      BOOST_TEST((next.pause <= retry_limits().longest_pause_when_absent));
      now += next.pause;
    }
    BOOST_TEST((now - start > seconds(50)));
    BOOST_TEST((now - start < seconds(60)));
    BOOST_TEST(tries < 30);
    BOOST_TEST(budget.left() == left);
  }
}

BOOST_AUTO_TEST_CASE(a_store_that_came_back_has_all_its_tries) {
  retry_budget budget;
  budget.note_success();
  retry_state state(retry_limits(), budget, start);
  for (int i = 0; i < 10; ++i) {
    BOOST_TEST(state.failed(classify(errc::connect_failed), start, 0.5).again);
  }
  for (int i = 1; i <= 5; ++i) BOOST_TEST(state.failed(lost, start, 0.5).again, i);
  BOOST_TEST(!state.failed(lost, start, 0.5).again);
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_never_answered_is_given_up_after_six_tries) {
  retry_budget budget;
  retry_state state(retry_limits(), budget, start);
  const judgement refused = classify(errc::connect_failed);
  for (int i = 1; i <= 5; ++i) BOOST_TEST(state.failed(refused, start, 0.5).again, i);
  BOOST_TEST(!state.failed(refused, start, 0.5).again);
}

BOOST_AUTO_TEST_CASE(slow_operations_do_not_wait_longer_for_a_store_that_is_away) {
  retry_budget budget;
  budget.note_success();
  retry_state slow(slow_operation_limits(), budget, start);
  const judgement refused = classify(errc::connect_failed);
  BOOST_TEST(slow.failed(refused, start + seconds(300), 0.5).again);
  BOOST_TEST(slow.failed(refused, start + seconds(350), 0.5).again);
  BOOST_TEST(!slow.failed(refused, start + seconds(360), 0.5).again);
  retry_limits hasty;
  hasty.absence = milliseconds(0);
  retry_state cleanup(hasty, budget, start);
  for (int i = 1; i <= 5; ++i) BOOST_TEST(cleanup.failed(refused, start, 0.5).again, i);
  BOOST_TEST(!cleanup.failed(refused, start, 0.5).again);
}

BOOST_AUTO_TEST_CASE(the_budget_is_ample_above_its_half) {
  retry_budget budget(20);
  BOOST_TEST(budget.ample());
  budget.take(9);
  BOOST_TEST(budget.ample());
  budget.take(1);
  BOOST_TEST(!budget.ample());
  retry_budget large;
  large.take(retry_budget::much - 1);
  BOOST_TEST(large.ample());
  large.take(1);
  BOOST_TEST(!large.ample());
}

BOOST_AUTO_TEST_CASE(success_fills_the_budget_again) {
  retry_budget budget(20);
  retry_state state(retry_limits(), budget, start);
  state.failed({remedy::retry, errc::timed_out}, start, 0.5);
  BOOST_TEST(budget.left() == 10);
  state.succeeded();
  BOOST_TEST(budget.left() == 20);
  budget.take(3);
  retry_state easy(retry_limits(), budget, start);
  easy.succeeded();
  BOOST_TEST(budget.left() == 18);
  budget.give_back(1000);
  BOOST_TEST(budget.left() == 20);
  BOOST_TEST(!budget.take(21));
}

BOOST_AUTO_TEST_SUITE_END()
