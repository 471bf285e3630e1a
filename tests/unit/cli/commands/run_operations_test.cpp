#include "cli/commands/run_operations.hpp"

#include "cli/commands/commands.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace beatsync;
using namespace beatsync::cli;

namespace {

/// Remembers the frame of a run.
class remembering_printer final : public printer {
 public:
  void begin(const operation_start& start) override {
    log.push_back("begin " + std::string(name_of(start.what)));
  }
  void end(const operation_end& end) override {
    log.push_back("end " + std::to_string(static_cast<int>(end.code)));
    last = end;
  }
  void run_ended(const run_end& end) override { total = end; }
  void on_item(const engine::item&) override {}
  void on_difference(const engine::difference&) override {}
  void on_warning(const std::string& text) override { log.push_back("warning " + text); }
  void on_progress(const engine::progress&) override {}

  std::vector<std::string> log;
  operation_end last;
  run_end total;
};

struct run_of_fakes {
  run_of_fakes() {
    std::filesystem::create_directories(folder / "DJ Music");
    with.usb_path = folder.path().string();
    with.store.place.bucket = "b";
    with.xml_path = "/x/my.xml";
    with.xml_import_user = "bob";
    with.user = "ann";
    context.signal = [this] { return signal; };
    context.now = [this] { return time += std::chrono::seconds(1); };
    context.engine.sync = [this](const engine::sync_task& task, engine::observer&) {
      roots.push_back(task.root);
      return answer;
    };
    context.engine.upload_xml = [this](const engine::upload_xml_task&, engine::observer&) {
      engine::xml_report report;
      report.base = answer;
      return report;
    };
    context.engine.is_object = [this](const std::string& key) {
      asked.push_back(key);
      return object;
    };
  }

  int run(std::vector<operation> operations) {
    with.operations = std::move(operations);
    return static_cast<int>(run_operations(with, context, out));
  }

  tests::temp_dir folder;
  settings with;
  run_context context;
  remembering_printer out;
  engine::report answer;
  std::vector<std::string> roots;
  std::vector<std::string> asked;
  bool object = false;
  int signal = 0;
  std::chrono::steady_clock::time_point time{};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(run_operations_suite, run_of_fakes)

BOOST_AUTO_TEST_CASE(operations_run_in_order_and_their_totals_add_up) {
  answer.count = {3, 2, 1, 0, 4, 5, 1, 100};
  BOOST_TEST(run({operation::upload_music, operation::upload_xml}) == 3);
  const std::vector<std::string> expected = {"begin upload_music", "end 3", "begin upload_xml",
                                             "end 3"};
  BOOST_TEST(out.log == expected);
  BOOST_TEST(out.total.count.planned == 6U);
  BOOST_TEST(out.total.count.done == 4U);
  BOOST_TEST(out.total.count.skipped == 2U);
  BOOST_TEST(out.total.count.differs == 8U);
  BOOST_TEST(out.total.count.unchanged == 10U);
  BOOST_TEST(out.total.count.unverified == 2U);
  BOOST_TEST(out.total.count.bytes == 200U);
  BOOST_TEST((out.total.code == exit_code::skipped));
  BOOST_TEST(out.total.seconds > out.last.seconds);
}

BOOST_AUTO_TEST_CASE(failures_do_not_keep_later_operations_from_running) {
  answer.count.failed = 1;
  BOOST_TEST(run({operation::upload_music, operation::download_music}) == 1);
  BOOST_TEST(roots.size() == 2U);
}

BOOST_AUTO_TEST_CASE(after_a_stop_nothing_else_runs) {
  answer.stopped.emplace();
  BOOST_TEST(run({operation::upload_music, operation::download_music}) == 4);
  BOOST_TEST(roots.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_signal_between_two_operations_ends_the_run) {
  signal = SIGTERM;
  BOOST_TEST(run({operation::upload_music}) == 143);
  BOOST_TEST(roots.empty());
}

BOOST_AUTO_TEST_CASE(an_interrupted_operation_is_130) {
  context.engine.sync = [this](const engine::sync_task&, engine::observer&) {
    signal = SIGINT;
    engine::report how;
    how.stopped.emplace();
    how.stopped->interrupted = true;
    return how;
  };
  BOOST_TEST(run({operation::upload_music, operation::download_music}) == 130);
  BOOST_TEST(out.log.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_library_that_went_away_is_found_before_its_operation) {
  with.dry_run = false;
  std::filesystem::remove(folder / "DJ Music");
  BOOST_TEST(run({operation::upload_music}) == 2);
  BOOST_TEST(roots.empty());
  BOOST_TEST(out.total.problem.find("DJ Music") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_object_as_src_is_refused_when_nothing_lies_below_it) {
  with.way = engine::direction::download;
  with.store.place.prefix = "a.mp3/";
  with.local_folder = folder.path().string();
  object = true;
  BOOST_TEST(run({operation::sync}) == 2);
  BOOST_TEST(asked == (std::vector<std::string>{"a.mp3"}));
  object = false;
  out.log.clear();
  BOOST_TEST(run({operation::sync}) == 0);
  BOOST_TEST(out.log.at(1) == "warning there is nothing below s3://b/a.mp3/");
  BOOST_TEST(out.last.how.warnings ==
             std::vector<std::string>{"there is nothing below s3://b/a.mp3/"});
  answer.count.unchanged = 1;  // something lies below it: nobody asks
  asked.clear();
  object = true;
  BOOST_TEST(run({operation::sync}) == 0);
  BOOST_TEST(asked.empty());
}

BOOST_AUTO_TEST_CASE(a_folder_made_for_a_refused_download_is_taken_back) {
  with.way = engine::direction::download;
  with.store.place.prefix = "a.mp3/";
  with.local_folder = (folder / "new/deep").string();
  context.engine.sync = [](const engine::sync_task& task, engine::observer&) {
    std::filesystem::create_directories(task.root);
    return engine::report();
  };
  object = true;
  BOOST_TEST(run({operation::sync}) == 2);
  BOOST_TEST(!std::filesystem::exists(folder / "new"));
  std::filesystem::create_directories(folder / "new");
  BOOST_TEST(run({operation::sync}) == 2);
  BOOST_TEST(std::filesystem::exists(folder / "new"));
  BOOST_TEST(!std::filesystem::exists(folder / "new/deep"));
}

BOOST_AUTO_TEST_CASE(a_copy_that_found_nothing_is_explained_too) {
  context.engine.copy = [this](const engine::copy_task&, engine::observer&) { return answer; };
  with.copy_from = bucket_url{"a", "one.mp3/"};
  BOOST_TEST(run({operation::sync}) == 0);
  BOOST_TEST(asked == (std::vector<std::string>{"one.mp3"}));
  BOOST_TEST(out.log.at(1) == "warning there is nothing below s3://a/one.mp3/");
  object = true;
  BOOST_TEST(run({operation::sync}) == 2);
  BOOST_TEST(out.last.how.stopped->message.starts_with("s3://a/one.mp3 is an object"));
  with.sync_names.include_globs = {"*.mp3"};  // it may well choose nothing
  BOOST_TEST(run({operation::sync}) == 0);
}

// A real run makes `DJ Music` before it looks at it again.
BOOST_AUTO_TEST_CASE(a_dry_run_knows_that_music_would_have_come) {
  std::filesystem::remove(folder / "DJ Music");
  with.dry_run = true;
  BOOST_TEST(run({operation::download_music, operation::upload_music}) == 0);
  const std::vector<std::string> expected = {"begin download_music",
                                             "warning there is nothing below s3://b/dj/music/",
                                             "end 0", "begin upload_music", "end 0"};
  BOOST_TEST(out.log == expected, boost::test_tools::per_element());
  BOOST_TEST(roots.size() == 1U);
  BOOST_TEST(run({operation::upload_music}) == 2);
}

BOOST_AUTO_TEST_CASE(tasks_say_what_the_settings_said) {
  with.store.place.prefix = "crew/";
  with.xml_root = "E:/";
  with.conflict = engine::on_conflict::newer_wins;
  with.upload_names.include_dirs = {"House"};
  with.download_names.exclude_dirs = {"New"};
  with.fsync = false;
  with.cache_folder = "/c";
  with.state_folder = "/s";
  with.store.name = "n";

  const auto up = plan_upload_music(with);
  BOOST_TEST((up.task.way == engine::direction::upload));
  BOOST_TEST(up.task.root == with.music_folder());
  BOOST_TEST(up.task.prefix == "crew/dj/music/");
  BOOST_TEST(up.task.names.include_dirs.size() == 1U);
  BOOST_TEST((up.task.conflict == engine::on_conflict::newer_wins));
  BOOST_TEST(!up.task.fsync);
  BOOST_TEST(!up.task.create_root);
  BOOST_TEST(up.task.cache_folder == "/c");
  BOOST_TEST(up.task.state_folder == "/s");
  BOOST_TEST(up.task.store_name == "n");
  BOOST_TEST(up.target == "s3://b/crew/dj/music/");

  const auto down = plan_download_music(with);
  BOOST_TEST((down.task.way == engine::direction::download));
  BOOST_TEST(down.task.create_root);
  BOOST_TEST(down.task.names.exclude_dirs.size() == 1U);
  BOOST_TEST(down.source == "s3://b/crew/dj/music/");

  const auto xml_up = plan_upload_xml(with);
  BOOST_TEST(xml_up.task.key == "crew/dj/xml/ann/rekordbox.xml");
  BOOST_TEST(xml_up.task.xml_root == "E:/");

  const auto xml_down = plan_download_xml(with, {"/Volumes/BOB"});
  BOOST_TEST(xml_down.task.folder_prefix == "crew/dj/xml/bob/");
  BOOST_TEST(xml_down.task.target_path == "/x/bob_rekordbox.xml");
  BOOST_TEST(xml_down.task.to_root == "E:/");
  BOOST_TEST(xml_down.task.library_root == with.usb_path);
  BOOST_TEST(xml_down.task.registered_roots.size() == 1U);

  with.way = engine::direction::download;
  with.local_folder = "/l";
  const auto sync = plan_sync(with);
  BOOST_TEST(sync.task.root == "/l");
  BOOST_TEST(sync.task.prefix == "crew/");
  BOOST_TEST(sync.target == "/l");
}

BOOST_AUTO_TEST_SUITE_END()
