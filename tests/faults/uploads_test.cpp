/// Rows of reliability.md, section 0: uploads whose answers are lost or lie, and files that change
/// while they are read. What is claimed is there, whole.

#include "tests/faults/fault_world.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

BOOST_AUTO_TEST_SUITE(uploads_under_faults)

using namespace beatsync;
using namespace beatsync::tests;
using engine::outcome;
using engine::reason;

namespace {

const std::string large = pattern(11 * mebibyte);

void expect_done(fault_world& world, const std::string& bytes) {
  const auto how = world.upload();
  BOOST_TEST(how.count.done == 1U);
  BOOST_TEST((world.object("a.mp3") == bytes));
  world.check_books(how);
}

void expect_failed(fault_world& world) {
  const auto how = world.upload();
  BOOST_TEST(how.count.failed == 1U);
  BOOST_TEST(!world.object("a.mp3").has_value());
  world.check_books(how);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_complete_that_lies_is_no_success) {
  for (server::fault_action lie :
       {server::ok_with_error("InternalError"), server::ok_with_error("AccessDenied"),
        server::ok_with_empty_body(), server::ok_with_truncated_body(), server::ok_with_html(),
        server::ok_with_wrong_root(), server::whitespace_then_error("InternalError")}) {
    fault_world world;
    world.add_file("a.mp3", large);
    lie.perform = false;
    world.on("CompleteMultipartUpload", lie);
    BOOST_TEST_CONTEXT(lie.name) { expect_failed(world); }
    BOOST_TEST(world.count("CompleteMultipartUpload") <= 6U);
  }
}

BOOST_AUTO_TEST_CASE(a_complete_that_worked_without_saying_so_is_found_out) {
  for (server::fault_action lie : {server::ok_with_empty_body(), server::ok_with_truncated_body(),
                                   server::drop_after_performing()}) {
    fault_world world;
    world.add_file("a.mp3", large);
    lie.perform = true;
    world.on("CompleteMultipartUpload", lie);
    BOOST_TEST_CONTEXT(lie.name) { expect_done(world, large); }
  }
}

BOOST_AUTO_TEST_CASE(a_put_that_is_stored_and_never_answered_is_found_out) {
  for (const std::size_t size : {std::size_t{10'000}, std::size_t{1'000'000}}) {
    fault_world world;
    world.add_file("a.mp3", pattern(size));
    world.on("PutObject", server::drop_after_performing());
    expect_done(world, pattern(size));
  }
}

BOOST_AUTO_TEST_CASE(damage_on_the_way_up_is_never_stored) {
  for (const std::size_t size : kinds_of_sizes) {
    fault_world world;
    world.add_file("a.mp3", pattern(size));
    const std::string operation = size > 10 * mebibyte ? "UploadPart" : "PutObject";
    world.on(operation, server::flip_upload_bit(777));
    expect_failed(world);
    world.store().clear_faults();
    world.on(operation, server::flip_upload_bit(777), 1);
    expect_done(world, pattern(size));
  }
}

BOOST_AUTO_TEST_CASE(refusals_in_the_middle_of_a_body_are_read) {
  fault_world world;
  world.add_file("a.mp3", pattern(8 * mebibyte));
  world.on("PutObject", server::refuse_body(100'000, 403, "AccessDenied"));
  expect_failed(world);
  BOOST_TEST((world.of("a.mp3").error->code == s3::errc::access_denied));
}

BOOST_AUTO_TEST_CASE(stores_without_our_checksums_or_conditions_are_served) {
  for (const std::size_t size : kinds_of_sizes) {
    server::quirks old;
    old.refused_checksums.insert("*");
    old.no_conditional_put = true;
    fault_world world(old);
    world.add_file("a.mp3", pattern(size));
    expect_done(world, pattern(size));
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_is_rewritten_meanwhile_is_never_torn) {
  for (const std::size_t size : kinds_of_sizes) {
    fault_world world;
    world.add_file("a.mp3", pattern(size, 1));
    const std::string other = pattern(size, 2);
    server::fault_action meddle;
    // While the store takes the body, somebody saves the file: in place, with the same size.
    meddle.before = [&] {
      std::fstream file(world.library() / "a.mp3", std::ios::in | std::ios::out | std::ios::binary);
      file.write(other.data(), static_cast<std::streamsize>(other.size()));
    };
    meddle.name = "meddle";
    world.on(size > 10 * mebibyte ? "UploadPart" : "PutObject", meddle, 1);
    const auto how = world.upload();
    const auto stored = world.object("a.mp3");
    BOOST_TEST((!stored || *stored == pattern(size, 1) || *stored == other), size);
    if (how.count.done == 1) BOOST_TEST(stored.has_value());
    world.check_books(how);
  }
}

BOOST_AUTO_TEST_CASE(throttling_and_lost_connections_are_ridden_out) {
  fault_world world;
  for (int i = 0; i < 50; ++i) world.add_file(std::to_string(i) + ".mp3", pattern(2000));
  world.add_file("large.wav", large);
  server::network_conditions rough;
  rough.rate_503 = 0.2;
  rough.close_after = 7;
  world.store().set_conditions(rough);
  const auto how = world.upload();
  BOOST_TEST(how.count.done == 51U);
  world.check_books(how);
  world.store().set_conditions(server::network_conditions());
  const auto again = world.upload();
  BOOST_TEST(again.count.planned == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
