#pragma once

/// A server without a socket: requests are written into memory, a session answers them, and the
/// answers are read from memory. Everything of the server takes part but the sockets and TLS.

#include "tests/s3_server/channel.hpp"
#include "tests/s3_server/service.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::tests {

using header_list = std::vector<std::pair<std::string, std::string>>;

struct answer {
  int status = 0;
  header_list headers;  ///< names in lower case
  std::string body;     ///< as it arrived, also when it was cut

  std::string header(std::string_view name) const;
  bool says(std::string_view text) const { return body.find(text) != std::string::npos; }
};

/// What one connection brought.
struct conversation {
  std::vector<answer> answers;
  std::string raw;
  std::optional<s3_server::close_kind> closed;
};

struct call {
  std::string method = "GET";
  std::string target = "/";  ///< path and query, encoded
  std::string body;
  header_list headers;
  std::string payload_hash = "UNSIGNED-PAYLOAD";
  std::string host = "127.0.0.1:9000";
  std::string access_key = "test-access-key";
  std::string secret_key = "test-secret-key";
  std::string region = "us-east-1";
  std::chrono::seconds clock_error{0};  ///< of the client
  bool sign = true;
};

class loopback {
 public:
  explicit loopback(s3_server::server_options options = over_tls());

  /// As if the connection were TLS, so that UNSIGNED-PAYLOAD passes.
  static s3_server::server_options over_tls();

  s3_server::service& service() noexcept { return service_; }

  /// One request on a connection of its own.
  answer ask(const call& request);
  answer get(const std::string& target, header_list headers = {});
  answer put(const std::string& target, const std::string& body, header_list headers = {});
  answer post(const std::string& target, const std::string& body, header_list headers = {});
  answer erase(const std::string& target);

  std::string to_wire(const call& request);
  conversation talk(const std::string& input);
  std::vector<s3_server::request_record> log() const { return service_.log.records(); }

 private:
  s3_server::service service_;
};

/// The text of the first element of this name.
std::string element(std::string_view xml, const std::string& name);
/// The texts of all elements of this name.
std::vector<std::string> elements(std::string_view xml, const std::string& name);

}  // namespace beatsync::tests
