#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "gate/policy/finding.h"
#include "gate/ports/files.h"

namespace gate::checks {

// The files that a list of paths, folders and globs stands for.
struct Inputs {
  std::vector<std::string> paths;         // each once; within a pattern by name, patterns in their order
  std::vector<policy::Finding> findings;  // of folders and globs: inputs.no_match, inputs.unreadable
};

// A file stands for itself, whatever its name; "-" is standard input; a folder for the files below it
// whose name ends with one of `extensions` (".json", in any case); a glob (gate/base/glob.h) for the files it
// matches; a broken link or a pipe among those is a finding. `.git` folders are passed over, links into
// folders followed 64 levels deep at most. Errors: not_found for a named path that does not exist; io; budget
// over 1,000,000 entries.
Result<Inputs> expand_inputs(const std::vector<std::string>& patterns,
                             const std::vector<std::string_view>& extensions, const ports::Files& files);

}  // namespace gate::checks
