#pragma once

#include <cstddef>
#include <limits>
#include <string>

#include "gate/policy/report.h"

namespace gate::render {

// How much may be written. Characters are UTF-16 code units, the unit that a comment is measured in.
struct Budget {
  std::size_t bytes = std::numeric_limits<std::size_t>::max();
  std::size_t characters = std::numeric_limits<std::size_t>::max();
};

// For a job summary or a comment: the verdict and what decided it first, then a table of checks or
// findings; exempted findings and results folded away. Where that exceeds the budget it degrades in
// steps: without results; without notes and exempted findings, messages cut; without warnings; the
// names of the failures alone; as many names as fit and how many are missing. Empty where not even
// the verdict fits.
std::string as_markdown(const policy::Report& report, const Budget& budget = {});

}  // namespace gate::render
