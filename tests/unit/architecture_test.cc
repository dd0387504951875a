#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/base/text.h"
#include "tests/support/test_data.h"

namespace gate {
namespace {

namespace fs = std::filesystem;

// Third-party code that a folder may use, and in how many of its files.
struct Library {
  std::string_view name;
  std::size_t most_files = 0;  // 0: any number
  bool headers_too = false;    // otherwise only .cc files may include it
};

// One folder of the tree: what it may include beside itself. A folder below it without a row of
// its own obeys this one.
struct Row {
  std::string_view folder;
  std::vector<std::string_view> may_include;
  std::vector<Library> libraries = {};
};

const std::vector<std::string_view> kAllOfGate = {"gate/base",   "gate/ports",   "gate/policy", "gate/schema",
                                                  "gate/slo",    "gate/testing", "gate/load",   "gate/render",
                                                  "gate/checks", "gate/cli"};

std::vector<std::string_view> all_of_gate_and(std::vector<std::string_view> more) {
  more.insert(more.end(), kAllOfGate.begin(), kAllOfGate.end());
  return more;
}

const std::vector<std::string_view> kServerIncludes =
    all_of_gate_and({"server", "canary/rollout", "canary/traffic", "exemptions"});

const std::vector<Row> kTable = {
    {"gate/base", {}, {{"OpenSSL", 1}, {"fmt's implementation", 1}, {"Boost.System", 0, true}}},
    {"gate/ports", {"gate/base"}},
    {"gate/policy", {"gate/base"}},
    {"gate/slo", {"gate/base"}},
    {"gate/testing", {"gate/base"}},
    {"gate/schema",
     {"gate/base"},
     {{"Boost.JSON", 0, true}, {"Boost.JSON's implementation", 1}, {"PCRE2", 1}}},
    {"gate/load",
     {"gate/base", "gate/policy", "gate/schema", "gate/slo", "gate/testing"},
     {{"Boost.JSON", 0, true}, {"intrinsics"}, {"toml++", 1}, {"expat", 1}, {"libyaml", 1}, {"zlib", 1}}},
    {"gate/render", {"gate/base", "gate/policy", "gate/testing", "gate/slo"}, {{"Boost.JSON"}}},
    {"gate/platform", {"gate/base", "gate/ports"}, {{"libcurl", 1}, {"POSIX"}}},
    {"gate/checks",
     {"gate/base", "gate/ports", "gate/policy", "gate/schema", "gate/slo", "gate/testing", "gate/load"}},
    {"gate/cli", {"gate/base", "gate/ports", "gate/policy", "gate/load", "gate/render"}, {{"CLI11", 1}}},
    {"gate/schema_validate", kAllOfGate},
    {"gate/schema_registry", kAllOfGate},
    {"gate/test_summary", kAllOfGate},
    {"gate/slo_evaluate", kAllOfGate},
    {"gate/gate_run", kAllOfGate},
    {"gate/gate_comment", kAllOfGate},
    {"exemptions", kAllOfGate},
    {"canary/rollout", {"gate/base", "gate/policy", "gate/slo"}, {{"Boost.JSON"}}},
    {"canary/traffic", {"canary/rollout", "gate/base", "gate/ports"}, {{"POSIX"}}},
    {"canary/client", all_of_gate_and({"canary/rollout", "canary/traffic"})},
    {"server", kServerIncludes, {{"Boost.JSON"}}},
    {"server/observe", kServerIncludes, {{"spdlog", 1}, {"prometheus-cpp", 1}, {"POSIX"}}},
    {"server/http", kServerIncludes, {{"Boost.JSON"}, {"Beast and Asio"}, {"OpenSSL"}, {"POSIX"}}},
    {"server/store", kServerIncludes, {{"Boost.JSON"}, {"SOCI"}, {"POSIX"}}},
    {"server/auth", kServerIncludes, {{"Boost.JSON"}, {"OpenSSL"}}},
};

// How an include line names a library: by its first characters. The first row that fits counts.
struct Spelling {
  std::string_view prefix;
  std::string_view library;
};

constexpr Spelling kSpellings[] = {
    {"fmt/format-inl.h", "fmt's implementation"},
    {"fmt/", "fmt"},
    {"boost/json/src.hpp", "Boost.JSON's implementation"},
    {"boost/json", "Boost.JSON"},
    {"boost/beast", "Beast and Asio"},
    {"boost/asio", "Beast and Asio"},
    {"boost/system/", "Boost.System"},
    {"boost/assert/source_location.hpp", "Boost.System"},
    {"openssl/", "OpenSSL"},
    {"pcre2.h", "PCRE2"},
    {"toml++/", "toml++"},
    {"expat.h", "expat"},
    {"yaml.h", "libyaml"},
    {"zlib.h", "zlib"},
    {"CLI/", "CLI11"},
    {"curl/", "libcurl"},
    {"soci/", "SOCI"},
    {"spdlog/", "spdlog"},
    {"prometheus/", "prometheus-cpp"},
    {"emmintrin.h", "intrinsics"},
    {"immintrin.h", "intrinsics"},
    {"sys/", "POSIX"},
    {"arpa/", "POSIX"},
    {"netinet/", "POSIX"},
    {"dirent.h", "POSIX"},
    {"fcntl.h", "POSIX"},
    {"netdb.h", "POSIX"},
    {"poll.h", "POSIX"},
    {"pthread.h", "POSIX"},
    {"signal.h", "POSIX"},
    {"spawn.h", "POSIX"},
    {"unistd.h", "POSIX"},
};

// The library of `<header>`; empty for the standard library, the header itself for a stranger.
std::string_view library_of(std::string_view header) {
  for (const Spelling& spelling : kSpellings) {
    if (header.starts_with(spelling.prefix)) return spelling.library;
  }
  const bool standard = header.find_first_of("./") == std::string_view::npos;
  return standard ? std::string_view{} : header;
}

struct SourceFile {
  std::string path;  // from the repository's root
  std::string text;
};

std::string folder_of(std::string_view path) {
  return std::string{path.substr(0, path.rfind('/'))};
}
bool is_main(std::string_view path) {
  return path.ends_with("/main.cc");
}

// The most special row whose folder holds `folder`, or nullptr.
const Row* row_of(std::string_view folder) {
  const Row* best = nullptr;
  for (const Row& row : kTable) {
    const bool holds = folder == row.folder || folder.starts_with(fmt::format("{}/", row.folder));
    if (holds && (best == nullptr || row.folder.size() > best->folder.size())) best = &row;
  }
  return best;
}

// What stands between the delimiters of an include line, with its opening one; else empty.
std::string_view included(std::string_view line) {
  line = trim(line);
  if (line.empty() || line.front() != '#') return {};
  line = trim(line.substr(1));
  if (!line.starts_with("include")) return {};
  line = trim(line.substr(7));
  const std::size_t end = line.find_first_of(">\"", 1);
  return end == std::string_view::npos ? std::string_view{} : line.substr(0, end);
}

// Reads include lines of many files and collects what breaks the table.
class Inspector {
 public:
  explicit Inspector(std::set<std::string> known) : known_(std::move(known)) {}

  void inspect(const SourceFile& file) {
    const Row* row = row_of(folder_of(file.path));
    if (row == nullptr) {
      fault(file, "its folder has no row in the table");
      return;
    }
    for (const std::string_view line : split(file.text, '\n')) {
      const std::string_view name = included(line);
      if (name.starts_with('"')) inspect_own(file, *row, name.substr(1));
      if (name.starts_with('<')) inspect_foreign(file, *row, name.substr(1));
    }
    inspect_threads(file);
  }

  // Faults of single files, then libraries in more files of a folder than its row allows.
  std::vector<std::string> faults() const {
    std::vector<std::string> all = faults_;
    for (const auto& [use, files] : users_) {
      if (files.size() <= use.most) continue;
      all.push_back(fmt::format("{}: {} in {} files, allowed in {}: {}", use.folder, use.library,
                                files.size(), use.most, fmt::join(files, ", ")));
    }
    return all;
  }

 private:
  struct Use {
    std::string_view folder;
    std::string_view library;
    std::size_t most;
    auto operator<=>(const Use&) const = default;
  };

  void fault(const SourceFile& file, std::string_view what) {
    faults_.push_back(fmt::format("{}: {}", file.path, what));
  }

  void inspect_own(const SourceFile& file, const Row& row, std::string_view header) {
    if (!known_.contains(std::string{header})) {
      fault(file, fmt::format("\"{}\" is not a file of the repository, written from its root", header));
      return;
    }
    const std::string folder = folder_of(header);
    if (folder == "gate/platform" && is_main(file.path)) return;
    const Row* target = row_of(folder);
    if (target == &row) return;
    const bool allowed =
        target != nullptr && std::count(row.may_include.begin(), row.may_include.end(), target->folder) > 0;
    const bool within_server = row.folder.starts_with("server") && folder.starts_with("server");
    if (!allowed && !within_server) fault(file, fmt::format("{} may not include {}", row.folder, header));
  }

  void inspect_foreign(const SourceFile& file, const Row& row, std::string_view header) {
    const std::string_view library = library_of(header);
    if (library.empty()) return;
    const bool is_header = file.path.ends_with(".h");
    if (library == "fmt") {
      if (is_header) fault(file, fmt::format("<{}> belongs into a .cc file", header));
      return;
    }
    const auto allowed = std::find_if(row.libraries.begin(), row.libraries.end(),
                                      [&](const Library& candidate) { return candidate.name == library; });
    if (allowed == row.libraries.end()) {
      fault(file, fmt::format("{} may not include <{}>", row.folder, header));
    } else if (is_header && !allowed->headers_too) {
      fault(file, fmt::format("<{}> belongs into a .cc file", header));
    } else if (allowed->most_files > 0) {
      users_[Use{row.folder, library, allowed->most_files}].insert(file.path);
    }
  }

  void inspect_threads(const SourceFile& file) {
    const bool may_start = file.path.starts_with("gate/base/parallel.") || file.path.starts_with("server/") ||
                           is_main(file.path);
    if (may_start) return;
    for (const std::string_view start : {"std::thread", "std::jthread", "std::async", "pthread_create"}) {
      if (file.text.find(start) != std::string::npos)
        fault(file, fmt::format("{}: threads start in gate/base/parallel.h", start));
    }
  }

  std::set<std::string> known_;
  std::vector<std::string> faults_;
  std::map<Use, std::set<std::string>> users_;
};

// `x.h.in` becomes `x.h` in the build folder, under the same path.
std::string without_template(const std::string& path) {
  return path.ends_with(".in") ? path.substr(0, path.size() - 3) : path;
}

std::vector<std::string> faults_of(const std::vector<SourceFile>& files) {
  std::set<std::string> known;
  for (const SourceFile& file : files) known.insert(without_template(file.path));
  Inspector inspector{std::move(known)};
  for (const SourceFile& file : files) inspector.inspect(file);
  return inspector.faults();
}

bool is_generated(const fs::path& name) {
  return name == "build" || name == "out" || name == "node_modules" || name == ".git";
}

// Every file below `top` for which `wanted` holds, sorted.
template <class Wanted>
std::vector<SourceFile> files_below(const fs::path& top, Wanted wanted) {
  std::vector<SourceFile> files;
  if (!fs::exists(top)) return files;
  for (auto entry = fs::recursive_directory_iterator{top}; entry != fs::recursive_directory_iterator{};
       ++entry) {
    if (is_generated(entry->path().filename())) entry.disable_recursion_pending();
    if (!entry->is_regular_file() || !wanted(entry->path())) continue;
    files.push_back(
        {fs::relative(entry->path(), test::source_dir()).generic_string(), test::contents_of(entry->path())});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

bool is_source(const fs::path& path) {
  return path.extension() == ".h" || path.extension() == ".cc" || path.string().ends_with(".h.in");
}

TEST(Architecture, EveryIncludeKeepsToTheTable) {
  std::vector<SourceFile> files;
  for (const char* top : {"gate", "canary", "exemptions", "server"}) {
    for (SourceFile& file : files_below(test::source_dir() / top, is_source))
      files.push_back(std::move(file));
  }
  ASSERT_GT(files.size(), 40U) << "the tree was not found";
  for (const std::string& fault : faults_of(files)) ADD_FAILURE() << fault;
}

TEST(Architecture, TopLevelFoldersAreTheKnownOnes) {
  const std::set<std::string> known = {"gate", "canary", "exemptions", "server",  "schemas",
                                       "ci",   "docs",   "tests",      "fixtures"};
  for (const fs::directory_entry& entry : fs::directory_iterator{test::source_dir()}) {
    const std::string name = entry.path().filename().string();
    const bool ignored = name.front() == '.' || is_generated(name) || !entry.is_directory();
    EXPECT_TRUE(ignored || known.contains(name)) << name << " is no top-level folder of this project";
  }
}

// The words are built from halves, so that this file does not name them itself.
TEST(Architecture, NoFileNamesAMachineOrARegistry) {
  const std::array<std::string, 9> words = {
      std::string{"/wo"} + "rk/",   std::string{"/ho"} + "me/",         std::string{"/ro"} + "ot/",
      std::string{"/Use"} + "rs/",  std::string{"registry.npm"} + "js", std::string{"deb.deb"} + "ian.org",
      std::string{"pypi"} + ".org", std::string{"archive.ubu"} + "ntu", std::string{"ports.ubu"} + "ntu"};
  const auto is_ours = [](const fs::path& path) {
    return path.generic_string().find("/fixtures/") == std::string::npos;
  };
  for (const SourceFile& file : files_below(test::source_dir(), is_ours)) {
    for (const std::string& word : words) {
      EXPECT_EQ(file.text.find(word), std::string::npos) << file.path << " names " << word;
    }
  }
}

TEST(Inspector, FindsWhatBreaksTheTable) {
  struct Case {
    const char* name;
    const char* path;
    const char* text;
    const char* fault;  // a part of the one expected; empty: none
  };
  const Case cases[] = {
      {"a layer below", "gate/policy/x.cc", "#include \"gate/base/text.h\"", ""},
      {"the own folder", "gate/policy/x.cc", "#include \"gate/policy/y.h\"", ""},
      {"a layer above", "gate/base/x.cc", "#include \"gate/policy/y.h\"",
       "gate/base may not include gate/policy/y.h"},
      {"indented and spaced", "gate/base/x.cc", "  #  include  \"gate/policy/y.h\"", "may not include"},
      {"one tool and another", "gate/gate_run/x.cc", "#include \"exemptions/y.h\"",
       "may not include exemptions/y.h"},
      {"gate and the server", "gate/cli/x.cc", "#include \"server/y.h\"", "may not include server/y.h"},
      {"within the server", "server/http/x.cc", "#include \"server/store/y.h\"", ""},
      {"main and the platform", "gate/gate_run/main.cc", "#include \"gate/platform/y.h\"", ""},
      {"a check and the platform", "gate/checks/x.cc", "#include \"gate/platform/y.h\"",
       "may not include gate/platform/y.h"},
      {"relative to the folder", "gate/policy/x.cc", "#include \"y.h\"", "not a file of the repository"},
      {"through the parent", "gate/policy/x.cc", "#include \"../base/text.h\"",
       "not a file of the repository"},
      {"no row", "gate/misc/x.cc", "", "has no row"},
      {"no row either", "canary/x.cc", "", "has no row"},
      {"the standard library", "gate/base/x.h", "#include <vector>", ""},
      {"fmt in a .cc file", "gate/slo/x.cc", "#include <fmt/format.h>", ""},
      {"fmt in a header", "gate/slo/x.h", "#include <fmt/format.h>", "belongs into a .cc file"},
      {"Boost.JSON in a header", "gate/schema/x.h", "#include <boost/json/value.hpp>", ""},
      {"Boost.JSON where headers stay free of it", "gate/render/x.h", "#include <boost/json.hpp>",
       "belongs into a .cc file"},
      {"Boost.JSON outside its layers", "gate/policy/x.cc", "#include <boost/json.hpp>",
       "may not include <boost/json.hpp>"},
      {"POSIX outside the platform", "gate/cli/x.cc", "#include <unistd.h>", "may not include <unistd.h>"},
      {"a library nobody named", "gate/load/x.cc", "#include <nlohmann/json.hpp>",
       "may not include <nlohmann/json.hpp>"},
      {"SOCI outside the store", "server/http/x.cc", "#include <soci/soci.h>",
       "may not include <soci/soci.h>"},
      {"a thread", "gate/checks/x.cc", "std::jthread worker{run};", "threads start in"},
      {"a thread in main", "gate/gate_run/main.cc", "std::jthread worker{run};", ""},
      {"waiting is not starting", "gate/checks/x.cc", "std::this_thread::yield();", ""},
  };
  for (const Case& row : cases) {
    SCOPED_TRACE(row.name);
    Inspector inspector{{"gate/base/text.h", "gate/policy/y.h", "gate/platform/y.h", "exemptions/y.h",
                         "server/y.h", "server/store/y.h"}};
    inspector.inspect({row.path, row.text});
    if (*row.fault == '\0') {
      EXPECT_THAT(inspector.faults(), testing::IsEmpty());
    } else {
      EXPECT_THAT(inspector.faults(), testing::ElementsAre(testing::HasSubstr(row.fault)));
    }
  }
}

TEST(Inspector, CountsTheFilesThatUseALibrary) {
  const std::string text = "#include <expat.h>";
  EXPECT_THAT(faults_of({{"gate/load/a.cc", text}}), testing::IsEmpty());
  EXPECT_THAT(
      faults_of({{"gate/load/a.cc", text}, {"gate/load/b.cc", text}}),
      testing::ElementsAre("gate/load: expat in 2 files, allowed in 1: gate/load/a.cc, gate/load/b.cc"));
}

}  // namespace
}  // namespace gate
