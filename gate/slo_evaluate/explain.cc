#include "gate/slo/explain.h"

#include <array>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "gate/cli/session.h"
#include "gate/render/table.h"
#include "gate/render/visible.h"
#include "gate/slo/reasons.h"
#include "gate/slo_evaluate/objectives.h"

namespace gate::slo_evaluate {
namespace {

using checks::EvaluatedObjective;

constexpr std::array kExamples{
    cli::Example{"slo-evaluate explain slo.toml", "each step from the queries to the verdict"},
    cli::Example{"slo-evaluate explain --only checkout --as-of 2026-11-20T03:00:00Z slo.toml",
                 "why it was stopped last night"},
};

std::string queries_text(const slo::Measurement& measurement) {
  std::string out;
  for (const slo::QueryRecord& record : measurement.queries) {
    out += fmt::format("  asked     {}\n  answered  {}\n", render::visible(record.query),
                       render::visible(record.answer));
  }
  return out;
}

// A line a step: what it is, its formula, its numbers, what comes out.
std::string steps_text(const std::vector<slo::Step>& steps) {
  std::vector<render::Row> rows;
  for (const slo::Step& step : steps) {
    rows.push_back({render::visible(step.what), render::visible(step.formula), render::visible(step.numbers),
                    render::visible(step.result)});
  }
  std::string out;
  for (const render::Row& row : render::aligned({{"STEP"}, {"FORMULA"}, {"NUMBERS"}, {"RESULT"}}, rows, 0)) {
    out += fmt::format("  {}\n", render::line_of(row));
  }
  return out;
}

std::string objective_text(const EvaluatedObjective& one) {
  std::string out =
      fmt::format("{}: {}{}\n", render::visible(one.objective.name), slo::name_of(one.evaluation.outcome),
                  one.objective.shadow ? " (shadow)" : "");
  out += queries_text(one.measurement);
  out += steps_text(slo::explain(one.objective, one.evaluation));
  for (const slo::Reason& reason : one.evaluation.reasons) {
    out += fmt::format("  because {} [{}]\n", render::visible(reason.message), reason.rule);
  }
  return out;
}

Result<cli::ExitCode> run(const InspectOptions& options, cli::Context& io) {
  const auto session = cli::open_session("slo-evaluate", options.gate, io);
  if (!session) return session.error();
  auto checked = look_at(options.objectives, *session, io);
  if (!checked) return checked.error();
  std::string text;
  for (const EvaluatedObjective& one : checked->objectives)
    text += (text.empty() ? "" : "\n") + objective_text(one);
  io.out << render::break_commands(text, render::kBreakInText);
  return cli::ExitCode::passed;
}

}  // namespace

const cli::Tool<InspectOptions> kExplain{
    {"slo-evaluate explain", "Shows the arithmetic behind a verdict, and exits 0 whatever it is.", kExamples},
    declare_inspect,
    run};

}  // namespace gate::slo_evaluate
