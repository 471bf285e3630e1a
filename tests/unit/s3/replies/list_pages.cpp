#include "tests/unit/s3/replies/list_pages.hpp"

#include "s3/printable.hpp"
#include "s3/uri.hpp"

namespace beatsync::tests {
namespace {

class generator {
 public:
  explicit generator(std::uint32_t seed) : random_(seed) {}

  std::string page() {
    url_ = chance(2);
    std::string inside;
    if (url_) inside += "<EncodingType>url</EncodingType>";
    inside += "<Name>b</Name><Prefix>" + name("k/") + "</Prefix><MaxKeys>1000</MaxKeys>";
    if (chance(2)) inside += "<Delimiter>/</Delimiter>" + gap();
    const bool truncated = chance(3);
    inside += truncated ? "<IsTruncated>true</IsTruncated>" : "<IsTruncated>false</IsTruncated>";
    if (truncated && !chance(10))
      inside += "<NextContinuationToken>1/a&amp;b==</NextContinuationToken>";
    for (int i = 0, end = pick(6); i < end; ++i) inside += entry(i);
    for (int i = 0, end = pick(3); i < end; ++i)
      inside += "<CommonPrefixes><Prefix>" + name("k/p" + std::to_string(i) + "/") +
                "</Prefix></CommonPrefixes>";
    std::string page = list_document(inside);
    if (chance(4)) spoil(page);
    return page;
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  bool chance(int one_in) { return pick(one_in) == 0; }
  std::string gap() { return chance(3) ? "\n  " : ""; }

  std::string entry(int i) {
    std::string rest;
    for (int n = pick(8); n > 0; --n) {
      static constexpr const char* pieces[] = {
          "a",  " ",  "+",   "%", "&",   "<",    "ö",  "\xF0\x9F\x8E\xA7", "'",         "\"",
          "\n", "\t", "]]>", "#", "%41", "\x1b", "\r", "\xEF\xBF\xBE",     "e\xCC\x81", "\xff"};
      const int piece = pick(url_ ? 20 : 15);
      rest += pieces[piece];
    }
    std::string out = "<Contents>" + gap() + "<Key>" +
                      name("k/" + std::to_string(chance(20) ? 0 : i) + rest) + "</Key>" + gap();
    if (!chance(8))
      out += chance(12) ? "<LastModified>yesterday</LastModified>"
                        : "<LastModified>2026-01-31T12:34:56.789Z</LastModified>";
    static constexpr const char* etags[] = {"&quot;d41d8cd98f00b204e9800998ecf8427e&quot;",
                                            "\"d41d8cd98f00b204e9800998ecf8427e-2\"",
                                            "&#34;x&#x22;",
                                            "",
                                            "&#xe4;",
                                            "plain"};
    out += "<ETag>" + std::string(etags[pick(6)]) + "</ETag>";
    static constexpr const char* sizes[] = {
        "0", "1", "9223372036854775807", "9223372036854775808", "-1", "x", " 1", ""};
    out += "<Size>" + std::string(sizes[chance(4) ? pick(8) : pick(3)]) + "</Size>" + gap();
    static constexpr const char* more[] = {
        "<StorageClass>STANDARD</StorageClass>",
        "<StorageClass>GLACIER</StorageClass>",
        "<Owner><ID>i</ID><DisplayName>d &amp; d</DisplayName></Owner>",
        "<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>",
        "<Owner/>",
        "<RestoreStatus>\n<IsRestoreInProgress>true</IsRestoreInProgress>\n</RestoreStatus>",
        "<Key>again</Key>",
        "<!-- comment -->",
        "<Extra a=\"b\">x</Extra>",
        "<![CDATA[x]]>",
        "<?pi x?>",
        "<a:b xmlns:a=\"u\">y</a:b>",
        "text"};
    for (int n = pick(3); n > 0; --n) out += more[pick(chance(4) ? 13 : 6)];
    return out + "</Contents>" + gap();
  }

  std::string name(const std::string& raw) {
    if (url_) {
      std::string encoded = s3::percent_encode_path(raw);
      if (chance(30)) encoded += "%4";
      if (chance(2))
        for (std::size_t at; (at = encoded.find("%20")) != std::string::npos;)
          encoded.replace(at, 3, "+");
      return encoded;
    }
    return s3::xml_escape(raw);
  }

  void spoil(std::string& page) {
    const auto at = static_cast<std::size_t>(pick(static_cast<int>(page.size())));
    switch (pick(5)) {
      case 0:
        page.resize(at);
        break;
      case 1:
        page[at] = static_cast<char>(random_() & 255);
        break;
      case 2:
        page.erase(at, 1);
        break;
      case 3:
        page.insert(at, 1, "<>&;/\"= \n\x01"[pick(10)]);
        break;
      default:
        page += chance(2) ? "\n" : "<x/>";
        break;
    }
  }

  std::mt19937 random_;
  bool url_ = false;
};

}  // namespace

std::string list_document(std::string_view inside) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult "
      "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  if (inside.find("<IsTruncated") == std::string_view::npos) text += last_page;
  return text.append(inside) + "</ListBucketResult>";
}

std::string list_entry(std::string_view key, std::string_view size) {
  return "<Contents><Key>" + std::string(key) +
         "</Key><LastModified>2026-01-31T12:34:56.000Z</"
         "LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;"
         "</ETag><Size>" +
         std::string(size) + "</Size><StorageClass>STANDARD</StorageClass></Contents>";
}

std::vector<char> as_body(std::string_view text) {
  return std::vector<char>(text.begin(), text.end());
}

std::string random_list(std::uint32_t seed) { return generator(seed).page(); }

}  // namespace beatsync::tests
