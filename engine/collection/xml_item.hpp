#pragma once

/// The one item of an XML operation and how it gets into the books.
///
/// Threads: the calling thread of the operation.

#include "engine/collection/collection.hpp"
#include "engine/collection/document_rewriting.hpp"
#include "engine/run/run_ledger.hpp"
#include "engine/transfer/transfer_end.hpp"

#include <string>

namespace beatsync::engine {

class xml_item {
 public:
  xml_item(run_ledger& ledger, action_kind kind, std::string key, std::string path);

  void set_size(std::uint64_t bytes) { it_.bytes = bytes; }
  void set_reason(reason why) { it_.why = why; }
  const item& it() const noexcept { return it_; }

  void planned();
  void done(bool unverified = false);
  void failed(reason why, std::string message);
  void failed(const fs_error& e);
  /// A store error that concerns everything stops the operation, any other is the item's.
  void failed(const s3::error& e, const std::string& doing);
  /// As a transfer ended.
  void ended(const item& how);
  void interrupted();

  /// True: the rewriting went through; else its failure is in the books.
  bool accept(const rewriting& how);

 private:
  void show(outcome result);

  run_ledger& ledger_;
  item it_;
};

}  // namespace beatsync::engine
