#include "gate/load/promql_regex.h"

#include <optional>
#include <string>

#include <fmt/format.h>

#include "gate/base/utf8.h"

namespace gate::load {
namespace {

// Writes RE2's expression as ECMA-262 has it, as far as both mean the same.
class Translator {
 public:
  explicit Translator(std::string_view in) : in_(in) {}

  Result<std::string> translate() {
    while (!failure_ && at_ < in_.size()) take();
    if (depth_ != 0) refuse("a group is not closed");
    if (failure_) return *failure_;
    return fmt::format("^(?:{})$", out_);
  }

 private:
  [[nodiscard]] bool sees(std::string_view text) const { return in_.substr(at_).starts_with(text); }

  void refuse(std::string_view why) {
    if (!failure_) failure_ = Error{ErrorCode::malformed, fmt::format("at offset {}: {}", at_, why)};
  }

  void take() {
    if (sees("\\")) return take_escape("dDwW.+*?()|[]{}^$/-\\", "this escape is not understood");
    if (sees("[")) return take_class();
    if (sees("(?") && !sees("(?:")) return refuse("only groups of the form (?: ) and ( ) are understood");
    // In RE2 all but the line feed; in ECMA-262 other line ends are left out too.
    if (sees(".")) {
      out_ += "[^\\n]";
      ++at_;
      return;
    }
    const char c = in_[at_];
    if (c == '(') ++depth_;
    if (c == ')' && depth_-- == 0) return refuse("a ')' without its '('");
    out_ += c;
    ++at_;
    const bool repeats = c == '*' || c == '+' || c == '?' || c == '}';
    if (repeats && (sees("+") || sees("*"))) refuse("a repetition of a repetition");
  }

  void take_escape(std::string_view known, std::string_view why) {
    if (at_ + 1 == in_.size() || known.find(in_[at_ + 1]) == std::string_view::npos) return refuse(why);
    // Unicode mode knows no escaped hyphen outside a class.
    out_ += in_[at_ + 1] == '-' ? "[\\-]" : in_.substr(at_, 2);
    at_ += 2;
  }

  void take_class() {
    out_ += in_[at_++];
    if (sees("^")) out_ += in_[at_++];
    if (sees("]")) return refuse("a ']' at the start of a class is not understood");
    while (!failure_ && at_ < in_.size() && !sees("]")) take_of_class();
    if (at_ == in_.size()) return refuse("the class is not closed");
    out_ += in_[at_++];
  }

  void take_of_class() {
    if (sees("[")) return refuse("a '[' within a class is not understood");
    if (!sees("\\")) {
      out_ += in_[at_++];
      return;
    }
    if (at_ + 1 == in_.size() || std::string_view{"dw.-]^\\"}.find(in_[at_ + 1]) == std::string_view::npos)
      return refuse("this escape is not understood");
    out_ += in_[at_ + 1] == '.' ? "." : in_.substr(at_, 2);
    at_ += 2;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_;
  std::size_t depth_ = 0;  // of groups
  std::optional<Error> failure_;
};

}  // namespace

Result<schema::Pattern> compile_promql_regex(std::string_view expression) {
  if (!is_utf8(expression)) return Error{ErrorCode::malformed, "not UTF-8"};
  const auto translated = Translator{expression}.translate();
  if (!translated) return translated.error();
  return schema::Pattern::compile(*translated);
}

}  // namespace gate::load
