#include "gate/load/compare_json.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/json_pointer.h"
#include "gate/base/text.h"
#include "gate/load/compare_criteria.h"
#include "gate/load/compare_fields.h"

namespace gate::load {
namespace {

using slo::CriteriaSets;
using slo::Metric;
using slo::MetricSet;

constexpr double kLargest = std::numeric_limits<double>::max();

template <class T, class U>
void take(const std::optional<T>& read, U& target) {
  if (read) target = static_cast<U>(*read);
}

void read_effect_size(CompareFields fields, slo::EffectSize& effect) {
  take(fields.choice("measure", {"mean_ratio", "cles"}), effect.measure);
  const double most = effect.measure == slo::EffectMeasure::cles ? 1 : kLargest;
  effect.allowed_increase = fields.number("allowed_increase", 0, most);
  effect.allowed_decrease = fields.number("allowed_decrease", 0, most);
  effect.critical_increase = fields.number("critical_increase", 0, most);
  effect.critical_decrease = fields.number("critical_decrease", 0, most);
  fields.refuse_unknown();
}

// Adds a criterion; a fault where `value` is none.
void read_criterion(CompareFields& fields, const boost::json::value& value, const std::string& pointer,
                    std::vector<slo::Criterion>& set) {
  const boost::json::string* text = value.if_string();
  if (text == nullptr) return fields.refuse_at({pointer, false}, "a criterion is a string, like \"<=+10%\"");
  auto criterion = parse_criterion({text->data(), text->size()});
  if (!criterion) return fields.refuse_at({pointer, false}, criterion.error().message);
  set.push_back(std::move(*criterion));
}

std::string element(std::string pointer, std::size_t index) {
  append_token(pointer, index);
  return pointer;
}

// A list of sets, or the one set itself.
CriteriaSets read_sets(CompareFields& fields, std::string_view key) {
  CriteriaSets sets;
  const boost::json::array* list = fields.array(key);
  if (list == nullptr) return sets;
  const bool nested = !list->empty() && list->front().is_array();
  if (!nested) sets.emplace_back();
  for (std::size_t i = 0; i < list->size() && !fields.failed(); ++i) {
    const boost::json::value& value = (*list)[i];
    const std::string place = element(fields.pointer(key), i);
    if (!nested) {
      read_criterion(fields, value, place, sets.back());
    } else if (const boost::json::array* set = value.if_array(); set != nullptr && !set->empty()) {
      sets.emplace_back();
      for (std::size_t j = 0; j < set->size(); ++j)
        read_criterion(fields, (*set)[j], element(place, j), sets.back());
    } else {
      fields.refuse_at({place, false}, "a set is an array of criteria, and not empty");
    }
  }
  if (sets.empty() || sets.front().empty()) fields.refuse(key, "no criteria");
  return sets;
}

void read_criteria(CompareFields fields, Metric& metric) {
  metric.pass = read_sets(fields, "pass");
  metric.warning = read_sets(fields, "warning");
  if (metric.pass.empty()) fields.require("pass");
  fields.refuse_unknown();
}

void read_confidence(CompareFields& fields, Metric& metric) {
  const auto level = fields.number("confidence_level", 0, 1);
  if (!level) return;
  metric.confidence_level = *level;
  if (!(*level > 0) || !(*level < 1)) fields.refuse("confidence_level", "it lies above 0 and below 1");
}

void read_text(CompareFields& fields, std::string_view key, std::string& target) {
  constexpr std::size_t kLongest = 200;
  auto text = fields.text(key);
  if (!text) return;
  target = std::move(*text);
  if (target.empty() || target.size() > kLongest)
    fields.refuse(key, fmt::format("it has 1 to {} bytes", kLongest));
}

Metric read_metric(CompareFields fields) {
  Metric metric;
  for (const char* key : {"name", "control", "experiment"}) fields.require(key);
  read_text(fields, "name", metric.name);
  read_text(fields, "group", metric.group);
  take(fields.choice("direction", {"increase", "decrease", "either"}), metric.direction);
  take(fields.flag("critical"), metric.critical);
  take(fields.flag("must_have_data"), metric.must_have_data);
  take(fields.choice("nan_strategy", {"remove", "replace"}), metric.nan_strategy);
  take(fields.choice("outliers", {"keep", "remove"}), metric.outliers);
  take(fields.number("tolerance", 0, kLargest), metric.tolerance);
  read_confidence(fields, metric);
  if (auto effect = fields.object("effect_size")) read_effect_size(std::move(*effect), metric.effect_size);
  if (auto criteria = fields.object("criteria")) read_criteria(std::move(*criteria), metric);
  if (const auto weight = fields.number("weight", 0, kLargest)) metric.weight = Decimal::of(*weight);
  take(fields.flag("key_sli"), metric.key_sli);
  take(fields.choice("aggregate", {"avg", "p50", "p90", "p95"}), metric.aggregate);
  metric.control = fields.points("control");
  metric.experiment = fields.points("experiment");
  fields.refuse_unknown();
  return metric;
}

void read_metrics(CompareFields& fields, MetricSet& set) {
  constexpr std::size_t kMost = 10'000;
  fields.require("metrics");
  const boost::json::array* list = fields.array("metrics");
  if (list == nullptr) return;
  if (list->size() > kMost) fields.refuse("metrics", fmt::format("more than {} of them", grouped(kMost)));
  std::set<std::string> names;
  for (std::size_t i = 0; i < list->size() && !fields.failed(); ++i) {
    const std::string place = element(fields.pointer("metrics"), i);
    set.metrics.push_back(read_metric(CompareFields{fields.document(), (*list)[i], place, fields.fault()}));
    if (!names.insert(set.metrics.back().name).second) {
      fields.refuse_at({place + "/name", false},
                       fmt::format("a second metric \"{}\"", shortened(set.metrics.back().name, 64)));
    }
  }
}

void read_weights(CompareFields weights, MetricSet& set) {
  constexpr double kRounding = 1e-9;  // of a sum of percents
  std::set<std::string> groups;
  for (const Metric& metric : set.metrics) groups.insert(metric.group);
  for (const auto& [group, weight] : weights.numbers(0, 100)) {
    if (groups.count(group) == 0) weights.refuse(group, "no metric is in that group");
    set.group_weights.emplace(group, weight);
  }
  const double sum =
      std::accumulate(set.group_weights.begin(), set.group_weights.end(), 0.0,
                      [](double so_far, const auto& weight) { return so_far + weight.second; });
  if (sum > 100 + kRounding)
    weights.refuse_at({weights.pointer(), false},
                      fmt::format("the weights are {} together, more than 100", sum));
  if (!(sum > 0) && !groups.empty() && set.group_weights.size() == groups.size())
    weights.refuse_at({weights.pointer(), false}, "every group weighs 0");
}

// Two limits of a score, the lower one under `lower_key`, which is by default no higher than the other.
void read_limits(CompareFields limits, std::string_view lower_key, double& pass, double& lower) {
  take(limits.number("pass", 0, 100), pass);
  if (!(pass > 0)) limits.refuse("pass", "it lies above 0: every score would reach it");
  lower = limits.number(lower_key, 0, 100).value_or(std::min(lower, pass));
  limits.refuse_unknown();
  if (lower > pass)
    limits.refuse_at({limits.pointer(), false},
                     fmt::format("{} is {}, above pass, {}", lower_key, lower, pass));
}

MetricSet read_set(CompareFields fields) {
  MetricSet set;
  read_metrics(fields, set);
  if (auto weights = fields.object("group_weights")) read_weights(std::move(*weights), set);
  if (auto limits = fields.object("thresholds"))
    read_limits(std::move(*limits), "marginal", set.thresholds.pass, set.thresholds.marginal);
  if (auto limits = fields.object("total_score"))
    read_limits(std::move(*limits), "warning", set.total_score.pass, set.total_score.warning);
  fields.refuse_unknown();
  return set;
}

void place_metrics(std::string_view text, std::string_view path, MetricSet& set) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < set.metrics.size(); ++i)
    places.push_back({fmt::format("/metrics/{}", i), false});
  const std::vector<Position> positions = find_positions(text, places);
  for (std::size_t i = 0; i < positions.size(); ++i)
    set.metrics[i].origin = {std::string{path}, positions[i].line, positions[i].column};
}

Error error_at(std::string_view path, const Position& at, ErrorCode code, std::string_view message) {
  return Error{code, fmt::format("{}:{}:{}: {}", path, at.line, at.column, message)};
}

}  // namespace

Result<MetricSet> metric_set_from_json(std::string_view text, std::string_view path) {
  const auto document = parse_json(text);
  if (!document) {
    const PlacedMessage placed = placed_message(document.error().message);
    return error_at(path, placed.position, document.error().code, placed.message);
  }
  JsonFault fault;
  MetricSet set = read_set(CompareFields{*document, document->root, "", fault});
  if (!fault.message.empty()) {
    const Position at = find_positions(text, {fault.place}).front();
    return error_at(path, at, ErrorCode::malformed, fault.message);
  }
  place_metrics(text, path, set);
  return set;
}

}  // namespace gate::load
