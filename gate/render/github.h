#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gate/base/result.h"
#include "gate/policy/report.h"

namespace gate::render {

// Annotations that a step has written already: the runner keeps ten of a level for each step and
// drops the rest without a word.
struct AnnotationsUsed {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t notices = 0;
};
constexpr std::size_t kAnnotationsPerLevel = 10;

// Workflow commands, one a line: `::error title=…,file=…,line=…,col=…::message`, at most ten of a
// level together with those used. Where a level has more findings than slots, its first slot says how
// many there are and points to the job summary.
std::string github_annotations(const policy::Report& report, const AnnotationsUsed& used = {});

// `--format github`: the annotations, then as text the findings that found no slot and the verdict.
std::string as_github(const policy::Report& report);

// What fits into $GITHUB_STEP_SUMMARY after `used` bytes of this step: 1,000,000 bytes together, for
// over 1 MiB GitHub drops all of it. Empty where nothing fits.
constexpr std::size_t kStepSummaryBytes = 1'000'000;
std::string github_step_summary(const policy::Report& report, std::size_t used);

// What fits into a pull request's comment beside `reserved` characters of the caller's own: 65,536
// UTF-16 code units and 262,144 bytes.
constexpr std::size_t kCommentCharacters = 65'536;
constexpr std::size_t kCommentBytes = 262'144;
std::string comment_body(const policy::Report& report, std::size_t reserved = 0);

// One entry of $GITHUB_OUTPUT. `delimiter`: 22 or more letters, digits, `-` or `_`, made by the caller
// of at least 128 random bits for this entry alone. Errors: usage, for a name that is none; refused,
// for a delimiter that is too weak or that the value holds.
Result<std::string> github_output(std::string_view name, std::string_view value, std::string_view delimiter);

}  // namespace gate::render
