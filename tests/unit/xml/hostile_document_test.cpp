#include "xml/distinct_names.hpp"
#include "xml/expat_memory.hpp"
#include "xml/sax_parser.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>
#include <string>

using namespace beatsync::xml;

namespace {

class deaf final : public sax_handler {
 public:
  void on_start(std::string_view, const attribute_list&) override { ++elements; }
  void on_end(std::string_view, std::string_view) override {}
  std::size_t elements = 0;
};

/// The error's message, or "accepted".
std::string verdict(std::string_view document, std::size_t chunk = 0,
                    sax_text text = sax_text::collect) {
  deaf ear;
  sax_parser parser(ear, text);
  if (chunk == 0) chunk = document.size() + 1;
  for (std::size_t at = 0; at < document.size(); at += chunk) {
    const std::string_view piece = document.substr(at, chunk);
    if (auto fed = parser.feed({piece.data(), piece.size()}); !fed) return fed.error().message;
  }
  if (auto done = parser.finish(); !done) return done.error().message;
  return "accepted";
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

constexpr std::size_t mib = 1024 * 1024;
constexpr std::size_t some_chunks[] = {0, 4096, 65'537, 300'000};

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile_documents)

BOOST_AUTO_TEST_CASE(depth) {
  BOOST_TEST(verdict(repeated("<a>", 64) + repeated("</a>", 64)) == "accepted");
  BOOST_TEST(mentions(verdict(repeated("<a>", 65) + repeated("</a>", 65)), "nested more than 64"));
  BOOST_TEST(mentions(verdict(repeated("<a>", 1'000'000)), "nested"));
}

BOOST_AUTO_TEST_CASE(attributes_of_one_element) {
  const auto with = [](std::size_t count) {
    std::string tag = "<a";
    for (std::size_t i = 0; i < count; ++i) tag += " n" + std::to_string(i) + "=''";
    return tag + "/>";
  };
  BOOST_TEST(verdict(with(256)) == "accepted");
  BOOST_TEST(mentions(verdict(with(257)), "256 attributes"));
  for (const std::size_t chunk : {std::size_t{0}, std::size_t{65'537}})
    BOOST_TEST(verdict(with(100'000), chunk) != "accepted");
}

BOOST_AUTO_TEST_CASE(distinct_names_are_counted_over_the_whole_document) {
  const auto with = [](std::size_t count) {  // and the name of the root
    std::string document = "<a>";
    for (std::size_t i = 0; i < count; ++i) {
      const std::string n = std::to_string(i);
      document +=
          i % 2 == 0 ? "<element_" + n + "/>" : "<a attribute_with_a_long_name_" + n + "='' />";
    }
    return document + "</a>";
  };
  BOOST_TEST(verdict(with(4095)) == "accepted");
  BOOST_TEST(mentions(verdict(with(4096)), "4096 distinct names"));
  for (const std::size_t chunk : some_chunks)
    BOOST_TEST(mentions(verdict(with(50'000), chunk), "distinct"));
}

BOOST_AUTO_TEST_CASE(names_have_a_length) {
  const std::string longest(1024, 'n');
  BOOST_TEST(verdict("<" + longest + "/>") == "accepted");
  BOOST_TEST(mentions(verdict("<" + longest + "n/>"), "1024 bytes"));
  BOOST_TEST(verdict("<a " + longest + "=''/>") == "accepted");
  BOOST_TEST(mentions(verdict("<a " + longest + "n=''/>"), "1024 bytes"));
}

BOOST_AUTO_TEST_CASE(a_tag_has_a_mebibyte_exactly_at_every_chunk_size) {
  const std::string fits = "<a x='" + std::string(mib - 9, 'x') + "'/>";
  BOOST_REQUIRE(fits.size() == mib);
  const std::string too_long = "<a x='" + std::string(mib - 8, 'x') + "'/>";
  for (const std::size_t chunk : some_chunks) {
    BOOST_TEST(verdict("<r>" + fits + "</r>", chunk) == "accepted");
    BOOST_TEST(mentions(verdict("<r>" + too_long + "</r>", chunk), "longer than 1 MiB"));
  }
}

BOOST_AUTO_TEST_CASE(so_has_a_comment_and_an_instruction) {
  const std::string words = std::string(mib, 'w');
  for (const std::size_t chunk : some_chunks) {
    BOOST_TEST(mentions(verdict("<r><!--" + words + "--></r>", chunk), "longer than 1 MiB"));
    BOOST_TEST(mentions(verdict("<!--" + words + "--><r/>", chunk), "longer than 1 MiB"));
    BOOST_TEST(mentions(verdict("<r><?pi " + words + "?></r>", chunk), "longer than 1 MiB"));
    BOOST_TEST(mentions(verdict("<r/><!--" + words, chunk), "longer than 1 MiB"));
  }
}

BOOST_AUTO_TEST_CASE(text_that_is_ignored_may_be_endless) {
  const std::string document =
      "<r>" + std::string(5 * mib, 'x') + "<![CDATA[" + std::string(5 * mib, 'y') + "]]></r>";
  BOOST_TEST(verdict(document, 10'000, sax_text::ignore) == "accepted");
  BOOST_TEST(mentions(verdict(document, 10'000, sax_text::collect), "text is longer"));
}

BOOST_AUTO_TEST_CASE(a_doctype_is_refused_before_it_means_anything) {
  for (const char* document :
       {"<!DOCTYPE r><r/>", "<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>",
        "<!DOCTYPE r [<!ENTITY x SYSTEM 'http://127.0.0.1:1/'>]><r>&x;</r>",
        "<!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'><!ENTITY c '&b;&b;&b;'>]><r>&c;</r>",
        "<!DOCTYPE r [<!ATTLIST TRACK Location CDATA 'file://localhost/x'>]><r/>"}) {
    for (std::size_t chunk = 0; chunk < 20; ++chunk) {
      BOOST_TEST(mentions(verdict(document, chunk), "DOCTYPE"));
    }
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_characters) {
  for (const char* document :
       {"<r>\xff</r>", "<r a='\xc3'/>", "<r>\xed\xa0\x80</r>", "<r>\xc0\xaf</r>",
        "<r>\xf4\x90\x80\x80</r>", "<r>&#xD800;</r>", "<r a='&#xDFFF;'/>", "<r>&#0;</r>",
        "<r>&#x110000;</r>", "<r>\x01</r>", "<r>&undefined;</r>", "<r a='&undefined;'/>",
        "<r a='1' a='2'/>", "<r a='<'/>", "<r/><r/>",
        "<?xml version='1.0'?><?xml version='1.0'?><r/>", "text"}) {
    for (std::size_t chunk = 0; chunk < 4; ++chunk) {
      BOOST_TEST(mentions(verdict(document, chunk), "not well-formed"));
    }
  }
  BOOST_TEST(mentions(verdict(std::string_view("<r>12345\0</r>", 13)), "not well-formed"));
}

BOOST_AUTO_TEST_CASE(name_counter_counts_names_not_mentions) {
  distinct_names names(3);
  for (int i = 0; i < 100; ++i) {
    BOOST_TEST(names.add("TRACK"));
    BOOST_TEST(names.add("POSITION_MARK"));
    BOOST_TEST(names.add("a name of more than sixteen bytes"));
  }
  BOOST_TEST(!names.add("one too many"));
}

BOOST_AUTO_TEST_CASE(memory_has_a_ceiling) {
  expat_memory memory(1000);
  const expat_memory::charge charge(memory);
  void* const block = expat_memory::allocate(600);
  BOOST_REQUIRE(block != nullptr);
  std::memset(block, 'x', 600);
  BOOST_TEST(expat_memory::allocate(500) == nullptr);
  BOOST_TEST(memory.exceeded());
  // Growing needs room for both, as it may have to move; the block survives a refusal.
  BOOST_TEST(expat_memory::reallocate(block, 700) == nullptr);
  BOOST_TEST(static_cast<char*>(block)[599] == 'x');
  void* const smaller = expat_memory::reallocate(block, 400);
  BOOST_REQUIRE(smaller != nullptr);
  void* const other = expat_memory::allocate(600);
  BOOST_TEST(other != nullptr);
  expat_memory::release(other);
  expat_memory::release(smaller);
  expat_memory::release(nullptr);
  void* const whole = expat_memory::reallocate(nullptr, 1000);
  BOOST_TEST(whole != nullptr);
  expat_memory::release(whole);
}

BOOST_AUTO_TEST_SUITE_END()
