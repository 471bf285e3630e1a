#include "s3/checksum.hpp"

#include "s3/crc64nvme.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <vector>

using namespace beatsync::s3;

namespace {

constexpr checksum_algorithm all[] = {checksum_algorithm::crc32, checksum_algorithm::crc32c,
                                      checksum_algorithm::crc64nvme};

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

checksum of(checksum_algorithm algorithm, std::span<const std::byte> data) {
  crc_stream stream(algorithm);
  stream.update(data);
  return stream.value();
}

std::vector<std::byte> noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::byte> data(size);
  for (auto& b : data) b = static_cast<std::byte>(random() & 255);
  return data;
}

/// The definition, bit by bit.
std::uint64_t crc64_by_bits(std::span<const std::byte> data) {
  std::uint64_t crc = ~std::uint64_t{0};
  for (const std::byte b : data) {
    crc ^= static_cast<std::uint64_t>(b);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? crc64nvme_polynomial : 0);
  }
  return ~crc;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checksums)

// https://reveng.sourceforge.io/crc-catalogue/all.htm: CRC-32/ISO-HDLC, CRC-32/ISCSI, CRC-64/NVME.
BOOST_AUTO_TEST_CASE(check_values) {
  BOOST_TEST(of(checksum_algorithm::crc32, bytes("123456789")).value == 0xCBF43926U);
  BOOST_TEST(of(checksum_algorithm::crc32c, bytes("123456789")).value == 0xE3069283U);
  BOOST_TEST(of(checksum_algorithm::crc64nvme, bytes("123456789")).value == 0xAE8B14860A799888U);
  BOOST_TEST(of(checksum_algorithm::crc64nvme, bytes("hello world!")).value == 0xD9160D1FA8E418E3U);
}

// RFC 3720, B.4: 32 bytes of zeros and of ones.
BOOST_AUTO_TEST_CASE(crc32c_of_rfc_3720) {
  BOOST_TEST(of(checksum_algorithm::crc32c, bytes(std::string(32, '\0'))).value == 0x8A9136AAU);
  BOOST_TEST(of(checksum_algorithm::crc32c, bytes(std::string(32, '\xff'))).value == 0x62A8AB43U);
}

BOOST_AUTO_TEST_CASE(crc64_folds_as_the_definition_says_at_every_length_and_alignment) {
  const auto data = noise(700, 1);
  for (std::size_t size = 0; size <= 600; ++size) {
    const auto piece = std::span(data).subspan(size % 17, size);
    const auto expected = crc64_by_bits(piece);
    BOOST_REQUIRE_EQUAL(crc64nvme(0, piece), expected);
    for (const auto way : {crc64_way::table, crc64_way::fold, crc64_way::fold_two})
      if (cpu_knows(way)) BOOST_REQUIRE_EQUAL(crc64nvme(way, 0, piece), expected);
  }
}

BOOST_AUTO_TEST_CASE(pieces_give_the_sum_of_the_whole) {
  const auto data = noise(100'000, 2);
  std::mt19937 random(3);
  for (const auto algorithm : all) {
    crc_stream stream(algorithm);
    for (std::span<const std::byte> rest(data); !rest.empty();) {
      const auto piece = rest.first(std::min<std::size_t>(rest.size(), random() % 3000));
      stream.update(piece);
      rest = rest.subspan(piece.size());
    }
    BOOST_TEST((stream.value() == of(algorithm, data)));
  }
}

BOOST_AUTO_TEST_CASE(sums_of_neighbours_combine) {
  const auto data = noise(5'000, 4);
  for (const auto algorithm : all)
    for (const std::size_t cut : {0, 1, 7, 64, 4096, 4999, 5000}) {
      const auto first = of(algorithm, std::span(data).first(cut));
      const auto second = of(algorithm, std::span(data).subspan(cut));
      BOOST_TEST((combine(first, second, data.size() - cut) == of(algorithm, data)));
    }
}

BOOST_AUTO_TEST_CASE(combining_goes_beyond_32_bit_sizes) {
  // 6 GiB of zeros after "x", once in one step and once in 6,144 steps of 1 MiB.
  const std::vector<std::byte> zeros(1 << 20);
  for (const auto algorithm : all) {
    const auto start = of(algorithm, bytes("x"));
    const auto mebibyte = of(algorithm, zeros);
    auto by_steps = start;
    auto block = mebibyte;
    for (int i = 0; i < 6'144; ++i) by_steps = combine(by_steps, mebibyte, zeros.size());
    for (int i = 1; i < 6'144; ++i) block = combine(block, mebibyte, zeros.size());
    BOOST_TEST((combine(start, block, std::uint64_t{6} << 30) == by_steps));
  }
}

BOOST_AUTO_TEST_CASE(unknown_or_different_sums_do_not_combine) {
  const auto known = of(checksum_algorithm::crc32c, bytes("a"));
  BOOST_TEST(!combine(known, checksum(), 1).known());
  BOOST_TEST(!combine(checksum(), known, 1).known());
  BOOST_TEST(!combine(known, of(checksum_algorithm::crc32, bytes("b")), 1).known());
}

BOOST_AUTO_TEST_CASE(base64_is_big_endian) {
  BOOST_TEST(to_base64(of(checksum_algorithm::crc32, bytes("123456789"))) == "y/Q5Jg==");
  BOOST_TEST(to_base64(of(checksum_algorithm::crc32c, bytes("123456789"))) == "4waSgw==");
  BOOST_TEST(to_base64(of(checksum_algorithm::crc64nvme, bytes("123456789"))) == "rosUhgp5mIg=");
  BOOST_TEST(to_base64(checksum()) == "");
  for (const auto algorithm : all) {
    const auto sum = of(algorithm, bytes("round trip"));
    BOOST_TEST((checksum_from_base64(algorithm, to_base64(sum)) == sum));
  }
}

BOOST_AUTO_TEST_CASE(other_texts_are_no_checksums) {
  for (const char* text : {"", "y/Q5Jg==-3", "y/Q5Jg", "rosUhgp5mIg=", "AAAA", "y/Q5Jh=="})
    BOOST_TEST(!checksum_from_base64(checksum_algorithm::crc32, text).has_value(), text);
  BOOST_TEST(!checksum_from_base64(checksum_algorithm::none, "y/Q5Jg==").has_value());
}

BOOST_AUTO_TEST_CASE(names_as_s3_has_them) {
  BOOST_TEST(checksum_header(checksum_algorithm::crc64nvme) == "x-amz-checksum-crc64nvme");
  BOOST_TEST(name_of(checksum_algorithm::crc32c) == "CRC32C");
  BOOST_TEST(checksum_header(checksum_algorithm::none).empty());
  crc_stream nothing(checksum_algorithm::none);
  nothing.update(bytes("x"));
  BOOST_TEST(!nothing.value().known());
}

BOOST_AUTO_TEST_SUITE_END()
