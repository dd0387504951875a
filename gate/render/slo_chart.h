#pragma once

#include <string>
#include <vector>

#include "gate/slo/events.h"

namespace gate::render {

// One objective's line in a chart.
struct ChartLine {
  std::string name;
  std::string target;  // as percent, as text: "99.9"
  double budget = 0;   // share of events that may be bad, above 0
  std::vector<slo::Slice> course;
};

// A picture for a page: a panel an objective, its burn rate (share of bad events / budget) over time on a
// scale that doubles, with a line where the budget is spent just in time. A stand-alone SVG 1.1 document
// without scripts, fonts or links; names are text, never markup. Panels of objectives without a course say
// so.
std::string slo_chart(const std::vector<ChartLine>& lines);

}  // namespace gate::render
