#include "xml/sax_parser.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using namespace beatsync::xml;

namespace {

std::span<const char> bytes(std::string_view text) { return {text.data(), text.size()}; }

/// Writes down what it hears: `a(x=1) text/a`.
class listener final : public sax_handler {
 public:
  void on_start(std::string_view name, const attribute_list& attributes) override {
    heard += name;
    heard += '(';
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      heard.append(attributes[i].name).append("=").append(attributes[i].value).append(",");
    }
    heard += ')';
    if (name == throw_at) throw std::runtime_error("handler");
    if (name == refuse_at) parser->refuse("no <" + refuse_at + "> here");
  }

  void on_end(std::string_view name, std::string_view text) override {
    heard.append("[").append(text).append("]/").append(name).append(" ");
  }

  std::string heard;
  std::string throw_at;
  std::string refuse_at;
  sax_parser* parser = nullptr;
};

/// What was heard, or the error's text.
std::string parse(std::string_view document, std::size_t chunk = 0) {
  listener ear;
  sax_parser parser(ear);
  if (chunk == 0) chunk = document.size() + 1;
  for (std::size_t at = 0; at < document.size(); at += chunk) {
    if (auto fed = parser.feed(bytes(document.substr(at, chunk))); !fed) return fed.error().text();
  }
  if (auto done = parser.finish(); !done) return done.error().text();
  return ear.heard;
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sax)

BOOST_AUTO_TEST_CASE(elements_attributes_and_text) {
  BOOST_TEST(parse("<a x='1' y=\"2\">hello<b/></a>") == "a(x=1,y=2,)b()[]/b [hello]/a ");
}

BOOST_AUTO_TEST_CASE(text_comes_in_one_piece_at_every_chunk_size) {
  const std::string document = "<L>\n <K>a&amp;b\nc&#246;&lt;<![CDATA[<&>]]>d</K>\n <K/>\n</L>";
  const std::string expected = "L()K()[a&b\nc\xc3\xb6<<&>d]/K K()[]/K []/L ";
  for (std::size_t chunk = 0; chunk <= document.size(); ++chunk) {
    BOOST_TEST(parse(document, chunk) == expected);
  }
}

BOOST_AUTO_TEST_CASE(text_belongs_to_its_own_element) {
  BOOST_TEST(parse("<a>x<b>y</b>z</a>") == "a()b()[y]/b [xz]/a ");
  BOOST_TEST(parse("<a>  </a>") == "a()[  ]/a ");  // white space that is the whole text stays
}

BOOST_AUTO_TEST_CASE(attributes_are_found_by_name) {
  class finder final : public sax_handler {
   public:
    void on_start(std::string_view, const attribute_list& attributes) override {
      BOOST_TEST(attributes.size() == 3U);
      BOOST_TEST(attributes.find("Key").value() == "7");
      BOOST_TEST(attributes.index_of("KeyType").value() == 1U);
      BOOST_TEST(!attributes.find("K"));
      BOOST_TEST(!attributes.find("key"));
    }
    void on_end(std::string_view, std::string_view) override {}
  } ear;
  sax_parser parser(ear);
  BOOST_TEST(parser.feed(bytes("<a Name='' KeyType='1' Key='7'/>")).has_value());
}

BOOST_AUTO_TEST_CASE(tags_have_their_place_in_the_input) {
  class surveyor final : public sax_handler {
   public:
    void on_start(std::string_view, const attribute_list&) override { note(); }
    void on_end(std::string_view, std::string_view) override { note(); }
    void note() { places.emplace_back(document.substr(parser->tag_offset(), parser->tag_size())); }
    std::string_view document;
    sax_parser* parser = nullptr;
    std::vector<std::string> places;
  };
  const std::string document =
      "\xef\xbb\xbf<?xml version='1.0'?>\r\n<a\r\n b='>'>\xc3\xa9<c/></a >";
  const std::vector<std::string> expected = {"<a\r\n b='>'>", "<c/>", "", "</a >"};
  for (std::size_t chunk = 1; chunk <= document.size(); ++chunk) {
    surveyor ear;
    sax_parser parser(ear);
    ear.document = document;
    ear.parser = &parser;
    for (std::size_t at = 0; at < document.size(); at += chunk) {
      BOOST_TEST(parser.feed(bytes(std::string_view(document).substr(at, chunk))).has_value());
      BOOST_TEST(parser.consumed() <= document.size());
    }
    BOOST_TEST(parser.finish().has_value());
    BOOST_TEST(ear.places == expected);
  }
}

BOOST_AUTO_TEST_CASE(errors_say_where) {
  listener ear;
  sax_parser parser(ear);
  const auto fed = parser.feed(bytes("<a>\r\n  <b>\r\n  </c></a>"));
  BOOST_REQUIRE(!fed);
  BOOST_TEST(mentions(fed.error().message, "mismatched tag"));
  BOOST_TEST(fed.error().line == 3U);
  BOOST_TEST(fed.error().column == 5U);
  BOOST_TEST(fed.error().offset == 16U);
  // The same again, whatever comes.
  BOOST_TEST(parser.feed(bytes("<a/>")).error().text() == fed.error().text());
  BOOST_TEST(parser.finish().error().text() == fed.error().text());
}

BOOST_AUTO_TEST_CASE(incomplete_documents_are_errors_at_the_end) {
  for (const char* cut : {"", " ", "<", "<a", "<a>", "<a>x", "<a><b/>", "<a></a", "<a/><!--",
                          "<?xml version='1.0'?>"}) {
    BOOST_TEST(mentions(parse(cut), "not well-formed"));
  }
  BOOST_TEST(parse("<a/>\n<!-- bye -->\n") == "a()[]/a ");
}

BOOST_AUTO_TEST_CASE(nothing_can_follow_the_end) {
  listener ear;
  sax_parser parser(ear);
  BOOST_TEST(parser.feed(bytes("<a/>")).has_value());
  BOOST_TEST(parser.finish().has_value());
  BOOST_TEST(!parser.feed(bytes(" ")).has_value());
  BOOST_TEST(!parser.finish().has_value());
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_handler_comes_out_and_ends_the_parser) {
  listener ear;
  ear.throw_at = "b";
  sax_parser parser(ear);
  BOOST_CHECK_THROW((void)parser.feed(bytes("<a><b/><c/></a>")), std::runtime_error);
  BOOST_TEST(ear.heard == "a()b()");  // not even the end of <b/>
  BOOST_TEST(!parser.feed(bytes("<d/>")).has_value());
  BOOST_TEST(!parser.finish().has_value());
  BOOST_TEST(ear.heard == "a()b()");
}

BOOST_AUTO_TEST_CASE(a_refusal_of_the_handler_is_the_error) {
  listener ear;
  ear.refuse_at = "b";
  sax_parser parser(ear);
  ear.parser = &parser;
  const auto fed = parser.feed(bytes("<a>\n<b/><c/></a>"));
  BOOST_REQUIRE(!fed);
  BOOST_TEST(fed.error().text() == "no <b> here (line 2, column 1, byte 4)");
  BOOST_TEST(ear.heard == "a()b()");
}

BOOST_AUTO_TEST_CASE(text_can_be_left_out) {
  listener ear;
  sax_parser parser(ear, sax_text::ignore);
  BOOST_TEST(parser.feed(bytes("<a>text<b>more</b></a>")).has_value());
  BOOST_TEST(parser.finish().has_value());
  BOOST_TEST(ear.heard == "a()b()[]/b []/a ");
}

BOOST_AUTO_TEST_CASE(encodings_that_are_read) {
  const std::string expected = "a()[\xc3\xa9]/a ";
  BOOST_TEST(parse("<a>\xc3\xa9</a>") == expected);
  BOOST_TEST(parse("\xef\xbb\xbf<a>\xc3\xa9</a>") == expected);
  BOOST_TEST(parse("<?xml version=\"1.0\" encoding=\"utf-8\"?><a>\xc3\xa9</a>") == expected);
  BOOST_TEST(parse("<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>") == expected);
  BOOST_TEST(parse("<?xml version='1.0' encoding='US-ASCII'?><a>&#233;</a>") == expected);
  BOOST_TEST(
      mentions(parse("<?xml version='1.0' encoding='US-ASCII'?><a>\xe9</a>"), "not well-formed"));
  BOOST_TEST(mentions(parse("<a>\xe9</a>"), "not well-formed"));
}

BOOST_AUTO_TEST_CASE(the_declared_encoding_is_known) {
  listener ear;
  sax_parser parser(ear);
  BOOST_TEST(parser.feed(bytes("<?xml version='1.0' encoding='ISO-8859-1'?><a>")).has_value());
  BOOST_TEST((parser.encoding() == document_encoding::iso_8859_1));
}

BOOST_AUTO_TEST_CASE(other_encodings_are_refused_by_name) {
  BOOST_TEST(mentions(parse("<?xml version='1.0' encoding='windows-1252'?><a/>"), "windows-1252"));
  BOOST_TEST(mentions(parse("<?xml version='1.0' encoding='UTF-16'?><a/>"), "UTF-16"));
}

BOOST_AUTO_TEST_CASE(utf_16_is_refused_at_every_chunk_size) {
  const std::string_view little("\xff\xfe<\0a\0/\0>\0", 10);
  const std::string_view big("\xfe\xff\0<\0a\0/\0>", 10);
  const std::string_view bare("<\0?\0x\0m\0l\0", 10);
  const std::string_view bare_big("\0<\0a\0/\0>", 8);
  for (const auto document : {little, big, bare, bare_big}) {
    for (std::size_t chunk = 1; chunk <= document.size(); ++chunk) {
      BOOST_TEST(mentions(parse(document, chunk), "UTF-16"));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
