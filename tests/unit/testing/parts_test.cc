#include "gate/testing/parts.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gate::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Parts, ExpandBraces) {
  struct Row {
    std::vector<std::string> patterns;
    std::vector<std::string> names;
  };
  const Row rows[] = {
      {{}, {}},
      {{"unit"}, {"unit"}},
      {{"e2e-{1..3}"}, {"e2e-1", "e2e-2", "e2e-3"}},
      {{"e2e-{08..10}"}, {"e2e-08", "e2e-09", "e2e-10"}},
      {{"{linux,mac}-{a,b}"}, {"linux-a", "linux-b", "mac-a", "mac-b"}},
      {{"unit", "{1..1}"}, {"unit", "1"}},
      {{"**/e2e-{1..2}/*.xml"}, {"**/e2e-1/*.xml", "**/e2e-2/*.xml"}},
  };
  for (const Row& row : rows) {
    const auto names = expand_parts(row.patterns);
    ASSERT_TRUE(names) << names.error().message;
    EXPECT_EQ(*names, row.names);
  }
}

TEST(Parts, RefuseWhatCannotBeExpanded) {
  struct Row {
    std::vector<std::string> patterns;
    const char* why;
  };
  const Row rows[] = {
      {{"a{1..3"}, "no counterpart"},
      {{"a}1..3{"}, "no counterpart"},
      {{"a{3..1}"}, "no range"},
      {{"a{1..x}"}, "no range"},
      {{"a{..}"}, "no range"},
      {{"a{1..99999999999}"}, "too long"},
      {{"{1..99}{1..99}{1..99}"}, "too many"},
      {{""}, "needs a name"},
      {{"{,a}"}, "needs a name"},
      {{"unit", "unit"}, "expected twice"},
      {{"unit", "{e2e,unit}"}, "expected twice"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.patterns[0]);
    const auto names = expand_parts(row.patterns);
    ASSERT_FALSE(names);
    EXPECT_THAT(names.error().message, HasSubstr(row.why));
  }
}

TEST(Parts, AreFoundByPathOrSuite) {
  struct Row {
    const char* name;
    const char* part;
    PartSource report;
    PartState state;
  };
  const Row rows[] = {
      {"folder", "unit", {"out/unit/r.xml", 1, {}}, PartState::delivered},
      {"file without its extension", "unit", {"out/unit.xml", 1, {}}, PartState::delivered},
      {"file up to its first dot", "unit", {"unit.junit.xml", 1, {}}, PartState::delivered},
      {"a name with a dot", "e2e-1.2", {"e2e-1.2.xml", 1, {}}, PartState::delivered},
      {"only a part of a name", "unit", {"out/unit-2/units.xml", 1, {}}, PartState::missing},
      {"a shard's name is no prefix of another", "e2e-1", {"e2e-10/r.xml", 1, {}}, PartState::missing},
      {"another case", "unit", {"Unit.xml", 1, {}}, PartState::missing},
      {"glob", "**/e2e-1/*.xml", {"a/b/e2e-1/r.xml", 1, {}}, PartState::delivered},
      {"a path is anchored", "e2e/r.xml", {"out/e2e/r.xml", 1, {}}, PartState::missing},
      {"suite", "unit", {"r.xml", 5, {{"unit", 3}, {"e2e", 2}}}, PartState::delivered},
      {"suite without tests", "unit", {"r.xml", 5, {{"unit", 0}, {"e2e", 5}}}, PartState::empty},
      {"report without tests", "unit", {"unit/r.xml", 0, {}}, PartState::empty},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const Parts parts = find_parts({row.part}, {row.report});
    ASSERT_EQ(parts.states.size(), 1U);
    EXPECT_EQ(parts.states[0], row.state);
    EXPECT_THAT(parts.ambiguities, IsEmpty());
  }
}

TEST(Parts, APathOutranksSuites) {
  const Parts parts = find_parts({"unit", "e2e"}, {{"unit/r.xml", 2, {{"e2e", 2}}}});
  EXPECT_THAT(parts.states, ElementsAre(PartState::delivered, PartState::missing));
}

TEST(Parts, AnEmptyReportDoesNotUndoADeliveredPart) {
  const Parts parts = find_parts({"unit"}, {{"unit/a.xml", 2, {}}, {"unit/b.xml", 0, {}}});
  EXPECT_THAT(parts.states, ElementsAre(PartState::delivered));
}

TEST(Parts, AnAmbiguousPathDeliversNone) {
  const Parts parts = find_parts({"unit", "e2e"}, {{"unit/e2e/r.xml", 2, {}}});
  EXPECT_THAT(parts.states, ElementsAre(PartState::missing, PartState::missing));
  EXPECT_THAT(parts.ambiguities, ElementsAre(Ambiguity{"unit/e2e/r.xml", {"unit", "e2e"}}));
}

}  // namespace
}  // namespace gate::testing
