#include "gate/policy/exemption_overlap.h"

#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/policy/exemption_builder.h"

namespace gate::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Exemption exemption_of(std::string rule, Scope scope, std::string_view expires) {
  Exemption exemption = good_exemption("E");
  exemption.rule = std::move(rule);
  exemption.scope = std::move(scope);
  exemption.expires = day(expires);
  return exemption;
}

Overlaps overlaps_of(const std::vector<Exemption>& exemptions) {
  std::vector<const Exemption*> pointers;
  for (const Exemption& exemption : exemptions) pointers.push_back(&exemption);
  return find_overlaps(pointers);
}

TEST(FindOverlaps, ComparesRulesAndScopes) {
  const struct {
    const char* name;
    std::string rule_a;
    Scope a;
    std::string rule_b;
    Scope b;
    bool overlap;
  } rows[] = {
      {"the same file", "r.a", {{"x"}, {}, {}}, "r.a", {{"x"}, {}, {}}, true},
      {"another file", "r.a", {{"x"}, {}, {}}, "r.a", {{"y"}, {}, {}}, false},
      {"another rule", "r.a", {{"x"}, {}, {}}, "r.b", {{"x"}, {}, {}}, false},
      {"a family and one of it", "r.*", {{"x"}, {}, {}}, "r.b", {{"x"}, {}, {}}, true},
      {"two families", "r.*", {{"x"}, {}, {}}, "*.a", {{"x"}, {}, {}}, true},
      {"two families apart", "r.*", {{"x"}, {}, {}}, "q.*", {{"x"}, {}, {}}, false},
      {"a folder and a file in it", "r.a", {{"d/**"}, {}, {}}, "r.a", {{"d/e/f"}, {}, {}}, true},
      {"a folder and a file beside it", "r.a", {{"d/**"}, {}, {}}, "r.a", {{"e/f"}, {}, {}}, false},
      {"two globs that cross", "r.a", {{"d/*.json"}, {}, {}}, "r.a", {{"d/a*"}, {}, {}}, true},
      {"two globs apart", "r.a", {{"d/*.json"}, {}, {}}, "r.a", {{"d/*.xml"}, {}, {}}, false},
      {"any of several", "r.a", {{"x", "y"}, {}, {}}, "r.a", {{"z", "y"}, {}, {}}, true},
      {"tests", "r.a", {{}, {"s::*"}, {}}, "r.a", {{}, {"s::c"}, {}}, true},
      {"files that meet, tests that do not", "r.a", {{"x"}, {"s"}, {}}, "r.a", {{"x"}, {"t"}, {}}, false},
      {"files that meet, tests of one only", "r.a", {{"x"}, {"s"}, {}}, "r.a", {{"x"}, {}, {}}, true},
      {"files against tests", "r.a", {{"x"}, {}, {}}, "r.a", {{}, {"s"}, {}}, false},
      {"fingerprints", "r.a", {{}, {}, {"0123456789abcdef"}}, "r.a", {{}, {}, {"0123456789abcdef"}}, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const Exemption sooner = exemption_of(row.rule_a, row.a, "2026-12-01");
    const Exemption later = exemption_of(row.rule_b, row.b, "2026-12-02");
    const std::vector<Overlap> expected = row.overlap ? std::vector<Overlap>{{1, 0}} : std::vector<Overlap>{};
    EXPECT_EQ(overlaps_of({sooner, later}).found, expected);
    const std::vector<Overlap> turned = row.overlap ? std::vector<Overlap>{{0, 1}} : std::vector<Overlap>{};
    EXPECT_EQ(overlaps_of({later, sooner}).found, turned);
  }
}

TEST(FindOverlaps, AllowsTheSameExpiry) {
  const Exemption one = exemption_of("r.a", {{"x"}, {}, {}}, "2026-12-01");
  EXPECT_THAT(overlaps_of({one, one}).found, IsEmpty());
}

TEST(FindOverlaps, NamesEachLaterRecordOnce) {
  const Exemption first = exemption_of("r.a", {{"x"}, {}, {}}, "2026-12-01");
  const Exemption second = exemption_of("r.a", {{"x"}, {}, {}}, "2026-12-02");
  const Exemption third = exemption_of("r.a", {{"x"}, {}, {}}, "2026-12-03");
  EXPECT_THAT(overlaps_of({third, first, second}).found, ElementsAre(Overlap{0, 1}, Overlap{2, 1}));
}

TEST(FindOverlaps, ComparesAThousandRecordsOfOneRule) {
  std::vector<Exemption> records;
  for (int i = 0; i < 1'000; ++i) {
    records.push_back(exemption_of("r.a", {{fmt::format("data/{}/*.json", i)}, {}, {}},
                                   i % 2 == 0 ? "2026-12-01" : "2026-12-02"));
  }
  records.back().scope.paths = {"data/*/a.json"};
  const Overlaps overlaps = overlaps_of(records);
  EXPECT_TRUE(overlaps.complete);
  EXPECT_THAT(overlaps.found, ElementsAre(Overlap{999, 0}));
}

TEST(FindOverlaps, GivesUpOnARegisterMadeToBeSlow) {
  std::vector<Exemption> records;
  for (int i = 0; i < 2'000; ++i) {
    std::string glob = "*";
    for (int j = 0; j < 250; ++j) glob += "a*";
    records.push_back(
        exemption_of("r.a", {{glob + std::to_string(i)}, {}, {}}, i % 2 == 0 ? "2026-12-01" : "2026-12-02"));
  }
  const auto started = std::chrono::steady_clock::now();
  EXPECT_FALSE(overlaps_of(records).complete);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds{20});
}

}  // namespace
}  // namespace gate::policy
