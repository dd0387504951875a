#pragma once

#include <optional>
#include <string>

#include "gate/base/result.h"
#include "gate/checks/sample_files.h"
#include "gate/policy/evidence.h"
#include "gate/ports/files.h"
#include "gate/slo/canary_judge.h"

namespace gate::checks {

// A judge of these settings; where `state` names a file that exists, one that goes on from there. Errors:
// malformed, for settings that make no sense and for a file that is not of a judge of these settings; io.
Result<slo::CanaryJudge> open_canary(const slo::CanarySettings& settings,
                                     const std::optional<std::string>& state, const ports::Files& files);

Status save_canary(const slo::CanaryJudge& judge, const std::string& state, const ports::Files& files);

struct CanaryCheck {
  std::string subject = "canary";  // the service, or the metric
  // Samples follow in a later run: requests that fill no block are left for it to judge.
  bool more_to_come = false;
};

// Judges the samples of both tracks, in the order of their time, to their end. A judge that has seen some
// before passes over as many of each track as those were, where they are not newer than the newest of them,
// so that a file which grows is judged once; further ones are judged, however late they come.
//
// slo.canary is a violation where the canary is worse than the baseline or beyond its limit, and a note where
// it is proven to be neither; else slo.no_data, slo.low_traffic or slo.inconclusive. slo.inconclusive too
// where what was passed over is not what was judged before: of another file, or not all of it. Results:
// `canary`; examined: the requests that were judged. What the samples' files say of themselves is their own
// evidence. Error: that of the samples.
Result<policy::Evidence> check_canary(SampleStream& samples, const CanaryCheck& check,
                                      slo::CanaryJudge& judge);

}  // namespace gate::checks
