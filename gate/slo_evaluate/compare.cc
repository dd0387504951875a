#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "gate/checks/slo_metrics.h"
#include "gate/cli/emit.h"
#include "gate/cli/session.h"
#include "gate/slo_evaluate/canary.h"
#include "gate/slo_evaluate/options.h"
#include "gate/slo_evaluate/watch.h"

namespace gate::slo_evaluate {
namespace {

constexpr std::array kExamples{
    cli::Example{"slo-evaluate compare --samples requests.csv",
                 "one file, its requests told apart by their track"},
    cli::Example{"slo-evaluate compare --control stable.jsonl --canary canary.jsonl --max-error-percent 1.0",
                 "two files, and a limit of its own for the canary"},
    cli::Example{"slo-evaluate compare --watch --state canary.state --samples requests.csv",
                 "until there is a decision; a later run goes on from the state"},
    cli::Example{"slo-evaluate compare metrics.json", "metrics by Mann-Whitney tests"},
    cli::Example{"slo-evaluate compare --judge kayenta metrics.json", "the same by the rules of Kayenta"},
};

void declare(cli::OptionTable& table, CompareOptions& options) {
  table.operand("FILE", options.file, "metrics of both sides as JSON; without it samples are compared",
                false);
  table.choice("--judge", options.judge, {"sequential", "mann-whitney", "kayenta", "criteria"},
               "of samples: sequential; of metrics: mann-whitney by default");
  declare_canary(table, options);
  declare_watch(table, options.watch);
  cli::declare_gate_options(table, options.gate);
}

std::optional<slo::MetricJudge> metric_judge(const std::optional<std::string>& name) {
  if (!name) return slo::MetricJudge::mann_whitney;
  for (const slo::MetricJudge judge :
       {slo::MetricJudge::mann_whitney, slo::MetricJudge::kayenta, slo::MetricJudge::criteria}) {
    if (slo::name_of(judge) == *name) return judge;
  }
  return std::nullopt;
}

Result<cli::ExitCode> compare_metrics(const CompareOptions& options, const cli::Session& session,
                                      cli::Context& io) {
  if (!options.samples.empty() || !options.control.empty() || !options.canary.empty()) {
    return Error{ErrorCode::usage, "a FILE of metrics and samples are two comparisons: name one of them"};
  }
  const auto judge = metric_judge(options.judge);
  if (!judge) return Error{ErrorCode::usage, "--judge sequential: it judges samples, not a file of metrics"};
  const Look look = [&]() -> Result<policy::Report> {
    auto evidence = checks::check_metrics(options.file, *judge, io.files);
    if (!evidence) return evidence.error();
    return cli::conclude(session, std::move(*evidence), io);
  };
  const auto report = watch(options.watch, look, io);
  if (!report) return report.error();
  return cli::emit(*report, options.gate, io);
}

Result<cli::ExitCode> run(const CompareOptions& options, cli::Context& io) {
  const auto session = cli::open_session("slo-evaluate", options.gate, io);
  if (!session) return session.error();
  if (!options.file.empty()) return compare_metrics(options, *session, io);
  if (options.judge && *options.judge != "sequential") {
    return Error{ErrorCode::usage,
                 fmt::format("--judge {}: it judges a FILE of metrics, not samples", *options.judge)};
  }
  return compare_samples(options, *session, io);
}

}  // namespace

const cli::Tool<CompareOptions> kCompare{
    {"slo-evaluate compare", "Says whether a canary is worse than its baseline.", kExamples}, declare, run};

}  // namespace gate::slo_evaluate
