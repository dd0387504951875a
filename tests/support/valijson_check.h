#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace gate::test {

// Whether this build can ask valijson: libvalijson-dev was there.
bool has_valijson();

// Decides draft-07 documents, given as text, and returns how many are valid. Throws std::logic_error, with
// the texts, where valijson or our own list of faults says otherwise.
std::size_t check_with_valijson(const std::string& schema, const std::vector<std::string>& documents);

}  // namespace gate::test
