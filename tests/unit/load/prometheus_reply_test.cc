#include "gate/load/prometheus_reply.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate::load {
namespace {

using testing::HasSubstr;

TEST(ParsePrometheusReply, NeverTakesAFaultForAnAnswer) {
  struct Row {
    const char* name;
    int status;
    const char* body;
    ErrorCode code;
    const char* message;
  };
  const Row rows[] = {
      {"an empty body", 200, "", ErrorCode::unavailable, "the body is empty"},
      {"half a body", 200, R"({"status":"success","data":{"resultType":"vec)", ErrorCode::unavailable,
       "not whole JSON: \"{\"status\""},
      {"a proxy's page", 200, "\n<html>\r\n<body>Please log in</body>", ErrorCode::unavailable,
       "not an answer of Prometheus: \"<html>\""},
      {"a page that is not found", 404, "404 page not found\n", ErrorCode::unavailable,
       "HTTP 404: not an answer of Prometheus: \"404 page not found\""},
      {"a bad gateway", 502, "<h1>Bad Gateway</h1>", ErrorCode::unavailable, "HTTP 502"},
      {"a redirect", 302, "<a href=\"/login\">Found</a>", ErrorCode::unavailable, "HTTP 302"},
      {"no permission", 401, "Unauthorized", ErrorCode::refused, "HTTP 401"},
      {"forbidden, in JSON", 403, R"({"status":"error","errorType":"forbidden","error":"no org id"})",
       ErrorCode::refused, "HTTP 403: forbidden: no org id"},
      {"bad data", 400, R"({"status":"error","errorType":"bad_data","error":"1:4: parse error"})",
       ErrorCode::malformed, "HTTP 400: bad_data: 1:4: parse error"},
      {"execution", 422, R"({"status":"error","errorType":"execution","error":"many-to-many"})",
       ErrorCode::malformed, "HTTP 422: execution: many-to-many"},
      {"a query that took too long", 503,
       R"({"status":"error","errorType":"timeout","error":"query timed out"})", ErrorCode::timeout,
       "HTTP 503: timeout: query timed out"},
      {"an error with 200", 200, R"({"status":"error","errorType":"internal","error":"x"})",
       ErrorCode::malformed, "internal: x"},
      {"success with 500", 500, R"({"status":"success","data":{"resultType":"vector","result":[]}})",
       ErrorCode::unavailable, "HTTP 500"},
      {"too many requests", 429, R"({"status":"error","errorType":"too_many","error":"slow down"})",
       ErrorCode::unavailable, "HTTP 429: too_many: slow down"},
      {"another API's JSON", 200, R"({"ok":true})", ErrorCode::unavailable, "not an answer of Prometheus"},
      {"an array", 200, "[]", ErrorCode::unavailable, "not an answer of Prometheus"},
      {"no data", 200, R"({"status":"success"})", ErrorCode::malformed, "the answer: /data: is missing"},
      {"a wrong result type", 200, R"({"status":"success","data":{"resultType":"string","result":[1,"x"]}})",
       ErrorCode::malformed, "\"string\" is not one of scalar, vector, matrix"},
      {"no result", 200, R"({"status":"success","data":{"resultType":"vector"}})", ErrorCode::malformed,
       "/data/result: is missing"},
      {"a number for a value", 200, R"({"status":"success","data":{"resultType":"scalar","result":[1,2]}})",
       ErrorCode::malformed, "[time, \"value\"] is wanted"},
      {"a value that is none", 200,
       R"({"status":"success","data":{"resultType":"scalar","result":[1,"many"]}})", ErrorCode::malformed,
       "\"many\" is no number"},
      {"a native histogram", 200,
       R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"histogram":[1,{}]}]}})",
       ErrorCode::malformed, "/data/result/0: a native histogram"},
      {"native histograms", 200,
       R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[],"histograms":[]}]}})",
       ErrorCode::malformed, "a native histogram"},
      {"several points of a vector", 200,
       R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"0"],"values":[[1,"9"]]}]}})",
       ErrorCode::malformed, "/data/result/0: several points where one is wanted"},
      {"a point that is none", 200,
       R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":["1"]}]}})",
       ErrorCode::malformed, "[time, \"value\"] is wanted"},
      {"points out of order", 200,
       R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[2,"1"],[1,"1"]]}]}})",
       ErrorCode::malformed, "points that do not stand by time"},
      {"a warning that is no list", 200,
       R"({"status":"success",)"
       R"("data":{"resultType":"vector","result":[]})"
       R"(,"warnings":"partial"})",
       ErrorCode::malformed, "the answer: /warnings: an array is wanted"},
      {"warnings in an object", 200,
       R"({"status":"success",)"
       R"("data":{"resultType":"vector","result":[]})"
       R"(,"warnings":{"a":1}})",
       ErrorCode::malformed, "/warnings: an array is wanted"},
      {"a warning that is a number", 200,
       R"({"status":"success",)"
       R"("data":{"resultType":"vector","result":[]})"
       R"(,"warnings":[1]})",
       ErrorCode::malformed, "/warnings: an array of strings is wanted"},
      {"infos that are no list", 200,
       R"({"status":"success",)"
       R"("data":{"resultType":"vector","result":[]})"
       R"(,"infos":"x"})",
       ErrorCode::malformed, "/infos: an array is wanted"},
      {"partial in words", 200,
       R"({"status":"success",)"
       R"("data":{"resultType":"vector","result":[]})"
       R"(,"isPartial":"true"})",
       ErrorCode::malformed, "/isPartial: true or false is wanted"},
      {"an error beside a success", 200,
       R"({"status":"success",)"
       R"("data":{"resultType":"vector","result":[]})"
       R"(,"error":"boom"})",
       ErrorCode::malformed, "the answer: /error: stands beside a success"},
      {"the type of an error", 200,
       R"({"status":"success",)"
       R"("data":{"resultType":"vector","result":[]})"
       R"(,"errorType":"timeout"})",
       ErrorCode::malformed, "/errorType: stands beside a success"},
      {"a label that is a number", 200,
       R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":1},"value":[1,"2"]}]}})",
       ErrorCode::malformed, "a label is no string"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const auto answer = parse_prometheus_reply(row.status, row.body);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, row.code) << answer.error().message;
    EXPECT_THAT(answer.error().message, HasSubstr(row.message));
    EXPECT_EQ(answer.error().message.find('\n'), std::string::npos);
  }
}

TEST(ParsePrometheusReply, ReadsEveryKind) {
  const auto scalar = parse_prometheus_reply(
      200, R"({"status":"success","data":{"resultType":"scalar","result":[1.5,"+Inf"]}})");
  ASSERT_TRUE(scalar) << scalar.error().message;
  EXPECT_EQ(scalar->kind, PrometheusAnswer::Kind::scalar);
  EXPECT_TRUE(std::isinf(scalar->series.at(0).points.at(0).value));

  const auto vector = parse_prometheus_reply(200,
                                             R"({"status":"success","data":{"resultType":"vector","result":[
          {"metric":{"z":"1","a":"2"},"value":[1435781451.781,"NaN"]},{"metric":{},"value":[2,"-Inf"]}]}})");
  ASSERT_TRUE(vector) << vector.error().message;
  const std::vector<Label> labels = {{"a", "2"}, {"z", "1"}};
  EXPECT_EQ(vector->series.at(0).labels, labels);
  EXPECT_TRUE(std::isnan(vector->series.at(0).points.at(0).value));
  EXPECT_DOUBLE_EQ(vector->series.at(0).points.at(0).at, 1435781451.781);

  const auto matrix = parse_prometheus_reply(
      200,
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"],[2,"1e3"]]}]},
          "warnings":["one store is down"],"infos":["x might not be a counter"],"isPartial":true,
          "error":"","errorType":null})");
  ASSERT_TRUE(matrix) << matrix.error().message;
  const std::vector<PrometheusPoint> points = {{1, 1}, {2, 1000}};
  EXPECT_EQ(matrix->series.at(0).points, points);
  EXPECT_THAT(matrix->warnings, testing::ElementsAre("one store is down", "the answer is partial"));
  EXPECT_THAT(matrix->infos, testing::ElementsAre("x might not be a counter"));
}

TEST(ParsePrometheusReply, TakesNoWarningsForNull) {
  const auto answer = parse_prometheus_reply(
      200, R"({"status":"success","data":{"resultType":"vector","result":[]},"warnings":null,"infos":[]})");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(answer->warnings.empty());
}

}  // namespace
}  // namespace gate::load
