#include "tests/faults/fault_world.hpp"

#include "s3/client/client.hpp"
#include "tests/support/throwaway_ca.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <random>
#include <stdexcept>

namespace beatsync::tests {
namespace {

const std::string bucket = "beatcloud";

struct authority {
  temp_dir folder{"beatsync-faults-ca"};
  throwaway_ca ca{folder.path()};
  certificate_files good = ca.issue();
};

authority& the_authority() {
  static authority one;
  return one;
}

server::server_options options_of(server::quirks differences) {
  server::server_options options;
  options.tls = true;
  options.certificate = the_authority().good.certificate;
  options.key = the_authority().good.key;
  options.differences = std::move(differences);
  return options;
}

s3::session_options quick_options(const std::string& url) {
  using std::chrono::milliseconds;
  s3::session_options options;
  options.bucket = bucket;
  options.endpoint_url = url;
  options.ca_bundle = the_authority().ca.ca_file().string();
  options.timeouts.first_byte = milliseconds(3000);
  options.timeouts.first_byte_after_body = milliseconds(3000);
  options.timeouts.no_progress = milliseconds(3000);
  options.timeouts.completion = milliseconds(6000);
  options.timeouts.tick = milliseconds(20);
  options.retry.base = milliseconds(1);
  options.retry.base_when_throttled = milliseconds(1);
  options.retry.silence = milliseconds(9000);
  return options;
}

s3::environment with_keys() {
  s3::environment env;
  env.home = the_authority().folder.path().string();
  env.variable = [](const char* name) -> std::optional<std::string> {
    const std::string_view asked = name;
    if (asked == "AWS_ACCESS_KEY_ID") return "test-access-key";
    if (asked == "AWS_SECRET_ACCESS_KEY") return "test-secret-key";
    return std::nullopt;
  };
  return env;
}

}  // namespace

fault_world::fault_world(server::quirks differences)
    : options_(options_of(std::move(differences))),
      server_(std::make_unique<server::server>(options_)) {
  server_->create_bucket(bucket);
  auto opened = s3::open_session(quick_options(server_->url()), with_keys());
  if (opened.has_error()) throw std::runtime_error(s3::describe(opened.error()));
  session_ = std::move(*opened);
  std::filesystem::create_directories(library());
  task.root = library();
  task.prefix = "dj/music/";
  task.part_size = 5 * mebibyte;
  task.fsync = false;
  threads.io_threads = 2;
  threads.transfers = 4;
}

void fault_world::keep_objects(std::chrono::milliseconds latency) {
  options_.folder = objects_.path();
  options_.port = server_->port();
  options_.conditions.latency = latency;
  restart_store();
  server_->create_bucket(bucket);
}

void fault_world::restart_store() {
  server_.reset();
  server_ = std::make_unique<server::server>(options_);
}

engine::report fault_world::run(engine::direction way) {
  items.clear();
  task.way = way;
  const auto make_store = [this](boost::asio::any_io_executor executor) {
    return std::make_unique<s3::client>(std::move(executor), session_);
  };
  engine::runtime rt(threads, make_store, files_);
  return engine::sync(rt, task, *this);
}

void fault_world::add_file(const std::string& name, std::string_view bytes) const {
  stick_.write("DJ Music/" + name, bytes);
}

void fault_world::put(const std::string& name, const std::string& bytes) {
  server_->put(bucket, task.prefix + name, bytes);
}

std::optional<std::string> fault_world::file(const std::string& name) const {
  if (!std::filesystem::is_regular_file(library() / name)) return std::nullopt;
  return read_file(library() / name);
}

std::optional<std::string> fault_world::object(const std::string& name) const {
  const auto found = server_->get(bucket, task.prefix + name);
  if (!found) return std::nullopt;
  return found->body;
}

void fault_world::on(const std::string& operation, server::fault_action what, std::uint64_t times) {
  server::fault_rule rule;
  rule.operation = operation;
  rule.times = times;
  rule.action = std::move(what);
  server_->add_fault(std::move(rule));
}

const engine::item& fault_world::of(const std::string& name) const {
  const engine::item* found = nullptr;
  for (const engine::item& it : items) {
    if (it.key == task.prefix + name) {
      BOOST_REQUIRE_MESSAGE(found == nullptr, "two items for " << name);
      found = &it;
    }
  }
  BOOST_REQUIRE_MESSAGE(found != nullptr, "no item for " << name);
  return *found;
}

void fault_world::check_books(const engine::report& how) const {
  BOOST_TEST(how.count.planned == how.count.done + how.count.skipped + how.count.failed);
  BOOST_TEST(how.count.planned == items.size());
  BOOST_TEST(server_->uploads(bucket).empty());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(stick_.path())) {
    const std::string name = entry.path().filename();
    BOOST_TEST(!name.starts_with(".beatsync-"), name);
  }
}

std::string pattern(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random() & 0xFFU);
  return text;
}

server::object_content without_checksum(const std::string& bytes) {
  server::object_content content;
  content.body = bytes;
  return content;
}

}  // namespace beatsync::tests
