#pragma once

#include <string_view>

#include "gate/base/result.h"

namespace gate::load {

// The first series selector of a PromQL expression or template, as written: of
// `sum by (le) (rate(x{a="b"}[{{window}}]))` it is `x{a="b"}`. Empty where none is seen. What is no PromQL
// has no certain answer, but one that parse_promql_selector() takes.
std::string_view first_selector(std::string_view promql);

// Whether the text is PromQL with `{{window}}`, or `{{ window }}`, where the window goes.
bool is_promql_template(std::string_view promql);

// What can be seen without a server of a query that counts over a window: it is a selector, or a template
// whose brackets and quotes are closed. Error: malformed, as "why: at offset N: …".
Status check_promql(std::string_view promql);

}  // namespace gate::load
