#include "s3/http/certificate_error.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace beatsync::s3 {
namespace {

std::string reason(long code, const std::string& host) {
  switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "it has expired. Is the clock of this computer right? Else its owner must renew it";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "it is not valid yet. Is the clock of this computer right?";
    case X509_V_ERR_HOSTNAME_MISMATCH:
      return "it was made out for another name than " + host +
             ". Is the endpoint right? Or something on the way answers in its place";
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "it does not name the address " + host +
             ". Use the server's name in the endpoint, or a certificate with this address";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "it was issued by an authority that is not known here. Where the server is your own, "
             "give its CA certificate with --ca-bundle FILE (or AWS_CA_BUNDLE)";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "it is self-signed. Where the server is your own, give the certificate with "
             "--ca-bundle FILE (or AWS_CA_BUNDLE)";
    case X509_V_ERR_CERT_REVOKED:
      return "it was revoked";
    case X509_V_ERR_INVALID_PURPOSE:
      return "it was not issued for servers";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return "its key or signature is too weak";
    default:
      return X509_verify_cert_error_string(code);
  }
}

}  // namespace

std::optional<error> certificate_error(const SSL& ssl, const std::string& host) {
  const long code = SSL_get_verify_result(&ssl);
  if (code == X509_V_OK) return std::nullopt;
  error e;
  e.code = errc::certificate_rejected;
  e.message = "the certificate of " + host + " is not accepted: " + reason(code, host);
  return e;
}

}  // namespace beatsync::s3
