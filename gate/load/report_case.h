#pragma once

#include <string_view>

#include "gate/testing/test_case.h"

namespace gate::load {

// Makes `test` an empty one, keeping its memory.
void clear(testing::TestCase& test);

// Says why it did not plainly pass: the message's telling line, else the trace's; both as details;
// and the place they name, where the test has none of its own.
void explain(testing::TestCase& test, std::string_view message, std::string_view trace);

// "Ns.Class.Method(a.b)" as class "Ns.Class" and name "Method(a.b)".
void assign_full_name(testing::TestCase& test, std::string_view full_name);

// "b.dll" of "C:\a\b.dll" and of "/a/b.dll": what does not differ from machine to machine.
std::string_view file_name_of(std::string_view path);

}  // namespace gate::load
