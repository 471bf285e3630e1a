#include "engine/run/report.hpp"

#include <utility>

namespace beatsync::engine {

std::string_view name_of(action_kind kind) noexcept {
  switch (kind) {
    case action_kind::upload:
      return "upload";
    case action_kind::download:
      return "download";
    case action_kind::copy:
      return "copy";
    case action_kind::remove:
      return "delete";
    case action_kind::rewrite:
      return "rewrite";
  }
  return "unknown";
}

std::string_view name_of(outcome result) noexcept {
  switch (result) {
    case outcome::planned:
      return "planned";
    case outcome::done:
      return "done";
    case outcome::skipped:
      return "skipped";
    case outcome::failed:
      return "failed";
  }
  return "unknown";
}

std::string_view name_of(reason why) noexcept {
  switch (why) {
    case reason::missing:
      return "missing";
    case reason::differs:
      return "differs";
    case reason::newer:
      return "newer";
    case reason::unreadable:
      return "unreadable";
    case reason::not_regular:
      return "not_regular";
    case reason::dangling_link:
      return "dangling_link";
    case reason::link_loop:
      return "link_loop";
    case reason::invalid_name:
      return "invalid_name";
    case reason::hostile_name:
      return "hostile_name";
    case reason::archived:
      return "archived";
    case reason::vanished:
      return "vanished";
    case reason::collision:
      return "collision";
    case reason::changed:
      return "changed";
    case reason::corrupt:
      return "corrupt";
    case reason::store:
      return "store";
    case reason::local_io:
      return "local_io";
    case reason::disk_full:
      return "disk_full";
    case reason::stopped:
      return "stopped";
    case reason::no_match:
      return "no_match";
    case reason::malformed:
      return "malformed";
  }
  return "unknown";
}

std::string_view name_of(stop_cause why) noexcept {
  switch (why) {
    case stop_cause::other:
      return "stopped";
    case stop_cause::disk_full:
      return "disk_full";
    case stop_cause::locked:
      return "locked";
    case stop_cause::no_plan:
      return "no_plan";
    case stop_cause::bad_plan:
      return "bad_plan";
  }
  return "unknown";
}

stop_reason stop_because(std::string message, stop_cause cause) {
  stop_reason why;
  why.cause = cause;
  why.message = std::move(message);
  return why;
}

stop_reason stop_because(const s3::error& e, std::string_view what) {
  std::string said = s3::describe(e);
  stop_reason why = stop_because(what.empty() ? std::move(said) : std::string(what) + ": " + said);
  why.error = e;
  return why;
}

}  // namespace beatsync::engine
