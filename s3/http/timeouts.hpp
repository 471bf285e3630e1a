#pragma once

/// How long each phase of a request may last.

#include <chrono>

namespace beatsync::s3 {

/// Tests use small ones.
struct session_timeouts {
  using duration = std::chrono::milliseconds;

  duration resolve{10'000};
  duration connect{10'000};  ///< per address
  duration handshake{10'000};
  duration first_byte{20'000};             ///< from the sent head to the first byte of the answer
  duration first_byte_after_body{30'000};  ///< stores flush a body before they answer
  duration no_progress{20'000};            ///< without 1 KiB moving, either way
  duration completion{600'000};            ///< Complete assembles gigabytes before it answers
  duration expect_continue{1'000};         ///< then the body is sent without having been asked for
  duration idle{4'000};                    ///< S3 closes idle connections after about 5 s
  duration cleanup{1'500};                 ///< abort_upload after stop()
  duration tick{250};                      ///< how often deadlines are looked at
};

}  // namespace beatsync::s3
