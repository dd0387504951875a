#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gate/schema/evaluate.h"
#include "gate/schema/program.h"

namespace gate::schema {

// The output formats of the JSON Schema specification: `flag` and `basic` as in 2020-12, section 12.4;
// `list` and `hierarchical` as in the draft that follows it.
enum class OutputFormat : std::uint8_t { flag, basic, list, hierarchical };

constexpr std::array<std::string_view, 4> kOutputFormats{"flag", "basic", "list", "hierarchical"};

// What evaluating a document came to, as JSON on one line. Where that could not be found out the document
// is not called valid, and an error without a keyword says why. A document may have 20,000 units and 8 MiB
// of places and messages; where it has more, a member `"complete": false` says so.
std::string output_of(const Program& program, const Cell& document, OutputFormat format,
                      const EvaluationLimits& limits = {});

// The same for what is no document at all.
std::string output_of_malformed(std::string_view why, OutputFormat format);

}  // namespace gate::schema
