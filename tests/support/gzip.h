#pragma once

#include <string>
#include <string_view>

namespace gate::test {

// The text as one gzip member.
std::string gzipped(std::string_view text);

}  // namespace gate::test
