#include "server/exemptions/standings.h"

#include <gtest/gtest.h>

#include "gate/base/json_text.h"

namespace server::exemptions {
namespace {

gate::policy::CheckedExemption checked(const std::string& id, std::size_t line,
                                       gate::policy::Standing standing) {
  gate::policy::CheckedExemption record;
  record.exemption.id = id;
  record.exemption.where.line = line;
  record.standing = standing;
  return record;
}

TEST(Standings, TellRecordsApartThatHaveNoIdOfTheirOwn) {
  using gate::policy::Standing;
  gate::policy::CheckedRegister reg;
  reg.records = {checked("A", 3, Standing::expired), checked("A", 9, Standing::invalid),
                 checked("", 15, Standing::invalid)};
  const Standings wanted{{"A", "expired"}, {"(line 9)", "invalid"}, {"(line 15)", "invalid"}};
  EXPECT_EQ(standings_of(reg), wanted);
  EXPECT_EQ(parse_standings(to_text(wanted)), wanted);
}

TEST(Standings, DamagedOnesAreEmpty) {
  for (const char* text : {"", "[]", "{", "7", "{\"A\":7}"})
    EXPECT_TRUE(parse_standings(text).empty()) << text;
}

TEST(Standings, DifferById) {
  EXPECT_EQ(gate::to_compact_json(changes_between({{"A", "expired"}, {"B", "in force"}, {"C", "invalid"}},
                                                  {{"B", "expired"}, {"C", "invalid"}, {"D", "in force"}})),
            R"([{"id":"A","from":"expired","to":null},{"id":"B","from":"in force","to":"expired"},)"
            R"({"id":"D","from":null,"to":"in force"}])");
}

}  // namespace
}  // namespace server::exemptions
