#include "gate/load/compare_criteria.h"

#include <cstddef>
#include <string>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/compare_fields.h"

namespace gate::load {
namespace {

using slo::Criterion;

struct Operator {
  std::string_view text;
  Criterion::Op op;
};

// The longer ones first.
constexpr Operator kOperators[] = {
    {"<=", Criterion::Op::less_or_equal},
    {"<", Criterion::Op::less},
    {">=", Criterion::Op::greater_or_equal},
    {">", Criterion::Op::greater},
    {"=", Criterion::Op::equal},
};

Error refusal(std::string_view text) {
  return Error{ErrorCode::malformed,
               fmt::format("\"{}\" is no criterion: write an operator and a number, \"<=+10%\" or \"<600\"",
                           shortened(text, 64))};
}

bool take(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text = trim(text.substr(prefix.size()));
  return true;
}

}  // namespace

Result<Criterion> parse_criterion(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  std::string_view rest = trim(text);
  if (rest.size() > kLongest) return refusal(text);
  Criterion criterion;
  criterion.written = rest;
  const Operator* found = nullptr;
  for (const Operator& candidate : kOperators) {
    if (found == nullptr && take(rest, candidate.text)) found = &candidate;
  }
  if (found == nullptr) return refusal(text);
  criterion.op = found->op;

  const bool minus = take(rest, "-");
  const bool plus = !minus && take(rest, "+");
  const bool percent = !rest.empty() && rest.back() == '%';
  if (percent) rest = trim(rest.substr(0, rest.size() - 1));
  if (rest.empty() || rest.front() == '-') return refusal(text);
  const auto number = Decimal::parse((minus ? "-" : "") + std::string{rest});
  if (!number) return refusal(text);
  if (is_beyond_double(*number)) {
    return Error{ErrorCode::malformed, fmt::format("\"{}\": {}", shortened(text, 64), kBeyondDouble)};
  }
  criterion.number = *number;
  if (percent) {
    criterion.base = Criterion::Base::percent;
  } else if (minus || plus) {
    criterion.base = Criterion::Base::offset;
  }
  return criterion;
}

}  // namespace gate::load
