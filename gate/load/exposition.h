#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/result.h"
#include "gate/base/time.h"
#include "gate/load/promql_selector.h"

namespace gate::load {

// One series of a metrics page, and its value.
struct ExposedSample {
  std::string metric;
  std::vector<Label> labels;  // by name
  double value = 0;           // NaN and infinities too
  std::optional<Timestamp> at;
  std::size_t line = 0;

  bool operator==(const ExposedSample&) const = default;
};

// A metrics page that was read.
struct Exposition {
  std::vector<ExposedSample> samples;        // by metric and labels, each series once
  std::map<std::string, std::string> types;  // of a metric, as written: "counter"

  bool operator==(const Exposition&) const = default;
};

constexpr std::size_t kMaxExposition = std::size_t{16} * 1024 * 1024;

enum class ExpositionFormat {
  by_content,    // OpenMetrics where the last line is `# EOF`, else Prometheus
  prometheus,    // text format 0.0.4
  open_metrics,  // OpenMetrics 1.0; its exemplars are passed over
};

// Both formats end their last line, so a page that was cut off is seen. Errors: malformed, as
// `line:column: why`, for whatever the format does not allow and for a series that stands there twice; budget
// over kMaxExposition bytes.
Result<Exposition> parse_exposition(std::string_view text,
                                    ExpositionFormat format = ExpositionFormat::by_content);

}  // namespace gate::load
