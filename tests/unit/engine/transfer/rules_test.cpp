/// The tables and small rules of the transfers, each alone.

#include "engine/run/action.hpp"
#include "engine/run/failure_gate.hpp"
#include "engine/run/report.hpp"
#include "engine/transfer/content_type.hpp"
#include "engine/transfer/transfer_end.hpp"
#include "engine/transfer/verify.hpp"
#include "s3/checksum.hpp"
#include "s3/hash.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <chrono>
#include <set>
#include <span>
#include <string>

BOOST_AUTO_TEST_SUITE(transfer_rules)

using namespace beatsync;
using namespace beatsync::engine;

namespace {

const failure_gate::time_point start{};

fs_error local(int code) {
  fs_error e;
  e.code = code;
  e.operation = "write";
  e.path = "/stick/a.mp3";
  return e;
}

s3::error remote(s3::errc code) {
  s3::error e;
  e.code = code;
  e.message = "words";
  return e;
}

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

BOOST_AUTO_TEST_CASE(names_of_reasons_are_distinct) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(reason::malformed); ++i) {
    names.insert(name_of(static_cast<reason>(i)));
  }
  BOOST_TEST(names.size() == static_cast<std::size_t>(reason::malformed) + 1);
  BOOST_TEST(!names.contains("unknown"));
  BOOST_TEST(name_of(action_kind::remove) == "delete");
}

BOOST_AUTO_TEST_CASE(content_types_go_by_the_extension) {
  BOOST_TEST(content_type_of("a/b.c/Song.MP3") == "audio/mpeg");
  BOOST_TEST(content_type_of("x.aif") == "audio/aiff");
  BOOST_TEST(content_type_of("rekordbox.xml") == "application/xml");
  for (const char* name : {"", "mp3", ".mp3", "a.mp3/b", "a.", "a.unheard-of", "a.mp33"}) {
    BOOST_TEST(content_type_of(name) == "application/octet-stream", name);
  }
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_told_from_a_bad_name) {
  BOOST_TEST((end_of_download(local(ENOSPC)).then == consequence::disk_full));
  BOOST_TEST((end_of_download(local(EDQUOT)).why == reason::disk_full));
  BOOST_TEST((end_of_download(local(EROFS)).then == consequence::read_only));
  BOOST_TEST((end_of_download(local(EINVAL)).why == reason::invalid_name));
  BOOST_TEST((end_of_download(local(EINVAL)).result == outcome::skipped));
  BOOST_TEST((end_of_download(local(EEXIST)).why == reason::collision));
  BOOST_TEST((end_of_download(local(ENOTDIR)).why == reason::collision));
}

BOOST_AUTO_TEST_CASE(a_file_is_too_large_for_fat32_or_for_the_process) {
  const auto says = [](std::uint64_t size, const char* words) {
    return end_of_download(local(EFBIG), size).message.find(words) != std::string::npos;
  };
  constexpr std::uint64_t limit = std::uint64_t{4} << 30U;
  BOOST_TEST(says(limit, "FAT32"));
  BOOST_TEST(says(limit - 1, "ulimit -f"));
  BOOST_TEST(!says(limit - 1, "FAT32"));
  BOOST_TEST(says(0, "ulimit -f"));
}

BOOST_AUTO_TEST_CASE(what_the_store_said_is_told) {
  s3::error e = s3::make_error(s3::errc::refused, "CompleteMultipartUpload was refused");
  e.http = 400;
  e.service_code = "InvalidArgument";
  e.service_message = "Unsupported header";
  for (const transfer_end& end : {end_of_upload(e), end_of_download(e)}) {
    BOOST_TEST(end.message ==
               "CompleteMultipartUpload was refused (the store says InvalidArgument: Unsupported "
               "header, HTTP 400)");
    BOOST_TEST(end.error->service_code == "InvalidArgument");
  }
  const transfer_end lost =
      end_of_upload(s3::make_error(s3::errc::connection_lost, "the connection broke"));
  BOOST_TEST(lost.message == "the connection broke");
}

BOOST_AUTO_TEST_CASE(errors_of_a_pulled_drive_ask_for_a_look_at_the_root) {
  for (const int code : {EIO, ENODEV, ENXIO, ENOTCONN, ESTALE}) {
    BOOST_TEST((end_of_upload(local(code)).then == consequence::check_root), code);
    BOOST_TEST((end_of_download(local(code)).then == consequence::check_root), code);
    BOOST_TEST((end_of_upload(local(code)).result == outcome::failed), code);
  }
}

BOOST_AUTO_TEST_CASE(unreadable_and_vanished_files_are_skipped) {
  BOOST_TEST((end_of_upload(local(EACCES)).result == outcome::skipped));
  BOOST_TEST((end_of_upload(local(EACCES)).why == reason::unreadable));
  BOOST_TEST((end_of_upload(local(ENOENT)).why == reason::vanished));
  BOOST_TEST((end_of_upload(local(EINVAL)).why == reason::not_regular));
}

BOOST_AUTO_TEST_CASE(where_handles_are_short_it_is_said_what_to_do) {
  for (const int code : {EMFILE, ENFILE}) {
    for (const transfer_end& end : {end_of_upload(local(code)), end_of_download(local(code))}) {
      BOOST_TEST((end.again == retry_cause::out_of_handles));
      BOOST_TEST(end.message.find("raise the limit (ulimit -n)") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(answers_of_the_store_become_ends) {
  BOOST_TEST((end_of_download(remote(s3::errc::no_such_key)).why == reason::vanished));
  BOOST_TEST((end_of_download(remote(s3::errc::archived)).result == outcome::skipped));
  BOOST_TEST((end_of_download(remote(s3::errc::precondition_failed)).again ==
              retry_cause::source_changed));
  BOOST_TEST((end_of_download(remote(s3::errc::corrupt_body)).again == retry_cause::body_damaged));
  BOOST_TEST((end_of_download(remote(s3::errc::cancelled)).why == reason::stopped));
  BOOST_TEST(
      (end_of_upload(remote(s3::errc::checksum_refused)).again == retry_cause::checksum_refused));
  const auto refused = end_of_upload(remote(s3::errc::too_large));
  BOOST_TEST((refused.why == reason::store));
  BOOST_REQUIRE(refused.error != nullptr);
  BOOST_TEST(refused.message == "words");
}

BOOST_AUTO_TEST_CASE(every_cause_has_a_bounded_number_of_tries) {
  action up;
  action down;
  down.kind = action_kind::download;
  BOOST_TEST(tries_allowed(retry_cause::none, up) == 0U);
  BOOST_TEST(tries_allowed(retry_cause::source_changed, up) == 3U);
  BOOST_TEST(tries_allowed(retry_cause::source_changed, down) == 1U);
  BOOST_TEST(tries_allowed(retry_cause::body_damaged, down) == 1U);
  BOOST_TEST(tries_allowed(retry_cause::target_taken, down) == 0U);
  down.planned = true;
  BOOST_TEST(tries_allowed(retry_cause::target_taken, down) == 1U);
}

BOOST_AUTO_TEST_CASE(the_gate_shuts_after_many_failures_in_a_row_only) {
  failure_gate gate;
  for (std::size_t i = 0; i + 1 < failure_gate::most_in_a_row; ++i) {
    BOOST_TEST(!gate.failed(s3::errc::timed_out, start));
  }
  gate.succeeded(start);
  const auto later = start + std::chrono::minutes(1);
  for (std::size_t i = 0; i + 1 < failure_gate::most_in_a_row; ++i) {
    BOOST_TEST(!gate.failed(s3::errc::server_failed, later));
  }
  BOOST_TEST(gate.failed(s3::errc::timed_out, later));
  BOOST_TEST(!gate.failed(s3::errc::timed_out, later));  // said once
}

BOOST_AUTO_TEST_CASE(the_gate_shuts_at_once_where_nothing_ever_worked) {
  failure_gate gate;
  for (std::size_t i = 0; i + 1 < failure_gate::most_in_a_row; ++i) {
    BOOST_TEST(!gate.failed(s3::errc::server_failed, start));
  }
  BOOST_TEST(gate.failed(s3::errc::server_failed, start));
}

BOOST_AUTO_TEST_CASE(one_bad_moment_does_not_shut_the_gate) {
  failure_gate gate;
  gate.succeeded(start);
  const auto moment = start + std::chrono::seconds(1);
  for (std::size_t i = 0; i < 256; ++i) {  // all requests that may be in flight
    BOOST_TEST(!gate.failed(s3::errc::connection_lost, moment));
  }
  BOOST_TEST(gate.failed(s3::errc::connection_lost, start + failure_gate::least_silence));
}

BOOST_AUTO_TEST_CASE(the_gate_does_not_wait_while_everything_fails_at_once) {
  failure_gate gate;
  gate.succeeded(start);
  for (std::size_t i = 0; i + 1 < failure_gate::most_at_once; ++i) {
    BOOST_TEST(!gate.failed(s3::errc::throttled, start));
  }
  BOOST_TEST(gate.failed(s3::errc::throttled, start));
}

BOOST_AUTO_TEST_CASE(the_gate_shuts_at_once_where_nothing_else_can_work) {
  failure_gate gate;
  BOOST_TEST(!gate.failed(s3::errc::no_such_key, start));
  BOOST_TEST(gate.failed(s3::errc::bad_credentials, start));
}

BOOST_AUTO_TEST_CASE(one_signature_that_is_not_taken_is_no_bad_key_where_others_were) {
  for (const auto code : {s3::errc::bad_credentials, s3::errc::redirected}) {
    failure_gate some;
    some.listed();
    for (int i = 0; i < 100; ++i) {
      if (i % 5 == 4) some.succeeded(start);
      BOOST_TEST(!some.failed(code, start));
    }
    failure_gate all;
    all.listed();
    for (std::size_t i = 0; i + 1 < failure_gate::most_denied; ++i) {
      BOOST_TEST(!all.failed(code, start));
    }
    BOOST_TEST(all.failed(code, start));
  }
}

BOOST_AUTO_TEST_CASE(one_denied_object_is_no_missing_permission) {
  failure_gate some;
  some.succeeded(start);
  for (int i = 0; i < 100; ++i) BOOST_TEST(!some.failed(s3::errc::access_denied, start));
  failure_gate all;
  for (std::size_t i = 0; i + 1 < failure_gate::most_denied; ++i) {
    BOOST_TEST(!all.failed(s3::errc::access_denied, start));
  }
  BOOST_TEST(all.failed(s3::errc::access_denied, start));
}

BOOST_AUTO_TEST_CASE(downloads_are_held_against_checksum_or_md5_or_nothing) {
  const std::string text = "a few bytes";
  s3::object_head head;
  BOOST_TEST((evidence_of(head) == evidence::none));
  BOOST_TEST(matches(bytes_of(text), head));

  s3::md5_stream md5;
  md5.update(bytes_of(text));
  head.etag = md5.hex();
  BOOST_TEST((evidence_of(head) == evidence::none));  // an ETag of an unknown kind
  head.etag_is_md5 = true;
  BOOST_TEST((evidence_of(head) == evidence::md5));
  BOOST_TEST(matches(bytes_of(text), head));
  BOOST_TEST(!matches(bytes_of("other bytes"), head));
  head.etag += "-1";
  BOOST_TEST((evidence_of(head) == evidence::none));

  s3::crc_stream crc(s3::checksum_algorithm::crc32);
  crc.update(bytes_of(text));
  head.full_checksum = crc.value();
  BOOST_TEST((evidence_of(head) == evidence::checksum));
  BOOST_TEST(matches(bytes_of(text), head));
  BOOST_TEST(!matches(bytes_of("other bytes"), head));
}

BOOST_AUTO_TEST_SUITE_END()
