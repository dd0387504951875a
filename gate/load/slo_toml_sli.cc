#include "gate/load/slo_toml_sli.h"

#include <array>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/promql_scan.h"
#include "gate/load/promql_selector.h"
#include "gate/load/slo_toml_source.h"
#include "gate/load/toml_decimal.h"

namespace gate::load {
namespace {

using slo::RequestSli;
using std::chrono::seconds;

constexpr std::array<std::string_view, 3> kThresholds{"p95_latency_ms", "error_rate_percent",
                                                      "availability_percent"};

constexpr std::array<std::string_view, 13> kKeys{"good",
                                                 "bad",
                                                 "total",
                                                 "absent_is_zero",
                                                 "latency_ms",
                                                 "histogram",
                                                 "bucket_unit",
                                                 "errors",
                                                 "availability",
                                                 "window",
                                                 "p95_latency_ms",
                                                 "error_rate_percent",
                                                 "availability_percent"};

struct SliReader {
  TomlReader& reader;
  const slo::Source* source;  // nullptr: unknown
  slo::Objective& objective;

  [[nodiscard]] bool from_posted() const {
    return source != nullptr && std::holds_alternative<slo::PostedSource>(source->settings);
  }
  [[nodiscard]] bool from_samples() const {
    return from_posted() ||
           (source != nullptr && std::holds_alternative<slo::SamplesSource>(source->settings));
  }
  [[nodiscard]] bool from_prometheus() const {
    return source != nullptr && std::holds_alternative<slo::PrometheusSource>(source->settings);
  }
  [[nodiscard]] bool from_metrics() const { return source != nullptr && !from_samples(); }

  // A query that must not be empty.
  std::string query(std::string_view key) {
    constexpr std::size_t kLongest = 8'000;
    const auto text = reader.text(key);
    if (!text) return {};
    if (trim(*text).empty()) reader.fault_of(key, "must not be empty");
    if (text->size() > kLongest) reader.fault_of(key, "longer than 8,000 bytes");
    check_query(key, trim(*text));
    return std::string{trim(*text)};
  }

  // What is wrong with it as far as that can be seen without its source.
  void check_query(std::string_view key, std::string_view text) {
    if (text.empty() || source == nullptr || from_samples()) return;
    const Status checked = from_prometheus() ? check_promql(text) : check_page_selector(text);
    if (!checked) reader.fault_of(key, checked.error().message);
  }

  static Status check_page_selector(std::string_view text) {
    const auto selector = parse_promql_selector(text);
    if (!selector)
      return selector.error().within("a series selector is wanted, for a metrics page knows no PromQL");
    const auto filter = SeriesFilter::compile(*selector);
    if (!filter) return filter.error();
    return done();
  }

  [[nodiscard]] bool has_ratio() const {
    return reader.has("good") || reader.has("bad") || reader.has("total");
  }

  void read_ratio() {
    slo::RatioSli sli;
    sli.good = query("good");
    sli.bad = query("bad");
    sli.total = query("total");
    take(reader.flag("absent_is_zero"), sli.absent_is_zero);
    if (reader.has("good") && reader.has("bad")) reader.fault("good and bad contradict each other: give one");
    if (!reader.has("total")) reader.fault("total is missing");
    for (const std::string_view key : {"good", "bad"}) {
      const std::string& part = key == "good" ? sli.good : sli.bad;
      if (!part.empty() && part == sli.total) reader.fault_of(key, "the same as total: it tells nothing");
    }
    if (!reader.has("good") && !reader.has("bad")) reader.fault("good or bad is missing");
    if (from_samples())
      reader.fault_of("total", "samples have no metrics: write errors, availability or latency_ms");
    objective.sli = std::move(sli);
  }

  void refuse_misplaced(bool is_latency, bool is_threshold) {
    const auto refuse = [&](std::string_view key, std::string_view why) {
      if (reader.has(key)) reader.fault_of(key, why);
    };
    if (!has_ratio()) refuse("absent_is_zero", "is for good or bad with total");
    if (!is_latency) {
      refuse("histogram", "is for latency_ms and p95_latency_ms");
      refuse("bucket_unit", "is for a histogram");
    }
    if (!is_threshold) refuse("window", "is for thresholds: a budget has a period");
  }

  // From a histogram's buckets, or from requests one by one.
  void read_latency(const Decimal& threshold_ms) {
    if (!reader.has("histogram")) {
      if (from_metrics()) reader.fault("histogram is missing: name the `_bucket` series");
      if (reader.has("bucket_unit")) reader.fault_of("bucket_unit", "is for a histogram");
      objective.sli = RequestSli{RequestSli::Kind::latency, threshold_ms};
    } else {
      slo::LatencySli sli{query("histogram"), threshold_ms};
      const auto unit = reader.choice("bucket_unit", {"s", "ms"});
      if (unit && *unit == 1) sli.bucket_unit_ms = Decimal::of(std::int64_t{1});
      if (from_samples()) reader.fault_of("histogram", "samples have no histogram: leave it out");
      objective.sli = std::move(sli);
    }
  }

  void read_requests(RequestSli::Kind kind) {
    if (from_metrics()) reader.fault("good or bad, and total, are missing: only samples say it themselves");
    objective.sli = RequestSli{kind, {}};
  }

  std::optional<Decimal> latency_limit(std::string_view key) {
    const auto limit = exact_number(reader, key);
    if (!limit) return std::nullopt;
    if (limit->value.is_zero()) reader.fault_of(key, "must be above 0");
    return limit->value;
  }

  void read_threshold(std::string_view setting) {
    const bool is_latency = setting == "p95_latency_ms";
    const auto limit = is_latency ? exact_number(reader, setting) : exact_percent(reader, setting);
    slo::Threshold threshold{std::string{setting}, limit ? limit->text : std::string{}};
    threshold.window = from_prometheus() || from_posted() ? std::chrono::hours{1} : seconds{0};
    take(read_seconds(reader, "window"), threshold.window);
    objective.span = std::move(threshold);
    if (limit) set_target(setting, limit->value);
    if (is_latency) {
      if (limit && limit->value.is_zero()) reader.fault_of(setting, "must be above 0");
      read_latency(limit ? limit->value : Decimal{});
    } else if (has_ratio()) {
      read_ratio();
    } else {
      read_requests(setting == "availability_percent" ? RequestSli::Kind::availability
                                                      : RequestSli::Kind::errors);
    }
    refuse_budget(setting);
  }

  void set_target(std::string_view setting, const Decimal& limit) {
    objective.target = slo::target_of_threshold(setting, limit);
    objective.written = slo::percent_of(objective.target).to_string();
    if (!slo::is_target(objective.target))
      reader.fault_of(setting, "a limit that everything or nothing keeps decides nothing");
  }

  void refuse_budget(std::string_view setting) {
    for (const std::string_view key :
         {"target", "period", "reserve", "burn_rates", "budgeting", "slice", "slice_target"}) {
      if (reader.find(key) != nullptr)
        reader.fault_of(key,
                        fmt::format("{} is a limit without a budget: leave out one of the two", setting));
    }
  }

  // Which of the ways to say what is measured are taken; more than one is a fault.
  void read() {
    std::vector<std::string_view> ways;
    for (const std::string_view key : kThresholds) {
      if (reader.has(key)) ways.push_back(key);
    }
    const bool is_threshold = !ways.empty();
    if (has_ratio() && ways != std::vector<std::string_view>{"error_rate_percent"} &&
        ways != std::vector<std::string_view>{"availability_percent"}) {
      ways.push_back("total");
    }
    for (const std::string_view key : {"latency_ms", "errors", "availability"}) {
      if (reader.has(key)) ways.push_back(key);
    }
    if (ways.empty())
      return reader.fault(
          "what is measured is missing: give bad or good with total, "
          "latency_ms, or one of the thresholds");
    if (is_threshold) objective.span = slo::Threshold{};  // no budget is missing
    if (ways.size() > 1) {
      return reader.fault_of(ways[1],
                             fmt::format("contradicts {}: an objective measures one thing", ways[0]));
    }
    refuse_misplaced(ways[0] == "latency_ms" || ways[0] == "p95_latency_ms", is_threshold);
    is_threshold ? read_threshold(ways[0]) : read_way(ways[0]);
  }

  // Of a metrics page and of samples the age is known without it.
  void read_freshness() {
    take(reader.text("freshness"), objective.freshness);
    if (!reader.has("freshness") || source == nullptr) return;
    if (!from_prometheus()) return reader.fault_of("freshness", "has no effect: it is for prometheus");
    const auto selector = parse_promql_selector(objective.freshness);
    if (!selector) reader.fault_of("freshness", selector.error().within("not a series selector").message);
  }

  void read_way(std::string_view way) {
    if (way == "total") return read_ratio();
    if (way == "latency_ms") return read_latency(latency_limit(way).value_or(Decimal{}));
    const auto flag = reader.flag(way);
    if (flag && !*flag) reader.fault_of(way, "can only be true");
    read_requests(way == "errors" ? RequestSli::Kind::errors : RequestSli::Kind::availability);
  }
};

}  // namespace

void read_slo_sli(TomlReader& reader, const slo::Source* source, slo::Objective& objective) {
  for (const std::string_view key : kKeys) reader.find(key);  // one way reads what another does not
  SliReader sli{reader, source, objective};
  sli.read();
  sli.read_freshness();
}

}  // namespace gate::load
