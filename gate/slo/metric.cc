#include "gate/slo/metric.h"

namespace gate::slo {

std::string_view name_of(MetricClass classification) {
  switch (classification) {
    case MetricClass::pass: return "Pass";
    case MetricClass::high: return "High";
    case MetricClass::low: return "Low";
    case MetricClass::nodata: return "Nodata";
    case MetricClass::nodata_fail: return "NodataFailMetric";
    case MetricClass::warning: return "Warning";
    case MetricClass::fail: return "Fail";
    case MetricClass::info: return "Info";
  }
  return "?";
}

std::string_view name_of(MetricJudge judge) {
  switch (judge) {
    case MetricJudge::mann_whitney: return "mann-whitney";
    case MetricJudge::kayenta: return "kayenta";
    case MetricJudge::criteria: return "criteria";
  }
  return "?";
}

bool is_bad(MetricClass classification) {
  switch (classification) {
    case MetricClass::high:
    case MetricClass::low:
    case MetricClass::nodata_fail:
    case MetricClass::fail: return true;
    case MetricClass::pass:
    case MetricClass::nodata:
    case MetricClass::warning:
    case MetricClass::info: return false;
  }
  return true;
}

}  // namespace gate::slo
