#include "gate/cli/github.h"

#include <algorithm>
#include <array>
#include <ostream>

#include <fmt/format.h>

#include "gate/cli/exit_code.h"
#include "gate/render/github.h"

namespace gate::cli {
namespace {

// 160 random bits, so that no value can hold it by design.
std::string random_delimiter(const ports::Random& random) {
  std::array<std::uint8_t, 20> bytes{};
  random.fill(bytes);
  std::string delimiter = "release_gate_";
  for (const std::uint8_t byte : bytes) delimiter += fmt::format("{:02x}", byte);
  return delimiter;
}

Status write_summary(const policy::Report& report, Context& io) {
  const auto path = io.environment.get("GITHUB_STEP_SUMMARY");
  if (!path || path->empty()) return done();
  const std::uint64_t used = io.files.status(*path).bytes;
  const std::string summary = render::github_step_summary(report, used);
  return summary.empty() ? done() : io.files.append(*path, summary);
}

// What a later step may rely on: a verdict whose report nobody got is no pass.
policy::Verdict told_verdict(policy::Verdict verdict, int code) {
  return code == static_cast<int>(cli::exit_code(verdict)) ? verdict
                                                           : std::max(verdict, policy::Verdict::undecided);
}

Status write_outputs(const policy::Report& report, const std::string& report_path, int exit_code,
                     Context& io) {
  const auto path = io.environment.get("GITHUB_OUTPUT");
  if (!path || path->empty()) return done();
  const std::array<std::pair<std::string_view, std::string>, 5> outputs{{
      {"verdict", std::string{policy::name_of(told_verdict(report.verdict, exit_code))}},
      {"exit_code", std::to_string(exit_code)},
      {"findings", std::to_string(report.tally.findings)},
      {"exempted", std::to_string(report.tally.exempted)},
      {"report", report_path},
  }};
  std::string text;
  for (const auto& [name, value] : outputs) {
    const auto entry = render::github_output(name, value, random_delimiter(io.random));
    if (!entry) return entry.error().within("GITHUB_OUTPUT");
    text += *entry;
  }
  return io.files.append(*path, text);
}

}  // namespace

Status tell_github(const policy::Report& report, const std::string& report_path, int exit_code,
                   bool annotated, Context& io) {
  if (io.environment.get("GITHUB_ACTIONS") != "true") return done();
  if (!annotated) io.err << render::github_annotations(report);
  if (auto written = write_summary(report, io); !written) return written;
  return write_outputs(report, report_path, exit_code, io);
}

}  // namespace gate::cli
