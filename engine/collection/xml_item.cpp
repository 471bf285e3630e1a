#include "engine/collection/xml_item.hpp"

#include <cerrno>
#include <utility>

namespace beatsync::engine {

xml_item::xml_item(run_ledger& ledger, action_kind kind, std::string key, std::string path)
    : ledger_(ledger) {
  it_.action = kind;
  it_.key = std::move(key);
  it_.path = std::move(path);
}

void xml_item::show(outcome result) {
  it_.result = result;
  ledger_.show(it_);
}

void xml_item::planned() { show(outcome::planned); }

void xml_item::done(bool unverified) {
  it_.unverified = unverified;
  show(outcome::done);
}

void xml_item::failed(reason why, std::string message) {
  it_.why = why;
  it_.message = std::move(message);
  show(outcome::failed);
}

void xml_item::failed(const fs_error& e) {
  const bool full = e.code == ENOSPC || e.code == EDQUOT;
  if (full) {
    stop_reason why;
    why.message = "The disk is full: " + describe(e) + ". Nothing was replaced.";
    why.cause = stop_cause::disk_full;
    ledger_.halt(std::move(why));
  }
  failed(full ? reason::disk_full : reason::local_io, describe(e));
}

void xml_item::failed(const s3::error& e, const std::string& doing) {
  if (e.code == s3::errc::cancelled) {
    interrupted();
    return;
  }
  if (s3::stops_everything(e.code)) {
    stop_reason why;
    why.message = doing + ": " + e.message;
    why.error = e;
    ledger_.halt(std::move(why));
  }
  it_.error = e;
  failed(reason::store, doing + ": " + e.message);
}

void xml_item::ended(const item& how) {
  it_.message = how.message;
  it_.error = how.error;
  it_.unverified = how.unverified;
  if (how.result != outcome::done) it_.why = how.why;
  show(how.result);
}

void xml_item::interrupted() {
  failed(reason::stopped, "the run ended before this was done; nothing was replaced");
}

bool xml_item::accept(const rewriting& how) {
  if (how.cut_short) {
    interrupted();
  } else if (how.unreadable) {
    failed(*how.unreadable);
  } else if (how.unwritable) {
    failed(*how.unwritable);
  } else if (how.refused) {
    failed(reason::malformed, how.refused->text());
  }
  return how.counts.has_value();
}

}  // namespace beatsync::engine
