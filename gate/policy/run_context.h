#pragma once

#include <optional>
#include <string>

#include "gate/base/time.h"

namespace gate::policy {

struct ToolInfo {
  std::string name;
  std::string version;

  bool operator==(const ToolInfo&) const = default;
};

// Who ran, on what, when: what makes a report traceable.
struct RunContext {
  std::string check;  // what a policy matches on; by default the tool's name
  ToolInfo tool;
  std::string run_id;                    // UUIDv7
  std::optional<std::string> git_sha;    // the commit under test; nullopt outside a checkout
  std::optional<std::string> merge_sha;  // the merge commit CI checked out, where it is another one
  std::optional<bool> git_dirty;         // only with --git-dirty-check
  std::string config_hash;               // SHA-256 of the RFC 8785 form of the effective settings
  Timestamp started_at{};
  Timestamp finished_at{};
  Timestamp as_of{};  // "now" for every rule that depends on a date

  bool operator==(const RunContext&) const = default;
};

}  // namespace gate::policy
