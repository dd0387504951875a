#include "gate/testing/test_case.h"

#include <initializer_list>

namespace gate::testing {

std::string test_id(const TestCase& test) {
  std::string id;
  for (const std::string* part : {&test.suite, &test.class_name, &test.name}) {
    if (part->empty()) continue;
    if (!id.empty()) id += "::";
    id += *part;
  }
  return id;
}

}  // namespace gate::testing
