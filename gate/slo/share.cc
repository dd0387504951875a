#include "gate/slo/share.h"

#include <algorithm>
#include <cmath>

namespace gate::slo {
namespace {

std::optional<std::string> contradiction_of(const Events& events) {
  for (const double number : {events.total, events.bad_least, events.bad_most}) {
    if (!std::isfinite(number)) return "a count of events is not finite";
    if (number < 0) return "a count of events is negative";
  }
  if (events.bad_most > events.total) return "there are more bad events than events";
  if (events.bad_least > events.bad_most) return "the bounds of the bad events contradict each other";
  return std::nullopt;
}

Share share_of_slice(const Objective& objective, const Slice& slice) {
  const Events& events = slice.events;
  Events counted{1, events.bad_least / events.total, events.bad_most / events.total};
  if (objective.budgeting == Budgeting::timeslices) {
    const Decimal may_be_bad = Decimal::of(std::int64_t{1})
                                   .minus(objective.slice_target.value_or(objective.target))
                                   .value_or(Decimal{});
    const Ternary bad = is_above(events, {may_be_bad});
    counted = {1, bad == Ternary::yes ? 1.0 : 0.0, bad == Ternary::no ? 0.0 : 1.0};
  }
  return {counted, events.total, events.bad_least};
}

void add(Share& sum, const Share& part) {
  sum.counted.total += part.counted.total;
  sum.counted.bad_least += part.counted.bad_least;
  sum.counted.bad_most += part.counted.bad_most;
  sum.events += part.events;
  sum.bad_events += part.bad_events;
}

std::variant<Share, Missing> share_of_slices(const Objective& objective, const Measurement& measurement,
                                             std::chrono::seconds window) {
  if (const auto* missing = std::get_if<Missing>(&measurement.slices)) return *missing;
  const Timestamp start = measurement.at - std::max(window, objective.slice);
  Share sum;
  for (const Slice& slice : std::get<std::vector<Slice>>(measurement.slices)) {
    if (const auto wrong = contradiction_of(slice.events)) return Missing{Doubt::inconclusive, *wrong};
    if (slice.start < start || slice.start >= measurement.at || slice.events.total == 0) continue;
    add(sum, share_of_slice(objective, slice));
  }
  return sum;
}

std::variant<Share, Missing> share_of_window(const Measurement& measurement, std::chrono::seconds length) {
  const Window* window = find_window(measurement, length);
  if (window == nullptr) return Missing{Doubt::no_data, "nothing was measured"};
  if (const auto* missing = std::get_if<Missing>(&window->events)) return *missing;
  const auto& events = std::get<Events>(window->events);
  if (const auto wrong = contradiction_of(events)) return Missing{Doubt::inconclusive, *wrong};
  return Share{events, events.total, events.bad_least};
}

}  // namespace

std::variant<Share, Missing> share_over(const Objective& objective, const Measurement& measurement,
                                        std::chrono::seconds window) {
  const bool by_slices =
      objective.budgeting != Budgeting::occurrences && std::holds_alternative<Period>(objective.span);
  auto share =
      by_slices ? share_of_slices(objective, measurement, window) : share_of_window(measurement, window);
  const auto* known = std::get_if<Share>(&share);
  if (known != nullptr && known->counted.total == 0) return Missing{Doubt::no_data, "no events happened"};
  return share;
}

std::optional<std::strong_ordering> compare_share(double part, double total, const Fraction& limit) {
  const auto has = Decimal::of(part).times(limit.denominator);
  const auto may_have = Decimal::of(total).times(limit.numerator);
  if (!has || !may_have) return std::nullopt;
  return *has <=> *may_have;
}

Ternary is_above(const Events& events, const Fraction& limit) {
  const auto least = compare_share(events.bad_least, events.total, limit);
  const auto most = compare_share(events.bad_most, events.total, limit);
  if (!least || !most) return Ternary::unknown;
  if (*least > 0) return Ternary::yes;
  return *most > 0 ? Ternary::unknown : Ternary::no;
}

}  // namespace gate::slo
