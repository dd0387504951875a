// Runs one end-to-end case: real binaries in a fresh copy of the case's input. tests/e2e/README.md
// says what a case consists of.

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "gate/base/text.h"
#include "tests/e2e/normalise.h"

namespace gate::e2e {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kDeadline{100};

// Files a case holds and produced, by name: "expect.stdout", "expect.files/out/report.json".
using Texts = std::map<std::string, std::string>;

std::string contents_of(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary} << text;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

Timestamp now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

// A folder of its own, gone when the case ends.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "release-gate-e2e-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot create a temporary folder");
    path_ = fs::canonical(pattern);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Nothing of the caller's: no CI, no GITHUB_…, no RELEASE_GATE_…, no locale, no time zone.
std::vector<std::string> clean_environment(const fs::path& scratch) {
  std::vector<std::string> out = {
      "PATH=" + variable("RELEASE_GATE_BIN_DIR") + ":/usr/local/bin:/usr/bin:/bin",
      "SOURCE_DIR=" + variable("RELEASE_GATE_SOURCE_DIR"),
      "HOME=" + (scratch / "home").string(),
      "TMPDIR=" + (scratch / "tmp").string(),
      "LC_ALL=C.UTF-8",
      "TZ=UTC",
      "GIT_CONFIG_NOSYSTEM=1",
      "GIT_CEILING_DIRECTORIES=" + scratch.string()};
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const std::string value = variable(name); !value.empty())
      out.push_back(std::string{name} + "=" + value);
  }
  return out;
}

void redirect(int target, const fs::path& path, int flags) {
  const int descriptor = open(path.c_str(), flags, 0600);
  if (descriptor < 0 || dup2(descriptor, target) < 0) _exit(126);
}

[[noreturn]] void become(const fs::path& script, const fs::path& scratch,
                         std::vector<std::string>& environment) {
  setpgid(0, 0);
  redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
  redirect(STDOUT_FILENO, scratch / "stdout", O_WRONLY | O_CREAT | O_TRUNC);
  redirect(STDERR_FILENO, scratch / "stderr", O_WRONLY | O_CREAT | O_TRUNC);
  if (chdir((scratch / "case").c_str()) != 0) _exit(126);
  std::vector<char*> variables;
  for (std::string& entry : environment) variables.push_back(entry.data());
  variables.push_back(nullptr);
  std::string shell = "bash";
  std::string path = script.string();
  char* arguments[] = {shell.data(), path.data(), nullptr};
  execve("/bin/bash", arguments, variables.data());
  _exit(126);
}

// The exit status as a shell shows it; "none: …" when the deadline passed.
std::string run(const fs::path& script, const fs::path& scratch) {
  std::vector<std::string> environment = clean_environment(scratch);
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) become(script, scratch, environment);
  const auto deadline = steady_clock::now() + kDeadline;
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (steady_clock::now() > deadline) {
      kill(-child, SIGKILL);
      waitpid(child, &status, 0);
      return "none: still running at the deadline\n";
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)) + "\n";
}

// What the case expects. A stream without a file must stay empty.
Texts expected_of(const fs::path& folder) {
  Texts texts{{"expect.stdout", {}}, {"expect.stderr", {}}, {"expect.exit", {}}};
  for (auto& [name, text] : texts) text = contents_of(folder / name);
  const fs::path files = folder / "expect.files";
  if (!fs::exists(files)) return texts;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator{files}) {
    if (entry.is_regular_file())
      texts[fs::relative(entry.path(), folder).generic_string()] = contents_of(entry.path());
  }
  return texts;
}

// The same names, with what was produced.
Texts run_case(const fs::path& folder, const Texts& expected) {
  const Scratch scratch;
  for (const char* name : {"case", "home", "tmp"}) fs::create_directory(scratch.path() / name);
  if (fs::exists(folder / "input"))
    fs::copy(folder / "input", scratch.path() / "case", fs::copy_options::recursive);
  Surroundings surroundings{(scratch.path() / "case").string(),
                            variable("RELEASE_GATE_SOURCE_DIR"),
                            RELEASE_GATE_VERSION,
                            now(),
                            {}};
  const std::string exit = run(folder / "cmd", scratch.path());
  surroundings.ended = now();
  Texts texts;
  for (const auto& [name, ignored] : expected) {
    constexpr std::string_view kFiles = "expect.files/";
    fs::path source = scratch.path() / name.substr(std::string_view{"expect."}.size());
    if (name.starts_with(kFiles)) source = scratch.path() / "case" / name.substr(kFiles.size());
    texts[name] = fs::exists(source) ? normalised(contents_of(source), surroundings) : "<not written>\n";
  }
  texts["expect.exit"] = exit;
  return texts;
}

void show_difference(const std::string& name, const std::string& expected, const std::string& actual) {
  const Scratch scratch;
  write(scratch.path() / "expected", expected);
  write(scratch.path() / "actual", actual);
  std::cout << name << " differs:\n" << std::flush;
  const std::string command =
      "cd '" + scratch.path().string() + "' && diff -u expected actual | tail -n +3 | head -n 200";
  if (std::system(command.c_str()) != 0) std::cout << "(diff failed)\n";
}

// An exit code alone would also be what a crash or a typo gives.
bool says_something(const Texts& texts) {
  return std::any_of(texts.begin(), texts.end(), [](const auto& entry) {
    return entry.first != "expect.exit" && !trim(entry.second).empty();
  });
}

int update(const fs::path& folder, const Texts& actual) {
  for (const auto& [name, text] : actual) {
    if (text.empty()) {
      fs::remove(folder / name);
    } else {
      write(folder / name, text);
    }
  }
  std::cout << "rewrote " << folder.string() << ": read the difference before you commit it\n";
  return 0;
}

int check(const fs::path& folder) {
  const Texts expected = expected_of(folder);
  const Texts actual = run_case(folder, expected);
  const Texts& claims = variable("UPDATE_E2E") == "1" ? actual : expected;
  if (!says_something(claims)) {
    std::cout << folder.string() << ": asserts only an exit code: expect words or a file too\n";
    return 1;
  }
  if (variable("UPDATE_E2E") == "1") return update(folder, actual);
  int differences = 0;
  for (const auto& [name, text] : expected) {
    if (text == actual.at(name)) continue;
    show_difference(name, text, actual.at(name));
    ++differences;
  }
  return differences == 0 ? 0 : 1;
}

}  // namespace
}  // namespace gate::e2e

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: e2e_runner CASE_FOLDER\n";
    return 2;
  }
  try {
    return gate::e2e::check(argv[1]);
  } catch (const std::exception& error) {
    std::cerr << argv[1] << ": " << error.what() << "\n";
    return 1;
  }
}
