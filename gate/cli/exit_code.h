#pragma once

#include "gate/base/error.h"
#include "gate/policy/report.h"

namespace gate::cli {

// One table for all binaries, one meaning each.
enum class ExitCode {
  passed = 0,       // passed, or findings only warned about; a command did what was asked
  blocked = 1,      // the gate says no; nothing else ever exits 1
  usage = 2,        // wrong command line; malformed configuration, schema, policy or register
  undecided = 3,    // no data, dependency unreachable, I/O error, output not written, budget exhausted
  refused = 4,      // the other side said no
  unconfirmed = 5,  // accepted, effect not confirmed before the deadline
  bug = 70,         // an exception reached main
};

ExitCode exit_code(policy::Verdict verdict);
ExitCode exit_code(ErrorCode error);

// The one that counts when both apply, in the order 70, 2, 1, 5, 4, 3, 0.
ExitCode worse(ExitCode a, ExitCode b);

// A verdict whose report could not be delivered: failed stays 1, everything else is undecided, for
// nobody has seen it.
ExitCode undelivered(policy::Verdict verdict);

}  // namespace gate::cli
