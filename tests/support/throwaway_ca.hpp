#pragma once

/// A certificate authority for one test run, and server certificates signed by it, as PEM files.
///
/// Keys are EC P-256. A CA object writes `ca.pem` into its folder on construction; each issue()
/// writes one certificate and its key. Errors throw std::runtime_error. Not thread-safe.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace beatsync::tests {

/// What a server certificate says. The default is a good one for this machine.
struct certificate_request {
  std::string name = "server";  ///< of the files: NAME.pem and NAME.key
  /// Subject alternative names. `*.s3.localhost` carries virtual-hosted buckets: OpenSSL takes no
  /// wildcard with fewer than two labels behind it.
  std::vector<std::string> dns = {"localhost", "*.localhost", "s3.localhost", "*.s3.localhost"};
  std::vector<std::string> ip = {"127.0.0.1", "::1"};
  std::string common_name = "localhost";  ///< may hold NUL bytes
  int starts_in_days = -1;                ///< notBefore, relative to now
  int ends_in_days = 30;                  ///< notAfter; below 0: already expired
  bool self_signed = false;               ///< not signed by the CA at all
};

struct certificate_files {
  std::filesystem::path certificate;  ///< PEM; the leaf only, the CA signs it directly
  std::filesystem::path key;
};

class throwaway_ca {
 public:
  /// Different folders hold different authorities, even with the same name.
  explicit throwaway_ca(std::filesystem::path folder, std::string name = "beatsync test CA");
  ~throwaway_ca();
  throwaway_ca(const throwaway_ca&) = delete;
  throwaway_ca& operator=(const throwaway_ca&) = delete;

  /// What clients have to trust (`--ca-bundle`, AWS_CA_BUNDLE, SSL_CERT_FILE).
  const std::filesystem::path& ca_file() const noexcept { return ca_file_; }

  certificate_files issue(const certificate_request& request = certificate_request());

 private:
  struct authority;
  std::filesystem::path folder_;
  std::filesystem::path ca_file_;
  std::unique_ptr<authority> authority_;
};

}  // namespace beatsync::tests
