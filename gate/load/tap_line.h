#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gate/testing/test_case.h"

namespace gate::load {

// One line of a TAP stream, taken apart.
struct TapLine {
  enum class Kind { version, plan, test, bail_out, subtest, comment, yaml_start, yaml_end, other };

  Kind kind = Kind::other;
  std::size_t indent = 0;  // blanks in front
  std::string_view text;   // behind the indent; of a comment, behind its `#`; of `Bail out!`, the reason

  std::uint64_t planned = 0;  // plan

  bool ok = false;                      // test
  std::optional<std::uint64_t> number;  // test
  std::string description;              // test, escapes undone
  enum class Directive { none, skip, todo } directive = Directive::none;
  std::string_view reason;                    // of the directive, also of a plan's
  std::optional<testing::Duration> duration;  // "# time=12ms"
};

TapLine parse_tap_line(std::string_view line);

}  // namespace gate::load
