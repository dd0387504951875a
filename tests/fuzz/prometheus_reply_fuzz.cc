#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/load/metric_number.h"
#include "gate/load/prometheus_reply.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

using load::PrometheusAnswer;

std::string point_text(const load::PrometheusPoint& point) {
  return fmt::format("[{},\"{}\"]", point.at, load::metric_number_text(point.value));
}

std::string series_text(const load::PrometheusSeries& series, bool is_matrix) {
  std::vector<std::string> labels;
  for (const auto& [name, value] : series.labels)
    labels.push_back(fmt::format("{}:{}", json_quoted(name), json_quoted(value)));
  std::vector<std::string> points;
  for (const load::PrometheusPoint& point : series.points) points.push_back(point_text(point));
  const std::string values = fmt::format("{}", fmt::join(points, ","));
  return fmt::format("{{\"metric\":{{{}}},\"{}\":{}{}{}}}", fmt::join(labels, ","),
                     is_matrix ? "values" : "value", is_matrix ? "[" : "", values, is_matrix ? "]" : "");
}

// An answer as a server writes it.
std::string written(const PrometheusAnswer& answer) {
  if (answer.kind == PrometheusAnswer::Kind::scalar) {
    return fmt::format(R"({{"status":"success","data":{{"resultType":"scalar","result":{}}}}})",
                       point_text(answer.series.at(0).points.at(0)));
  }
  const bool is_matrix = answer.kind == PrometheusAnswer::Kind::matrix;
  std::vector<std::string> series;
  for (const load::PrometheusSeries& one : answer.series) series.push_back(series_text(one, is_matrix));
  return fmt::format(R"({{"status":"success","data":{{"resultType":"{}","result":[{}]}}}})",
                     is_matrix ? "matrix" : "vector", fmt::join(series, ","));
}

}  // namespace

void fuzz_prometheus_reply(std::string_view input) {
  for (const int status : {302, 401, 422, 503})
    require(!load::parse_prometheus_reply(status, input), "only status 200 carries an answer");
  const auto answer = load::parse_prometheus_reply(200, input);
  if (!answer) {
    require(answer.error().message.find('\n') == std::string::npos, "an error is one line");
    return;
  }
  for (const load::PrometheusSeries& series : answer->series) {
    require(std::is_sorted(series.labels.begin(), series.labels.end()), "labels stand by name");
    require(answer->kind == PrometheusAnswer::Kind::matrix || series.points.size() == 1,
            "one value at one moment");
  }
  const std::string text = written(*answer);
  const auto again = load::parse_prometheus_reply(200, text);
  require(again && written(*again) == text, "what is written of an answer is read alike");
}

}  // namespace gate::fuzz
