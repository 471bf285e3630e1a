#pragma once

/// Sections of one INI text, in the grammar that aws_config.hpp describes. Pure; any thread.
/// Errors: bad_configuration with file and line.

#include "s3/identity/aws_config.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace beatsync::s3 {

struct ini_section {
  std::string header;  ///< between the brackets, as written
  aws_section content;
};

/// Sections in order; one that occurs twice is there twice.
result<std::vector<ini_section>> parse_ini(std::string_view text, const std::string& file);

/// The words of a section header; quotes hold blanks together (`profile "my dj"`). Empty where a
/// quote is open.
std::vector<std::string> header_words(std::string_view header);

}  // namespace beatsync::s3
