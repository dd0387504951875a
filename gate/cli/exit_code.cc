#include "gate/cli/exit_code.h"

namespace gate::cli {
namespace {

int weight(ExitCode code) {
  switch (code) {
    case ExitCode::passed: return 0;
    case ExitCode::undecided: return 1;
    case ExitCode::refused: return 2;
    case ExitCode::unconfirmed: return 3;
    case ExitCode::blocked: return 4;
    case ExitCode::usage: return 5;
    case ExitCode::bug: return 6;
  }
  return 6;
}

}  // namespace

ExitCode exit_code(policy::Verdict verdict) {
  switch (verdict) {
    case policy::Verdict::passed:
    case policy::Verdict::warned: return ExitCode::passed;
    case policy::Verdict::undecided: return ExitCode::undecided;
    case policy::Verdict::failed: return ExitCode::blocked;
  }
  return ExitCode::bug;
}

ExitCode exit_code(ErrorCode error) {
  switch (error) {
    case ErrorCode::usage:
    case ErrorCode::not_found:
    case ErrorCode::malformed: return ExitCode::usage;
    case ErrorCode::io:
    case ErrorCode::unavailable:
    case ErrorCode::timeout:
    case ErrorCode::budget: return ExitCode::undecided;
    case ErrorCode::refused: return ExitCode::refused;
    case ErrorCode::unconfirmed: return ExitCode::unconfirmed;
  }
  return ExitCode::bug;
}

ExitCode worse(ExitCode a, ExitCode b) {
  return weight(a) >= weight(b) ? a : b;
}

ExitCode undelivered(policy::Verdict verdict) {
  return verdict == policy::Verdict::failed ? ExitCode::blocked : ExitCode::undecided;
}

}  // namespace gate::cli
