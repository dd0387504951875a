#include "gate/checks/exposition_source.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/base/time.h"
#include "gate/checks/http_secrets.h"
#include "gate/checks/prometheus_events.h"
#include "gate/load/exposition.h"
#include "gate/load/exposition_increase.h"
#include "gate/load/metric_number.h"
#include "gate/slo/windows.h"

namespace gate::checks {
namespace {

using load::Exposition;
using load::PrometheusAnswer;
using slo::Doubt;
using slo::Measurement;
using slo::Missing;
using slo::Objective;
using std::chrono::seconds;

struct Pages {
  Exposition before;
  Exposition after;
};
using Readings = std::variant<Pages, Missing>;

std::variant<Exposition, Missing> parsed(std::string_view text, load::ExpositionFormat format,
                                         const std::string& name) {
  auto page = load::parse_exposition(text, format);
  if (!page) return Missing{Doubt::inconclusive, page.error().within(name).message};
  return std::move(*page);
}

Readings both(std::variant<Exposition, Missing> before, std::variant<Exposition, Missing> after) {
  for (const auto* page : {&before, &after}) {
    if (const auto* missing = std::get_if<Missing>(page)) return *missing;
  }
  return Pages{std::get<Exposition>(std::move(before)), std::get<Exposition>(std::move(after))};
}

Result<Readings> read_files(const slo::ExpositionSource& source, const ports::Files& files) {
  const auto before = files.read(source.before, load::kMaxExposition);
  if (!before) return before.error();
  const auto after = files.read(source.after, load::kMaxExposition);
  if (!after) return after.error();
  return both(parsed(*before, load::ExpositionFormat::by_content, source.before),
              parsed(*after, load::ExpositionFormat::by_content, source.after));
}

Result<std::variant<Exposition, Missing>> fetch(const slo::ExpositionSource& source,
                                                const ports::HttpClient& http) {
  ports::HttpRequest request;
  request.url = source.url;
  request.headers = {{"Accept", "text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5"}};
  request.timeout = source.timeout;
  request.reply_limit = load::kMaxExposition;
  const auto reply = http.send(request);
  const std::string name{std::string_view{source.url}.substr(0, source.url.find('?'))};
  if (!reply && reply.error().code == ErrorCode::usage) return reply.error();
  if (!reply) return Missing{Doubt::unreachable, reply.error().message};
  if (reply->status != 200) {
    return Missing{Doubt::unreachable, fmt::format("{}: HTTP {}: \"{}\"", name, reply->status,
                                                   shortened(first_line(reply->body), 200))};
  }
  const bool is_open_metrics = reply->header("content-type").starts_with("application/openmetrics-text");
  return parsed(reply->body,
                is_open_metrics ? load::ExpositionFormat::open_metrics : load::ExpositionFormat::by_content,
                name);
}

Result<Readings> read_url(const slo::ExpositionSource& source, const SourceWorld& world) {
  const auto usable = base_url(std::string_view{source.url}.substr(0, source.url.find('?')));
  if (!usable) return usable.error();
  auto before = fetch(source, world.http);
  if (!before) return before.error();
  if (const auto* missing = std::get_if<Missing>(&*before)) return *missing;
  world.clock.sleep(source.interval);
  auto after = fetch(source, world.http);
  if (!after) return after.error();
  return both(std::move(*before), std::move(*after));
}

// The increase of what a selector names, as Prometheus would answer sum(increase(…)), or, for a histogram,
// the sum by le.
struct Counted {
  PrometheusAnswer answer;
  load::PageIncrease increase;
};

Result<Counted> count(const Pages& pages, const std::string& query, bool by_le) {
  const auto selector = load::parse_promql_selector(query);
  if (!selector)
    return selector.error().within("a series selector is wanted, for a metrics page knows no PromQL");
  const auto filter = load::SeriesFilter::compile(*selector);
  if (!filter) return filter.error();
  auto increase = load::increase_between(pages.before, pages.after, *filter);
  if (!increase) return increase.error();
  std::map<std::vector<load::Label>, double> sums;
  for (const load::SeriesIncrease& series : increase->series) {
    std::vector<load::Label> kept;
    for (const load::Label& label : series.labels) {
      if (by_le && label.first == "le") kept.push_back(label);
    }
    sums[kept] += series.by;
  }
  Counted counted{{}, std::move(*increase)};
  for (const auto& [labels, sum] : sums) counted.answer.series.push_back({labels, {{0, sum}}});
  return counted;
}

// The selectors of an SLI, in the order events_of() wants their answers; none where a page cannot tell.
std::vector<std::string> selectors_of(const slo::Sli& sli) {
  if (const auto* ratio = std::get_if<slo::RatioSli>(&sli); ratio != nullptr && ratio->is_counter)
    return {ratio->good.empty() ? ratio->bad : ratio->good, ratio->total};
  if (const auto* latency = std::get_if<slo::LatencySli>(&sli)) return {latency->histogram};
  return {};
}

std::string described(const load::PageIncrease& increase) {
  double sum = 0;
  for (const load::SeriesIncrease& series : increase.series) sum += series.by;
  return fmt::format("{} in {} series, {} of them new, {} reset, {} vanished", load::metric_number_text(sum),
                     increase.series.size(), increase.appeared, increase.reset, increase.vanished);
}

// Why the increase of what all events are counted by means nothing: their whole lives would pass for it.
std::optional<Missing> fault_of_total(const load::PageIncrease& increase, const std::string& selector) {
  if (increase.before > 0 || increase.series.empty()) return std::nullopt;
  return Missing{
      Doubt::no_data,
      fmt::format("the first reading has no series of {}: nobody knows what they counted until then",
                  selector)};
}

std::optional<Missing> fault_of_counter(const load::PageIncrease& increase, const std::string& selector) {
  if (increase.reset == 0) return std::nullopt;
  return Missing{Doubt::inconclusive,
                 fmt::format("{} of {} fell between the two readings: the service started anew, or the pages "
                             "are not of one service, or swapped",
                             counted(increase.reset, "counter"), selector)};
}

std::variant<slo::Events, Missing> events_between(const Pages& pages, const Objective& objective,
                                                  seconds apart, Measurement& measurement) {
  const std::vector<std::string> selectors = selectors_of(objective.sli);
  if (selectors.empty())
    return Missing{Doubt::inconclusive,
                   "a metrics page that is read twice tells of counters and histograms alone"};
  const bool by_le = std::holds_alternative<slo::LatencySli>(objective.sli);
  std::vector<Counted> all;
  for (const std::string& selector : selectors) {
    auto one = count(pages, selector, by_le);
    if (!one) return Missing{Doubt::inconclusive, one.error().message};
    measurement.queries.push_back({fmt::format("increase({})", selector), described(one->increase), apart});
    if (one->increase.vanished > 0) {
      measurement.warnings.push_back(
          fmt::format("{} series of {} vanished between the two readings, with what they counted",
                      one->increase.vanished, selector));
    }
    if (auto fault = fault_of_counter(one->increase, selector)) return std::move(*fault);
    const bool counts_all = selector == selectors.back();
    if (auto fault = fault_of_total(one->increase, selector); counts_all && fault) return std::move(*fault);
    all.push_back(std::move(*one));
  }
  std::vector<const PrometheusAnswer*> answers;
  for (const Counted& one : all) answers.push_back(&one.answer);
  return events_of(objective.sli, answers, apart, apart);
}

// The age of the newest sample that says when it was taken; negative where that is yet to come.
std::optional<seconds> age_of(const Exposition& page, Timestamp now) {
  std::optional<Timestamp> newest;
  for (const load::ExposedSample& sample : page.samples) {
    if (sample.at) newest = std::max(newest.value_or(*sample.at), *sample.at);
  }
  if (!newest) return std::nullopt;
  return std::chrono::ceil<seconds>(now - *newest);
}

// As long as Prometheus takes a sample for a series' present value.
constexpr seconds kLongestAge{300};
constexpr seconds kTolerableSkew{60};

std::optional<Missing> fault_of_age(seconds age) {
  if (age > kLongestAge) {
    return Missing{Doubt::stale,
                   fmt::format("the page's newest sample is {} old, 5 min may be", human_duration(age))};
  }
  if (-age > kTolerableSkew) {
    return Missing{Doubt::inconclusive,
                   fmt::format("the page's newest sample is {} in the future", human_duration(-age))};
  }
  return std::nullopt;
}

Measurement measure(const Objective& objective, const Readings& readings, seconds apart, bool is_live,
                    Timestamp at) {
  Measurement measurement;
  measurement.at = at;
  std::variant<slo::Events, Missing> events = Missing{};
  if (const auto* pages = std::get_if<Pages>(&readings)) {
    events = events_between(*pages, objective, apart, measurement);
    const auto age = age_of(pages->after, at);
    if (age) measurement.newest_age = std::max(seconds{0}, *age);
    if (!age && is_live) measurement.newest_age = seconds{0};
    if (auto fault = age ? fault_of_age(*age) : std::nullopt) events = std::move(*fault);
  } else {
    events = std::get<Missing>(readings);
  }
  const Missing too_short{Doubt::no_data,
                          fmt::format("the page was read {} apart, which tells nothing of so long a window",
                                      human_duration(apart))};
  for (const seconds length : slo::needed_windows(objective)) {
    const bool tells = length <= apart || std::holds_alternative<Missing>(events);
    measurement.windows.push_back({length, tells ? events : too_short});
  }
  if (std::holds_alternative<slo::Threshold>(objective.span)) measurement.covered = apart;
  measurement.slices = too_short;
  return measurement;
}

}  // namespace

Result<Measurements> measure_exposition(const slo::ExpositionSource& source,
                                        std::span<const Objective> objectives,
                                        const MeasureSettings& settings, const SourceWorld& world) {
  const bool is_live = !source.url.empty();
  const auto readings = is_live ? read_url(source, world) : read_files(source, world.files);
  if (!readings) return readings.error();
  const Timestamp at = settings.as_of.value_or(world.clock.now());
  const seconds apart = std::max(seconds{1}, std::chrono::floor<seconds>(source.interval));
  Measurements measurements;
  for (const Objective& objective : objectives)
    measurements.of.push_back(measure(objective, *readings, apart, is_live, at));
  return measurements;
}

}  // namespace gate::checks
