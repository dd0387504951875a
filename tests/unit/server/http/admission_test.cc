#include "server/http/admission.h"

#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace server::http {
namespace {

using Kind = Lease::Kind;

TEST(Admission, CountsByClientAndInAll) {
  Limits limits;
  limits.connections = 3;
  limits.connections_per_address = 2;
  ServerCounts counts;
  Admission admission{limits, counts};
  std::vector<Lease> held;
  held.push_back(admission.admit("10.0.0.1"));
  held.push_back(admission.admit("10.0.0.1"));
  EXPECT_EQ(admission.admit("10.0.0.1").kind(), Kind::turned_away);
  held.push_back(admission.admit("10.0.0.2"));
  EXPECT_EQ(admission.admit("10.0.0.3").kind(), Kind::turned_away);
  EXPECT_EQ(counts.open, 3);
  EXPECT_EQ(counts.refused_connections, 2U);
  held[0].reset();
  EXPECT_EQ(admission.admit("10.0.0.1").kind(), Kind::counted);
  held.clear();
  EXPECT_EQ(counts.open, 0);
}

TEST(Admission, KeepsNoRoomFromTheControlSocket) {
  Limits limits;
  limits.connections = 0;
  ServerCounts counts;
  Admission admission{limits, counts};
  const Lease lease = admission.admit_local();
  EXPECT_EQ(lease.kind(), Kind::uncounted);
  EXPECT_EQ(counts.open, 1);
}

TEST(Admission, TellsOnlySoManyAtOnceThatThereIsNoRoom) {
  Limits limits;
  limits.connections = 0;
  ServerCounts counts;
  Admission admission{limits, counts};
  std::vector<Lease> told;
  while (told.size() < 10'000) {
    told.push_back(admission.admit("10.0.0.1"));
    if (!told.back().is_held()) break;
  }
  EXPECT_EQ(told.size(), 257U);
  told.clear();
  EXPECT_TRUE(admission.admit("10.0.0.1").is_held());
}

TEST(ClientOf, IsOneForANetworkOfIpv6) {
  EXPECT_EQ(client_of("2001:db8:1:2::1"), client_of("2001:db8:1:2:ffff::9"));
  EXPECT_NE(client_of("2001:db8:1:2::1"), client_of("2001:db8:1:3::1"));
  EXPECT_NE(client_of("10.0.0.1"), client_of("10.0.0.2"));
}

}  // namespace
}  // namespace server::http
