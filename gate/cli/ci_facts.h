#pragma once

#include <optional>
#include <string>

#include "gate/base/result.h"
#include "gate/ports/environment.h"
#include "gate/ports/files.h"

namespace gate::cli {

// What is known of the commit under test and of the CI run it is tested in.
struct CiFacts {
  std::optional<std::string> git_sha;    // the commit under test
  std::optional<std::string> merge_sha;  // the merge commit that CI checked out instead
  std::optional<std::string> base_sha;   // in a pull request or merge group: what it would be merged into
  bool change_request = false;           // whether this run judges a change before it is merged

  bool operator==(const CiFacts&) const = default;
};

// `--git-sha` where given, else the pull request's head from GITHUB_EVENT_PATH, else GITHUB_SHA, else
// `.git` above the working directory, read as files. An unreadable event file is an Error: without
// it nobody knows which commit is judged.
Result<CiFacts> find_ci_facts(const std::optional<std::string>& git_sha,
                              const ports::Environment& environment, const ports::Files& files);

// The commit that HEAD names in the checkout around the working directory, without running git;
// nullopt outside of one and on an unborn branch.
std::optional<std::string> head_commit(const ports::Files& files);

// Whether `text` is a full commit id: 40 or 64 lower-case hex digits.
bool is_commit_id(std::string_view text);

}  // namespace gate::cli
