#include "gate/slo/canary_settings.h"

#include <cmath>
#include <limits>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace gate::slo {
namespace {

constexpr std::size_t kMostEvents = 8;

// A number that must lie between two bounds; both are fine where `open` is false.
struct Bounded {
  std::string name;
  double value;
  double low;
  double high;
  bool open = true;
};

Status check(const Bounded& number) {
  const bool inside = number.open ? number.value > number.low && number.value < number.high
                                  : number.value >= number.low && number.value <= number.high;
  if (inside) return done();
  return Error{ErrorCode::malformed, fmt::format("{}: {} is not {} {} {} {}", number.name, number.value,
                                                 number.open ? "between" : "from", number.low,
                                                 number.open ? "and" : "to", number.high)};
}

std::vector<Bounded> numbers_of(const CanaryEvents& events) {
  std::vector<Bounded> numbers{{events.name + ".weight", events.weight, 0, 1e6}};
  if (events.max_bad_share) numbers.push_back({events.name + ".max_bad_share", *events.max_bad_share, 0, 1});
  numbers.push_back({events.name + ".negligible_share", negligible_share_of(events), 0, 1});
  return numbers;
}

std::vector<Bounded> numbers_of(const CanarySettings& settings) {
  std::vector<Bounded> numbers{{"alpha", settings.alpha, kLeastAlpha, 0.5, false},
                               {"allowed_ratio", settings.allowed_ratio, 1, 1000}};
  if (settings.share) numbers.push_back({"share", *settings.share, 0, 1});
  if (settings.design_effect) numbers.push_back({"design_effect", *settings.design_effect, 1, 1000, false});
  for (const CanaryEvents& events : settings.events) {
    for (Bounded& number : numbers_of(events)) numbers.push_back(std::move(number));
  }
  if (!settings.latency) return numbers;
  if (settings.latency->tolerance != 0) {
    numbers.push_back({"latency.tolerance", settings.latency->tolerance, 0.01, 10, false});
  }
  numbers.push_back({"latency.max_distance", settings.latency->max_distance, 0, 1});
  numbers.push_back({"latency.weight", settings.latency->weight, 0, 1e6});
  return numbers;
}

Status check_events(const std::vector<CanaryEvents>& all) {
  std::set<std::string_view> names;
  for (const CanaryEvents& events : all) {
    if (!names.insert(events.name).second) {
      return Error{ErrorCode::malformed, fmt::format("events: two are named \"{}\"", events.name)};
    }
  }
  if (all.size() <= kMostEvents) return done();
  return Error{ErrorCode::malformed, fmt::format("events: {} kinds, at most {}", all.size(), kMostEvents)};
}

double weights_of(const CanarySettings& settings) {
  double sum = settings.latency ? settings.latency->weight : 0;
  for (const CanaryEvents& events : settings.events) sum += events.weight;
  return sum;
}

Value value_or_null(const std::optional<double>& number) {
  return number ? Value{*number} : Value{};
}

Value events_value(const CanaryEvents& events) {
  return Value::object({{"name", events.name},
                        {"kind", static_cast<int>(events.bad.kind)},
                        {"threshold_ms", events.bad.threshold_ms.to_string()},
                        {"max_bad_share", value_or_null(events.max_bad_share)},
                        {"negligible_share", value_or_null(events.negligible_share)},
                        {"weight", events.weight}});
}

Value latency_value(const CanaryLatency& latency) {
  return Value::object(
      {{"tolerance", latency.tolerance}, {"max_distance", latency.max_distance}, {"weight", latency.weight}});
}

}  // namespace

Status check_settings(const CanarySettings& settings) {
  if (settings.events.empty() && !settings.latency) {
    return Error{ErrorCode::malformed, "events: there is nothing to compare the canary by"};
  }
  if (auto checked = check_events(settings.events); !checked) return checked;
  for (const Bounded& number : numbers_of(settings)) {
    if (auto checked = check(number); !checked) return checked;
  }
  return done();
}

double alpha_of(const CanaryEvents& events, const CanarySettings& settings) {
  const double all = settings.alpha * events.weight / weights_of(settings);
  return events.max_bad_share ? all / 2 : all;
}

double alpha_of(const CanaryLatency& latency, const CanarySettings& settings) {
  return settings.alpha * latency.weight / weights_of(settings);
}

double negligible_share_of(const CanaryEvents& events) {
  constexpr double kNegligible = 0.001;
  return events.negligible_share.value_or(events.max_bad_share ? *events.max_bad_share / 10 : kNegligible);
}

Value settings_value(const CanarySettings& settings) {
  Value value = Value::object({{"alpha", settings.alpha},
                               {"share", value_or_null(settings.share)},
                               {"design_effect", value_or_null(settings.design_effect)},
                               {"allowed_ratio", settings.allowed_ratio},
                               {"min_failing_clients", settings.min_failing_clients},
                               {"min_canary_requests", settings.min_canary_requests},
                               {"use_clients", settings.use_clients},
                               {"early_pass", settings.early_pass}});
  Value events = Value::array();
  for (const CanaryEvents& one : settings.events) events.push(events_value(one));
  value.set("events", std::move(events));
  value.set("latency", settings.latency ? latency_value(*settings.latency) : Value{});
  return value;
}

}  // namespace gate::slo
