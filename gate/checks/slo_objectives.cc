#include "gate/checks/slo_objectives.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "gate/base/glob.h"
#include "gate/base/hash.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/checks/inputs.h"
#include "gate/load/openslo.h"
#include "gate/load/slo_toml.h"
#include "gate/load/toml_decimal.h"
#include "gate/load/tzif.h"
#include "gate/slo/calendar.h"

namespace gate::checks {
namespace {

using policy::SloSettings;
using slo::Objective;

constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 20U;
constexpr std::uint64_t kMostZoneBytes = std::uint64_t{1} << 20U;
const std::string kZoneFolder = "/usr/share/zoneinfo/";

std::string place_of(const slo::Origin& origin) {
  return fmt::format("{}:{}:{}", origin.file, origin.line, origin.column);
}

// One source that another file calls by the same name and means another one gets the file's name in front.
void take_source(slo::Source source, slo::ObjectiveSet& part, slo::ObjectiveSet& whole) {
  const auto same = std::find_if(whole.sources.begin(), whole.sources.end(),
                                 [&](const slo::Source& known) { return known.name == source.name; });
  if (same != whole.sources.end()) {
    if (same->settings == source.settings) return;
    const std::string renamed = fmt::format("{}: {}", source.origin.file, source.name);
    for (Objective& objective : part.objectives) {
      if (objective.source == source.name) objective.source = renamed;
    }
    source.name = renamed;
  }
  whole.sources.push_back(std::move(source));
}

void take_set(slo::ObjectiveSet part, slo::ObjectiveSet& whole) {
  for (slo::Source& source : std::exchange(part.sources, {})) take_source(std::move(source), part, whole);
  std::move(part.objectives.begin(), part.objectives.end(), std::back_inserter(whole.objectives));
  std::move(part.remarks.begin(), part.remarks.end(), std::back_inserter(whole.remarks));
}

Status read_files(const std::vector<std::string>& paths, const ports::Files& files,
                  LoadedObjectives& loaded) {
  std::vector<load::OpenSloFile> yaml;
  for (const std::string& path : paths) {
    auto text = files.read(path, kMostBytes);
    if (!text) {
      if (text.error().code == ErrorCode::budget) return Error{ErrorCode::malformed, text.error().message};
      return text.error();
    }
    loaded.inputs.push_back({path, sha256_hex(*text), text->size()});
    if (ends_with_ignoring_case(path, ".yaml") || ends_with_ignoring_case(path, ".yml")) {
      yaml.push_back({path, std::move(*text)});
      continue;
    }
    auto set = load::parse_slo_toml(*text, path);
    if (!set) return set.error();
    take_set(std::move(*set), loaded.set);
  }
  if (yaml.empty()) return done();
  auto set = load::parse_openslo(yaml);
  if (!set) return set.error();
  take_set(std::move(*set), loaded.set);
  return done();
}

Status refuse_same_names(const std::vector<Objective>& objectives) {
  std::map<std::string_view, const Objective*> seen;
  for (const Objective& objective : objectives) {
    const auto [first, is_new] = seen.emplace(objective.name, &objective);
    if (is_new) continue;
    return Error{ErrorCode::malformed,
                 fmt::format("{}: name: {} is taken by the objective at {}", place_of(objective.origin),
                             json_quoted(objective.name), place_of(first->second->origin))};
  }
  return done();
}

Status keep_only(const std::vector<std::string>& only, std::vector<Objective>& objectives) {
  if (only.empty()) return done();
  const auto named = [](const std::string& pattern, const Objective& objective) {
    return pattern == objective.name || glob_matches(pattern, objective.name);
  };
  for (const std::string& pattern : only) {
    const bool found = std::any_of(objectives.begin(), objectives.end(),
                                   [&](const Objective& objective) { return named(pattern, objective); });
    if (!found)
      return Error{ErrorCode::usage, fmt::format("no objective is called {}", json_quoted(pattern))};
  }
  const auto is_other = [&](const Objective& objective) {
    return std::none_of(only.begin(), only.end(),
                        [&](const std::string& pattern) { return named(pattern, objective); });
  };
  objectives.erase(std::remove_if(objectives.begin(), objectives.end(), is_other), objectives.end());
  return done();
}

// The playbook's three limits.
struct Limit {
  const char* setting;
  const std::optional<std::string>& written;
  slo::RequestSli::Kind kind;
};

Result<Objective> threshold_objective(const Limit& limit) {
  const auto value = load::parse_exact(*limit.written);
  if (!value) {
    return Error{ErrorCode::usage, fmt::format("{}: expected a number such as 99 or \"99.5\", found {}",
                                               limit.setting, json_quoted(*limit.written))};
  }
  Objective objective;
  objective.name = limit.setting;
  objective.source = "samples";
  const bool is_latency = limit.kind == slo::RequestSli::Kind::latency;
  objective.sli = slo::RequestSli{limit.kind, is_latency ? *value : Decimal{}};
  objective.span = slo::Threshold{limit.setting, *limit.written};
  objective.target = slo::target_of_threshold(limit.setting, *value);
  objective.written = slo::percent_of(objective.target).to_string();
  if (!slo::is_target(objective.target) || value->is_zero()) {
    return Error{ErrorCode::usage,
                 fmt::format("{}: {} is a limit that decides nothing", limit.setting, *limit.written)};
  }
  return objective;
}

Status add_thresholds(const SloSettings& settings, slo::ObjectiveSet& set) {
  using Kind = slo::RequestSli::Kind;
  const Limit limits[] = {{"p95_latency_ms", settings.p95_latency_ms, Kind::latency},
                          {"error_rate_percent", settings.error_rate_percent, Kind::errors},
                          {"availability_percent", settings.availability_percent, Kind::availability}};
  slo::ObjectiveSet part;
  for (const Limit& limit : limits) {
    if (!limit.written) continue;
    auto objective = threshold_objective(limit);
    if (!objective) return objective.error();
    part.objectives.push_back(std::move(*objective));
  }
  if (settings.samples.empty() != part.objectives.empty()) {
    return Error{ErrorCode::usage,
                 part.objectives.empty()
                     ? "samples are given and no threshold to hold them to: p95_latency_ms, "
                       "error_rate_percent or availability_percent"
                     : "a threshold is given and no samples to hold it to"};
  }
  if (part.objectives.empty()) return done();
  part.sources.push_back({"samples", slo::SamplesSource{settings.samples}, {}});
  take_set(std::move(part), set);
  return done();
}

Result<slo::TimeZone> read_zone(const std::string& name, const ports::Files& files) {
  if (name.empty() || name == "UTC") return slo::TimeZone{};
  const bool plain =
      name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
      std::string::npos;
  if (!plain || name.front() == '/') return Error{ErrorCode::malformed, "not the name of a time zone"};
  const auto bytes = files.read(kZoneFolder + name, kMostZoneBytes);
  if (!bytes) {
    return Error{ErrorCode::malformed,
                 fmt::format("this system knows no such time zone ({})", bytes.error().message)};
  }
  return load::parse_tzif(*bytes);
}

}  // namespace

Result<LoadedObjectives> load_objectives(const SloSettings& settings, const ports::Files& files) {
  LoadedObjectives loaded;
  if (settings.objectives.empty() && settings.samples.empty())
    return Error{ErrorCode::usage, "neither objectives nor samples are given"};
  auto inputs = expand_inputs(settings.objectives, {".toml", ".yaml", ".yml"}, files);
  if (!inputs) return inputs.error();
  loaded.findings = std::move(inputs->findings);
  if (const auto read = read_files(inputs->paths, files, loaded); !read) return read.error();
  if (const auto kept = keep_only(settings.only, loaded.set.objectives); !kept) return kept.error();
  if (const auto added = add_thresholds(settings, loaded.set); !added) return added.error();
  if (const auto unique = refuse_same_names(loaded.set.objectives); !unique) return unique.error();
  for (slo::Source& source : loaded.set.sources) {
    if (auto* samples = std::get_if<slo::SamplesSource>(&source.settings))
      samples->may_grow = settings.samples_may_grow;
  }
  for (const slo::Remark& remark : loaded.set.remarks) {
    policy::Finding note = policy::note("slo.remark", remark.origin.file, remark.message);
    note.location = {remark.origin.file, remark.origin.line, remark.origin.column, {}};
    note.key = remark.message;
    loaded.findings.push_back(std::move(note));
  }
  return loaded;
}

Status settle_calendars(std::vector<Objective>& objectives, Timestamp now, const ports::Files& files) {
  for (Objective& objective : objectives) {
    auto* period = std::get_if<slo::Period>(&objective.span);
    if (period == nullptr || !period->calendar) continue;
    const slo::Calendar calendar = *period->calendar;
    const auto zone = read_zone(calendar.time_zone, files);
    if (!zone) {
      return zone.error().within(
          fmt::format("{}: time zone {}", place_of(objective.origin), json_quoted(calendar.time_zone)));
    }
    *period = slo::current_period(calendar, *zone, now);
  }
  return done();
}

}  // namespace gate::checks
