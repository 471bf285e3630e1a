#pragma once

/// One connection: its requests one after another, each through the script of faults.

#include "tests/s3_server/channel.hpp"
#include "tests/s3_server/service.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>

namespace beatsync::s3_server {

/// Ends when the client or a fault ends the connection; may throw what the socket throws.
/// `shared` must outlive it.
boost::asio::awaitable<void> run_session(service& shared, std::shared_ptr<channel> wire,
                                         std::uint64_t connection);

}  // namespace beatsync::s3_server
