#include "tests/support/prometheus_answers.h"

#include <fmt/format.h>

namespace gate::test {
namespace {

std::string success(const std::string& type, const std::vector<std::string>& result) {
  return fmt::format(R"({{"status":"success","data":{{"resultType":"{}","result":[{}]}}}})", type,
                     fmt::join(result, ","));
}

}  // namespace

std::string prometheus_vector(const std::vector<std::pair<std::string, std::string>>& series,
                              std::int64_t at) {
  std::vector<std::string> result;
  for (const auto& [labels, value] : series)
    result.push_back(fmt::format(R"({{"metric":{{{}}},"value":[{},"{}"]}})", labels, at, value));
  return success("vector", result);
}

std::string prometheus_number(const std::string& value, std::int64_t at) {
  return prometheus_vector({{"", value}}, at);
}

std::string prometheus_matrix(const std::vector<std::pair<double, std::string>>& points) {
  std::vector<std::string> values;
  for (const auto& [at, value] : points) values.push_back(fmt::format(R"([{},"{}"])", at, value));
  if (values.empty()) return success("matrix", {});
  return success("matrix", {fmt::format(R"({{"metric":{{}},"values":[{}]}})", fmt::join(values, ","))});
}

std::string prometheus_error(const std::string& type, const std::string& message) {
  return fmt::format(R"({{"status":"error","errorType":"{}","error":"{}"}})", type, message);
}

}  // namespace gate::test
