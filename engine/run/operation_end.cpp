#include "engine/run/operation_end.hpp"

#include <utility>

namespace beatsync::engine {

void halt_on(run_ledger& ledger, const std::exception& e) {
  ledger.halt(stop_because(std::string("Stopped by an unexpected error: ") + e.what()));
}

report close_books(const runtime::impl& rt, run_ledger& ledger) {
  if (rt.stopping.load()) {
    stop_reason why = stop_because("Stopped. What was finished is safe; run again to go on.");
    why.interrupted = true;
    ledger.interrupt(std::move(why));
  }
  return ledger.result();
}

}  // namespace beatsync::engine
