#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/time.h"
#include "gate/slo/events.h"
#include "gate/slo/objective.h"
#include "server/slo/bins.h"

namespace server::slo {

// What posted requests say about objectives: their counts, in memory, for exactly the questions that the
// objectives ask. Not safe to share between threads.
//
// A window ends with the bin that `now` lies in; what lies after it does not count yet. Where the window
// starts within a bin nobody knows which of that bin's requests belong to it: the bad share is then known to
// lie between two numbers, that of the window with all good ones and none of the bad ones of that bin, and
// that with all bad and no good ones. Its total are the requests that surely belong. So no verdict hangs on
// how a bin is cut, and a window that has nothing but part of a bin has no data.
class PostedCounts {
 public:
  // REQUIRES: every objective's indicator is a RequestSli.
  PostedCounts(std::span<const gate::slo::Objective> objectives, const Tiers& tiers);

  // Of services without an objective nothing is kept.
  void add(std::string_view service, const Bins& bins);

  // Something came in now, by the monotonic clock: whatever clocks show, silence since then is silence.
  void arrived(std::string_view service, std::chrono::nanoseconds elapsed);

  void forget(gate::Timestamp now);  // bins that no tier keeps any more
  void clear();

  // REQUIRES: one of the objectives, but for a calendar period that is current now.
  [[nodiscard]] gate::slo::Measurement measure(const gate::slo::Objective& objective, gate::Timestamp now,
                                               std::chrono::nanoseconds elapsed) const;

 private:
  // Columns: all requests; then for each question the bad ones, at least and at most.
  using Course = std::map<gate::Timestamp, std::vector<std::uint64_t>>;

  struct Service {
    std::vector<gate::slo::RequestSli> questions;
    std::map<std::chrono::seconds, Course> courses;  // by the tier's width
    std::optional<gate::Timestamp> newest;
    std::optional<std::chrono::nanoseconds> arrived;
  };

  // One question to one service, as of a moment.
  struct View {
    const Service& service;
    std::size_t question = 0;
    gate::Timestamp now{};
  };

  [[nodiscard]] gate::slo::Window window(const View& view, std::chrono::seconds length) const;
  [[nodiscard]] std::variant<std::vector<gate::slo::Slice>, gate::slo::Missing> slices(
      const View& view, const gate::slo::Objective& objective) const;
  [[nodiscard]] std::chrono::seconds covered(const View& view, std::chrono::seconds length) const;

  Tiers tiers_;
  std::map<std::string, Service, std::less<>> services_;
};

}  // namespace server::slo
