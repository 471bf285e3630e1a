#pragma once

/// A request that is refused: thrown where the reason is found, answered as S3's error document.

#include "tests/s3_server/uri.hpp"

#include <string>
#include <utility>

namespace beatsync::s3_server {

struct refusal {
  int status;
  std::string code;
  std::string message;
  text_pairs details{};  ///< more elements of the document, e.g. Region
  text_pairs headers{};  ///< more headers of the answer
};

}  // namespace beatsync::s3_server
