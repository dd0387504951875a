#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "gate/base/time.h"
#include "gate/ports/clock.h"
#include "gate/ports/environment.h"
#include "gate/ports/files.h"
#include "gate/ports/http_client.h"
#include "gate/slo/events.h"

namespace gate::checks {

// What a source of telemetry may touch.
struct SourceWorld {
  const ports::HttpClient& http;
  const ports::Clock& clock;
  const ports::Environment& environment;
  const ports::Files& files;
};

struct MeasureSettings {
  std::optional<Timestamp> as_of;              // the end of every window; absent: now
  std::chrono::milliseconds deadline{60'000};  // for all objectives of one source
  bool with_course = true;                     // ask for the points of a chart too
};

// What one source says about its objectives.
struct Measurements {
  std::vector<slo::Measurement> of;  // one for each objective, in their order
  std::vector<std::string> notes;    // about the source itself: worth knowing, nothing more
};

}  // namespace gate::checks
