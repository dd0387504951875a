#include "gate/load/summary_json.h"

#include <optional>
#include <string>

#include <fmt/format.h>

#include "gate/load/json.h"
#include "gate/load/json_fields.h"

namespace gate::load {

Result<testing::Totals> totals_from_summary(std::string_view text) {
  const auto document = parse_json(text);
  if (!document) return document.error();
  std::optional<Error> failure;
  JsonFields results = JsonFields{document->root, "", failure}.object("test_results");
  testing::Totals totals;
  for (const testing::Outcome outcome : testing::kAllOutcomes) {
    testing::add(totals, outcome, results.count(testing::name_of(outcome)));
  }
  const std::uint64_t total = results.count("total");
  if (failure) return *failure;
  if (total != totals.total()) {
    return Error{ErrorCode::malformed,
                 fmt::format("/test_results/total is {}, its parts add up to {}", total, totals.total())};
  }
  return totals;
}

}  // namespace gate::load
