#include "gate/checks/prometheus_source.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/checks/http_secrets.h"
#include "gate/checks/prometheus_client.h"
#include "gate/checks/prometheus_events.h"
#include "gate/checks/prometheus_plan.h"
#include "gate/slo/windows.h"

namespace gate::checks {
namespace {

using slo::Doubt;
using slo::Measurement;
using slo::Missing;
using slo::Objective;
using std::chrono::seconds;

constexpr seconds kTolerableSkew{60};
constexpr seconds kTolerableDelay{300};  // of the server's clock: its now may come from a cache

Doubt doubt_of(ErrorCode code) {
  const bool is_about_the_query =
      code == ErrorCode::malformed || code == ErrorCode::budget || code == ErrorCode::usage;
  return is_about_the_query ? Doubt::inconclusive : Doubt::unreachable;
}

Missing missing_for(const Error& error) {
  return Missing{doubt_of(error.code), error.message};
}

// Says `missing` about everything that the objective needs.
void fill(Measurement& measurement, const Objective& objective, const Missing& missing) {
  measurement.windows.clear();
  for (const seconds length : slo::needed_windows(objective))
    measurement.windows.push_back({length, missing});
  measurement.slices = missing;
}

// Puts the replies together that are about one objective.
class Assembly {
 public:
  Assembly(const Objective& objective, const ObjectivePlan& plan, const std::vector<PrometheusReply>& replies,
           const PlanSettings& settings)
      : objective_(objective), plan_(plan), replies_(replies), settings_(settings) {}

  Measurement measure(Timestamp at) {
    measurement_.at = at;
    for (const PlannedPart& part : plan_.windows) add_window(part);
    if (plan_.slices) add_slices(*plan_.slices);
    if (plan_.course) add_course(*plan_.course);
    if (plan_.age) add_age(*plan_.age);
    if (plan_.covered) add_covered(*plan_.covered);
    return std::move(measurement_);
  }

 private:
  // The answers of a part, or the first error among them.
  std::variant<std::vector<const load::PrometheusAnswer*>, Missing> answers_of(const PlannedPart& part) {
    std::vector<const load::PrometheusAnswer*> answers;
    for (const std::size_t number : part.queries) keep(number);
    for (const std::size_t number : part.queries) {
      const auto& answer = replies_[number].answer;
      if (!answer) return missing_for(answer.error());
      answers.push_back(&*answer);
    }
    return answers;
  }

  void keep(std::size_t number) {
    if (std::find(kept_.begin(), kept_.end(), number) != kept_.end()) return;
    kept_.push_back(number);
    const PrometheusReply& reply = replies_[number];
    measurement_.queries.push_back(reply.record);
    if (!reply.answer) return;
    for (const std::string& warning : reply.answer->warnings) {
      auto& known = measurement_.warnings;
      if (std::find(known.begin(), known.end(), warning) == known.end()) known.push_back(warning);
    }
  }

  void add_window(const PlannedPart& part) {
    const auto answers = answers_of(part);
    if (const auto* missing = std::get_if<Missing>(&answers)) {
      measurement_.windows.push_back({part.length, *missing});
      return;
    }
    measurement_.windows.push_back({part.length, events_of(objective_.sli, std::get<0>(answers), part.window,
                                                           settings_.scrape_interval)});
  }

  void add_slices(const PlannedPart& part) {
    const auto answers = answers_of(part);
    if (const auto* missing = std::get_if<Missing>(&answers)) {
      measurement_.slices = *missing;
    } else {
      measurement_.slices =
          slices_of(objective_.sli, std::get<0>(answers), part.window, settings_.scrape_interval);
    }
  }

  // A chart without points is no chart; the verdict does not rest on it.
  void add_course(const PlannedPart& part) {
    const auto answers = answers_of(part);
    if (std::holds_alternative<Missing>(answers)) return;
    auto slices = slices_of(objective_.sli, std::get<0>(answers), part.window, settings_.scrape_interval);
    if (auto* points = std::get_if<0>(&slices)) measurement_.course = std::move(*points);
  }

  void add_covered(std::size_t number) {
    keep(number);
    const auto& answer = replies_[number].answer;
    if (answer) measurement_.covered = covered_by(*answer);
    if (std::holds_alternative<slo::RawRatioSli>(objective_.sli)) count_covered_moments();
  }

  // nullopt for a number of steps that no window of that length has. Data that are too young for a single
  // step are of one scrape at least.
  [[nodiscard]] std::optional<seconds> covered_by(const load::PrometheusAnswer& answer) const {
    const seconds window = asked_window(slo::decisive_window(objective_));
    if (answer.series.empty())
      return measurement_.newest_age ? std::min(window, settings_.scrape_interval) : seconds{0};
    const auto steps = one_number(answer, "count");
    const double count = std::holds_alternative<double>(steps) ? std::get<double>(steps) : -1;
    const double most = static_cast<double>(window / plan_.covered_step) + 1;
    if (count < 0 || count > most) return std::nullopt;
    return std::min(window, static_cast<std::int64_t>(count) * plan_.covered_step);
  }

  // A share has no events behind it but the moments it was seen at: no more than there is data for.
  void count_covered_moments() {
    const seconds seen = std::max(measurement_.covered.value_or(seconds{0}), settings_.scrape_interval);
    for (slo::Window& window : measurement_.windows) {
      auto* events = std::get_if<slo::Events>(&window.events);
      const seconds length = asked_window(window.length);
      if (events == nullptr || seen >= length) continue;
      const double part = static_cast<double>(seen.count()) / static_cast<double>(length.count());
      *events = {events->total * part, events->bad_least * part, events->bad_most * part};
    }
  }

  // Data of unknown age must not pass for fresh.
  void add_age(std::size_t number) {
    keep(number);
    const auto& answer = replies_[number].answer;
    if (!answer) {
      fill(measurement_, objective_, missing_for(answer.error().within("the age of the newest sample")));
      return;
    }
    const auto age = one_number(*answer, "the age of the newest sample");
    if (const auto* known = std::get_if<double>(&age)) return set_age(*known);
    if (!has_data()) return;  // what is missing says so already
    const auto& why = std::get<Missing>(age);
    measurement_.untold_age =
        why.doubt == Doubt::no_data
            ? Missing{Doubt::stale, fmt::format("no sample of {} to tell the age of the data",
                                                shortened(freshness_selector(objective_), 200))}
            : why;
  }

  void set_age(double age) {
    if (-age > static_cast<double>(kTolerableSkew.count())) {
      measurement_.untold_age =
          Missing{Doubt::inconclusive,
                  fmt::format("the newest sample is {} in the future", human_duration(bounded(-age)))};
      return;
    }
    measurement_.newest_age = bounded(age);
  }

  [[nodiscard]] seconds bounded(double age) const {
    const double most = static_cast<double>(settings_.longest_age.count());
    return seconds{static_cast<std::int64_t>(std::ceil(std::clamp(age, 0.0, most)))};
  }

  [[nodiscard]] bool has_data() const {
    const auto holds_events = [](const slo::Window& window) {
      return std::holds_alternative<slo::Events>(window.events);
    };
    const auto& windows = measurement_.windows;
    return std::any_of(windows.begin(), windows.end(), holds_events) ||
           (plan_.slices && std::holds_alternative<std::vector<slo::Slice>>(measurement_.slices));
  }

  const Objective& objective_;
  const ObjectivePlan& plan_;
  const std::vector<PrometheusReply>& replies_;
  const PlanSettings& settings_;
  Measurement measurement_;
  std::vector<std::size_t> kept_;
};

// The moment that everything is asked about, and what was said about it.
struct Moment {
  std::variant<Timestamp, Missing> at;
  std::optional<slo::QueryRecord> record;
  std::vector<std::string> notes;
};

Moment server_now(const PrometheusClient& client, const ports::Clock& clock) {
  const PrometheusReply reply = client.ask({"time()", {}, {}}, std::nullopt);
  if (!reply.answer) return {missing_for(reply.answer.error()), reply.record, {}};
  const auto number = one_number(*reply.answer, "time()");
  constexpr double kYear9999 = 253'402'300'799.0;
  const double seconds_since = std::holds_alternative<double>(number) ? std::get<double>(number) : -1;
  if (seconds_since < 0 || seconds_since > kYear9999)
    return {Missing{Doubt::inconclusive, "time() is no moment"}, reply.record, {}};
  const Timestamp now{std::chrono::milliseconds{std::llround(seconds_since * 1000)}};
  Moment moment{now, reply.record, {}};
  const auto skew = now - clock.now();
  if (skew < -kTolerableDelay) {
    moment.at = Missing{Doubt::stale, fmt::format("the server's clock says {}, {} behind the clock here",
                                                  to_string(now), human_duration(-skew))};
  } else if (skew > kTolerableSkew || skew < -kTolerableSkew) {
    moment.notes.push_back(fmt::format("the clock here is {} {} that of the server, whose time counts",
                                       human_duration(std::chrono::abs(skew)),
                                       skew.count() > 0 ? "behind" : "ahead of"));
  }
  return moment;
}

void add_infos(std::vector<std::string>& notes, const std::vector<PrometheusReply>& replies) {
  for (const PrometheusReply& reply : replies) {
    if (!reply.answer) continue;
    for (const std::string& info : reply.answer->infos) {
      if (std::find(notes.begin(), notes.end(), info) == notes.end()) notes.push_back(info);
    }
  }
}

// Farther back than a sample may be old, so that one that is not found there is stale.
seconds longest_age(const slo::PrometheusSource& source) {
  constexpr seconds kHour{3600};
  constexpr seconds kStep{240};
  return std::max(kHour, max_age_of(source) + kStep);
}

Measurements none_of(std::span<const Objective> objectives, const Moment& moment, Timestamp now) {
  Measurements measurements;
  for (const Objective& objective : objectives) {
    Measurement measurement;
    measurement.at = now;
    fill(measurement, objective, std::get<Missing>(moment.at));
    if (moment.record) measurement.queries.push_back(*moment.record);
    measurements.of.push_back(std::move(measurement));
  }
  return measurements;
}

}  // namespace

seconds max_age_of(const slo::PrometheusSource& source) {
  return source.max_age.count() > 0 ? source.max_age : 3 * source.scrape_interval;
}

Result<Measurements> measure_prometheus(const slo::PrometheusSource& source,
                                        std::span<const Objective> objectives,
                                        const MeasureSettings& settings, const SourceWorld& world) {
  auto access = http_access(source, world.environment, world.files);
  if (!access) return access.error();
  const PrometheusClient client{std::move(*access), source.timeout, settings.deadline, world};
  const Moment moment = settings.as_of ? Moment{*settings.as_of, {}, {}} : server_now(client, world.clock);
  if (std::holds_alternative<Missing>(moment.at)) return none_of(objectives, moment, world.clock.now());
  const Timestamp at = std::get<Timestamp>(moment.at);
  const PlanSettings plan_settings{std::max(seconds{1}, source.scrape_interval), longest_age(source),
                                   settings.with_course};

  QueryList list;
  std::vector<ObjectivePlan> plans;
  for (const Objective& objective : objectives)
    plans.push_back(plan_objective(objective, plan_settings, list));
  const std::vector<PrometheusReply> replies = client.ask_all(list.queries(), at);

  Measurements measurements;
  measurements.notes = moment.notes;
  add_infos(measurements.notes, replies);
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    Measurement measurement = Assembly{objectives[i], plans[i], replies, plan_settings}.measure(at);
    if (plans[i].impossible)
      fill(measurement, objectives[i], Missing{Doubt::inconclusive, *plans[i].impossible});
    measurements.of.push_back(std::move(measurement));
  }
  return measurements;
}

}  // namespace gate::checks
