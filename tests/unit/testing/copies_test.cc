#include "gate/testing/copies.h"

#include <chrono>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TestCase test_named(const std::string& name, Outcome outcome = Outcome::passed, int milliseconds = 5) {
  TestCase test;
  test.class_name = "C";
  test.name = name;
  test.outcome = outcome;
  if (milliseconds > 0) test.duration = std::chrono::milliseconds{milliseconds};
  return test;
}

Countable report(const std::string& path, const std::vector<TestCase>& tests, std::string sha256 = "") {
  Countable made{path, sha256.empty() ? path : std::move(sha256), tests.size(), Duration{0}, {}};
  for (const TestCase& test : tests) {
    made.digest = made.digest + digest_of(test);
    made.duration += test.duration.value_or(Duration{0});
  }
  return made;
}

const TestCase kA = test_named("a");
const TestCase kB = test_named("b");
const TestCase kC = test_named("c", Outcome::failed);

TEST(Copies, OfTheSameBytes) {
  EXPECT_THAT(
      find_copies({report("x/a.xml", {kA}, "1"), report("b.xml", {kB}, "2"), report("y/a.xml", {kA}, "1")}),
      ElementsAre(Copy{2, 0, ""}));
}

TEST(Copies, OfManyInOne) {
  EXPECT_THAT(find_copies({report("r/a.xml", {kA}), report("r/bc.xml", {kB, kC}),
                           report("r/all.xml", {kC, kA, kB}), report("s/d.xml", {kA})}),
              ElementsAre(Copy{2, std::nullopt, "r"}));
  EXPECT_THAT(
      find_copies({report("r/a.xml", {kA}), report("s/bc.xml", {kB, kC}), report("all.xml", {kC, kA, kB})}),
      ElementsAre(Copy{2, std::nullopt, ""}));
}

TEST(Copies, AreNotSeenWhereTestsDiffer) {
  struct Row {
    const char* name;
    std::vector<Countable> reports;
  };
  const Row rows[] = {
      {"another outcome",
       {report("a.xml", {kA}), report("c.xml", {kC}), report("all.xml", {kA, test_named("c")})}},
      {"another time",
       {report("a.xml", {kA}), report("b.xml", {kB}),
        report("all.xml", {kA, test_named("b", Outcome::passed, 6)})}},
      {"one test more", {report("a.xml", {kA}), report("b.xml", {kB}), report("all.xml", {kA, kB, kC})}},
      {"two matrix legs that are alike", {report("linux/r.xml", {kA, kB}), report("mac/r.xml", {kA, kB})}},
      {"tests without times are too alike",
       {report("a.xml", {test_named("a", Outcome::passed, 0)}),
        report("b.xml", {test_named("b", Outcome::passed, 0)}),
        report("all.xml", {test_named("a", Outcome::passed, 0), test_named("b", Outcome::passed, 0)})}},
      {"empty reports", {report("a.xml", {}), report("b.xml", {}), report("c.xml", {})}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_THAT(find_copies(row.reports), IsEmpty());
  }
}

}  // namespace
}  // namespace gate::testing
