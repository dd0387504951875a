#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/base/result.h"

namespace gate::load {

// A label and its value.
using Label = std::pair<std::string, std::string>;

enum class LabelMatch { equal, not_equal, regex, not_regex };

struct LabelMatcher {
  std::string label;
  LabelMatch match = LabelMatch::equal;
  std::string value;

  bool operator==(const LabelMatcher&) const = default;
};

// An instant vector selector of PromQL: `http_requests_total{job="a",code=~"5.."}`.
struct PromqlSelector {
  std::string metric;  // empty where only a matcher of __name__ says it
  std::vector<LabelMatcher> matchers;

  bool operator==(const PromqlSelector&) const = default;
};

// The whole text as one selector; white space around its parts is passed over. Error: malformed, as
// "at offset N: why", also for a selector that every series could match.
Result<PromqlSelector> parse_promql_selector(std::string_view text);

// A selector whose regular expressions are compiled. They are RE2's, of which the part is understood that
// ECMA-262 reads alike; the rest is refused by name. Used by one thread.
class SeriesFilter {
 public:
  // Error: malformed, with the matcher in question.
  static Result<SeriesFilter> compile(const PromqlSelector& selector);

  ~SeriesFilter();
  SeriesFilter(SeriesFilter&&) noexcept;
  SeriesFilter& operator=(SeriesFilter&&) noexcept;

  // Whether the series is selected; a label that it has not is an empty one. Error: budget where an
  // expression takes too long to match.
  [[nodiscard]] Result<bool> matches(std::string_view metric, const std::vector<Label>& labels) const;

 private:
  struct State;
  explicit SeriesFilter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gate::load
