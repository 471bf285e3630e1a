#include "tests/scenario/json_lines.hpp"

#include <boost/test/unit_test.hpp>
#include <simdjson.h>

namespace beatsync::tests {
namespace {

void flatten(const std::string& prefix, simdjson::dom::element value, json_line& into) {
  if (value.is_object()) {
    for (const auto& [name, inner] : simdjson::dom::object(value)) {
      flatten(prefix.empty() ? std::string(name) : prefix + "." + std::string(name), inner, into);
    }
  } else if (value.is_string()) {
    into.fields[prefix] = std::string(std::string_view(value));
  } else {
    into.fields[prefix] = simdjson::minify(value);
  }
}

}  // namespace

const std::string& json_line::operator[](const std::string& name) const {
  const auto found = fields.find(name);
  BOOST_REQUIRE_MESSAGE(found != fields.end(), "no field \"" << name << "\"");
  return found->second;
}

std::int64_t json_line::number(const std::string& name) const {
  const std::string& text = (*this)[name];
  BOOST_REQUIRE_MESSAGE(text.find_first_not_of("-0123456789") == std::string::npos,
                        name << " is " << text << ", not a whole number");
  return std::stoll(text);
}

std::vector<json_line> json_output::of(std::string_view event) const {
  std::vector<json_line> found;
  for (const auto& line : lines) {
    if (line["event"] == event) found.push_back(line);
  }
  return found;
}

json_line json_output::summary(std::string_view operation) const {
  std::vector<json_line> found;
  for (const auto& line : of("summary")) {
    if (line.has("operation") && line["operation"] == operation) found.push_back(line);
  }
  BOOST_REQUIRE_MESSAGE(found.size() == 1, found.size() << " summaries of " << operation << " in:\n"
                                                        << process.out << process.err);
  return found.front();
}

json_line json_output::total() const {
  BOOST_REQUIRE_MESSAGE(!lines.empty(), "no output; standard error:\n" << process.err);
  return lines.back();
}

json_output parse_json_lines(process_result result) {
  json_output output;
  output.process = std::move(result);
  const std::string& text = output.process.out;
  simdjson::dom::parser parser;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    BOOST_REQUIRE_MESSAGE(end != std::string::npos, "the last line is not ended");
    const std::string line = text.substr(from, end - from);
    from = end + 1;
    simdjson::dom::element value;
    const auto error = parser.parse(line).get(value);
    BOOST_REQUIRE_MESSAGE(!error && value.is_object(), "not a JSON object: " << line);
    json_line flat;
    flatten("", value, flat);
    BOOST_REQUIRE_MESSAGE(flat.has("event"), "no event: " << line);
    output.lines.push_back(std::move(flat));
  }
  if (!output.lines.empty()) {
    const auto& last = output.lines.back();
    BOOST_TEST((last["event"] == "summary" && !last.has("operation")),
               "the last line is not the total:\n"
                   << text);
  }
  return output;
}

}  // namespace beatsync::tests
