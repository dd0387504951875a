#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/programs.h"

namespace server::store::test {

// What a ledger said before it ended.
struct Said {
  std::set<std::string> done;
  std::set<std::string> undone;
  std::set<std::string> unknown;
  bool opened = false;
  bool applied = false;  // all it was to do
  std::string error;
  std::string failure;
  int thread = 0;
};
Said read_said(const std::filesystem::path& output);

// What a store holds after all.
struct Found {
  std::string refusal;  // empty where it opened
  std::set<std::string> applied;
  bool none_twice = true;
  std::int64_t audit_rows = 0;
  std::int64_t answers = 0;
  std::string audit;      // "whole", or what is broken
  std::string integrity;  // "ok"
};
Found look_into(const std::string& folder);

// Every promise of the store, after whatever happened: what was acknowledged is there, what was refused is
// not, nothing is there twice, and the tables agree. Adds a failure for each that is broken.
void check_promises(const Said& said, const Found& found);

// Where the program `ledger` is.
std::string ledger_program();

// The first words of a command whose system calls of that name strace tampers with: "signal=KILL:when=3".
std::vector<std::string> injecting(const std::string& strace, const std::string& call,
                                   const std::string& how);

// A folder with a store, the ledger's words beside it, and strace where it is needed.
struct LedgerWorld {
  gate::test::ScratchFolder scratch;
  std::string folder = (scratch.path() / "data").string();
  std::filesystem::path output = scratch.path() / "said";
  std::filesystem::path go = scratch.path() / "go";

  [[nodiscard]] std::vector<std::string> run(int from, int to, int at_once) const;

  // Runs a ledger on a store that is open already, and injects into the system calls of the thread that has
  // the database. Returns its exit code, -1 for a signal.
  int run_injected(const std::string& strace, int changes, const std::string& call, const std::string& how);
};

// That many where the long tests run, else the other.
int rounds(int usual, int full);

// Waits until that holds, 20 seconds at most.
bool await(const std::function<bool()>& condition);

}  // namespace server::store::test
