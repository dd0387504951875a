#include "gate/load/json.h"
#include "gate/load/report_json.h"
#include "gate/load/summary_json.h"
#include "gate/policy/finding.h"
#include "gate/render/json.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {

void fuzz_report_json(std::string_view input) {
  static_cast<void>(load::totals_from_summary(input));
  const auto document = load::parse_json(input);
  if (!document) return;
  const auto report = load::report_from_json(document->root);
  if (!report) {
    require(!report.error().message.empty(), "a refusal says why");
    return;
  }
  const std::string written = render::as_json(*report);
  const auto copy = load::parse_json(written);
  require(copy.has_value(), "what is written is JSON");
  const auto again = load::report_from_json(copy->root);
  require(again.has_value(), "what is written is a report");
  require(render::as_json(*again) == written, "what is read and written again is the same");
  for (std::size_t i = 0; i < report->active.size(); ++i) {
    require(fingerprint(report->active[i]) == fingerprint(again->active[i]), "a fingerprint stays");
  }
}

}  // namespace gate::fuzz
