#include "s3/client/explain.hpp"

#include "s3/printable.hpp"

namespace beatsync::s3 {

std::string subject_of(const operation& op, const location& place) {
  if (op.key.empty()) return "the bucket '" + printable(place.where.bucket) + "'";
  return "the object '" + printable(op.key) + "'";
}

std::string explain_refusal(errc code, const operation& op, const location& place) {
  const std::string subject = subject_of(op, place);
  const std::string at = " at " + place.where.url();
  switch (code) {
    case errc::no_such_key:
      return subject + " does not exist";
    case errc::no_such_bucket:
      return "the bucket '" + printable(place.where.bucket) + "' does not exist" + at;
    case errc::no_such_upload:
      return "the multipart upload of " + subject + " is gone";
    case errc::access_denied:
      return "these credentials may not " + std::string(op.name) + " on " + subject +
             ": its owner has to grant it";
    case errc::bad_credentials:
      return "the credentials are not accepted" + at + ": check the profile and its keys";
    case errc::expired_token:
      return "the session token has expired: sign in again (for SSO: aws sso login)";
    case errc::precondition_failed:
      return subject + " was changed by somebody else meanwhile";
    case errc::archived:
      return subject + " is archived and must be restored before it can be read";
    case errc::checksum_refused:
      return "the store does not take this checksum";
    case errc::checksum_mismatch:
      return "the bytes of " + subject + " arrived damaged at the store";
    case errc::too_large:
      return subject + " is larger than the store takes";
    case errc::wrong_region:
      return "the bucket '" + printable(place.where.bucket) + "' is not in region " + place.region +
             ": set the region";
    case errc::clock_skew:
      return "the clock of this computer differs from the store's: set it right";
    case errc::throttled:
      return "the store asks for fewer requests; try again later";
    case errc::server_failed:
      return "the store failed on " + subject;
    case errc::redirected:
      return place.where.url() +
             " sends us elsewhere, which is not followed: check endpoint, "
             "region and addressing style";
    default:
      return std::string(op.name) + " of " + subject + " was refused";
  }
}

}  // namespace beatsync::s3
