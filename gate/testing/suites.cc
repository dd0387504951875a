#include "gate/testing/suites.h"

#include <string>

#include "gate/base/glob.h"

namespace gate::testing {

bool covers(std::string_view suite_glob, const TestCase& test) {
  if (test.suite.empty()) return glob_matches(suite_glob, test.class_name);
  const std::string_view path = test.suite;
  for (std::size_t end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1)) {
    if (glob_matches(suite_glob, path.substr(0, end))) return true;
  }
  return glob_matches(suite_glob, path);
}

}  // namespace gate::testing
