#include "tests/s3_server/reply.hpp"

#include "tests/s3_server/http_head.hpp"
#include "tests/s3_server/xml_writer.hpp"

#include <utility>

namespace beatsync::s3_server {

void reply::set(const std::string& name, std::string value) {
  remove(name);
  headers.emplace_back(name, std::move(value));
}

void reply::remove(const std::string& name) {
  std::erase_if(headers, [lower = to_lower(name)](const auto& field) {
    return to_lower(field.first) == lower;
  });
}

reply xml_reply(std::string document) {
  reply answer;
  answer.headers = {{"Content-Type", "application/xml"}};
  answer.text = std::move(document);
  return answer;
}

reply error_reply(const refusal& why, const std::string& request_id, bool head_only) {
  xml_writer xml("Error");
  xml.element("Code", why.code).element("Message", why.message);
  for (const auto& [name, value] : why.details) xml.element(name, value);
  xml.element("RequestId", request_id).element("HostId", "beatsync-test-server");
  auto answer = xml_reply(std::move(xml).finish());
  answer.status = why.status;
  for (const auto& [name, value] : why.headers) answer.headers.emplace_back(name, value);
  if (head_only || why.status == 304) {
    answer.text.clear();
    answer.head_only = true;
  }
  return answer;
}

}  // namespace beatsync::s3_server
