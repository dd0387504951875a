#include "server/slo/objectives.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/load/slo_toml.h"
#include "gate/slo/windows.h"
#include "gate/slo/wording.h"

namespace server::slo {
namespace {

using gate::slo::Objective;
using gate::slo::RequestSli;
using std::chrono::hours;
using std::chrono::seconds;

constexpr seconds kUsualPeriod = hours{30 * 24};  // kept where no objective says how long
constexpr seconds kShortestPeriod = hours{24};    // kept in any case: some post late

gate::Result<gate::checks::LoadedObjectives> load(const std::string& path, std::string_view built_in,
                                                  const gate::ports::Files& files) {
  if (!path.empty()) {
    gate::policy::SloSettings settings;
    settings.objectives = {path};
    return gate::checks::load_objectives(settings, files);
  }
  gate::checks::LoadedObjectives loaded;
  if (built_in.empty()) return loaded;
  auto set = gate::load::parse_slo_toml(built_in, "built-in objectives");
  if (!set) return set.error();
  loaded.set = std::move(*set);
  return loaded;
}

bool is_posted(const Objective& objective, const gate::slo::ObjectiveSet& set) {
  return std::any_of(set.sources.begin(), set.sources.end(), [&](const gate::slo::Source& source) {
    return source.name == objective.source &&
           std::holds_alternative<gate::slo::PostedSource>(source.settings);
  });
}

gate::Error fault_of(const Objective& objective, std::string_view why) {
  return gate::Error{
      gate::ErrorCode::malformed,
      fmt::format("{}:{}:{}: {} cannot be measured by what is posted: {}", objective.origin.file,
                  objective.origin.line, objective.origin.column, gate::json_quoted(objective.name), why)};
}

// The longest window it will ever ask for. No later period of a calendar is longer by a tenth.
seconds longest_window(const Objective& objective) {
  seconds longest = gate::slo::decisive_window(objective);
  if (const auto* period = std::get_if<gate::slo::Period>(&objective.span))
    longest = period->calendar ? period->length * 11 / 10 : period->length;
  for (const auto& row : gate::slo::burn_rates_of(objective)) longest = std::max(longest, row.long_window);
  return longest;
}

gate::Status take_posted(const Objective& objective, Objectives& objectives) {
  const seconds slice_step = tiers_for(kUsualPeriod).back().width;
  if (objective.service.empty()) return fault_of(objective, "it names no service");
  if (objective.budgeting != gate::slo::Budgeting::occurrences && objective.slice % slice_step != seconds{0})
    return fault_of(objective,
                    fmt::format("slices of {}, which are no multiple of {}",
                                gate::slo::window_text(objective.slice), gate::slo::window_text(slice_step)));
  const auto& sli = std::get<RequestSli>(objective.sli);
  auto& thresholds = objectives.thresholds_ms[objective.service];
  if (sli.kind == RequestSli::Kind::latency &&
      std::find(thresholds.begin(), thresholds.end(), sli.threshold_ms) == thresholds.end()) {
    if (thresholds.size() == LatencyBuckets::kMostBounds)
      return fault_of(objective, fmt::format("{} other latency thresholds of its service are counted already",
                                             LatencyBuckets::kMostBounds));
    thresholds.push_back(sli.threshold_ms);
  }
  objectives.longest = std::max(objectives.longest, longest_window(objective));
  objectives.posted.push_back(objective);
  return gate::done();
}

}  // namespace

gate::Result<Objectives> load_objectives(const std::string& path, std::string_view built_in,
                                         const gate::ports::Files& files, gate::Timestamp now) {
  auto loaded = load(path, built_in, files);
  if (!loaded) return loaded.error();
  Objectives objectives;
  objectives.loaded = std::move(*loaded);
  std::vector<Objective> settled = objectives.loaded.set.objectives;
  if (const auto known = gate::checks::settle_calendars(settled, now, files); !known) return known.error();
  for (const Objective& objective : settled) {
    if (!is_posted(objective, objectives.loaded.set)) continue;
    if (const auto taken = take_posted(objective, objectives); !taken) return taken.error();
  }
  objectives.longest =
      std::max(objectives.longest, objectives.posted.empty() ? kUsualPeriod : kShortestPeriod);
  return objectives;
}

std::string_view demo_objectives() {
  return R"(version = 1

[[source]]
name = "posted"
kind = "server"

[[objective]]
name = "demo-error-rate"
service = "demo"
error_rate_percent = "1.0"
window = "5m"

[[objective]]
name = "demo-availability"
service = "demo"
availability_percent = "99.0"
window = "5m"

[[objective]]
name = "demo-latency"
service = "demo"
p95_latency_ms = "500"
window = "5m"
)";
}

}  // namespace server::slo
