#include "gate/load/openslo_objects.h"

#include <algorithm>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"

namespace gate::load {
namespace {

// What one metric is: its source's name, and the query.
struct Metric {
  std::string source;
  std::string query;
};

const slo::Source* find_source(const OpenSloWorld& world, std::string_view name) {
  const auto found = std::find_if(world.set.sources.begin(), world.set.sources.end(),
                                  [&](const slo::Source& source) { return source.name == name; });
  return found == world.set.sources.end() ? nullptr : &*found;
}

// The source of a metric that names a type and no DataSource: nobody says where that is.
std::string undeclared_source(const std::string& type, OpenSloWorld& world) {
  const std::string name = fmt::format("{} without a DataSource", type);
  if (find_source(world, name) == nullptr) {
    const char* why = is_prometheus(type) ? "no metricSourceRef says where it is" : "only Prometheus is read";
    world.set.sources.push_back({name, slo::UnsupportedSource{type, why}, {}});
  }
  return name;
}

std::string read_metric_source(TomlReader& source, OpenSloWorld& world) {
  const auto type = source.text("type");
  const OpenSloObject* declared = resolve(source, "metricSourceRef", "DataSource", world);
  if (!source.has("metricSourceRef")) {
    if (!source.has("type")) source.fault("metricSourceRef or type is missing");
    return type ? undeclared_source(*type, world) : std::string{};
  }
  if (declared == nullptr) return {};
  const auto* declared_type = find_member(*declared->spec, "type");
  const auto* text =
      declared_type == nullptr ? nullptr : std::get_if<std::string>(&declared_type->value.data);
  if (type && text != nullptr && !equal_ignoring_case(*type, *text))
    source.fault_of("type", fmt::format("{} is of type {}", json_quoted(declared->name), json_quoted(*text)));
  return declared->name;
}

Metric read_metric(TomlReader& parent, std::string_view key, const OpenSloObject& object,
                   OpenSloWorld& world) {
  Metric metric;
  const TomlTable* table = parent.table(key);
  if (table == nullptr) return metric;
  TomlReader holder{*table, parent.position_of(key), *object.faults};
  const TomlTable* source_table = holder.table("metricSource");
  require(holder, "metricSource");
  holder.refuse_unknown();
  if (source_table == nullptr) return metric;
  TomlReader source{*source_table, holder.position_of("metricSource"), *object.faults};
  metric.source = read_metric_source(source, world);
  const TomlTable* spec_table = source.table("spec");
  require(source, "spec");
  source.refuse_unknown();
  if (spec_table == nullptr) return metric;
  const slo::Source* declared = find_source(world, metric.source);
  if (declared == nullptr || !std::holds_alternative<slo::PrometheusSource>(declared->settings))
    return metric;
  TomlReader spec{*spec_table, source.position_of("spec"), *object.faults};
  metric.query = spec.text("query").value_or("");
  require(spec, "query");
  spec.refuse_unknown();
  return metric;
}

std::optional<OpenSloIndicator> read_ratio(TomlReader& ratio, const OpenSloObject& object,
                                           OpenSloWorld& world) {
  const bool is_raw = ratio.has("raw");
  const auto counter = ratio.flag("counter");
  const auto raw_type = ratio.choice("rawType", {"success", "failure"});
  const Metric good = read_metric(ratio, "good", object, world);
  const Metric bad = read_metric(ratio, "bad", object, world);
  const Metric total = read_metric(ratio, "total", object, world);
  const Metric raw = read_metric(ratio, "raw", object, world);
  ratio.refuse_unknown();
  if (is_raw) {
    require(ratio, "rawType");
    if (ratio.has("good") || ratio.has("bad") || ratio.has("total"))
      ratio.fault_of("raw", "contradicts good, bad and total: give one or the other");
    return OpenSloIndicator{slo::RawRatioSli{raw.query, raw_type != 1U}, raw.source};
  }
  if (ratio.has("rawType")) ratio.fault_of("rawType", "is for raw");
  if (ratio.has("good") && ratio.has("bad")) ratio.fault_of("bad", "contradicts good: give one");
  if (!ratio.has("good") && !ratio.has("bad")) ratio.fault("good, bad or raw is missing");
  require(ratio, "total");
  const Metric& part = ratio.has("good") ? good : bad;
  if (part.source != total.source) ratio.fault_of("total", "is of another source than its part");
  return OpenSloIndicator{slo::RatioSli{good.query, bad.query, total.query, false, counter.value_or(true)},
                          total.source};
}

}  // namespace

std::optional<OpenSloIndicator> read_openslo_sli(const OpenSloObject& object, OpenSloWorld& world) {
  TomlReader spec = spec_of(object);
  read_description(spec);
  const TomlTable* ratio_table = spec.table("ratioMetric");
  const Metric threshold = read_metric(spec, "thresholdMetric", object, world);
  spec.refuse_unknown();
  if (spec.has("ratioMetric") == spec.has("thresholdMetric")) {
    spec.fault("either ratioMetric or thresholdMetric must be given");
    return std::nullopt;
  }
  if (spec.has("thresholdMetric"))
    return OpenSloIndicator{slo::ThresholdSli{threshold.query, slo::Comparison::less, {}}, threshold.source};
  if (ratio_table == nullptr) return std::nullopt;
  TomlReader ratio{*ratio_table, spec.position_of("ratioMetric"), *object.faults};
  return read_ratio(ratio, object, world);
}

}  // namespace gate::load
