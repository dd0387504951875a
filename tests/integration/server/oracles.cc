#include "tests/integration/server/oracles.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate::test {
namespace {

using testing::HasSubstr;

std::string of_process(RealServer& server, const char* file) {
  std::ifstream stream{fmt::format("/proc/{}/{}", server.process().pid(), file)};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

}  // namespace

bool is_full_run() {
  return std::getenv("RELEASE_GATE_FULL") != nullptr;
}

bool eventually(const std::function<bool()>& holds, std::chrono::seconds at_most) {
  const auto end = std::chrono::steady_clock::now() + at_most;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return true;
}

std::string unlimited_key(const RealServer& server, const std::string& owner) {
  std::vector<std::string> words{"keys", "create", "--owner", owner, "--role", "admin"};
  for (const char* rate_class : {"read", "write", "admin", "ingest", "data"}) {
    words.insert(words.end(), {"--rate", fmt::format("{}=100000/1s", rate_class)});
  }
  const auto made = server.command(words);
  EXPECT_EQ(made.code, 0) << made.output;
  const std::size_t at = made.output.find("rgk_");
  return at == std::string::npos ? std::string{} : made.output.substr(at, made.output.find('\n', at) - at);
}

void expect_whole(const RealServer& server) {
  const auto verified = server.command({"audit", "verify"});
  EXPECT_EQ(verified.code, 0) << verified.output;
  EXPECT_THAT(verified.output, HasSubstr("whole:"));
}

void expect_one_line(const std::string& output, const std::string& says) {
  EXPECT_THAT(output, testing::StartsWith("gate-server"));
  EXPECT_THAT(output, HasSubstr(says));
  const auto lines = std::count(output.begin(), output.end(), '\n');
  EXPECT_TRUE(lines == 1 || (lines == 2 && output.find("\ntry: ") != std::string::npos)) << output;
}

double seconds_of_processor(RealServer& server) {
  // proc(5): behind the name, in its brackets, the 12th and 13th field are clock ticks.
  const std::string line = of_process(server, "stat");
  std::istringstream fields{line.substr(std::min(line.size(), line.rfind(')') + 1))};
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::size_t resident_bytes(RealServer& server) {
  std::size_t total = 0;
  std::size_t resident = 0;
  std::istringstream{of_process(server, "statm")} >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace gate::test
