#pragma once

#include <string>
#include <utility>
#include <vector>

namespace gate::test {

// Answers as Prometheus writes them. A series is its labels, as JSON members (`"le":"0.1"`), and its value.
std::string prometheus_vector(const std::vector<std::pair<std::string, std::string>>& series);

// One series without labels.
std::string prometheus_number(const std::string& value);

// Points as `[time,"value"]` pairs: {{1, "2"}, …}, of one series without labels.
std::string prometheus_matrix(const std::vector<std::pair<double, std::string>>& points);

// {"status":"error",…}
std::string prometheus_error(const std::string& type, const std::string& message);

}  // namespace gate::test
