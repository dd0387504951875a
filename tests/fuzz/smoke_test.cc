#include <filesystem>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "tests/fuzz/targets.h"
#include "tests/support/test_data.h"

namespace gate::fuzz {
namespace {

struct Target {
  const char* name;
  void (*run)(std::string_view input);
};

// How a failure names it.
void PrintTo(const Target& target, std::ostream* out) {
  *out << target.name;
}

constexpr Target kTargets[] = {
    {"canary_state_json", fuzz_canary_state_json},
    {"compare_json", fuzz_compare_json},
    {"decimal", fuzz_decimal},
    {"exposition", fuzz_exposition},
    {"filter", fuzz_filter},
    {"format", fuzz_format},
    {"glob", fuzz_glob},
    {"gzip", fuzz_gzip},
    {"http_chunks", fuzz_http_chunks},
    {"http_head", fuzz_http_head},
    {"json", fuzz_json},
    {"json_positions", fuzz_json_positions},
    {"openslo", fuzz_openslo},
    {"pattern", fuzz_pattern},
    {"policy", fuzz_policy},
    {"prometheus_reply", fuzz_prometheus_reply},
    {"promql", fuzz_promql},
    {"register", fuzz_register},
    {"render", fuzz_render},
    {"report_json", fuzz_report_json},
    {"samples", fuzz_samples},
    {"samples_json", fuzz_samples_json},
    {"sarif", fuzz_sarif},
    {"schema", fuzz_schema},
    {"schema_valijson", fuzz_schema_valijson},
    {"slo_evaluation", fuzz_slo_evaluation},
    {"slo_toml", fuzz_slo_toml},
    {"test_report", fuzz_test_report},
    {"test_report_format", fuzz_test_report_format},
    {"tzif", fuzz_tzif},
    {"yaml", fuzz_yaml},
};

// Every file below a folder and, where asked, every start of a short one.
enum class Starts { no, yes };
std::size_t run_all(const Target& target, const std::filesystem::path& folder, Starts starts) {
  const std::size_t longest = starts == Starts::yes ? 2'048 : 0;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
    if (!entry.is_regular_file()) continue;
    SCOPED_TRACE(entry.path().string());
    const std::string text = test::contents_of(entry.path());
    EXPECT_NO_THROW(target.run(text));
    for (std::size_t end = 0; end < text.size() && text.size() <= longest; ++end) {
      EXPECT_NO_THROW(target.run(std::string_view{text}.substr(0, end))) << "its first " << end << " bytes";
    }
    ++files;
  }
  return files;
}

class Seeds : public ::testing::TestWithParam<Target> {};

TEST_P(Seeds, KeepEveryClaim) {
  EXPECT_GT(run_all(GetParam(), test::source_dir() / "tests/fuzz/corpus" / GetParam().name, Starts::yes), 0U);
}

INSTANTIATE_TEST_SUITE_P(Fuzz, Seeds, ::testing::ValuesIn(kTargets),
                         [](const auto& row) { return std::string{row.param.name}; });

TEST(HostileFixtures, BreakNoTarget) {
  for (const Target& target : kTargets) {
    SCOPED_TRACE(target.name);
    EXPECT_GT(run_all(target, test::source_dir() / "fixtures/hostile", Starts::no), 0U);
  }
}

TEST(JsonTestSuite, BreaksNoTarget) {
  REQUIRE_TEST_DATA(cases, "json/nst");
  for (const Target& target : {Target{"json", fuzz_json}, Target{"json_positions", fuzz_json_positions},
                               Target{"yaml", fuzz_yaml}}) {
    SCOPED_TRACE(target.name);
    EXPECT_GT(run_all(target, cases, Starts::no), 0U);
  }
}

}  // namespace
}  // namespace gate::fuzz
