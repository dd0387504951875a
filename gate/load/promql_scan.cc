#include "gate/load/promql_scan.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "gate/load/promql_selector.h"

namespace gate::load {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
// Keywords that take a list of labels, and those that stand between expressions.
constexpr std::array<std::string_view, 6> kBeforeLabels{"by",       "without",    "on",
                                                        "ignoring", "group_left", "group_right"};
constexpr std::array<std::string_view, 8> kBetween{"and",  "or",    "unless", "offset",
                                                   "bool", "atan2", "inf",    "nan"};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}
bool continues_name(char c) {
  return starts_name(c) || (c >= '0' && c <= '9');
}

// Walks over an expression from left to right.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  std::string_view first_selector() {
    while (at_ < text_.size()) {
      const std::size_t start = at_;
      const char c = text_[at_];
      if (is_quote(c)) {
        skip_quoted();
      } else if (c == '[') {
        skip_to(']');
      } else if (text_.substr(at_).starts_with("{{")) {
        skip_to('}');
      } else if (c == '{') {
        skip_braces();
        return text_.substr(start, at_ - start);
      } else if (starts_name(c)) {
        if (takes_selector()) return text_.substr(start, at_ - start);
      } else if (c >= '0' && c <= '9') {
        skip_name();  // a number or a duration, with its unit
      } else {
        ++at_;
      }
    }
    return {};
  }

 private:
  static bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

  std::string_view skip_name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && continues_name(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }

  void skip_space() { at_ = std::min(text_.find_first_not_of(kSpace, at_), text_.size()); }

  void skip_to(char end) {
    const std::size_t found = text_.find(end, at_);
    at_ = found == std::string_view::npos ? text_.size() : found + 1;
  }

  void skip_quoted() {
    const char quote = text_[at_++];
    for (; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\' && quote != '`') ++at_;
    }
    at_ = std::min(at_ + 1, text_.size());
  }

  void skip_braces() {
    for (++at_; at_ < text_.size() && text_[at_] != '}';) {
      if (is_quote(text_[at_])) {
        skip_quoted();
      } else {
        ++at_;
      }
    }
    at_ = std::min(at_ + 1, text_.size());
  }

  // Takes the name that stands here, with its braces; whether it is a selector, and no function or keyword.
  bool takes_selector() {
    const std::string_view name = skip_name();
    const std::size_t end = at_;
    skip_space();
    if (is_one_of(name, kBeforeLabels)) {
      if (rest().starts_with('(')) skip_to(')');
      return false;
    }
    if (is_one_of(name, kBetween) || rest().starts_with('(')) return false;
    const std::size_t next = at_;
    const std::string_view word = skip_name();
    at_ = next;
    if (word == "by" || word == "without") return false;
    if (rest().starts_with('{') && !rest().starts_with("{{")) {
      skip_braces();
    } else {
      at_ = end;
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

constexpr std::string_view kOpening = "([{";
constexpr std::string_view kClosing = ")]}";

// The end of the comment or the quoted text that starts at `at`; npos for a quote that is not closed.
std::size_t end_of_text(std::string_view promql, std::size_t at) {
  const char quote = promql[at];
  if (quote == '#') return std::min(promql.find('\n', at), promql.size());
  for (++at; at < promql.size(); ++at) {
    if (promql[at] == quote) return at + 1;
    if (promql[at] == '\\' && quote != '`') ++at;
  }
  return std::string_view::npos;
}

Error unbalanced(std::size_t at, std::string_view why) {
  return Error{ErrorCode::malformed, fmt::format("at offset {}: {}", at, why)};
}

Status check_brackets(std::string_view promql) {
  std::string open;
  for (std::size_t at = 0; at < promql.size();) {
    const char c = promql[at];
    if (c == '"' || c == '\'' || c == '`' || c == '#') {
      const std::size_t end = end_of_text(promql, at);
      if (end == std::string_view::npos) return unbalanced(at, "the quote is not closed");
      at = end;
      continue;
    }
    if (kOpening.find(c) != std::string_view::npos) open += c;
    if (const std::size_t kind = kClosing.find(c); kind != std::string_view::npos) {
      if (open.empty() || open.back() != kOpening[kind])
        return unbalanced(at, fmt::format("'{}' closes nothing", c));
      open.pop_back();
    }
    ++at;
  }
  if (!open.empty()) return unbalanced(promql.size(), fmt::format("'{}' is not closed", open.back()));
  return done();
}

}  // namespace

bool is_promql_template(std::string_view promql) {
  return promql.find("{{window}}") != std::string_view::npos ||
         promql.find("{{ window }}") != std::string_view::npos;
}

Status check_promql(std::string_view promql) {
  if (is_promql_template(promql)) return check_brackets(promql);
  const auto selector = parse_promql_selector(promql);
  if (selector) return done();
  return selector.error().within("neither a series selector nor PromQL with {{window}}");
}

std::string_view first_selector(std::string_view promql) {
  const std::string_view found = Scan{promql}.first_selector();
  return !found.empty() && parse_promql_selector(found) ? found : std::string_view{};
}

}  // namespace gate::load
