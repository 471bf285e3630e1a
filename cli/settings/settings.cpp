#include "cli/settings/settings.hpp"

#include "cli/settings/name_lists.hpp"
#include "cli/settings/plan_settings.hpp"
#include "cli/settings/setting_sources.hpp"
#include "cli/settings/user_name.hpp"
#include "engine/collection/collection.hpp"
#include "s3/printable.hpp"

#include <algorithm>
#include <charconv>

namespace beatsync::cli {

namespace {

bool wants(const settings& s, operation what) {
  return std::ranges::find(s.operations, what) != s.operations.end();
}

operation operation_of(command what) {
  switch (what) {
    case command::rewrite_xml:
      return operation::rewrite_xml;
    case command::plan:
      return operation::plan;
    case command::apply:
      return operation::apply;
    case command::status:
      return operation::status;
    default:
      return operation::sync;
  }
}

class maker {
 public:
  maker(const options& given, const config_file& config, const surroundings& around)
      : given_(given),
        config_(config),
        around_(around),
        config_name_(config.path.empty() ? usual_config(around) : config.path),
        sources_(around, config_name_) {}

  result<settings> make() {
    for (const auto step : {&maker::what_to_do, &maker::common, &maker::store, &maker::people,
                            &maker::paths, &maker::names, &maker::conflicts, &maker::two_places,
                            &maker::plan, &maker::two_files, &maker::naming}) {
      if (const auto done = (this->*step)(); !done) return done.error();
    }
    return std::move(into_);
  }

 private:
  bool dj() const { return given_.what == command::operations; }

  result<void> what_to_do() {
    if (!dj()) {
      into_.operations = {operation_of(given_.what)};
      return {};
    }
    if (!given_.operations.empty() && given_.sync_operations) {
      return usage_error{
          "operations were given as words and by --sync-operations: give them in one way."};
    }
    into_.operations = given_.operations;
    if (!into_.operations.empty()) return {};

    auto listed =
        sources_.list("SYNC_OPERATIONS", given_.sync_operations, config_.values.sync_operations);
    for (const std::string& name : listed.value_or(text_list())) {
      const auto what = operation_from(name);
      if (!what) {
        return usage_error{"SYNC_OPERATIONS: there is no operation `" + s3::printable(name) +
                           "`. There are upload_music, download_music, upload_xml and "
                           "download_xml."};
      }
      into_.operations.push_back(*what);
    }
    if (into_.operations.empty()) {
      return usage_error{
          "there is nothing to do: name an operation (upload_music, download_music, upload_xml, "
          "download_xml), as in `beatsync upload_music`, or list some as " +
          sources_.in_config("SYNC_OPERATIONS") + ". `beatsync --help` shows more."};
    }
    return {};
  }

  result<void> common() {
    if (config_.is_kept) into_.config_path = config_.path;
    into_.cache_folder = own_folder("XDG_CACHE_HOME", "/.cache");
    into_.state_folder = own_folder("XDG_STATE_HOME", "/.local/state");
    into_.allow_unmatched = given_.allow_unmatched;
    into_.dry_run = given_.dry_run;
    into_.fsync = !given_.no_fsync;
    into_.verbose = given_.verbose;
    into_.quiet = given_.quiet;
    into_.json = given_.json;
    if (!dj()) return {};
    if (const auto dir = sources_.text("LOG_DIR", given_.log_dir, config_.values.log_dir)) {
      into_.warnings.push_back(dir->source + " does nothing yet: no log files are written.");
    }
    if (const auto url = sources_.text("DISCORD_URL", std::nullopt, config_.values.discord_url)) {
      into_.warnings.push_back(url->source + " does nothing yet: nobody is told on Discord.");
    }
    return {};
  }

  /// https://specifications.freedesktop.org/basedir-spec/latest/: relative ones are ignored.
  std::string own_folder(const char* variable, const char* below_home) const {
    const std::string named = around_.variable(variable).value_or("");
    if (named.starts_with('/')) return named + "/beatsync";
    return around_.home.empty() ? std::string() : around_.home + below_home + "/beatsync";
  }

  /// Two stores that hold buckets of one name are told apart as far as this side can see.
  result<void> naming() {
    store_settings& store = into_.store;
    std::string url = store.endpoint_url;
    if (url.empty()) url = around_.variable("AWS_ENDPOINT_URL_S3").value_or("");
    if (url.empty()) url = around_.variable("AWS_ENDPOINT_URL").value_or("");
    if (url.empty()) url = store.configured_endpoint_url;
    if (url.empty()) url = "profile:" + store.profile;
    store.name = url + "/" + store.place.bucket;
    return {};
  }

  result<void> store() {
    if (given_.what == command::rewrite_xml) return {};
    store_settings& store = into_.store;
    const config_values& config = config_.values;
    if (dj()) {
      const auto url = sources_.text("BUCKET_URL", given_.bucket_url, config.bucket_url);
      if (!url) return missing_bucket();
      auto place = parse_bucket_url(url->value, url->source);
      if (!place) return place.error();
      store.place = std::move(*place);
    }

    const std::optional<std::string> none;
    if (const auto url = sources_.text("ENDPOINT_URL", given_.endpoint_url, none)) {
      store.endpoint_url = url->value;
      store.endpoint_source = url->source;
    }
    if (const auto region = sources_.text("REGION", given_.region, none)) {
      store.region = region->value;
    }
    store.configured_endpoint_url = config.endpoint_url.value_or("");
    store.configured_region = config.region.value_or("");
    if (const auto bundle = sources_.text("CA_BUNDLE", given_.ca_bundle, none)) {
      store.ca_bundle = around_.absolute(bundle->value);
      store.ca_bundle_source = bundle->source;
    }
    profile();
    if (const auto styled = addressing_style(); !styled) return styled.error();
    return transfers();
  }

  std::string config_in_words() const {
    return config_name_.empty() ? "config.json" : s3::printable(config_name_);
  }

  usage_error missing_bucket() const {
    return {"no bucket is named: write \"BUCKET_URL\": \"s3://your-bucket\" into " +
            config_in_words() +
            ", or give --bucket-url. (The upstream tool always used s3://dj.beatcloud.com; if that "
            "is your beatcloud, say so there.)"};
  }

  void profile() {
    auto chosen = sources_.text("AWS_PROFILE", given_.aws_profile, std::nullopt);
    if (!chosen) chosen = sources_.text("PROFILE", std::nullopt, std::nullopt);
    if (chosen) return choose_profile(chosen->value);
    const std::string configured = config_.values.aws_profile.value_or("");
    // The upstream tool's template has DEFAULT there, and means no choice by it.
    const bool chooses = !configured.empty() && configured != "DEFAULT" && configured != "default";
    const bool named = around_.variable("AWS_DEFAULT_PROFILE") || around_.variable("AWS_PROFILE");
    if (chooses && !named) choose_profile(configured);
  }

  void choose_profile(const std::string& name) {
    into_.store.profile = name;
    into_.store.profile_is_explicit = true;
  }

  result<void> addressing_style() {
    const auto style = sources_.text("ADDRESSING_STYLE", given_.addressing_style, std::nullopt);
    if (!style || style->value == "auto") return {};
    if (style->value == "path") {
      into_.store.style = addressing::path;
    } else if (style->value == "virtual") {
      into_.store.style = addressing::virtual_hosted;
    } else {
      return usage_error{style->source + " is `" + s3::printable(style->value) +
                         "`: expected auto, path or virtual."};
    }
    return {};
  }

  result<void> transfers() {
    const auto text = sources_.text("TRANSFERS", given_.transfers, std::nullopt);
    if (!text) return {};
    std::size_t count = 0;
    const char* end = text->value.data() + text->value.size();
    const auto [last, failed] = std::from_chars(text->value.data(), end, count);
    if (failed != std::errc() || last != end || count < 1 || count > ceiling_of_transfers) {
      return usage_error{text->source + " is `" + s3::printable(text->value) +
                         "`: expected a number from 1 to " + std::to_string(ceiling_of_transfers) +
                         "."};
    }
    into_.store.transfers = count;
    into_.store.most_transfers = count;
    return {};
  }

  result<void> people() {
    if (!dj()) return {};
    auto user = sources_.text("USER", given_.user, config_.values.user);
    if (!user) {
      if (around_.user_name.empty()) {
        return usage_error{"the operating system does not tell your user name: write it as " +
                           sources_.in_config("USER") + ", or give --user."};
      }
      user = sourced_text{around_.user_name, "USER (your name on this machine)"};
    }
    if (const auto fine = check_user_name(user->value, user->source); !fine) return fine.error();
    into_.user = user->value;

    const auto friends =
        sources_.text("XML_IMPORT_USER", given_.xml_import_user, config_.values.xml_import_user);
    if (friends) {
      const auto fine = check_user_name(friends->value, friends->source);
      if (!fine) return fine.error();
      into_.xml_import_user = friends->value;
    } else if (wants(into_, operation::download_xml)) {
      return usage_error{
          "download_xml does not know whose XML to bring: write the name of another DJ of your "
          "beatcloud as " +
          sources_.in_config("XML_IMPORT_USER") + ", or give --xml-import-user."};
    }
    return {};
  }

  result<void> paths() {
    if (!dj()) return {};
    const auto usb = sources_.text("USB_PATH", given_.usb_path, config_.values.usb_path);
    if (usb) {
      into_.usb_path = around_.absolute(usb->value);
      into_.usb_path_source = usb->source;
    } else if (wants(into_, operation::upload_music) || wants(into_, operation::download_music)) {
      return usage_error{"where is the stick? Write its folder as " +
                         sources_.in_config("USB_PATH") +
                         " (the music is in its folder `DJ Music`), or give --usb-path."};
    }

    const bool xml = wants(into_, operation::upload_xml) || wants(into_, operation::download_xml);
    if (const auto path = sources_.text("XML_PATH", given_.xml_path, config_.values.xml_path)) {
      into_.xml_path = around_.absolute(path->value);
      into_.xml_path_source = path->source;
    } else if (xml) {
      return usage_error{"where is your rekordbox XML? Write its path as " +
                         sources_.in_config("XML_PATH") + ", or give --xml-path."};
    }

    const auto root = sources_.text("XML_ROOT", given_.xml_root, config_.values.xml_root);
    if (root) {
      const bool of_home = root->value == "~" || root->value.starts_with("~/");
      into_.xml_root = of_home ? around_.absolute(root->value) : root->value;
      if (const auto fine = check_root(into_.xml_root, root->source); !fine) return fine.error();
    } else {
      into_.xml_root = into_.usb_path;
    }
    if (xml && into_.xml_root.empty()) {
      return usage_error{
          "where does rekordbox see the stick? Write USB_PATH, or XML_ROOT where that "
          "differs, into " +
          config_in_words() + ", or give --usb-path or --xml-root."};
    }
    into_.import_root = given_.import_root.value_or("");
    if (!into_.import_root.empty()) return check_root(into_.import_root, "--import-root");
    return {};
  }

  static result<void> check_root(const std::string& text, std::string_view what) {
    const auto root = xml::root::parse(text);
    if (root) return {};
    return usage_error{std::string(what) + " is `" + s3::printable(text) +
                       "`: " + s3::printable(root.error().message) + "."};
  }

  result<void> names() {
    if (dj()) {
      const config_values& c = config_.values;
      const auto up_in =
          sources_.list("UPLOAD_INCLUDE_DIRS", given_.upload_include_dirs, c.upload_include_dirs);
      const auto up_out =
          sources_.list("UPLOAD_EXCLUDE_DIRS", given_.upload_exclude_dirs, c.upload_exclude_dirs);
      const auto down_in = sources_.list("DOWNLOAD_INCLUDE_DIRS", given_.download_include_dirs,
                                         c.download_include_dirs);
      const auto down_out = sources_.list("DOWNLOAD_EXCLUDE_DIRS", given_.download_exclude_dirs,
                                          c.download_exclude_dirs);
      const std::string library = into_.usb_path.empty() ? "" : into_.music_folder() + "/";
      auto up = name_lists("UPLOAD", up_in, up_out, library, config_.path);
      if (!up) return up.error();
      auto down = name_lists("DOWNLOAD", down_in, down_out, library, config_.path);
      if (!down) return down.error();
      into_.upload_names = std::move(*up);
      into_.download_names = std::move(*down);
    }
    for (engine::selection* names :
         {&into_.upload_names, &into_.download_names, &into_.sync_names}) {
      names->include_globs = given_.include;
      names->exclude_globs = given_.exclude;
    }
    return {};
  }

  result<void> conflicts() {
    using engine::on_conflict;
    // `sync` takes from the config only how to reach the store.
    const auto config = dj() ? config_.values.aws_use_date_modified : std::nullopt;
    const auto dates =
        sources_.truth("AWS_USE_DATE_MODIFIED", given_.aws_use_date_modified, config, false);
    if (!dates) return dates.error();
    into_.conflict = dj() ? on_conflict::leave : on_conflict::source_wins;
    if (*dates && !given_.size_only) into_.conflict = on_conflict::newer_wins;
    if (given_.overwrite) into_.conflict = on_conflict::source_wins;
    if (given_.no_overwrite) into_.conflict = on_conflict::leave;
    return {};
  }

  result<void> two_places() {
    if (given_.what != command::sync && given_.what != command::plan) return {};
    const bool from_bucket = is_bucket_url(given_.source);
    const bool to_bucket = is_bucket_url(given_.target);
    const auto source = from_bucket ? result<void>() : check_folder_name(given_.source, "SRC");
    if (!source) return source;
    const auto target = to_bucket ? result<void>() : check_folder_name(given_.target, "DST");
    if (!target) return target;
    if (!from_bucket && !to_bucket) {
      return usage_error{
          "SRC and DST are both on this machine: one of them has to be "
          "s3://bucket or s3://bucket/prefix."};
    }
    into_.way = to_bucket ? engine::direction::upload : engine::direction::download;
    auto place =
        to_bucket ? parse_bucket_url(given_.target, "DST") : parse_bucket_url(given_.source, "SRC");
    if (!place) return place.error();
    into_.store.place = std::move(*place);
    if (from_bucket && to_bucket) return two_buckets();
    into_.local_folder = around_.absolute(from_bucket ? given_.target : given_.source);
    return {};
  }

  result<void> two_buckets() {
    auto from = parse_bucket_url(given_.source, "SRC");
    if (!from) return from.error();
    if (within(*from, into_.store.place) || within(into_.store.place, *from)) {
      return usage_error{"SRC and DST are one within the other: " + from->text() + " and " +
                         into_.store.place.text() + ". Copies would be copied again."};
    }
    if (into_.conflict == engine::on_conflict::newer_wins) {
      return usage_error{
          "--aws-use-date-modified means nothing between two buckets, where sizes decide: leave it "
          "out, or give --no-overwrite."};
    }
    into_.copy_from = std::move(*from);
    return {};
  }

  result<void> plan() { return take_plan(given_, around_, into_); }

  result<void> two_files() {
    if (given_.what != command::rewrite_xml) return {};
    for (const std::string* name : {&given_.source, &given_.target}) {
      if (!name->ends_with('/')) continue;
      return usage_error{std::string(name == &given_.source ? "IN" : "OUT") + " is `" +
                         s3::printable(*name) + "`, which names a folder: name a file."};
    }
    const auto file = [&](const std::string& name) {
      return name == "-" ? name : around_.absolute(name);
    };
    into_.input = file(given_.source);
    into_.output = file(given_.target);
    into_.from_roots = given_.from_roots;
    into_.to_root = given_.to_root;
    for (const std::string& root : into_.from_roots) {
      if (const auto fine = check_root(root, "--from"); !fine) return fine;
    }
    return check_root(into_.to_root, "--to");
  }

  const options& given_;
  const config_file& config_;
  const surroundings& around_;
  const std::string config_name_;  ///< that is read, or where one is to be written
  const setting_sources sources_;
  settings into_;
};

}  // namespace

std::string settings::import_target() const {
  const std::size_t slash = xml_path.rfind('/');
  return xml_path.substr(0, slash + 1) + xml_import_user + "_rekordbox.xml";
}

result<settings> make_settings(const options& given, const config_file& config,
                               const surroundings& around) {
  return maker(given, config, around).make();
}

}  // namespace beatsync::cli
