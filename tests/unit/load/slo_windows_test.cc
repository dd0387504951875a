// Alert windows that others ship, against our burn rates.

#include <string>

#include <gtest/gtest.h>
#include <boost/json/value.hpp>

#include "gate/load/json.h"
#include "gate/load/toml_reader.h"
#include "gate/load/yaml_table.h"
#include "gate/slo/burn_rate.h"
#include "tests/support/test_data.h"

namespace gate::load {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

seconds seconds_of(TomlReader& reader, std::string_view key) {
  const auto duration = reader.duration(key);
  EXPECT_TRUE(duration) << key;
  return std::chrono::duration_cast<seconds>(duration.value_or(std::chrono::milliseconds{0}));
}

slo::BurnRateRow row_of(TomlReader& group, const char* key, slo::AlertSeverity severity,
                        std::vector<TomlFault>& faults) {
  const TomlTable* table = group.table(key);
  if (table == nullptr) return {};
  TomlReader reader{*table, {}, faults};
  const TomlMember* percent = reader.find("errorBudgetPercent");
  const auto* whole = std::get_if<std::int64_t>(&percent->value.data);
  return {severity, seconds_of(reader, "longWindow"), seconds_of(reader, "shortWindow"),
          whole != nullptr ? Decimal::of(*whole) : Decimal::of(std::get<double>(percent->value.data))};
}

std::vector<slo::BurnRateRow> rows_of(const std::string& text) {
  const auto documents = parse_yaml_tables(text, "windows.yaml");
  EXPECT_TRUE(documents) << (documents ? "" : documents.error().message);
  if (!documents || documents->size() != 1) return {};
  std::vector<TomlFault> faults;
  TomlReader root{std::get<TomlTable>(documents->front().data), {}, faults};
  TomlReader spec{*root.table("spec"), {}, faults};
  std::vector<slo::BurnRateRow> rows;
  for (const auto severity : {slo::AlertSeverity::page, slo::AlertSeverity::ticket}) {
    TomlReader group{*spec.table(severity == slo::AlertSeverity::page ? "page" : "ticket"), {}, faults};
    for (const char* key : {"quick", "slow"}) rows.push_back(row_of(group, key, severity, faults));
  }
  EXPECT_TRUE(faults.empty());
  return rows;
}

TEST(SloWindows, AreOurTable) {
  const std::pair<const char*, int> files[] = {
      {"google-30d.yaml", 30}, {"google-28d.yaml", 28}, {"7d.yaml", 7}};
  REQUIRE_TEST_DATA(folder, "slo/sloth-windows");
  for (const auto& [file, days] : files)
    EXPECT_EQ(rows_of(test::contents_of(folder / file)), slo::default_burn_rates(hours{24 * days})) << file;
}

TEST(SloWindows, OfTheirOwnHaveTheirFactors) {
  REQUIRE_TEST_DATA(file, "slo/sloth-windows/custom-30d.yaml");
  std::vector<double> factors;
  for (const slo::BurnRateRow& row : rows_of(test::contents_of(file)))
    factors.push_back(slo::burn_rate_factor(row, hours{720}));
  EXPECT_EQ(factors, (std::vector<double>{14.4, 4.8, 3, 1}));
}

// Theirs are computed in doubles: 5.6000000000000005.
TEST(SloWindows, FactorsAreTheirsButForRounding) {
  REQUIRE_TEST_DATA(file, "slo/mwmb_factors.json");
  const auto document = parse_json(test::contents_of(file));
  ASSERT_TRUE(document);
  std::size_t compared = 0;
  for (const auto& one : document->root.at("cases").as_array()) {
    const auto& members = one.as_object();
    if (!members.contains("factors")) continue;
    const seconds period = hours{24 * members.at("period_days").to_number<int>()};
    const auto rows = slo::default_burn_rates(period);
    ASSERT_EQ(rows.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i, ++compared)
      EXPECT_DOUBLE_EQ(slo::burn_rate_factor(rows[i], period),
                       members.at("factors").at(i).to_number<double>());
  }
  EXPECT_EQ(compared, 12U);
}

TEST(YamlTables, AreBounded) {
  std::string many;
  for (int i = 0; i < 1'001; ++i) many += "---\na: 1\n";
  EXPECT_EQ(parse_yaml_tables(many, "f.yaml").error().code, ErrorCode::budget);
  std::string blank;
  for (int i = 0; i < 200'000; ++i) blank += "---\n# nothing\n...\n";
  const auto none = parse_yaml_tables(blank, "f.yaml");
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
}

TEST(YamlTables, KeepPositionsAndBlockScalars) {
  const auto tables =
      parse_yaml_tables("a: |\n  text\n  --- no marker\n---\nb: ---x\nc: # nothing\n", "f.yaml");
  ASSERT_TRUE(tables) << tables.error().message;
  ASSERT_EQ(tables->size(), 2U);
  const auto& first = std::get<TomlTable>((*tables)[0].data);
  EXPECT_EQ(std::get<std::string>(first[0].value.data), "text\n--- no marker\n");
  const auto& second = std::get<TomlTable>((*tables)[1].data);
  EXPECT_EQ(second[0].at, (TomlPosition{5, 1}));
  EXPECT_EQ(std::get<std::string>(second[0].value.data), "---x");
  EXPECT_TRUE(std::holds_alternative<TomlNothing>(second[1].value.data));
}

}  // namespace
}  // namespace gate::load
