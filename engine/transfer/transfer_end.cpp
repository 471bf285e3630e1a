#include "engine/transfer/transfer_end.hpp"

#include "engine/run/action.hpp"
#include "s3/printable.hpp"

#include <cerrno>
#include <string_view>
#include <utility>

namespace beatsync::engine {
namespace {

/// The errors of a drive that was pulled out; an ordinary read error looks the same, so the root is
/// looked at before anything is concluded.
bool looks_gone(int code) noexcept {
  switch (code) {
    case EIO:
    case ENODEV:
    case ENXIO:
    case ENOTCONN:
    case ESTALE:
    case ESHUTDOWN:
    case ENOMEDIUM:
      return true;
    default:
      return false;
  }
}

transfer_end with_consequence(transfer_end end, consequence then) {
  end.then = then;
  return end;
}

/// FAT keeps a file's size in 32 bits (DIR_FileSize in Microsoft's specification, fatgen103).
constexpr std::uint64_t too_large_for_fat = (std::uint64_t{4} << 30U) - 1;

std::string_view advice_on_size(std::uint64_t size) noexcept {
  return size > too_large_for_fat
             ? ". A FAT32 stick takes no file of 4 GiB or more; exFAT does"
             : "; this process may not write a file of that size: raise the limit (ulimit -f)";
}

transfer_end out_of_handles(const fs_error& e) {
  return retry(retry_cause::out_of_handles, reason::local_io,
               describe(e) + "; close other programs or raise the limit (ulimit -n)");
}

transfer_end store_end(const s3::error& e, reason why) {
  transfer_end end = failed(why, s3::describe(e));
  end.error = std::make_shared<s3::error>(e);
  return end;
}

}  // namespace

transfer_end done(std::uint64_t bytes) {
  transfer_end end;
  end.bytes = bytes;
  return end;
}

transfer_end found_in_place(std::uint64_t bytes) {
  transfer_end end = done(bytes);
  end.in_place = true;
  return end;
}

transfer_end skipped(reason why, std::string message) {
  transfer_end end;
  end.result = outcome::skipped;
  end.why = why;
  end.message = std::move(message);
  return end;
}

transfer_end failed(reason why, std::string message) {
  transfer_end end = skipped(why, std::move(message));
  end.result = outcome::failed;
  return end;
}

transfer_end cut_short() { return failed(reason::stopped, "the run ended before this was done"); }

transfer_end retry(retry_cause cause, reason why, std::string message) {
  transfer_end end = failed(why, std::move(message));
  end.again = cause;
  return end;
}

transfer_end end_of_upload(const fs_error& e) {
  if (looks_gone(e.code)) {
    return with_consequence(failed(reason::local_io, describe(e)), consequence::check_root);
  }
  switch (e.code) {
    case ENOENT:
    case ENOTDIR:
      return with_consequence(skipped(reason::vanished, "it is gone since the folder was listed"),
                              consequence::check_root);
    case EACCES:
    case EPERM:
      return skipped(reason::unreadable, describe(e));
    case EINVAL:
      return skipped(reason::not_regular, "it is no regular file any more");
    case ELOOP:
      return skipped(reason::link_loop, describe(e));
    case EMFILE:
    case ENFILE:
      return out_of_handles(e);
    default:
      return failed(reason::local_io, describe(e));
  }
}

transfer_end end_of_download(const fs_error& e, std::uint64_t size) {
  if (looks_gone(e.code)) {
    return with_consequence(failed(reason::local_io, describe(e)), consequence::check_root);
  }
  switch (e.code) {
    case ENOSPC:
    case EDQUOT:
      return with_consequence(failed(reason::disk_full, describe(e)), consequence::disk_full);
    case EROFS:
      return with_consequence(failed(reason::local_io, describe(e)), consequence::read_only);
    case EFBIG:
      return failed(reason::local_io, describe(e).append(advice_on_size(size)));
    case EEXIST:
    case EISDIR:
    case ENOTEMPTY:
      return retry(retry_cause::target_taken, reason::collision,
                   "the file system already has a file or folder that it takes for this name");
    case ENOTUNIQ:
      return failed(reason::collision,
                    "the file system takes another folder for the one that is needed: " +
                        s3::printable(e.path));
    case ENOTDIR:
      return failed(reason::collision, "a file stands where a folder of this name is needed");
    case EINVAL:
    case EILSEQ:
    case ENAMETOOLONG:
      return skipped(reason::invalid_name,
                     "the file system takes no such name (" + describe(e) + ")");
    case ELOOP:
    case EXDEV:
      return failed(reason::local_io,
                    "a symbolic link stands in the way; downloads never write through one");
    case EMFILE:
    case ENFILE:
      return out_of_handles(e);
    case ENOENT:
      return with_consequence(failed(reason::local_io, describe(e)), consequence::check_root);
    default:
      return failed(reason::local_io, describe(e));
  }
}

transfer_end end_of_upload(const s3::error& e) {
  transfer_end end = store_end(e, reason::store);
  switch (e.code) {
    case s3::errc::cancelled:
      return cut_short();
    case s3::errc::checksum_refused:
      end.again = retry_cause::checksum_refused;
      break;
    case s3::errc::no_such_upload:
      end.again = retry_cause::write_unclear;
      break;
    case s3::errc::checksum_mismatch:
      end.why = reason::corrupt;
      end.again = retry_cause::body_damaged;
      break;
    default:
      break;
  }
  return end;
}

transfer_end end_of_download(const s3::error& e) {
  transfer_end end = store_end(e, reason::store);
  switch (e.code) {
    case s3::errc::cancelled:
      return cut_short();
    case s3::errc::no_such_key:
      end.result = outcome::skipped;
      end.why = reason::vanished;
      break;
    case s3::errc::archived:
      end.result = outcome::skipped;
      end.why = reason::archived;
      break;
    case s3::errc::precondition_failed:
      end.why = reason::changed;
      end.again = retry_cause::source_changed;
      break;
    case s3::errc::corrupt_body:
    case s3::errc::checksum_mismatch:
      end.why = reason::corrupt;
      end.again = retry_cause::body_damaged;
      break;
    default:
      break;
  }
  return end;
}

unsigned tries_allowed(retry_cause cause, const action& what) noexcept {
  switch (cause) {
    case retry_cause::none:
      return 0;
    case retry_cause::source_changed:
      // A file that is being written settles; an object that changes twice is somebody's work.
      return what.kind == action_kind::upload ? 3 : 1;
    case retry_cause::body_damaged:
      return 1;
    case retry_cause::conditions_refused:  // the second time it is believed
    case retry_cause::write_unclear:
      return 2;
    case retry_cause::checksum_refused:
      return 3;  // CRC64NVME, CRC32C, CRC32, none
    case retry_cause::out_of_handles:
      return 50;
    case retry_cause::target_taken:
      // A second task with the same shard may have been quicker: the next try begins with a look at
      // what stands there. Others do not look, and would fetch the bytes for nothing.
      return what.planned ? 1 : 0;
  }
  return 0;
}

}  // namespace beatsync::engine
