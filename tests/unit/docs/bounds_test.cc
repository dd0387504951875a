#include <cstddef>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/base/text.h"
#include "gate/load/json.h"
#include "gate/load/report_text.h"
#include "gate/load/toml.h"
#include "gate/load/toml_scan.h"
#include "gate/load/xml.h"
#include "gate/policy/policy.h"
#include "gate/render/github.h"
#include "gate/render/sarif.h"
#include "gate/schema/evaluate.h"
#include "gate/testing/report_tally.h"
#include "tests/support/test_data.h"

namespace gate::docs {
namespace {

std::size_t kib(std::size_t bytes) {
  return bytes >> 10U;
}
std::size_t mib(std::size_t bytes) {
  return bytes >> 20U;
}

// People size their inputs and their machines by these numbers.
TEST(Docs, BoundsAreThoseOfTheCode) {
  const schema::EvaluationLimits schemas;
  const load::JsonLimits json;
  const testing::TallyLimits tests;
  struct Row {
    const char* name;
    std::string text;
  };
  const Row rows[] = {
      {"a JSON document", fmt::format("{} MiB, {} levels", mib(json.bytes), json.depth)},
      {"an evaluation", fmt::format("{} steps and {} for each value, {} schemas within each other",
                                    grouped(schemas.steps), schemas.steps_per_value, grouped(schemas.depth))},
      {"XML", fmt::format("{} elements, {} MiB", grouped(load::XmlParser::kMaxDepth),
                          mib(load::XmlParser::kMaxTag))},
      {"a test's texts",
       fmt::format("{} bytes a name, {} a message, {} KiB details, {} attempts", grouped(load::kMaxName),
                   grouped(load::kMaxMessage), kib(load::kMaxDetails), load::kMaxAttempts)},
      {"a test run",
       fmt::format("{} failures, {} others, {} MiB of text, {} MiB of details", grouped(tests.failures),
                   grouped(tests.others), mib(tests.text), mib(tests.details))},
      {"policy and register",
       fmt::format("{} KiB, {} MiB; lines {} KiB, {} parts a dotted key, {} levels",
                   kib(load::kPolicyBounds.bytes), mib(load::kRegisterBounds.bytes), kib(load::kMaxTomlLine),
                   load::kMaxTomlKeyParts, load::kMaxTomlNesting)},
      {"a report", fmt::format("findings listed in a report | {};", grouped(policy::Policy{}.max_listed))},
      {"what GitHub takes",
       fmt::format("{} bytes; {} characters and {} bytes; {} results", grouped(render::kStepSummaryBytes),
                   grouped(render::kCommentCharacters), grouped(render::kCommentBytes),
                   grouped(render::kSarifResults))},
  };
  const std::string page = test::contents_of(test::source_dir() / "SECURITY.md");
  for (const Row& row : rows)
    EXPECT_NE(page.find(row.text), std::string::npos) << row.name << ": SECURITY.md lacks: " << row.text;
}

}  // namespace
}  // namespace gate::docs
