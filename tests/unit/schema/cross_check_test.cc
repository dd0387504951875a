// Random schemas and documents, decided by our engine and by valijson, which was written by others.

#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/random_schema.h"
#include "tests/support/valijson_check.h"

namespace gate::schema {
namespace {

TEST(CrossCheck, AgreesWithValijson) {
  if (!test::has_valijson()) {
    const char* ci = std::getenv("CI");
    if (ci != nullptr && std::string_view{ci} == "true") FAIL() << "libvalijson-dev is not installed";
    GTEST_SKIP() << "libvalijson-dev is not installed (ci/setup.sh test)";
  }
  std::mt19937 random{20'261'120};
  test::RandomSchema cases{[&random] { return random(); }};
  constexpr std::size_t kSchemas = 1'500;
  constexpr std::size_t kDocuments = 8;
  std::size_t valid = 0;
  for (std::size_t i = 0; i < kSchemas; ++i) {
    const std::string schema = cases.schema();
    std::vector<std::string> documents(kDocuments);
    for (std::string& document : documents) document = cases.document();
    ASSERT_NO_THROW(valid += test::check_with_valijson(schema, documents));
  }
  EXPECT_GT(valid, 1'000U);
  EXPECT_LT(valid, kSchemas * kDocuments - 1'000U);
}

}  // namespace
}  // namespace gate::schema
