#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gate/testing/report_tally.h"
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

// The report itself counts failures, and not one of its tests shows one: never green by accident. A
// test that passed on a retry explains them.
void tell_claimed_failures(std::uint64_t claimed, std::size_t line, testing::ReportTally& tally);

// A test that passed, with a warning.
void tell_warned(const testing::TestCase& test, std::size_t line, testing::ReportTally& tally);

}  // namespace gate::load
