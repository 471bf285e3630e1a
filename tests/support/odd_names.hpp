#pragma once

/// File names that break tools: blanks, URL and shell characters, quotes, emoji, both Unicode
/// forms, dots, backslash, tab, newline, and the longest name a Linux file system takes. Each is
/// one path segment, legal on ext4 and as part of an S3 key. Sorted by bytes.

#include <algorithm>
#include <string>
#include <vector>

namespace beatsync::tests {

inline std::vector<std::string> odd_names() {
  std::vector<std::string> names = {
      " leading blank.mp3",
      "trailing blank ",
      "two  blanks.mp3",
      "100%.mp3",
      "100%25.mp3",
      "a+b.mp3",
      "#1 hit?.mp3",
      "rock & roll; part=2.mp3",
      "what? no!.mp3",
      "it's.mp3",
      "\"quoted\".mp3",
      "`tick` $HOME *.mp3",
      "<angle> |pipe|.mp3",
      "[Free] House {DL}.mp3",
      "back\\slash.mp3",
      "tab\there.mp3",
      "new\nline.mp3",
      ".hidden.mp3",
      "...three dots.mp3",
      "~tilde@at:colon,comma.mp3",
      "caf\u00e9 (NFC).mp3",
      "cafe\u0301 (NFD).mp3",
      "\u30c6\u30af\u30ce.mp3",
      "\U0001F3A7 headphones \U0001F39A.mp3",
      "\uff5e full width.mp3",  // U+FF5E sorts after U+1F3A7 in UTF-16, before it in UTF-8
      std::string(251, 'x') + ".mp3",
  };
  std::ranges::sort(names);  // std::string compares unsigned bytes
  return names;
}

}  // namespace beatsync::tests
