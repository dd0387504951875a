#include "tests/integration/store/ledger_world.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "gate/platform/system.h"
#include "server/store/sqlite_store.h"
#include "tests/integration/store/ledger.h"

namespace server::store::test {
namespace {

gate::Status read_ledger(Transaction& transaction, Found& found) {
  const auto rows = transaction.query("SELECT id, times FROM ledger", {});
  if (!rows) return rows.error();
  for (const Row& row : *rows) {
    found.applied.insert(row.text(0));
    found.none_twice = found.none_twice && row.integer(1) == 1;
  }
  const auto answers = transaction.query("SELECT count(*) + 0, max(id) FROM idempotency", {});
  if (!answers) return answers.error();
  found.answers = answers->front().integer(0);
  const auto whole = transaction.query("PRAGMA integrity_check", {});
  if (!whole) return whole.error();
  found.integrity = whole->front().text(0);
  const auto chain = check_audit(transaction);
  if (!chain) return chain.error();
  found.audit_rows = chain->rows;
  found.audit = chain->broken_at ? chain->why : "whole";
  return gate::done();
}

}  // namespace

Said read_said(const std::filesystem::path& output) {
  Said said;
  std::ifstream file{output};
  for (std::string line; std::getline(file, line);) {
    std::istringstream words{line};
    std::string word;
    std::string rest;
    words >> word;
    std::getline(words >> std::ws, rest);
    if (file.eof()) break;  // the last line has no end: it was not said whole
    if (word == "done") said.done.insert(rest);
    if (word == "undone") said.undone.insert(rest);
    if (word == "unknown") said.unknown.insert(rest);
    if (word == "open") said.opened = true;
    if (word == "applied") said.applied = true;
    if (word == "thread") said.thread = std::stoi(rest);
    if (word == "error") said.error = rest;
    if (word == "failed") said.failure = rest;
  }
  return said;
}

Found look_into(const std::string& folder) {
  const gate::platform::SystemClock clock;
  Found found;
  SqliteSettings settings;
  settings.folder = folder;
  auto store = SqliteStore::open(settings, ledger_migrations(), clock);
  if (!store) {
    found.refusal = store.error().message;
    return found;
  }
  const auto looked =
      (*store)->read_now([&](Transaction& transaction) { return read_ledger(transaction, found); });
  if (!looked) found.refusal = looked.error().message;
  return found;
}

void check_promises(const Said& said, const Found& found) {
  EXPECT_EQ(found.refusal, "");
  for (const std::string& id : said.done)
    EXPECT_TRUE(found.applied.contains(id)) << id << " was acknowledged and is lost";
  for (const std::string& id : said.undone)
    EXPECT_FALSE(found.applied.contains(id)) << id << " is there, though it was said not to be";
  EXPECT_TRUE(found.none_twice);
  EXPECT_EQ(found.audit, "whole");
  EXPECT_EQ(found.integrity, "ok");
  EXPECT_EQ(found.audit_rows, static_cast<std::int64_t>(found.applied.size()));
  EXPECT_EQ(found.answers, static_cast<std::int64_t>(found.applied.size()));
}

std::string ledger_program() {
  const char* folder = std::getenv("RELEASE_GATE_BUILD_DIR");
  if (folder == nullptr) throw std::runtime_error("RELEASE_GATE_BUILD_DIR is not set: run it by ctest");
  return std::string{folder} + "/tests/ledger";
}

std::vector<std::string> LedgerWorld::run(int from, int to, int at_once) const {
  return {ledger_program(), folder, "run", std::to_string(from), std::to_string(to), std::to_string(at_once)};
}

std::vector<std::string> injecting(const std::string& strace, const std::string& call,
                                   const std::string& how) {
  return {strace, "-o", "/dev/null", "-e", "trace=" + call, "-e", "inject=" + call + ":" + how};
}

int LedgerWorld::run_injected(const std::string& strace, int changes, const std::string& call,
                              const std::string& how) {
  std::filesystem::remove(output);
  std::filesystem::remove(go);
  const std::filesystem::path traced = scratch.path() / "traced";
  std::filesystem::remove(traced);
  auto words = run(0, changes, 1);
  words.push_back(go.string());
  gate::test::ChildProcess ledger{words, output};
  if (!await([&] { return read_said(output).thread != 0; })) return -2;
  const std::string thread = std::to_string(read_said(output).thread);
  auto tracing = injecting(strace, call, how);
  tracing.insert(tracing.end(), {"-p", thread});
  gate::test::ChildProcess tracer{tracing, traced};
  const bool attached = await([&] {
    std::ifstream file{traced};
    const std::string said{std::istreambuf_iterator<char>{file}, {}};
    return said.find("attached") != std::string::npos;
  });
  EXPECT_TRUE(attached);
  std::ofstream{go}.put('g');
  return ledger.wait();
}

int rounds(int usual, int full) {
  return std::getenv("RELEASE_GATE_FULL") == nullptr ? usual : full;
}

bool await(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

}  // namespace server::store::test
