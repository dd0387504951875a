#include "gate/base/edit_distance.h"

#include <gtest/gtest.h>

namespace gate {
namespace {

TEST(EditDistance, CountsEditsAndStopsAtTheLimit) {
  struct Row {
    const char* name;
    std::string a;
    std::string b;
    std::size_t limit;
    std::size_t distance;
  };
  const Row rows[] = {
      {"long strings with nothing in common stop early", std::string(200'000, 'a'), std::string(200'000, 'b'),
       3, 4},
      {"lengths too far apart", "a", std::string(1'000'000, 'a'), 3, 4},
      {"both empty", "", "", 3, 0},
      {"one empty", "", "abc", 3, 3},
      {"equal", "mode", "mode", 3, 0},
      {"substitution", "mode", "made", 3, 1},
      {"insertion", "mode", "modes", 3, 1},
      {"deletion", "mode", "mod", 3, 1},
      {"swap of neighbours", "mode", "mdoe", 3, 1},
      {"a swap across a row that is over the limit without it", "ab", "ba", 1, 1},
      {"swapped and then edited counts each edit", "ca", "abc", 3, 3},
      {"over the limit", "kitten", "sitting", 2, 3},
      {"within the limit", "kitten", "sitting", 3, 3},
      {"limit zero", "a", "b", 0, 1},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(edit_distance(row.a, row.b, row.limit), row.distance);
    EXPECT_EQ(edit_distance(row.b, row.a, row.limit), row.distance);
  }
}

TEST(Nearest, SuggestsOnlyWhatWasProbablyMeant) {
  const std::vector<std::string_view> candidates = {"max_failed", "max_flaky", "min_pass_rate", "expect"};
  struct Row {
    const char* name;
    std::string word;
    std::string_view meant;
  };
  const Row rows[] = {
      {"a huge name is not compared", std::string(100'000, 'm'), ""},
      {"empty", "", ""},
      {"nothing near", "timeout", ""},
      {"one letter off", "max_faild", "max_failed"},
      {"three letters off in a long one", "min_pas_rte", "min_pass_rate"},
      {"half of a short one is too much", "axxxct", ""},
      {"itself is no suggestion", "expect", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(nearest(row.word, candidates), row.meant);
  }
}

TEST(Nearest, TakesTheNearestAndTheFirstOfEquals) {
  EXPECT_EQ(nearest("modes", {"nodded", "mode", "model"}), "mode");
  EXPECT_EQ(nearest("fast", {"fist", "fest"}), "fist");
}

TEST(DidYouMean, IsAnAppendixOrNothing) {
  EXPECT_EQ(did_you_mean("strct", {"strict", "warn"}), " (did you mean \"strict\"?)");
  EXPECT_EQ(did_you_mean("loud", {"strict", "warn"}), "");
}

}  // namespace
}  // namespace gate
