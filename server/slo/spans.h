#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/base/time.h"
#include "gate/checks/slo.h"
#include "gate/slo/evaluation.h"

namespace server::slo {

// What can be the matter with an objective for a while. Breaches, but for the last one: there it is only not
// known whether there is one.
enum class SpanKind : std::uint8_t { page, ticket, budget, threshold, undecided };
inline constexpr std::array kSpanKinds{SpanKind::page, SpanKind::ticket, SpanKind::budget,
                                       SpanKind::threshold, SpanKind::undecided};

std::string_view name_of(SpanKind kind);  // "page"
std::optional<SpanKind> span_kind_named(std::string_view name);

// What its `worst` counts: "burn_rate", "budget_spent" (1 is all of it), "bad_share"; empty: nothing.
std::string_view measure_of(SpanKind kind);

// A time during which something was the matter with an objective, as evaluations saw it.
struct Span {
  std::string objective;
  std::string service;
  SpanKind kind = SpanKind::page;
  bool enforced = true;  // false: of a shadow objective
  gate::Timestamp started_at{};
  std::optional<gate::Timestamp> ended_at;  // absent: it lasts
  std::optional<double> worst;              // what was surely reached
  std::string reason;                       // the sentence of the evaluation that measured the worst
  std::int64_t evaluations = 0;             // that saw it

  bool operator==(const Span&) const = default;
};

// What one evaluation says about one kind of trouble. Numbers are the evaluation's own.
struct Sighting {
  SpanKind kind = SpanKind::page;
  gate::slo::Ternary is_there = gate::slo::Ternary::no;  // unknown: what was goes on, nothing begins
  std::optional<double> measured;
  std::string reason;

  bool operator==(const Sighting&) const = default;
};

// One for each kind. While an outcome is undecided no breach begins, while anything is in doubt none ends.
std::vector<Sighting> sightings_of(const gate::slo::Objective& objective,
                                   const gate::slo::Evaluation& evaluation);

// The latest span of each objective and kind.
using SpanBook = std::map<std::pair<std::string, SpanKind>, Span>;

struct SpanStep {
  enum class What { opened, resumed, seen, closed };
  What what = What::seen;
  Span span;

  bool operator==(const SpanStep&) const = default;
};

// What changes by that evaluation. A span that begins again within kMergeWithin of its end goes on: one that
// flaps is one. Spans of objectives that are no more end.
inline constexpr std::chrono::minutes kMergeWithin{5};
std::vector<SpanStep> steps_of(const SpanBook& book,
                               std::span<const gate::checks::EvaluatedObjective> evaluated,
                               gate::Timestamp now);

}  // namespace server::slo
