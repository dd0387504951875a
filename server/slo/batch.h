#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <variant>
#include <vector>

#include "gate/base/time.h"
#include "gate/load/json.h"
#include "gate/slo/sample.h"
#include "server/api/problem.h"

namespace server::slo {

// One body of `POST /api/v1/slo/samples`. Stays where it is once it is read: samples point into `texts`.
struct Batch {
  std::string service;
  std::vector<gate::slo::Sample> samples;
  std::deque<std::string> texts;
};

// Which moments are taken.
struct Era {
  gate::Timestamp now{};
  std::chrono::seconds oldest{0};  // before now

  static constexpr std::chrono::seconds kMostAhead{60};  // what clocks that are set well may differ by
};

inline constexpr std::size_t kMostSamples = 10'000;
inline constexpr std::size_t kMostErrors = 20;  // that are told; the detail counts them all

// Fields are those of gate/load/samples.h, by the same rules; others are not known here. A batch with a bad
// sample is refused as a whole, with pointers to the first bad ones. Fills `batch`, which must be empty.
std::variant<std::monostate, api::Problem> read_batch(const gate::load::Document& body, const Era& era,
                                                      Batch& batch);

}  // namespace server::slo
