#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "gate/base/time.h"

namespace gate::policy {

enum class Mode { strict, warn };

// How findings are interpreted. What a check looks for is not here but in its own settings.
struct Policy {
  Mode mode = Mode::strict;
  bool mode_from_command_line = false;  // stamped into the report
  std::optional<Date> warn_until;       // last day on which a policy file's `warn` holds
  bool locked = false;                  // a command line cannot loosen it
  bool accept_undecided = false;        // undecided passes, and the report says so
  bool deny_warned = false;             // a warning blocks, and the report says so
  bool required = true;                 // examined nothing: undecided
  std::size_t max_listed = 1'000;       // findings listed in a report; the rest are counted

  bool operator==(const Policy&) const = default;
};

std::string_view name_of(Mode mode);

}  // namespace gate::policy
