#include "engine/files/temporary_name.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace beatsync::engine;

BOOST_AUTO_TEST_SUITE(temporary_names)

BOOST_AUTO_TEST_CASE(are_short_and_recognised) {
  const auto name = temporary_name(0xFEDCBA9876543210);
  BOOST_TEST(name == ".beatsync-fedcba9876543210.part");
  BOOST_TEST(is_temporary_name(name));
  BOOST_TEST(is_own_temporary_name(own_temporary_name(7)));
  BOOST_TEST(own_temporary_name(7) != own_temporary_name(8));
  const auto odd = own_temporary_name(7, refused_by_sticks("What? A: \n?.mp3"));
  BOOST_TEST(is_own_temporary_name(odd));
  BOOST_TEST(odd.ends_with("?:\n.part"));
  BOOST_TEST(refused_by_sticks("Café #1 & 100%.mp3") == "");
  BOOST_TEST(!is_own_temporary_name("x" + own_temporary_name(7)));
  // Another process's: every digit of the tag differs.
  std::string other = own_temporary_name(7);
  for (std::size_t i = 10; i < 18; ++i) other[i] = other[i] == '0' ? '1' : '0';
  BOOST_TEST(is_temporary_name(other));
  BOOST_TEST(!is_own_temporary_name(other));
  BOOST_TEST(is_temporary_name(".beatsync-0123456789abcdef:?\n.part"));
}

// What is taken for one of ours is deleted.
BOOST_AUTO_TEST_CASE(are_nobody_elses_names) {
  for (const auto* name :
       {".beatsync-x", "beatsync-0123456789abcdef.part", ".beatsync-.part", ".beatsync-notes.part",
        ".beatsync-0123456789abcde.part", ".beatsync-0123456789abcdef0.part",
        ".beatsync-0123456789ABCDEF.part", ".beatsync-0123456789abcdeg.part",
        ".beatsync-0123456789abcdef my.part", ".beatsync-0123456789abcdef.part.part",
        ".beatsync-0123456789abcdef", ".beatsync-0123456789abcdefpart"}) {
    BOOST_TEST(!is_temporary_name(name), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
