#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gate/base/result.h"
#include "gate/cli/ci_facts.h"
#include "gate/policy/finding.h"
#include "gate/ports/files.h"
#include "gate/ports/process.h"

namespace gate::cli {

// Where policy and register are read from: the work tree, or a git revision, so that a change
// cannot judge itself.
class PolicySource {
 public:
  // `ref` as named by the user, else the base of the change under test, else the work tree.
  // Errors: usage for a revision that does not exist; unavailable for a base that this clone does
  // not have (a shallow one).
  static Result<PolicySource> choose(const std::optional<std::string>& ref, const CiFacts& facts,
                                     const ports::Files& files, const ports::Process& process);

  // The file's text in that revision. What is worth telling goes to findings(): that the change
  // under test edits the file, that the base does not have it yet. Error: unavailable where git cannot
  // say whether it has.
  Result<std::string> read(const std::string& path, std::uint64_t limit);

  // The same for a register, but nullopt where the base has none: what a change brings exempts nothing
  // in that change.
  Result<std::optional<std::string>> read_register(const std::string& path, std::uint64_t limit);

  // The commit it reads from; empty: the work tree.
  [[nodiscard]] const std::string& commit() const { return commit_; }
  [[nodiscard]] const std::vector<policy::Finding>& findings() const { return findings_; }

 private:
  PolicySource(const ports::Files& files, const ports::Process& process)
      : files_(&files), process_(&process) {}
  Result<std::string> read_from_commit(const std::string& path, std::uint64_t limit) const;
  Error why_unread(const std::string& path) const;
  void tell(std::string rule, policy::Severity severity, const std::string& path, std::string message);

  const ports::Files* files_;
  const ports::Process* process_;
  std::string commit_;
  bool named_ = false;  // by the user, not by the event
  std::vector<policy::Finding> findings_;
};

}  // namespace gate::cli
