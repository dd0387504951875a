#include <algorithm>
#include <string>
#include <vector>

#include "tests/fuzz/targets.h"
#include "tests/support/random_schema.h"
#include "tests/support/valijson_check.h"

namespace gate::fuzz {

// The input is the choices that make a schema and eight documents; once used up, the first of each.
void fuzz_schema_valijson(std::string_view input) {
  std::size_t at = 0;
  test::RandomSchema cases{
      [&]() -> std::uint32_t { return at < input.size() ? static_cast<unsigned char>(input[at++]) : 0; }};
  const std::string schema = cases.schema();
  std::vector<std::string> documents(8);
  for (std::string& document : documents) document = cases.document();
  test::check_with_valijson(schema, documents);
}

}  // namespace gate::fuzz
