#include "server/slo/spans.h"

#include <algorithm>
#include <set>

#include "gate/slo/reasons.h"

namespace server::slo {
namespace {

using gate::Timestamp;
using gate::slo::AlertSeverity;
using gate::slo::BurnRow;
using gate::slo::Evaluation;
using gate::slo::Interval;
using gate::slo::Outcome;
using gate::slo::Reason;
using gate::slo::Share;
using gate::slo::Ternary;

struct KindName {
  SpanKind kind;
  std::string_view name;
  std::string_view measure;
};
constexpr std::array kNames{
    KindName{SpanKind::page, "page", "burn_rate"}, KindName{SpanKind::ticket, "ticket", "burn_rate"},
    KindName{SpanKind::budget, "budget", "budget_spent"},
    KindName{SpanKind::threshold, "threshold", "bad_share"}, KindName{SpanKind::undecided, "undecided", ""}};

// The first sentence of that rule whose key starts so.
std::string sentence(const Evaluation& evaluation, std::string_view rule, std::string_view key) {
  const auto found =
      std::find_if(evaluation.reasons.begin(), evaluation.reasons.end(),
                   [&](const Reason& reason) { return reason.rule == rule && reason.key.starts_with(key); });
  return found == evaluation.reasons.end() ? std::string{} : found->message;
}

std::string doubt_of(const Evaluation& evaluation) {
  const auto found =
      std::find_if(evaluation.reasons.begin(), evaluation.reasons.end(),
                   [](const Reason& reason) { return reason.effect == Reason::Effect::doubt; });
  return found == evaluation.reasons.end() ? std::string{} : found->message;
}

Sighting of_rows(const Evaluation& evaluation, AlertSeverity severity, SpanKind kind) {
  Sighting sighting{kind, Ternary::no, std::nullopt,
                    sentence(evaluation, "slo.burn_rate", gate::slo::name_of(severity))};
  for (const BurnRow& row : evaluation.rows) {
    if (row.row.severity != severity || row.fires == Ternary::no) continue;
    if (sighting.is_there != Ternary::yes) sighting.is_there = row.fires;
    const auto* burn = std::get_if<Interval>(&row.long_burn);
    if (row.fires == Ternary::yes && burn != nullptr)
      sighting.measured = std::max(sighting.measured.value_or(0), burn->least);
  }
  return sighting;
}

Sighting of_budget(const Evaluation& evaluation) {
  Sighting sighting{SpanKind::budget, evaluation.violated, std::nullopt,
                    sentence(evaluation, "slo.error_budget", "")};
  if (evaluation.budget) sighting.measured = evaluation.budget->spent.least;
  return sighting;
}

Sighting of_threshold(const Evaluation& evaluation) {
  Sighting sighting{SpanKind::threshold, evaluation.violated, std::nullopt,
                    sentence(evaluation, "slo.threshold", "")};
  if (const auto* share = std::get_if<Share>(&evaluation.period))
    sighting.measured = share->counted.bad_least / share->counted.total;
  return sighting;
}

// The worst is what counts, and the sentence that goes with it.
void see(Span& span, const Sighting& sighting) {
  ++span.evaluations;
  if (span.worst && (!sighting.measured || *sighting.measured <= *span.worst)) return;
  span.worst = sighting.measured;
  span.reason = sighting.reason;
}

SpanStep begin(const Span* last, const Span& fresh, const Sighting& sighting, Timestamp now) {
  const bool resumes = last != nullptr && now - *last->ended_at <= kMergeWithin;
  SpanStep step{resumes ? SpanStep::What::resumed : SpanStep::What::opened, resumes ? *last : fresh};
  step.span.ended_at.reset();
  see(step.span, sighting);
  return step;
}

SpanStep end(const Span& span, Timestamp now) {
  SpanStep step{SpanStep::What::closed, span};
  step.span.ended_at = std::max(now, span.started_at);
  return step;
}

std::optional<SpanStep> step_of(const Span* last, const gate::slo::Objective& objective,
                                const Sighting& sighting, Timestamp now) {
  const bool lasts = last != nullptr && !last->ended_at;
  if (sighting.is_there == Ternary::unknown) return std::nullopt;
  if (sighting.is_there == Ternary::no) return lasts ? std::optional{end(*last, now)} : std::nullopt;
  if (!lasts) {
    Span fresh;
    fresh.objective = objective.name;
    fresh.service = objective.service;
    fresh.kind = sighting.kind;
    fresh.started_at = now;
    SpanStep step = begin(last, fresh, sighting, now);
    step.span.enforced = !objective.shadow;
    return step;
  }
  SpanStep step{SpanStep::What::seen, *last};
  see(step.span, sighting);
  return step;
}

}  // namespace

std::string_view name_of(SpanKind kind) {
  return kNames.at(static_cast<std::size_t>(kind)).name;
}

std::string_view measure_of(SpanKind kind) {
  return kNames.at(static_cast<std::size_t>(kind)).measure;
}

std::optional<SpanKind> span_kind_named(std::string_view name) {
  const auto* found =
      std::find_if(kNames.begin(), kNames.end(), [name](const KindName& row) { return row.name == name; });
  return found == kNames.end() ? std::nullopt : std::optional{found->kind};
}

std::vector<Sighting> sightings_of(const gate::slo::Objective& objective, const Evaluation& evaluation) {
  const bool undecided = evaluation.outcome == Outcome::undecided;
  const std::string doubt = doubt_of(evaluation);
  const bool has_budget = std::holds_alternative<gate::slo::Period>(objective.span);
  std::vector<Sighting> sightings{
      of_rows(evaluation, AlertSeverity::page, SpanKind::page),
      of_rows(evaluation, AlertSeverity::ticket, SpanKind::ticket),
      has_budget ? of_budget(evaluation) : Sighting{SpanKind::budget, Ternary::no, std::nullopt, {}},
      has_budget ? Sighting{SpanKind::threshold, Ternary::no, std::nullopt, {}} : of_threshold(evaluation)};
  for (Sighting& sighting : sightings) {
    if (undecided || (sighting.is_there == Ternary::no && !doubt.empty()))
      sighting.is_there = Ternary::unknown;
  }
  sightings.push_back(
      {SpanKind::undecided, undecided ? Ternary::yes : Ternary::no, std::nullopt, undecided ? doubt : ""});
  return sightings;
}

std::vector<SpanStep> steps_of(const SpanBook& book,
                               std::span<const gate::checks::EvaluatedObjective> evaluated, Timestamp now) {
  std::vector<SpanStep> steps;
  std::set<std::string_view> names;
  for (const auto& one : evaluated) {
    names.insert(one.objective.name);
    for (const Sighting& sighting : sightings_of(one.objective, one.evaluation)) {
      const auto last = book.find({one.objective.name, sighting.kind});
      auto step = step_of(last == book.end() ? nullptr : &last->second, one.objective, sighting, now);
      if (step) steps.push_back(std::move(*step));
    }
  }
  for (const auto& [key, span] : book) {
    if (!span.ended_at && !names.contains(span.objective)) steps.push_back(end(span, now));
  }
  return steps;
}

}  // namespace server::slo
