#include "engine/transfer/target_folders.hpp"

#include "tests/support/memory_file_system.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <memory>
#include <string>
#include <string_view>

using namespace beatsync::engine;
using namespace beatsync::tests;

namespace {

struct stick {
  explicit stick(bool durable = true, memory_file_settings settings = {}) : files(settings) {
    files.add_folder("/usb/old");
    root = *files.open_root("/usb");
    folders = std::make_unique<target_folders>(root.get(), durable);
  }

  /// What a file in `path` has the disk flush, in this order.
  std::string flushed_for(std::string_view path) {
    const auto made = folders->make(path);
    BOOST_REQUIRE(made);
    return flush(path, **made);
  }

  std::string flush(std::string_view path, folder& handle) {
    const auto before = files.events().size();
    const auto result = folders->flush(path, handle);
    std::string all = result.has_value() ? "" : "failed: ";
    const auto events = files.events();
    for (std::size_t i = before; i < events.size(); ++i) {
      if (events[i].operation == "sync_folder") all += events[i].path + " ";
    }
    return all;
  }

  memory_file_system files;
  std::unique_ptr<folder> root;
  std::unique_ptr<target_folders> folders;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(target_folder_flushes)

BOOST_AUTO_TEST_CASE(a_new_folder_is_flushed_with_those_that_lead_to_it) {
  stick usb;
  BOOST_TEST(usb.flushed_for("old") == "/usb/old ");
  BOOST_TEST(usb.flushed_for("old/a/b") == "/usb/old/a/b /usb/old/a /usb/old ");
  BOOST_TEST(usb.flushed_for("new") == "/usb/new /usb ");
  BOOST_TEST(usb.flushed_for("") == "/usb ");
}

BOOST_AUTO_TEST_CASE(but_once) {
  stick usb;
  usb.flushed_for("a/b");
  BOOST_TEST(usb.flushed_for("a/b") == "/usb/a/b ");
  BOOST_TEST(usb.flushed_for("a/c") == "/usb/a/c /usb/a ");
}

BOOST_AUTO_TEST_CASE(whoever_did_not_make_it_waits_for_it_all_the_same) {
  stick usb;
  const auto by_another = usb.folders->make("a/b");
  BOOST_TEST(usb.flushed_for("a/b") == "/usb/a/b /usb/a /usb ");
  BOOST_TEST(usb.flush("a/b", **by_another) == "/usb/a/b ");
}

BOOST_AUTO_TEST_CASE(a_flush_that_fails_is_due_again) {
  stick usb;
  usb.files.set_script([](const fs_event& e) {
    return e.operation == "sync_folder" && e.path == "/usb/a" ? EIO : 0;
  });
  BOOST_TEST(usb.flushed_for("a/b") == "failed: /usb/a/b /usb/a ");
  usb.files.set_script([](const fs_event&) { return 0; });
  BOOST_TEST(usb.flushed_for("a/b") == "/usb/a/b /usb/a /usb ");
}

BOOST_AUTO_TEST_CASE(what_was_made_before_a_failure_is_flushed_with_the_next_file) {
  stick usb;
  usb.files.set_script([](const fs_event& e) {
    return e.operation == "make_folder" && e.path == "/usb/a/b" ? ENOSPC : 0;
  });
  BOOST_TEST(usb.folders->make("a/b").error().code == ENOSPC);
  BOOST_TEST(usb.flushed_for("a") == "/usb/a /usb ");
}

BOOST_AUTO_TEST_CASE(a_folder_made_during_a_flush_has_one_of_its_own) {
  stick usb;
  const auto first = usb.folders->make("a");
  usb.files.set_script([&, once = std::make_shared<bool>(false)](const fs_event& e) {
    if (e.operation == "sync_folder" && e.path == "/usb" && !std::exchange(*once, true)) {
      BOOST_TEST(usb.folders->make("b").has_value());
    }
    return 0;
  });
  BOOST_TEST(usb.flush("a", **first) == "/usb/a /usb ");
  BOOST_TEST(usb.flushed_for("b") == "/usb/b /usb ");
}

BOOST_AUTO_TEST_CASE(nothing_is_kept_in_mind_where_nothing_is_flushed) {
  stick usb(false);
  const auto made = usb.folders->make("a/b");
  BOOST_TEST(usb.flush("a/b", **made) == "/usb/a/b ");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(folders_of_a_stick_that_merges_names)

namespace {

struct exfat_like : stick {
  explicit exfat_like(memory_file_settings settings = {.merges_case = true})
      : stick(true, settings) {}

  /// Empty, or the folder that is there instead.
  std::string instead_of(std::string_view path) {
    const auto made = folders->make(path);
    if (made.has_value()) return "";
    BOOST_TEST(made.error().code == ENOTUNIQ);
    return made.error().path;
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(another_spelling_of_a_folder_is_another_folder) {
  exfat_like usb;
  usb.files.add_folder("/usb/House/Deep");
  BOOST_TEST(usb.instead_of("house") == "/usb/House");
  BOOST_TEST(usb.instead_of("house/New") == "/usb/House");
  BOOST_TEST(usb.instead_of("House/deep/x") == "/usb/House/Deep");
  BOOST_TEST(!usb.files.find("/usb/House/New"));
  BOOST_TEST(usb.instead_of("House/Deep") == "");
  BOOST_TEST(usb.instead_of("House/New") == "");
}

BOOST_AUTO_TEST_CASE(also_of_one_that_this_run_has_made) {
  exfat_like usb;
  BOOST_TEST(usb.instead_of("Techno/A") == "");
  BOOST_TEST(usb.instead_of("techno/B") == "/usb/Techno");
  BOOST_TEST(usb.instead_of("Techno/B") == "");
}

BOOST_AUTO_TEST_CASE(also_of_one_that_another_thread_makes_meanwhile) {
  exfat_like usb;
  usb.files.set_script([&, once = std::make_shared<bool>(false)](const fs_event& e) {
    if (e.operation == "make_folder" && !std::exchange(*once, true)) {
      BOOST_TEST(usb.instead_of("House") == "");
    }
    return 0;
  });
  BOOST_TEST(usb.instead_of("house") == "/usb/House");
}

BOOST_AUTO_TEST_CASE(but_not_another_normal_form) {
  exfat_like usb({.merges_forms = true});
  usb.files.add_folder("/usb/Cafe\u0301");
  BOOST_TEST(usb.instead_of("Caf\u00e9") == "");
}

BOOST_AUTO_TEST_CASE(each_folder_is_looked_up_once) {
  exfat_like usb;
  usb.files.add_folder("/usb/House");
  BOOST_TEST(usb.instead_of("House") == "");
  const auto before = usb.files.events().size();
  BOOST_TEST(usb.instead_of("House") == "");
  const auto events = usb.files.events();
  for (auto i = before; i < events.size(); ++i) BOOST_TEST(events[i].operation != "list");
}

BOOST_AUTO_TEST_CASE(names_without_letters_are_not_looked_up) {
  exfat_like usb;
  usb.files.add_folder("/usb/2024/12");
  BOOST_TEST(usb.instead_of("2024/12") == "");
  for (const auto& event : usb.files.events()) BOOST_TEST(event.operation != "list");
}

BOOST_AUTO_TEST_CASE(a_file_system_that_tells_them_apart_is_asked_once) {
  stick usb;
  usb.files.add_folder("/usb/House");
  usb.files.add_folder("/usb/house");
  BOOST_TEST(usb.folders->make("old").has_value());
  const auto before = usb.files.events().size();
  BOOST_TEST(usb.folders->make("House").has_value());
  BOOST_TEST(usb.folders->make("house").has_value());
  BOOST_TEST(usb.folders->make("HOUSE").has_value());
  BOOST_TEST(usb.files.find("/usb/HOUSE").has_value());
  const auto events = usb.files.events();
  for (auto i = before; i < events.size(); ++i) {
    BOOST_TEST(events[i].operation != "list");
    BOOST_TEST(events[i].operation != "status_of");
  }
}

BOOST_AUTO_TEST_SUITE_END()
