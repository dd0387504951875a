#include "gate/checks/schema_output.h"

#include <fmt/format.h>

#include "gate/base/json_text.h"

namespace gate::checks {

std::string labelled(std::string_view object, std::string_view path, std::size_t line) {
  return fmt::format(R"({{"document":{},{}{})", json_quoted(path),
                     line == 0 ? "" : fmt::format(R"("line":{},)", line), object.substr(1));
}

}  // namespace gate::checks
