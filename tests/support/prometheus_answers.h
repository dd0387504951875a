#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gate::test {

// What the fake clock shows at first, in seconds since 1970.
constexpr std::int64_t kFakeNow = 1'795'150'800;

// Answers as Prometheus writes them, of the moment `at`. A series is its labels, as JSON members
// (`"le":"0.1"`), and its value.
std::string prometheus_vector(const std::vector<std::pair<std::string, std::string>>& series,
                              std::int64_t at = kFakeNow);

// One series without labels.
std::string prometheus_number(const std::string& value, std::int64_t at = kFakeNow);

// Points as `[time,"value"]` pairs: {{1, "2"}, …}, of one series without labels.
std::string prometheus_matrix(const std::vector<std::pair<double, std::string>>& points);

// {"status":"error",…}
std::string prometheus_error(const std::string& type, const std::string& message);

}  // namespace gate::test
