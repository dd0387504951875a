#include "gate/load/promql_selector.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/base/utf8.h"
#include "gate/load/promql_regex.h"
#include "gate/schema/pattern.h"

namespace gate::load {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_label_char(char c) {
  return is_letter(c) || (c >= '0' && c <= '9');
}
bool is_metric_char(char c) {
  return is_label_char(c) || c == ':';
}

// Reads a selector from left to right; the first thing that is wrong ends it.
class SelectorReader {
 public:
  explicit SelectorReader(std::string_view text) : text_(text) {}

  Result<PromqlSelector> read() {
    PromqlSelector selector;
    skip_space();
    selector.metric = name(is_metric_char);
    skip_space();
    if (take('{')) read_matchers(selector);
    skip_space();
    if (!failure_ && at_ != text_.size()) fail("a series selector is wanted");
    if (!failure_ && selects_all(selector)) fail("it selects every series");
    if (failure_) return *failure_;
    return selector;
  }

 private:
  void fail(std::string_view why) {
    if (!failure_) failure_ = Error{ErrorCode::malformed, fmt::format("at offset {}: {}", at_, why)};
  }

  void skip_space() {
    while (at_ < text_.size() && std::string_view{" \t\r\n"}.find(text_[at_]) != std::string_view::npos)
      ++at_;
  }

  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string name(bool (*fits)(char)) {
    const std::size_t start = at_;
    if (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') return {};
    while (at_ < text_.size() && fits(text_[at_])) ++at_;
    return std::string{text_.substr(start, at_ - start)};
  }

  void read_matchers(PromqlSelector& selector) {
    for (skip_space(); !failure_ && !take('}'); skip_space()) {
      selector.matchers.push_back(read_matcher());
      skip_space();
      if (!failure_ && !take(',') && (at_ == text_.size() || text_[at_] != '}')) fail("',' or '}' is wanted");
    }
  }

  LabelMatcher read_matcher() {
    LabelMatcher matcher;
    matcher.label = name(is_label_char);
    if (matcher.label.empty()) fail("a label is wanted");
    skip_space();
    matcher.match = read_operator();
    skip_space();
    matcher.value = read_string();
    return matcher;
  }

  LabelMatch read_operator() {
    if (take('!')) {
      if (take('=')) return LabelMatch::not_equal;
      if (take('~')) return LabelMatch::not_regex;
    } else if (take('=')) {
      return take('~') ? LabelMatch::regex : LabelMatch::equal;
    }
    fail("one of = != =~ !~ is wanted");
    return LabelMatch::equal;
  }

  std::string read_string() {
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '"' && quote != '\'' && quote != '`') {
      fail("a quoted value is wanted");
      return {};
    }
    ++at_;
    std::string value;
    while (!failure_ && !take(quote)) {
      if (at_ == text_.size()) {
        fail("the quote is not closed");
      } else if (text_[at_] == '\\' && quote != '`') {
        value += read_escape(quote);
      } else {
        value += text_[at_++];
      }
    }
    return value;
  }

  char read_escape(char quote) {
    ++at_;
    const char c = at_ < text_.size() ? text_[at_++] : '\0';
    if (c == quote || c == '\\') return c;
    if (c == 'n') return '\n';
    if (c == 't') return '\t';
    if (c == 'r') return '\r';
    fail("this escape is not understood");
    return c;
  }

  // Whether the matcher holds for a label that is not there, as far as that is plain to see.
  static bool holds_for_nothing(const LabelMatcher& matcher) {
    const bool takes_nothing = matcher.value.empty() || matcher.value == ".*";
    switch (matcher.match) {
      case LabelMatch::equal: return matcher.value.empty();
      case LabelMatch::not_equal: return !matcher.value.empty();
      case LabelMatch::regex: return takes_nothing;
      case LabelMatch::not_regex: return !takes_nothing;
    }
    return true;
  }

  // As Prometheus has it: one matcher at least must need its label.
  static bool selects_all(const PromqlSelector& selector) {
    return selector.metric.empty() &&
           std::all_of(selector.matchers.begin(), selector.matchers.end(), holds_for_nothing);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<Error> failure_;
};

std::string_view value_of(const std::vector<Label>& labels, std::string_view name) {
  for (const auto& [label, value] : labels) {
    if (label == name) return value;
  }
  return {};
}

}  // namespace

Result<PromqlSelector> parse_promql_selector(std::string_view text) {
  return SelectorReader{text}.read();
}

struct SeriesFilter::State {
  struct Row {
    LabelMatcher matcher;
    std::optional<schema::Pattern> pattern;  // of the two regular ones
  };
  std::string metric;
  std::vector<Row> rows;
  mutable schema::PatternScratch scratch;

  [[nodiscard]] Result<bool> holds(const Row& row, std::string_view value) const {
    const bool wanted = row.matcher.match == LabelMatch::equal || row.matcher.match == LabelMatch::regex;
    if (!row.pattern) return (value == row.matcher.value) == wanted;
    if (!is_utf8(value)) return !wanted;
    switch (row.pattern->test(value, scratch)) {
      case schema::Match::yes: return wanted;
      case schema::Match::no: return !wanted;
      case schema::Match::limit: break;
    }
    return Error{ErrorCode::budget, fmt::format("the expression \"{}\" takes too long to match",
                                                shortened(row.matcher.value, 64))};
  }
};

Result<SeriesFilter> SeriesFilter::compile(const PromqlSelector& selector) {
  auto state = std::make_unique<State>();
  state->metric = selector.metric;
  for (const LabelMatcher& matcher : selector.matchers) {
    State::Row row;
    row.matcher = matcher;
    if (matcher.match == LabelMatch::regex || matcher.match == LabelMatch::not_regex) {
      auto pattern = compile_promql_regex(matcher.value);
      if (!pattern)
        return pattern.error().within(fmt::format("{}: \"{}\"", matcher.label, shortened(matcher.value, 64)));
      row.pattern = std::move(*pattern);
    }
    state->rows.push_back(std::move(row));
  }
  return SeriesFilter{std::move(state)};
}

SeriesFilter::SeriesFilter(std::unique_ptr<State> state) : state_(std::move(state)) {}
SeriesFilter::~SeriesFilter() = default;
SeriesFilter::SeriesFilter(SeriesFilter&&) noexcept = default;
SeriesFilter& SeriesFilter::operator=(SeriesFilter&&) noexcept = default;

Result<bool> SeriesFilter::matches(std::string_view metric, const std::vector<Label>& labels) const {
  if (!state_->metric.empty() && state_->metric != metric) return false;
  for (const State::Row& row : state_->rows) {
    const bool is_name = row.matcher.label == "__name__";
    auto holds = state_->holds(row, is_name ? metric : value_of(labels, row.matcher.label));
    if (!holds || !*holds) return holds;
  }
  return true;
}

}  // namespace gate::load
