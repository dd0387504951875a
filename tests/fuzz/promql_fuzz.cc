#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/promql_scan.h"
#include "gate/load/promql_selector.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

std::string_view operator_text(load::LabelMatch match) {
  switch (match) {
    case load::LabelMatch::equal: return "=";
    case load::LabelMatch::not_equal: return "!=";
    case load::LabelMatch::regex: return "=~";
    case load::LabelMatch::not_regex: return "!~";
  }
  return "?";
}

std::string written(const load::PromqlSelector& selector) {
  std::string text = selector.metric + "{";
  for (const load::LabelMatcher& matcher : selector.matchers) {
    const std::string value = replace_all(replace_all(matcher.value, "\\", "\\\\"), "\"", "\\\"");
    text += fmt::format("{}{}\"{}\",", matcher.label, operator_text(matcher.match), value);
  }
  return text + "}";
}

}  // namespace

// An expression or a selector, and a value that the expression may match.
void fuzz_promql(std::string_view input) {
  const auto [promql, value] = two_texts(input);
  if (const auto selector = load::parse_promql_selector(promql)) {
    const auto again = load::parse_promql_selector(written(*selector));
    require(again && *again == *selector, "what is written of a selector is read alike");
  }
  const std::string_view found = load::first_selector(promql);
  require(found.empty() || load::parse_promql_selector(found), "the first selector is one");
  const auto filter =
      load::SeriesFilter::compile({"m", {{"l", load::LabelMatch::regex, std::string{promql}}}});
  const auto none =
      load::SeriesFilter::compile({"m", {{"l", load::LabelMatch::not_regex, std::string{promql}}}});
  require(static_cast<bool>(filter) == static_cast<bool>(none), "an expression is understood or not");
  if (!filter) return;
  const auto matches = filter->matches("m", {{"l", std::string{value}}});
  const auto differs = none->matches("m", {{"l", std::string{value}}});
  if (!matches || !differs) return;
  require(*matches != *differs, "a value matches or does not");
  require(!is_plain(promql) || *matches == (promql == value), "an expression is anchored at both ends");
}

}  // namespace gate::fuzz
