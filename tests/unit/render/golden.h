#pragma once

#include <string>
#include <string_view>

namespace gate::test {

// Compares `text` with tests/unit/render/golden/NAME. With UPDATE_GOLDEN=1 in the environment the
// file is written instead: read its diff before you commit it.
void expect_golden(std::string_view name, const std::string& text);

}  // namespace gate::test
