// test-summary beside the peer that nothing can be faster than: a bare expat loop that counts
// <testcase> over the same file. Both as processes, start to exit.
//   test_summary_bench TEST_SUMMARY [ROUNDS]

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <expat.h>
#include <fmt/format.h>

#include "tests/bench/process_cost.h"

namespace {

namespace fs = std::filesystem;
using gate::bench::cost_of;
using gate::bench::ProcessCost;

// The bare loop, run as `test_summary_bench --bare FILE`.
int count_with_expat(const char* path) {
  long tests = 0;
  const XML_Parser parser = XML_ParserCreate(nullptr);
  XML_SetUserData(parser, &tests);
  XML_SetElementHandler(
      parser,
      [](void* data, const XML_Char* name, const XML_Char**) {
        if (std::string_view{name} == "testcase") ++*static_cast<long*>(data);
      },
      [](void*, const XML_Char*) {});
  std::ifstream in{path, std::ios::binary};
  std::vector<char> buffer(256U * 1024U);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
    if (XML_Parse(parser, buffer.data(), static_cast<int>(in.gcount()), 0) != XML_STATUS_OK) return 1;
  }
  const bool whole = XML_Parse(parser, "", 0, 1) == XML_STATUS_OK;
  XML_ParserFree(parser);
  std::cout << tests << '\n';
  return whole ? 0 : 1;
}

// A tool's verdict is its exit status 0 or 1; anything else is no measurement.
ProcessCost best_of(int rounds, const std::vector<std::string>& command) {
  const ProcessCost cost = cost_of(rounds, command);
  if (cost.exit < 0 || cost.exit > 1) {
    std::cerr << command[0] << " did not run\n";
    std::exit(1);
  }
  return cost;
}

void print(std::string_view what, const ProcessCost& cost) {
  fmt::print("{:<44}{:>8.1f} ms wall {:>8.1f} ms cpu {:>8.1f} MB\n", what, cost.wall * 1e3,
             cost.processor * 1e3, static_cast<double>(cost.kilobytes) / 1024);
}

// A report of `tests` passing tests with `output` bytes of captured output each.
void write_report(const fs::path& path, int tests, std::size_t output) {
  std::string printed;
  while (printed.size() < output)
    printed += "2026-11-20 10:00:00 INFO &lt;handler&gt; took a request &amp; answered it\n";
  std::ofstream out{path, std::ios::binary};
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (int i = 0; i < tests; ++i) {
    if (i % 100 == 0)
      out << fmt::format("{}<testsuite name=\"suite.{}\">\n", i == 0 ? "" : "</testsuite>\n", i / 100);
    out << fmt::format(
        "<testcase classname=\"com.example.{}.SomeTest\" name=\"case_{}_{}\" time=\"0.{:03}\">", i / 100,
        path.stem().string(), i, i % 1000);
    if (output > 0) out << "<system-out>" << printed << "</system-out>";
    out << "</testcase>\n";
  }
  out << "</testsuite>\n</testsuites>\n";
}

int compare(const std::string& self, const std::string& tool, int rounds) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("test_summary_bench.{}", getpid());
  fs::create_directories(folder / "many");
  const std::string big = (folder / "big.xml").string();
  const std::string tiny = (folder / "tiny.xml").string();
  write_report(big, 100'000, 880);
  write_report(tiny, 5, 0);
  for (int i = 0; i < 2'000; ++i) write_report(folder / "many" / fmt::format("{}.xml", i), 50, 0);

  const ProcessCost bare = best_of(rounds, {self, "--bare", big});
  const ProcessCost ours = best_of(rounds, {tool, "--no-github", big});
  const auto megabytes = static_cast<double>(fs::file_size(big)) / 1e6;
  print(fmt::format("bare expat loop, {:.0f} MB, 100,000 tests", megabytes), bare);
  print(fmt::format("test-summary, {:.0f} MB, 100,000 tests", megabytes), ours);
  fmt::print("{:<44}{:>8.2f} x  wall {:>8.2f} x  cpu\n", "  of the bare loop", ours.wall / bare.wall,
             ours.processor / bare.processor);
  print("test-summary, 2,000 files of 50 tests",
        best_of(rounds, {tool, "--no-github", (folder / "many").string()}));
  print("test-summary, 5 tests, start to exit", best_of(20 * rounds, {tool, "--no-github", tiny}));
  fs::remove_all(folder);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments{argv + 1, argv + argc};
  if (arguments.size() == 2 && arguments[0] == "--bare") return count_with_expat(argv[2]);
  if (arguments.empty()) {
    std::cerr << "usage: test_summary_bench TEST_SUMMARY [ROUNDS]\n";
    return 2;
  }
  return compare("/proc/self/exe", arguments[0], argc > 2 ? std::atoi(argv[2]) : 5);
}
