#include "tests/unit/engine/collection/collection_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

namespace beatsync::tests {
namespace {

template <class Operation>
engine::xml_report run(collection_fixture& world, const Operation& operation) {
  world.seen = recording_observer();
  engine::runtime_options threads;
  threads.io_threads = 1;
  threads.file_threads = 1;
  const auto make_store = [&world](boost::asio::any_io_executor executor) {
    return std::make_unique<memory_store>(std::move(executor), world.bucket);
  };
  engine::runtime rt(threads, make_store, world.files);
  auto how = operation(rt);
  const engine::totals& n = how.base.count;
  BOOST_TEST(n.planned == world.seen.items.size());
  return how;
}

}  // namespace

std::string collection_of(const std::string& root, const std::vector<std::string>& paths) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n\r\n<DJ_PLAYLISTS Version=\"1.0.0\">\r\n"
      "  <COLLECTION Entries=\"" +
      std::to_string(paths.size()) + "\">\r\n";
  for (const std::string& path : paths) {
    text += "    <TRACK TrackID=\"1\" Name=\"x\" Location=\"file://localhost" + root + "/" + path +
            "\"/>\r\n";
  }
  return text + "  </COLLECTION>\r\n</DJ_PLAYLISTS>\r\n";
}

collection_fixture::collection_fixture() {
  files.add_folder("/home/dj");
  files.add_folder("/stick/DJ Music");
}

engine::upload_xml_task collection_fixture::upload_task() const {
  engine::upload_xml_task task;
  task.xml_path = "/home/dj/my collection.xml";
  task.key = "dj/xml/ann/rekordbox.xml";
  task.xml_root = "/Volumes/ANN";
  return task;
}

engine::download_xml_task collection_fixture::download_task() const {
  engine::download_xml_task task;
  task.folder_prefix = "dj/xml/ann/";
  task.target_path = "/home/dj/ann_rekordbox.xml";
  task.to_root = "E:/";
  return task;
}

engine::xml_report collection_fixture::upload(const engine::upload_xml_task& task) {
  return run(*this, [&](engine::runtime& rt) { return engine::upload_xml(rt, task, seen); });
}

engine::xml_report collection_fixture::download(const engine::download_xml_task& task) {
  return run(*this, [&](engine::runtime& rt) { return engine::download_xml(rt, task, seen); });
}

std::optional<std::string> collection_fixture::file(const std::string& path) const {
  const auto node = files.find(path);
  if (!node) return std::nullopt;
  return node->bytes;
}

void collection_fixture::check_no_leftovers() const {
  for (const std::string& path : files.files()) {
    BOOST_TEST(path.find(".beatsync-") == std::string::npos, path);
  }
  BOOST_TEST(bucket->pending_uploads() == 0U);
}

}  // namespace beatsync::tests
