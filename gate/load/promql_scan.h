#pragma once

#include <string_view>

namespace gate::load {

// The first series selector of a PromQL expression or template, as written: of
// `sum by (le) (rate(x{a="b"}[{{window}}]))` it is `x{a="b"}`. Empty where none is seen. What is no PromQL
// has no certain answer, but one that parse_promql_selector() takes.
std::string_view first_selector(std::string_view promql);

}  // namespace gate::load
