#include "gate/slo_evaluate/canary.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "gate/base/decimal.h"
#include "gate/checks/slo_canary.h"
#include "gate/checks/slo_objectives.h"
#include "gate/cli/emit.h"
#include "gate/render/visible.h"
#include "gate/slo_evaluate/watch.h"

namespace gate::slo_evaluate {
namespace {

using Text = std::optional<std::string>;

// What an option takes, in its own unit.
struct NumberOption {
  std::string_view name;
  int unit = 1;  // 100 for percent
  double low = 0;
  double high = 0;
  bool bounds_too = false;  // whether the bounds themselves are fine
};

constexpr NumberOption kAlpha{"--alpha", 1, slo::kLeastAlpha, 0.5, true};
constexpr NumberOption kShare{"--share-percent", 100, 0, 100};
constexpr NumberOption kMaxError{"--max-error-percent", 100, 0, 100};
constexpr NumberOption kDesignEffect{"--design-effect", 1, 1, 1000, true};
constexpr NumberOption kAllowedRatio{"--allowed-ratio", 1, 1, 1000};
constexpr NumberOption kTolerance{"--latency-tolerance-percent", 100, 1, 1000, true};

Status check_bounds(const NumberOption& option, const std::string& given, double number) {
  const bool inside = number > option.low && number < option.high;
  const bool on_bound = number == option.low || number == option.high;
  if (inside || (on_bound && option.bounds_too)) return done();
  return Error{ErrorCode::usage, fmt::format("{}: {} is not {} {} {} {}", option.name, given,
                                             option.bounds_too ? "from" : "between", option.low,
                                             option.bounds_too ? "to" : "and", option.high)};
}

// The number of an option over its unit, where it was given; a share, mostly.
Status take_number(const NumberOption& option, const Text& given, std::optional<double>& target) {
  if (!given) return done();
  const auto number = Decimal::parse(*given);
  if (!number) return Error{ErrorCode::usage, fmt::format("{}: \"{}\" is not a number", option.name, *given)};
  if (auto inside = check_bounds(option, *given, number->nearest_double()); !inside) return inside;
  target = number->divided_by(Decimal::of(std::int64_t{option.unit}));
  if (target) return done();
  return Error{ErrorCode::usage, fmt::format("{}: \"{}\" has too many digits", option.name, *given)};
}

// 0 is a tolerance as well.
Status take_tolerance(const Text& given, slo::CanaryLatency& latency) {
  const auto number = Decimal::parse(given.value_or(""));
  std::optional<double> tolerance;
  if (number && number->is_zero()) {
    tolerance = 0;
  } else if (auto taken = take_number(kTolerance, given, tolerance); !taken) {
    return taken;
  }
  latency.tolerance = tolerance.value_or(latency.tolerance);
  return done();
}

Status take_latencies(const CompareOptions& options, slo::CanarySettings& settings) {
  if (!options.no_latency) {
    settings.latency.emplace();
    if (auto taken = take_tolerance(options.latency_tolerance_percent, *settings.latency); !taken)
      return taken;
  }
  if (!options.p95_latency_ms) return done();
  const auto threshold = Decimal::parse(*options.p95_latency_ms);
  if (!threshold || threshold->is_negative() || threshold->is_zero()) {
    return Error{ErrorCode::usage,
                 fmt::format("--p95-latency-ms: \"{}\" is not a number above 0", *options.p95_latency_ms)};
  }
  slo::CanaryEvents slow;
  slow.name = "slow";
  slow.bad = {slo::RequestSli::Kind::latency, *threshold};
  slow.max_bad_share = 0.05;
  settings.events.push_back(std::move(slow));
  return done();
}

// An objective over requests, as what a canary is compared by and held to.
std::optional<slo::CanaryEvents> events_of(const slo::Objective& objective) {
  const auto* bad = std::get_if<slo::RequestSli>(&objective.sli);
  if (bad == nullptr) return std::nullopt;
  slo::CanaryEvents events;
  events.name = objective.name;
  events.bad = *bad;
  events.max_bad_share =
      objective.canary.max_bad_share.value_or(slo::error_budget(objective)).nearest_double();
  return events;
}

// What --objectives say; the others of their files are of other sources.
Status take_objectives(const CompareOptions& options, const ports::Files& files,
                       slo::CanarySettings& settings) {
  if (options.objectives.empty()) return done();
  if (options.max_error_percent || options.p95_latency_ms) {
    return Error{ErrorCode::usage, "--objectives hold the limits: give no others beside them"};
  }
  policy::SloSettings named;
  named.objectives = options.objectives;
  named.only = options.only;
  const auto loaded = checks::load_objectives(named, files);
  if (!loaded) return loaded.error();
  settings.events.clear();
  for (const slo::Objective& objective : loaded->set.objectives) {
    auto events = events_of(objective);
    if (!events) continue;
    settings.events.push_back(std::move(*events));
    settings.min_failing_clients =
        std::max(settings.min_failing_clients, objective.canary.min_failing_clients);
  }
  if (!settings.events.empty()) return done();
  return Error{
      ErrorCode::usage,
      "--objectives: none of them is about requests (errors, availability, latency_ms of a samples source)"};
}

// Every number in turn; the first that is none is the error.
Status take_numbers(const CompareOptions& options, slo::CanarySettings& settings) {
  std::optional<double> alpha;
  std::optional<double> ratio;
  const Status taken[] = {
      take_number(kAlpha, options.alpha, alpha),
      take_number(kShare, options.share_percent, settings.share),
      take_number(kMaxError, options.max_error_percent, settings.events.front().max_bad_share),
      take_number(kDesignEffect, options.design_effect, settings.design_effect),
      take_number(kAllowedRatio, options.allowed_ratio, ratio),
      take_latencies(options, settings),
  };
  for (const Status& status : taken) {
    if (!status) return status.error();
  }
  settings.alpha = alpha.value_or(settings.alpha);
  settings.allowed_ratio = ratio.value_or(settings.allowed_ratio);
  return done();
}

// The files of a run, opened anew at each look: they may have grown.
struct OpenedSamples {
  std::unique_ptr<checks::SampleFiles> first;   // all samples, or those of the baseline
  std::unique_ptr<checks::SampleFiles> second;  // those of the canary
};

Result<OpenedSamples> open_samples(const CompareOptions& options, const ports::Files& files) {
  const auto ending =
      options.watch.watch ? checks::SampleFiles::LastLine::may_grow : checks::SampleFiles::LastLine::complete;
  const bool together = !options.samples.empty();
  auto first = checks::SampleFiles::open(together ? options.samples : options.control, files,
                                         together ? slo::Track::none : slo::Track::baseline, ending);
  if (!first) return first.error();
  if (together) return OpenedSamples{std::move(*first), nullptr};
  auto second = checks::SampleFiles::open(options.canary, files, slo::Track::canary, ending);
  if (!second) return second.error();
  return OpenedSamples{std::move(*first), std::move(*second)};
}

// One look: what is new since the last one, judged.
Result<policy::Evidence> look_at_samples(const CompareOptions& options, slo::CanaryJudge& judge,
                                         const ports::Files& files) {
  const auto opened = open_samples(options, files);
  if (!opened) return opened.error();
  const checks::CanaryCheck check{options.service, options.watch.watch || options.state};
  std::optional<checks::MergedSamples> merged;
  if (opened->second) merged.emplace(*opened->first, *opened->second);
  auto evidence = checks::check_canary(merged ? static_cast<checks::SampleStream&>(*merged) : *opened->first,
                                       check, judge);
  if (!evidence) return evidence;
  policy::Evidence all = opened->first->evidence();
  if (opened->second) policy::merge(all, opened->second->evidence());
  checks::doubt_same_bytes(all);
  all.examined.clear();  // the check has counted what it judged
  policy::merge(all, std::move(*evidence));
  all.shown.emplace();
  if (options.explain) all.shown->push_back("canary");
  return all;
}

Status check_sides(const CompareOptions& options) {
  const bool together = !options.samples.empty();
  const bool apart = !options.control.empty() || !options.canary.empty();
  if (together != apart && (together || (!options.control.empty() && !options.canary.empty()))) return done();
  return Error{ErrorCode::usage,
               "name the requests: --samples FILE, whose track tells them apart, or --control FILE and "
               "--canary FILE, or a FILE of metrics"};
}

}  // namespace

void declare_canary(cli::OptionTable& table, CompareOptions& options) {
  table.section("requests");
  table.list("--samples", "FILE", options.samples,
             "requests of both sides, told apart by their track; - is stdin");
  table.list("--control", "FILE", options.control, "requests of the baseline");
  table.list("--canary", "FILE", options.canary, "requests of the canary");
  table.text("--service", "NAME", options.service, "what findings call the canary; default canary");
  table.section("what a canary is judged by");
  table.list("--objectives", "FILE", options.objectives,
             "what is bad, and its limits: the objectives over samples of a slo.toml");
  table.list("--only", "NAME", options.only, "these objectives alone; globs over their names");
  table.text("--max-error-percent", "PERCENT", options.max_error_percent,
             "a limit of the canary's own error rate");
  table.text("--p95-latency-ms", "MS", options.p95_latency_ms,
             "slower requests are bad too, and at most 5 % may be");
  table.text("--latency-tolerance-percent", "PERCENT", options.latency_tolerance_percent,
             "so much slower is not slower; default 10");
  table.flag("--no-latency", options.no_latency, "do not compare the latency distributions");
  table.text("--alpha", "SHARE", options.alpha, "chance to fail a canary that is no worse; default 0.01");
  table.text("--allowed-ratio", "TIMES", options.allowed_ratio,
             "proven below so many times the baseline's odds: not worse; default 2");
  table.text("--share-percent", "PERCENT", options.share_percent,
             "the canary's share of the requests, where it is set and by chance");
  table.text("--design-effect", "TIMES", options.design_effect,
             "errors that may have one cause; default 1 with clients, 5 without");
  table.flag("--ignore-clients", options.ignore_clients,
             "count requests, not clients: a proxy hides who they are");
  table.number("--min-failing-clients", "N", options.min_failing_clients, "fewer fail no canary; default 3");
  table.number("--min-canary-requests", "N", options.min_canary_requests,
               "fewer pass no canary; default 100");
  table.flag("--explain", options.explain, "print every test: its evidence, its bar, its numbers");
  table.text("--state", "FILE", options.state,
             "go on from there, and leave what was learnt; the files hold what is new");
}

Result<slo::CanarySettings> canary_settings(const CompareOptions& options, const ports::Files& files) {
  slo::CanarySettings settings;
  if (auto taken = take_numbers(options, settings); !taken) return taken.error();
  if (auto taken = take_objectives(options, files, settings); !taken) return taken.error();
  settings.use_clients = !options.ignore_clients;
  settings.early_pass = false;  // the rest of a file counts too, and so does what a later run brings
  settings.min_failing_clients = options.min_failing_clients.value_or(settings.min_failing_clients);
  settings.min_canary_requests = options.min_canary_requests.value_or(settings.min_canary_requests);
  if (auto sound = slo::check_settings(settings); !sound)
    return Error{ErrorCode::usage, sound.error().message};
  return settings;
}

Result<cli::ExitCode> compare_samples(const CompareOptions& options, const cli::Session& session,
                                      cli::Context& io) {
  if (auto named = check_sides(options); !named) return named.error();
  const auto settings = canary_settings(options, io.files);
  if (!settings) return settings.error();
  auto judge = checks::open_canary(*settings, options.state, io.files);
  if (!judge) return judge.error();
  Status saved = done();
  const Look look = [&]() -> Result<policy::Report> {
    auto evidence = look_at_samples(options, *judge, io.files);
    if (!evidence) return evidence.error();
    if (options.state) saved = checks::save_canary(*judge, *options.state, io.files);
    return cli::conclude(session, std::move(*evidence), io);
  };
  const auto report = watch(options.watch, look, io);
  if (!report) return report.error();
  const cli::ExitCode code = cli::emit(*report, options.gate, io);
  if (saved) return code;
  io.err << fmt::format("slo-evaluate compare: {}\n", render::visible(saved.error().message));
  return cli::worse(code, cli::undelivered(report->verdict));
}

}  // namespace gate::slo_evaluate
