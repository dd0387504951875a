#pragma once

#include <string_view>

#include "gate/testing/test_case.h"

namespace gate::testing {

// Whether a policy's suite name, a glob, covers this test: it matches the path of the suites the
// test stands in, or a leading part of it ("unit" covers "unit/parser"). A test that stands in no
// suite is looked up by its class name.
bool covers(std::string_view suite_glob, const TestCase& test);

}  // namespace gate::testing
