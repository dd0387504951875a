#include "gate/load/tzif.h"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

namespace gate::load {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_seconds;

std::string big_endian(std::int64_t number, std::size_t width) {
  std::string bytes;
  for (std::size_t i = width; i-- > 0;)
    bytes += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i) & 0xFFU);
  return bytes;
}

std::string header(std::int64_t times, std::int64_t types) {
  std::string bytes = "TZif2" + std::string(15, '\0');
  for (const std::int64_t count :
       {std::int64_t{0}, std::int64_t{0}, std::int64_t{0}, times, types, std::int64_t{4}})
    bytes += big_endian(count, 4);
  return bytes;
}

std::string type(std::int64_t offset) {
  return big_endian(offset, 4) + std::string(2, '\0');
}

// One change, to an hour east at 2000-01-01, and then a rule.
std::string zone_with(const std::string& footer) {
  std::string bytes = header(0, 1) + type(0) + "UTC" + '\0';
  bytes += header(1, 2) + big_endian(946'684'800, 8) + '\1' + type(0) + type(3600) + "UTC" + '\0';
  return bytes + "\n" + footer + "\n";
}

sys_seconds moment(const char* text) {
  return std::chrono::floor<seconds>(*parse_moment(text));
}

TEST(Tzif, RefusesWhatIsNone) {
  const std::string good = zone_with("CET-1");
  ASSERT_TRUE(parse_tzif(good));
  for (std::size_t length = 0; length < good.size(); ++length)
    EXPECT_FALSE(parse_tzif(good.substr(0, length))) << length;
  std::string huge = good;
  huge[44 + 6 + 4 + 32] = '\x7F';  // billions of changes
  EXPECT_FALSE(parse_tzif(huge));
  for (const char* footer :
       {"CET", "CET-1CEST", "CET-1CEST,J60,J300", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,M10.5.0/3x", ",", "CET-9999", "CET-26", "CET-1CEST-26,M3.5.0,M10.5.0"}) {
    EXPECT_FALSE(parse_tzif(zone_with(footer))) << footer;
  }
}

TEST(Tzif, RefusesOffsetsOfWeeks) {
  std::string far = zone_with("CET-1");
  const std::size_t at = far.rfind(type(3600));
  for (const std::int64_t offset : {26 * 3600, -26 * 3600, -2'000'000'000}) {
    far.replace(at, 6, type(offset));
    EXPECT_FALSE(parse_tzif(far)) << offset;
  }
  far.replace(at, 6, type(26 * 3600 - 1));
  EXPECT_TRUE(parse_tzif(far));
}

TEST(Tzif, KeepsChangesInOrderWhateverTheRule) {
  const auto zone = parse_tzif(zone_with("CET-1CEST,M12.5.0/900,M1.1.0/-900"));
  ASSERT_TRUE(zone) << zone.error().message;
  for (std::size_t i = 1; i < zone->changes.size(); ++i)
    ASSERT_LT(zone->changes[i - 1].at, zone->changes[i].at) << i;
}

TEST(Tzif, ReadsChangesAndTheRuleBehindThem) {
  const auto zone = parse_tzif(zone_with("CET-1CEST,M3.5.0,M10.5.0/3"));
  ASSERT_TRUE(zone) << zone.error().message;
  const std::pair<const char*, int> rows[] = {{"1999-12-31T23:59:59Z", 0}, {"2000-01-01T00:00:00Z", 1},
                                              {"2026-03-29T00:59:59Z", 1}, {"2026-03-29T01:00:00Z", 2},
                                              {"2026-10-25T00:59:59Z", 2}, {"2026-10-25T01:00:00Z", 1},
                                              {"2199-07-01T00:00:00Z", 2}};
  for (const auto& [text, offset] : rows)
    EXPECT_EQ(slo::offset_at(*zone, moment(text)), hours{offset}) << text;
}

TEST(Tzif, ReadsRulesOfTheWholeWorld) {
  const struct {
    const char* rule;
    const char* at;
    int minutes;
  } rows[] = {
      {"EST5EDT,M3.2.0,M11.1.0", "2026-07-01T00:00:00Z", -240},
      {"EST5EDT,M3.2.0,M11.1.0", "2026-12-01T00:00:00Z", -300},
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-15T00:00:00Z", 660},  // summer lies over the new year
      {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-07-01T00:00:00Z", 630},
      {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-07-01T00:00:00Z", -60},
  };
  for (const auto& row : rows) {
    const auto zone = parse_tzif(zone_with(row.rule));
    ASSERT_TRUE(zone) << row.rule;
    EXPECT_EQ(slo::offset_at(*zone, moment(row.at)), std::chrono::minutes{row.minutes}) << row.rule;
  }
}

}  // namespace
}  // namespace gate::load
