#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "gate/slo/events.h"
#include "gate/slo/objective.h"
#include "gate/slo/sample.h"
#include "gate/slo/time_bins.h"

namespace gate::slo {

// Tells the bad requests of one indicator. A latency is compared as it was written: by its shortest decimal
// digits with those of the threshold, so that 0.1 ms is not above 0.1 ms.
class BadRequest {
 public:
  explicit BadRequest(const RequestSli& sli);

  [[nodiscard]] bool operator()(const Sample& sample) const {
    switch (kind_) {
      case RequestSli::Kind::errors: return sample.status >= 500 || sample.status == 0;
      case RequestSli::Kind::availability:
        return sample.status == 0 || (sample.status >= 502 && sample.status <= 504);
      case RequestSli::Kind::latency: return sample.latency_ms > most_ms_ || sample.status == 0;
    }
    return true;
  }

 private:
  RequestSli::Kind kind_;
  double most_ms_;  // the largest double that is not above the threshold
};

// The age of the newest sample. One that is over a minute ahead of `now` is no fresher than one as far
// behind, because one of the two clocks is wrong.
std::chrono::seconds sample_age(Timestamp newest, Timestamp now);

// What is to be counted for one objective.
struct RequestQuestion {
  RequestSli sli;
  std::vector<std::chrono::seconds> windows;  // 0: all there is
  std::chrono::seconds period{0};             // of the budget or the threshold; 0: all there is
  std::optional<std::chrono::seconds> slice;  // where the period is budgeted by slices of that length

  bool operator==(const RequestQuestion&) const = default;
};

// REQUIRES: the objective's indicator is a RequestSli, a calendar period is current (calendar.h).
RequestQuestion question_of(const Objective& objective);

// Counts samples for many questions in one pass. Every window ends at `end`, or else at the newest sample,
// and samples after `end` count nowhere. Requests over all there is are counted one by one; those of a window
// by bins of 10 s, or 20 s, 40 s … where the window is longer than 30, 60 … days: a window begins with the
// bin that its start lies in, and is up to one bin longer than it says. Memory depends on the questions
// alone: for periods of 30 days 4 MB, and 2 MB more for each of them.
class RequestCounts {
 public:
  static constexpr std::size_t kMaxBins = std::size_t{1} << 18U;  // of a window; of slices too
  static constexpr std::size_t kMaxCourse = 120;                  // points of a chart

  RequestCounts(std::vector<RequestQuestion> questions, std::optional<Timestamp> end);

  // In any order.
  void add(std::span<const Sample> samples);

  // What was counted for one question. The newest sample's age is its sample_age() at `now`. Without events a
  // window is missing: no_data.
  [[nodiscard]] Measurement measure(std::size_t question, Timestamp now) const;

  [[nodiscard]] std::uint64_t counted() const { return all_[0]; }
  [[nodiscard]] std::uint64_t after_end() const { return after_end_; }
  [[nodiscard]] std::optional<Timestamp> newest() const { return newest_; }

 private:
  [[nodiscard]] const TimeBins& bins_of(std::chrono::seconds width) const;
  void add(const Sample& sample);
  [[nodiscard]] Timestamp end() const;
  [[nodiscard]] Window window(std::size_t question, std::chrono::seconds length) const;
  [[nodiscard]] std::variant<std::vector<Slice>, Missing> slices(std::size_t question) const;
  [[nodiscard]] std::vector<Slice> course(std::size_t question) const;

  std::vector<RequestQuestion> questions_;
  std::vector<BadRequest> bad_;
  std::optional<Timestamp> end_;
  std::vector<TimeBins> bins_;  // each of another width
  std::vector<std::uint64_t>
      all_;  // columns, here and in the bins: all requests, then each question's bad ones
  std::vector<std::uint64_t> one_;  // the columns of the sample that is counted
  WideningBins course_;
  std::optional<Timestamp> oldest_;
  std::optional<Timestamp> newest_;
  std::uint64_t after_end_ = 0;
};

}  // namespace gate::slo
