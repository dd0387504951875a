#include "gate/render/json.h"

#include "gate/base/json_text.h"
#include "gate/render/report_value.h"
#include "gate/render/visible.h"

namespace gate::render {

std::string as_json(const policy::Report& report) {
  return break_commands(to_json(to_value(report)), kBreakInJson) + "\n";
}

}  // namespace gate::render
