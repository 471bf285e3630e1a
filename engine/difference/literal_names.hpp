#pragma once

/// `[Free] House` is a folder before it is a pattern: entries of the selection that can be read
/// both ways are looked up on both sides, and where something of that name exists the entry means
/// just that (contract.md §1).

#include "engine/difference/name_lookup.hpp"
#include "engine/names/selection_filter.hpp"
#include "s3/error.hpp"

#include <boost/asio/awaitable.hpp>

namespace beatsync::engine {

/// One LIST of one key per entry with wildcards, after a look at the local side. Both outlive it.
boost::asio::awaitable<s3::result<void>> settle_literal_names(const lookup_places& places,
                                                              selection_filter& filter);

}  // namespace beatsync::engine
