#include "gate/slo/events.h"

#include <algorithm>

namespace gate::slo {

const Window* find_window(const Measurement& measurement, std::chrono::seconds length) {
  const auto found = std::find_if(measurement.windows.begin(), measurement.windows.end(),
                                  [&](const Window& window) { return window.length == length; });
  return found == measurement.windows.end() ? nullptr : &*found;
}

}  // namespace gate::slo
