#pragma once

/// The deciding half of the merge join: what is to be done about one name, given what each side
/// knows of it. Names come in rising byte order. Pure; one thread.
///
/// | only the source has it | only the target has it | both have it |
/// |---|---|---|
/// | action `missing`, or a refusal | nothing | compare.hpp; odd names are refused |
///
/// What cannot be decided yet is kept: pairs whose object's time is not known (take_undated), names
/// that may have a partner in another spelling (take_held, take_unsure).

#include "engine/difference/difference.hpp"
#include "engine/names/ancestor_guard.hpp"
#include "engine/names/entry.hpp"
#include "engine/names/nfc_pairing.hpp"
#include "engine/names/selection_filter.hpp"
#include "engine/run/action.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::engine {

class date_cache;

/// A name that both sides have, perhaps in two spellings.
struct name_pair {
  held_name local;
  held_name remote;
};

class decider {
 public:
  /// `filter` and `dates` (may be null) outlive the decider.
  decider(direction way, on_conflict conflict, std::string prefix, selection_filter& filter,
          date_cache* dates, nfc_pairing::limits most);

  void only_local(std::string_view path, const local_entry& entry, difference_batch& out);
  /// `over_folder`: a folder of that name is known to stand on the local side.
  void only_remote(std::string_view path, const s3::object_summary& object, bool over_folder,
                   difference_batch& out);
  void both(std::string_view path, const local_entry& entry, const s3::object_summary& object,
            difference_batch& out);

  /// A pair found later; `remote_mtime`: the object's time, where it was asked for.
  void settle(const name_pair& pair, std::optional<std::int64_t> remote_mtime,
              difference_batch& out);

  /// A name of the source that has no partner for certain.
  void settle_alone(const held_name& source, difference_batch& out);

  /// Pairs whose object's time has to be asked for.
  const std::vector<name_pair>& undated() const noexcept { return undated_; }
  std::vector<name_pair> take_undated() { return std::exchange(undated_, {}); }

  /// Names of the source whose other spellings have to be looked for on the other side.
  const std::vector<held_name>& unsure() const noexcept { return unsure_; }
  void add_unsure(held_name source) { unsure_.push_back(std::move(source)); }
  std::vector<held_name> take_unsure() { return std::exchange(unsure_, {}); }

  /// After both listings ended: what was held, paired. Where the pairing was not complete, those
  /// alone have to be looked up like unsure ones.
  nfc_pairing::pairs take_held() { return held_.take(); }
  bool held_all() const noexcept { return held_.complete(); }

 private:
  bool uploading() const noexcept { return way_ == direction::upload; }
  action_kind kind() const noexcept;
  void hold_or_act(held_name source, difference_batch& out);
  void act(const held_name& local_side, const held_name& remote_side, reason why, bool replacing,
           std::optional<std::int64_t> remote_mtime, difference_batch& out);
  void refuse(outcome result, reason why, std::string message, std::string_view path,
              std::string key, std::uint64_t bytes, difference_batch& out);
  void refuse_local(std::string_view path, const local_entry& entry, difference_batch& out);

  direction way_;
  on_conflict conflict_;
  std::string prefix_;
  selection_filter& filter_;
  date_cache* dates_;
  ancestor_guard guard_;  ///< downloads: what are files, or will be
  std::string unknown_;   ///< downloads: the unknown folder met last, with its `/`
  reason unknown_why_ = reason::unreadable;
  nfc_pairing held_;
  std::vector<name_pair> undated_;
  std::vector<held_name> unsure_;
};

}  // namespace beatsync::engine
