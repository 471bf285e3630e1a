#include "tests/support/throwaway_ca.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>
#include <utility>

namespace beatsync::tests {
namespace {

template <auto Free>
struct freer {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freer<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freer<X509_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freer<X509_EXTENSION_free>>;
using file_ptr = std::unique_ptr<std::FILE, freer<std::fclose>>;

void check(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("throwaway_ca: ") + what);
}

key_ptr new_key() {
  key_ptr key(EVP_EC_gen("P-256"));
  check(key != nullptr, "EVP_EC_gen");
  return key;
}

file_ptr create(const std::filesystem::path& path) {
  file_ptr file(std::fopen(path.c_str(), "wb"));
  if (!file) throw std::runtime_error("throwaway_ca: cannot write " + path.string());
  return file;
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const extension_ptr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  check(extension != nullptr, value.c_str());
  check(X509_add_ext(certificate, extension.get(), -1) == 1, "X509_add_ext");
}

/// A certificate with everything but its extensions and signature.
x509_ptr begin_certificate(const std::string& common_name, EVP_PKEY* key, int from, int to) {
  constexpr long day = 24L * 60 * 60;
  x509_ptr certificate(X509_new());
  check(certificate != nullptr, "X509_new");
  X509_set_version(certificate.get(), X509_VERSION_3);
  std::uint64_t serial = 0;
  check(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "RAND_bytes");
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), to * day);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.data()),
                             static_cast<int>(common_name.size()), -1, 0);
  return certificate;
}

std::string alternative_names(const certificate_request& request) {
  std::string names;
  const auto add = [&](const char* kind, const std::vector<std::string>& values) {
    for (const auto& value : values) {
      names += (names.empty() ? "" : ",") + std::string(kind) + ":" + value;
    }
  };
  add("DNS", request.dns);
  add("IP", request.ip);
  return names;
}

}  // namespace

struct throwaway_ca::authority {
  key_ptr key;
  x509_ptr certificate;
};

throwaway_ca::throwaway_ca(std::filesystem::path folder, std::string name)
    : folder_(std::move(folder)),
      ca_file_(folder_ / "ca.pem"),
      authority_(std::make_unique<authority>()) {
  constexpr int validity = 30;  // days; nobody keeps these
  std::filesystem::create_directories(folder_);
  auto& ca = *authority_;
  ca.key = new_key();
  ca.certificate = begin_certificate(name, ca.key.get(), -1, validity);
  auto* certificate = ca.certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(certificate, certificate, NID_subject_key_identifier, "hash");
  check(X509_sign(certificate, ca.key.get(), EVP_sha256()) > 0, "X509_sign");
  check(PEM_write_X509(create(ca_file_).get(), certificate) == 1, "PEM_write_X509");
}

throwaway_ca::~throwaway_ca() = default;

certificate_files throwaway_ca::issue(const certificate_request& request) {
  const auto key = new_key();
  const auto certificate = begin_certificate(request.common_name, key.get(), request.starts_in_days,
                                             request.ends_in_days);
  auto* issuer = request.self_signed ? certificate.get() : authority_->certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
  add_extension(certificate.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), issuer, NID_key_usage, "critical,digitalSignature");
  add_extension(certificate.get(), issuer, NID_ext_key_usage, "serverAuth");
  add_extension(certificate.get(), issuer, NID_subject_key_identifier, "hash");
  if (!request.self_signed) {
    add_extension(certificate.get(), issuer, NID_authority_key_identifier, "keyid:always");
  }
  const auto names = alternative_names(request);
  if (!names.empty()) add_extension(certificate.get(), issuer, NID_subject_alt_name, names);
  auto* signer = request.self_signed ? key.get() : authority_->key.get();
  check(X509_sign(certificate.get(), signer, EVP_sha256()) > 0, "X509_sign");

  certificate_files files;
  files.certificate = folder_ / (request.name + ".pem");
  files.key = folder_ / (request.name + ".key");
  check(PEM_write_X509(create(files.certificate).get(), certificate.get()) == 1, "PEM_write_X509");
  const auto file = create(files.key);
  check(PEM_write_PrivateKey(file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "PEM_write_PrivateKey");
  return files;
}

}  // namespace beatsync::tests
