#include "gate/load/prometheus_reply.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <boost/json/value.hpp>

#include "gate/base/text.h"
#include "gate/base/utf8.h"
#include "gate/load/json.h"
#include "gate/load/json_fields.h"
#include "gate/load/json_lookup.h"
#include "gate/load/metric_number.h"

namespace gate::load {
namespace {

using boost::json::value;

constexpr std::size_t kQuoted = 300;

// The first line of what a server said, for one line of a message.
std::string quoted(std::string_view text) {
  std::string line;
  for (const char c : with_valid_utf8(shortened(first_line(text), kQuoted))) {
    if (static_cast<unsigned char>(c) >= ' ') line += c;
  }
  return line;
}

ErrorCode code_of(int status) {
  if (status == 401 || status == 403) return ErrorCode::refused;
  if (status == 400 || status == 422 || status == 200) return ErrorCode::malformed;
  return ErrorCode::unavailable;
}

std::string http(int status) {
  return status == 200 ? std::string{} : fmt::format("HTTP {}: ", status);
}

Error not_an_answer(int status, std::string_view body, std::string_view why) {
  const ErrorCode code = status == 401 || status == 403 ? ErrorCode::refused : ErrorCode::unavailable;
  if (trim(body).empty()) return Error{code, fmt::format("{}the body is empty", http(status))};
  return Error{code, fmt::format("{}{}: \"{}\"", http(status), why, quoted(body))};
}

// {"status": "error", "errorType": "bad_data", "error": "…"}
Error said(int status, const boost::json::object& root) {
  const std::string_view type = text_in(root, "errorType");
  const bool took_too_long = type == "timeout" || type == "canceled";
  return Error{took_too_long ? ErrorCode::timeout : code_of(status),
               fmt::format("{}{}: {}", http(status), quoted(type), quoted(text_in(root, "error")))};
}

// Reads the `data` of an answer; the first thing that is wrong ends it.
class AnswerReader {
 public:
  Result<PrometheusAnswer> read(const value& root) {
    JsonFields fields{root, "", failure_};
    JsonFields data = fields.object("data");
    PrometheusAnswer answer;
    const std::size_t kind = data.choice("resultType", {"scalar", "vector", "matrix"});
    answer.kind = static_cast<PrometheusAnswer::Kind>(kind);
    if (answer.kind == PrometheusAnswer::Kind::scalar) {
      answer.series.push_back({{}, {point(data.array("result"), "/data/result")}});
    } else {
      const boost::json::array& result = data.array("result");
      for (std::size_t i = 0; i < result.size() && !failure_; ++i)
        answer.series.push_back(series(result[i], answer.kind, fmt::format("/data/result/{}", i)));
    }
    answer.warnings = texts(fields, "warnings");
    // VictoriaMetrics' word for it.
    if (fields.flag_or_null("isPartial").value_or(false))
      answer.warnings.emplace_back("the answer is partial");
    answer.infos = texts(fields, "infos");
    for (const std::string_view name : {"error", "errorType"}) {
      if (!fields.text_or_null(name).value_or("").empty()) fields.refuse(name, "stands beside a success");
    }
    if (failure_) return failure_->within("the answer");
    return answer;
  }

 private:
  void refuse(std::string_view at, std::string_view why) {
    if (!failure_) failure_ = Error{ErrorCode::malformed, fmt::format("{}: {}", at, why)};
  }

  PrometheusSeries series(const value& json, PrometheusAnswer::Kind kind, const std::string& at) {
    JsonFields fields{json, at, failure_};
    PrometheusSeries series;
    for (const auto& [name, text] : fields.object("metric").members()) {
      if (!text.is_string()) refuse(at, "a label is no string");
      if (text.is_string()) series.labels.emplace_back(name, std::string_view{text.get_string()});
    }
    std::sort(series.labels.begin(), series.labels.end());
    if (fields.has("histogram") || fields.has("histograms"))
      refuse(at, "a native histogram, which is not supported: query its buckets or a number");
    if (kind == PrometheusAnswer::Kind::vector) {
      if (fields.has("values")) refuse(at, "several points where one is wanted");
      series.points.push_back(point(fields.array("value"), at));
      return series;
    }
    for (const value& pair : fields.array("values")) {
      if (!pair.is_array()) refuse(at, "[time, \"value\"] is wanted");
      if (pair.is_array()) series.points.push_back(point(pair.get_array(), at));
    }
    const auto falls = [](const PrometheusPoint& a, const PrometheusPoint& b) { return !(a.at < b.at); };
    if (std::adjacent_find(series.points.begin(), series.points.end(), falls) != series.points.end())
      refuse(at, "points that do not stand by time");
    return series;
  }

  // [1435781451.781, "1"]
  PrometheusPoint point(const boost::json::array& pair, std::string_view at) {
    if (pair.size() != 2 || !pair[0].is_number() || !pair[1].is_string()) {
      refuse(at, "[time, \"value\"] is wanted");
      return {};
    }
    const std::string_view text = pair[1].get_string();
    const auto number = read_metric_number(text);
    if (!number) refuse(at, fmt::format("\"{}\" is no number", quoted(text)));
    return {pair[0].to_number<double>(), number.value_or(0)};
  }

  // What a server warned about must not get lost for its shape.
  static std::vector<std::string> texts(JsonFields& fields, std::string_view name) {
    std::vector<std::string> texts;
    const auto found = fields.members().find(name);
    if (found == fields.members().end() || found->value().is_null()) return texts;
    for (const value& text : fields.array(name)) {
      if (!text.is_string()) fields.refuse(name, "an array of strings is wanted");
      if (text.is_string()) texts.push_back(quoted(std::string_view{text.get_string()}));
    }
    return texts;
  }

  std::optional<Error> failure_;
};

}  // namespace

Result<PrometheusAnswer> parse_prometheus_reply(int status, std::string_view body) {
  const auto document = parse_json(body);
  if (!document) {
    const bool starts_as_json = trim(body).starts_with("{");
    return not_an_answer(status, body, starts_as_json ? "not whole JSON" : "not an answer of Prometheus");
  }
  const boost::json::object& root = as_object(document->root);
  const std::string_view verdict = text_in(root, "status");
  if (verdict == "error") return said(status, root);
  if (verdict != "success" || status != 200)
    return not_an_answer(status, body, "not an answer of Prometheus");
  return AnswerReader{}.read(document->root);
}

}  // namespace gate::load
