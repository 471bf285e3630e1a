#pragma once

/// How every operation closes its books. Threads: the operation's own.

#include "engine/run/run_ledger.hpp"
#include "engine/run/runtime_internals.hpp"

#include <exception>
#include <string>

namespace beatsync::engine {

/// A broken environment threw.
void halt_on(run_ledger& ledger, const std::exception& e);

/// The report; an interrupted run says so, whatever fell over in consequence.
report close_books(const runtime::impl& rt, run_ledger& ledger);

}  // namespace beatsync::engine
