#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/value.h"
#include "gate/policy/finding.h"

namespace gate::policy {

// How many things of one kind were really looked at: {"documents", 12}.
struct Examined {
  std::string kind;
  std::uint64_t count = 0;

  bool operator==(const Examined&) const = default;
};

// Findings that were counted but not kept, because a bound was reached.
struct Omitted {
  std::uint64_t errors = 0;
  std::uint64_t undecided = 0;
  std::uint64_t warnings = 0;
  std::uint64_t notes = 0;

  bool operator==(const Omitted&) const = default;
};

// A file that was read: what the verdict rests on.
struct Input {
  std::string path;
  std::string sha256;  // 64 hex digits
  std::uint64_t bytes = 0;

  bool operator==(const Input&) const = default;
};

// What a check brings back: facts, no verdict.
struct Evidence {
  std::vector<Examined> examined;
  std::vector<Finding> findings;
  Omitted omitted;
  std::vector<Input> inputs;
  Value facts = Value::object();    // small numbers and names worth a line in every report
  Value results = Value::object();  // tool-specific results, each under a key of its own: "test_results"
  // The results that text and Markdown print; absent: all. The others repeat findings, or are for machines.
  std::optional<std::vector<std::string>> shown = std::nullopt;

  bool operator==(const Evidence&) const = default;
};

// Adds to the count of that kind; a kind that was counted 0 times still stands in the report.
void count(Evidence& evidence, std::string_view kind, std::uint64_t by);

// "340 cases, 1 report": a kind stands in the plural and loses its `s` for one. Empty where there is none.
std::string describe(const std::vector<Examined>& examined);

// Things examined, over all kinds.
std::uint64_t total_examined(const Evidence& evidence);

// Counts `finding` among the omitted ones instead of keeping it.
void omit(Omitted& omitted, const Finding& finding);

// Appends findings until `most` are kept, what counts most first, so that the bound never hides it behind
// notes; the rest are counted.
void keep_findings(std::vector<Finding> findings, std::size_t most, Evidence& evidence);

// Appends what `part` found and examined to `whole`. Facts and results of `part` replace those of
// the same name.
void merge(Evidence& whole, Evidence part);

}  // namespace gate::policy
