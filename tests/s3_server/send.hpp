#pragma once

/// Puts an answer on the wire, with the damage that the script asks for.

#include "tests/s3_server/channel.hpp"
#include "tests/s3_server/faults.hpp"
#include "tests/s3_server/reply.hpp"
#include "tests/s3_server/request_log.hpp"
#include "tests/s3_server/stored_object.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>

namespace beatsync::s3_server {

struct send_job {
  const reply& answer;
  const fault_action* fault;  ///< may be null
  std::uint64_t bandwidth;    ///< bytes per second; 0: no limit
  request_log& log;
  std::size_t place;  ///< of the request in the log
};

enum class send_outcome {
  whole,
  cut,  ///< the connection has been closed
};

/// Date, Server, request ids.
void add_common_headers(reply& answer, std::uint64_t request_number, time_stamp now);

/// The job must outlive the call.
boost::asio::awaitable<send_outcome> send(channel& wire, const send_job& job);

}  // namespace beatsync::s3_server
