#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "gate/schema/ecma_regex.h"
#include "gate/schema/format_ascii.h"
#include "gate/schema/format_checks.h"
#include "gate/schema/pattern.h"

namespace gate::schema {
namespace {

// The translation can take 150 bytes for one of the pattern.
constexpr std::size_t kLongestPattern = std::size_t{256} * 1024;

// What a pattern holds that only the whole of it makes right or wrong: groups, and what refers to them.
// It looks at one that can be translated, so every escape, class, quantifier and group name is sound.
class Structure {
 public:
  explicit Structure(std::string_view pattern) : rest_(pattern) {}

  bool is_sound() {
    while (!rest_.empty()) {
      if (!take_term()) return false;
    }
    return open_.empty() && references_resolve() && properties_are_known();
  }

 private:
  enum class Group : char { plain, look_behind };

  bool take_term() {
    switch (rest_.front()) {
      case '\\': take_escape(); return true;
      case '[': take_class(); return true;
      case '(': open_group(); return true;
      case ')': return close_group();
      case '{': return take_brace();
      default: rest_.remove_prefix(1); return true;
    }
  }

  // Removes what stands before and up to `end`.
  std::string_view take_until(char end) {
    const std::string_view taken = rest_.substr(0, rest_.find(end));
    rest_.remove_prefix(std::min(taken.size() + 1, rest_.size()));
    return taken;
  }

  void take_escape() {
    const std::string_view escape = rest_.substr(0, 2);
    rest_.remove_prefix(escape.size());
    if (escape == "\\k") {
      names_used_.push_back(take_until('>').substr(1));
    } else if (escape == "\\p" || escape == "\\P") {
      properties_.push_back(take_until('}').substr(1));
    } else if (escape[1] >= '1' && escape[1] <= '9') {
      const std::size_t digits = run_length(rest_, is_digit);
      // Beyond five digits there are more than a pattern has room for.
      std::size_t number = static_cast<std::size_t>(escape[1] - '0');
      for (const char c : rest_.substr(0, std::min(digits, std::size_t{6}))) {
        number = number * 10 + static_cast<std::size_t>(c - '0');
      }
      highest_reference_ = std::max(highest_reference_, number);
      rest_.remove_prefix(digits);
    }
  }

  void take_class() {
    while (!rest_.empty() && rest_.front() != ']') {
      if (rest_.starts_with("\\p") || rest_.starts_with("\\P")) {
        take_escape();
      } else {
        rest_.remove_prefix(rest_.front() == '\\' ? 2 : 1);
      }
    }
    rest_.remove_prefix(1);
  }

  void open_group() {
    const bool look_behind = rest_.starts_with("(?<=") || rest_.starts_with("(?<!");
    open_.push_back(look_behind ? Group::look_behind : Group::plain);
    if (rest_.starts_with("(?<") && !look_behind) {
      rest_.remove_prefix(3);
      names_.push_back(take_until('>'));
      ++groups_;
      return;
    }
    const bool captures = !rest_.starts_with("(?");
    groups_ += captures ? 1 : 0;
    rest_.remove_prefix(captures ? 1 : 2);
  }

  bool close_group() {
    if (open_.empty()) return false;
    const bool look_behind = open_.back() == Group::look_behind;
    open_.pop_back();
    rest_.remove_prefix(1);
    const bool repeated =
        !rest_.empty() &&
        (std::string_view{"*+?"}.find(rest_.front()) != std::string_view::npos || quantifier().has_value());
    return !look_behind || !repeated;
  }

  // `{n}`, `{n,}` and `{n,m}`: the numbers; nullopt: a brace that is only a brace.
  struct Counts {
    std::string_view least;
    std::string_view most;
  };
  [[nodiscard]] std::optional<Counts> quantifier() const {
    std::string_view text = rest_;
    if (!take(text, '{')) return std::nullopt;
    Counts counts;
    counts.least = text.substr(0, run_length(text, is_digit));
    text.remove_prefix(counts.least.size());
    if (counts.least.empty()) return std::nullopt;
    if (take(text, ',')) counts.most = text.substr(0, run_length(text, is_digit));
    text.remove_prefix(counts.most.size());
    return text.starts_with('}') ? std::optional{counts} : std::nullopt;
  }

  bool take_brace() {
    const auto counts = quantifier();
    rest_.remove_prefix(1);
    if (!counts || counts->most.empty()) return true;
    const auto number = [](std::string_view digits) {
      return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
    };
    const std::string_view least = number(counts->least);
    const std::string_view most = number(counts->most);
    return least.size() != most.size() ? least.size() < most.size() : least <= most;
  }

  bool references_resolve() {
    std::sort(names_.begin(), names_.end());
    if (std::adjacent_find(names_.begin(), names_.end()) != names_.end()) return false;
    const auto is_named = [this](std::string_view name) {
      return std::binary_search(names_.begin(), names_.end(), name);
    };
    return highest_reference_ <= groups_ && std::all_of(names_used_.begin(), names_used_.end(), is_named);
  }

  // As PCRE2 knows them. There are some hundreds, so a text of any length asks it no more often.
  bool properties_are_known() {
    std::sort(properties_.begin(), properties_.end());
    properties_.erase(std::unique(properties_.begin(), properties_.end()), properties_.end());
    return std::all_of(properties_.begin(), properties_.end(), [](std::string_view property) {
      return Pattern::compile(fmt::format("\\p{{{}}}", property)).has_value();
    });
  }

  std::string_view rest_;
  std::vector<Group> open_;
  std::size_t groups_ = 0;
  std::size_t highest_reference_ = 0;
  std::vector<std::string_view> names_;
  std::vector<std::string_view> names_used_;
  std::vector<std::string_view> properties_;
};

}  // namespace

bool is_ecma_regex(std::string_view text) {
  if (text.size() > kLongestPattern || !translate_ecma_regex(text)) return false;
  return Structure{text}.is_sound();
}

}  // namespace gate::schema
