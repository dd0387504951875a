#include "server/limits/rate.h"

namespace server::limits {

using std::chrono::milliseconds;

std::string_view name_of(RateClass rate_class) {
  switch (rate_class) {
    case RateClass::none: return "none";
    case RateClass::read: return "read";
    case RateClass::write: return "write";
    case RateClass::admin: return "admin";
    case RateClass::ingest: return "ingest";
    case RateClass::data: return "data";
    case RateClass::rollback: return "rollback";
  }
  return "?";
}

std::optional<RateClass> rate_class_named(std::string_view name) {
  for (const RateClass rate_class : kRateClasses) {
    if (name_of(rate_class) == name) return rate_class;
  }
  return std::nullopt;
}

Rate default_rate(RateClass rate_class) {
  switch (rate_class) {
    case RateClass::none: return {};
    case RateClass::read: return {30, milliseconds{6'000}};
    case RateClass::write: return {60, milliseconds{30'000}};
    case RateClass::admin: return {30, milliseconds{60'000}};
    case RateClass::ingest: return {100, milliseconds{10'000}};
    case RateClass::data: return {100, milliseconds{5'000}};
    case RateClass::rollback: return {30, milliseconds{30'000}};
  }
  return {};
}

}  // namespace server::limits
