#include "gate/checks/samples_source.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/checks/sample_files.h"
#include "gate/slo/request_counts.h"
#include "gate/slo/wording.h"

namespace gate::checks {
namespace {

std::string text_of(const slo::RequestSli& sli) {
  switch (sli.kind) {
    case slo::RequestSli::Kind::errors: return "status 500 and above, or no answer";
    case slo::RequestSli::Kind::availability: return "no answer, or status 502, 503 or 504";
    case slo::RequestSli::Kind::latency:
      return fmt::format("latency_ms above {}, or no answer", sli.threshold_ms.to_string());
  }
  return "?";
}

// What was asked and answered, a row for each window.
std::vector<slo::QueryRecord> records_of(const slo::RequestSli& sli, const slo::Measurement& measurement) {
  std::vector<slo::QueryRecord> records;
  for (const slo::Window& window : measurement.windows) {
    const auto* events = std::get_if<slo::Events>(&window.events);
    const std::string answer =
        events != nullptr ? fmt::format("{} of {}", grouped(static_cast<std::size_t>(events->bad_most)),
                                        counted(static_cast<std::size_t>(events->total), "request"))
                          : "no request";
    records.push_back({fmt::format("{} over {}", text_of(sli), slo::window_text(window.length)), answer, {}});
  }
  return records;
}

std::vector<std::string> notes_of(const slo::RequestCounts& counts, Timestamp now) {
  std::vector<std::string> notes;
  if (counts.after_end() != 0) {
    notes.push_back(fmt::format("{} after the moment of evaluation count nowhere",
                                counted(counts.after_end(), "sample")));
  }
  if (const auto newest = counts.newest(); newest && *newest > now) {
    notes.push_back(fmt::format("the newest sample is {} ahead of the clock", human_duration(*newest - now)));
  }
  return notes;
}

}  // namespace

Result<SampleMeasurements> measure_samples(const slo::SamplesSource& source,
                                           std::span<const slo::Objective> objectives,
                                           std::optional<Timestamp> as_of, Timestamp now,
                                           const ports::Files& files) {
  std::vector<slo::RequestQuestion> questions;
  for (const slo::Objective& objective : objectives) questions.push_back(slo::question_of(objective));
  auto stream =
      SampleFiles::open(source.files, files, slo::Track::none,
                        source.may_grow ? SampleFiles::LastLine::may_grow : SampleFiles::LastLine::complete);
  if (!stream) return stream.error();
  slo::RequestCounts counts{questions, as_of};
  for (;;) {
    const auto samples = (*stream)->next();
    if (!samples) return samples.error();
    if (samples->empty()) break;
    counts.add(*samples);
  }
  const Timestamp moment = as_of.value_or(now);
  SampleMeasurements read;
  read.evidence = (*stream)->evidence();
  read.measurements.notes = notes_of(counts, moment);
  for (std::size_t i = 0; i < questions.size(); ++i) {
    slo::Measurement measurement = counts.measure(i, moment);
    measurement.queries = records_of(questions[i].sli, measurement);
    read.measurements.of.push_back(std::move(measurement));
  }
  return read;
}

}  // namespace gate::checks
