#include "cli/settings/registered_users.hpp"

#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

using namespace beatsync::cli;
using beatsync::tests::read_file;
using beatsync::tests::temp_dir;

BOOST_AUTO_TEST_SUITE(registered_users_suite)

BOOST_AUTO_TEST_CASE(the_first_entry_makes_the_file) {
  const auto made = with_entry("", "ann", "/Volumes/ANN");
  BOOST_TEST(made.text.value() == "{\n  \"ann\": \"/Volumes/ANN\"\n}\n");
}

BOOST_AUTO_TEST_CASE(others_keep_their_order_and_values_one_per_line) {
  const auto made = with_entry(
      R"({"zoe": "/Z", "ann": "/old", "bob": ["E:/", "/Volumes/BOB"], "odd": {"x": [1, null]}})",
      "ann", "/new");
  BOOST_TEST(made.text.value() ==
             "{\n"
             "  \"zoe\": \"/Z\",\n"
             "  \"ann\": \"/new\",\n"
             "  \"bob\": [\"E:/\",\"/Volumes/BOB\"],\n"
             "  \"odd\": {\"x\":[1,null]}\n"
             "}\n");
  BOOST_TEST(with_entry(R"({"zoe": "/Z"})", "ann", "/A").text.value() ==
             "{\n  \"zoe\": \"/Z\",\n  \"ann\": \"/A\"\n}\n");
}

BOOST_AUTO_TEST_CASE(nothing_changes_where_nothing_changed) {
  const std::string upstream = "{\n  \"ann\": \"/Volumes/ANN/\"\n}";  // as its Python writes it
  BOOST_TEST(!with_entry(upstream, "ann", "/Volumes/ANN/").text.has_value());
  BOOST_TEST(!with_entry(upstream, "ann", "").text.has_value());  // an empty path overwrites none
}

BOOST_AUTO_TEST_CASE(lists_are_read_and_texts_are_written) {
  const std::string_view text = R"({"bob": ["E:/", "", 5, "/V"], "ann": "/A", "eve": 7})";
  BOOST_TEST(roots_in(text, "bob").roots == (std::vector<std::string>{"E:/", "/V"}));
  BOOST_TEST(roots_in(text, "ann").roots == (std::vector<std::string>{"/A"}));
  BOOST_TEST(roots_in(text, "eve").roots.empty());
  BOOST_TEST(roots_in(text, "nobody").roots.empty());
  BOOST_TEST(with_entry(text, "bob", "/W").text.value().find("\"bob\": \"/W\"") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_list_of_mine_that_has_the_root_stays) {
  const std::string_view text = R"({"ann": ["E:/", "/Volumes/ANN"], "bob": "/B"})";
  for (const char* root : {"E:/", "/Volumes/ANN"}) {
    const auto made = with_entry(text, "ann", root);
    BOOST_TEST(!made.text.has_value());
    BOOST_TEST(made.problem.empty());
  }
  BOOST_TEST(with_entry(text, "ann", "/mnt").text.value() ==
             "{\n  \"ann\": \"/mnt\",\n  \"bob\": \"/B\"\n}\n");
}

BOOST_AUTO_TEST_CASE(two_entries_of_mine_become_one) {
  BOOST_TEST(with_entry(R"({"ann": "/1", "bob": "/B", "ann": "/2"})", "ann", "/2").text.value() ==
             "{\n  \"ann\": \"/2\",\n  \"bob\": \"/B\"\n}\n");
  BOOST_TEST(roots_in(R"({"ann": "/1", "ann": "/2"})", "ann").roots ==
             (std::vector<std::string>{"/2"}));
}

BOOST_AUTO_TEST_CASE(names_and_roots_survive_their_escapes) {
  const auto made = with_entry(R"({"b\u00f6b \"x\"": "/\u00e4\\n"})", "an\"n", "E:\\DJ\\é");
  BOOST_TEST(made.text.value() ==
             "{\n  \"böb \\\"x\\\"\": \"/ä\\\\n\",\n  \"an\\\"n\": \"E:\\\\DJ\\\\é\"\n}\n");
  BOOST_TEST(roots_in(made.text.value(), "an\"n").roots.at(0) == "E:\\DJ\\é");
}

BOOST_AUTO_TEST_CASE(a_merge_conflict_is_named_and_left) {
  const std::string conflict =
      "{\n<<<<<<< HEAD\n  \"ann\": \"/a\"\n=======\n  \"bob\": \"/b\"\n>>>>>>> them\n}\n";
  const auto made = with_entry(conflict, "ann", "/x");
  BOOST_TEST(!made.text.has_value());
  BOOST_TEST(made.problem.find("merge conflict") != std::string::npos);
  BOOST_TEST(made.problem.starts_with("line 2:"));
}

BOOST_AUTO_TEST_CASE(a_file_in_utf16_is_named_and_left) {
  using namespace std::string_view_literals;
  for (const std::string_view text :
       {"\xff\xfe{\0}\0"sv, "\xfe\xff\0{\0}"sv, "{\0}\0"sv, "\0{\0}"sv}) {
    const auto made = with_entry(text, "ann", "/x");
    BOOST_TEST(!made.text.has_value());
    BOOST_TEST(made.problem == "line 1: the file is UTF-16: save it as UTF-8");
  }
}

BOOST_AUTO_TEST_CASE(a_file_cut_at_any_byte_is_left_as_it_is) {
  const temp_dir folder;
  const std::string whole = "{\n  \"ann\": \"/A\",\n  \"bob\": [\"E:/\", \"/B\"]\n}";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string part = whole.substr(0, size);
    const std::string file = folder.write("registered_users.json", part).string();
    const registration done = register_user(file, "ann", "/new");
    BOOST_TEST(!done.written);
    BOOST_TEST(!done.warning.empty());
    BOOST_TEST(read_file(file) == part);
    BOOST_TEST(read_roots(file, "bob").roots.empty());
  }
}

BOOST_AUTO_TEST_CASE(other_kinds_of_json_are_left_as_they_are) {
  for (const char* text : {"[]", "\"x\"", "5", "null", "{} {}", "not json"}) {
    BOOST_TEST(!with_entry(text, "ann", "/x").text.has_value());
    BOOST_TEST(!with_entry(text, "ann", "/x").problem.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_root_that_is_not_utf8_cannot_be_written) {
  BOOST_TEST(!with_entry("", "ann", "/\xff").problem.empty());
}

BOOST_AUTO_TEST_CASE(writing_leaves_no_other_file_and_keeps_the_mode) {
  const temp_dir folder;
  const std::string file = folder.write("registered_users.json", "{\"bob\": \"/B\"}").string();
  ::chmod(file.c_str(), 0640);
  BOOST_TEST(register_user(file, "ann", "/A").written);
  BOOST_TEST(read_file(file) == "{\n  \"bob\": \"/B\",\n  \"ann\": \"/A\"\n}\n");
  struct stat status{};
  BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777U) == 0640U);
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  BOOST_TEST(!register_user(file, "ann", "/A").written);
}

BOOST_AUTO_TEST_CASE(a_link_into_a_git_checkout_stays_a_link) {
  const temp_dir folder;
  const auto real = folder.write("checkout/registered_users.json", "{}");
  std::filesystem::create_directories(folder / "config");
  const auto link = folder / "config/registered_users.json";
  std::filesystem::create_symlink(real, link);
  BOOST_TEST(register_user(link.string(), "ann", "/A").written);
  BOOST_TEST(std::filesystem::is_symlink(link));
  BOOST_TEST(roots_in(read_file(real), "ann").roots.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_missing_file_has_no_roots_and_is_no_problem) {
  const temp_dir folder;
  const registered_roots none = read_roots((folder / "registered_users.json").string(), "ann");
  BOOST_TEST(none.roots.empty());
  BOOST_TEST(none.problem.empty());
  BOOST_TEST(read_roots("", "ann").problem.empty());
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_a_warning) {
  const temp_dir folder;
  const registration done =
      register_user((folder / "no/registered_users.json").string(), "a", "/A");
  BOOST_TEST(!done.written);
  BOOST_TEST(done.warning.find("was not recorded") != std::string::npos);
  if (::geteuid() == 0) return;  // root writes everywhere
  std::filesystem::create_directories(folder / "ro");
  ::chmod((folder / "ro").c_str(), 0500);
  BOOST_TEST(!register_user((folder / "ro/registered_users.json").string(), "a", "/A").written);
}

BOOST_AUTO_TEST_CASE(it_stands_beside_the_config) {
  BOOST_TEST(registered_users_path("/c/config.json") == "/c/registered_users.json");
  BOOST_TEST(registered_users_path("").empty());
}

BOOST_AUTO_TEST_SUITE_END()
