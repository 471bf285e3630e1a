#include "s3/hash.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>

using namespace beatsync::s3;

namespace {
std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
}  // namespace

BOOST_AUTO_TEST_SUITE(hash)

// FIPS 180-4 examples,
// https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
BOOST_AUTO_TEST_CASE(sha256_of_known_texts) {
  BOOST_TEST(to_hex(sha256("")) ==
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(to_hex(sha256("abc")) ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_CASE(a_stream_in_pieces_is_the_hash_of_the_whole) {
  sha256_stream stream;
  stream.update(bytes("a"));
  stream.update(bytes(""));
  stream.update(bytes("bc"));
  BOOST_TEST(to_hex(stream.finish()) == to_hex(sha256("abc")));
}

// RFC 4231, test cases 1, 2 and 6.
BOOST_AUTO_TEST_CASE(hmac_of_rfc_4231) {
  const std::string twenty(20, '\x0b'), long_key(131, '\xaa');
  BOOST_TEST(to_hex(hmac_sha256(bytes(twenty), "Hi There")) ==
             "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  BOOST_TEST(to_hex(hmac_sha256(bytes("Jefe"), "what do ya want for nothing?")) ==
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  BOOST_TEST(to_hex(hmac_sha256(bytes(long_key),
                                "Test Using Larger Than Block-Size Key - Hash Key First")) ==
             "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// The digest of nothing under an empty key; see RFC 2104 (the key is filled up with zeros).
BOOST_AUTO_TEST_CASE(an_empty_key_is_a_key) {
  BOOST_TEST(to_hex(hmac_sha256({}, "")) ==
             "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

BOOST_AUTO_TEST_CASE(one_key_signs_many_texts) {
  hmac_sha256_key key(bytes("key"));
  const std::string before = to_hex(key.sign("text"));
  key.sign("something longer that takes more than one block of the hash, which is 64 bytes");
  BOOST_TEST(to_hex(key.sign("text")) == before);
  BOOST_TEST(to_hex(hmac_sha256(bytes("key"), "text")) == before);
}

BOOST_AUTO_TEST_CASE(threads_do_not_share_contexts) {
  const auto expected = to_hex(hmac_sha256(bytes("key"), "text"));
  int wrong[2] = {0, 0};
  const auto work = [&expected](int& count) {
    for (int i = 0; i < 500; ++i)
      if (to_hex(hmac_sha256(bytes("key"), "text")) != expected) ++count;
  };
  std::thread other([&] { work(wrong[1]); });
  work(wrong[0]);
  other.join();
  BOOST_TEST(wrong[0] == 0);
  BOOST_TEST(wrong[1] == 0);
}

// RFC 1321, A.5.
BOOST_AUTO_TEST_CASE(md5_of_known_texts) {
  md5_stream stream;
  stream.update(bytes("message "));
  stream.update(bytes("digest"));
  BOOST_TEST(stream.hex() == "f96b697d7cb7938d525a2f31aaf161d0");
  BOOST_TEST(md5_base64("message digest") == "+WtpfXy3k41SWi8xqvFh0A==");
}

// RFC 4648, 10.
BOOST_AUTO_TEST_CASE(base64_of_rfc_4648) {
  const std::pair<std::string, std::string> pairs[] = {
      {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
      {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : pairs) {
    BOOST_TEST(to_base64(bytes(plain)) == encoded);
    BOOST_TEST((from_base64(encoded) == plain));
  }
}

BOOST_AUTO_TEST_CASE(base64_that_is_not_canonical_is_refused) {
  for (const char* text :
       {"Zg", "Zg=", "Zh==", "Zg==\n", " Zg==", "Z===", "====", "Zm9v=", "Zm-_", "Zg==Zg=="})
    BOOST_TEST(!from_base64(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()
