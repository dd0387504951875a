#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gate/base/result.h"
#include "gate/schema/class_sequence.h"

namespace gate::schema {

// Whether a text matches; `limit`: finding out would have taken too long, which is neither.
enum class Match { no, yes, limit };

// The memory a match needs. One for each thread.
class PatternScratch {
 public:
  PatternScratch();
  ~PatternScratch();
  PatternScratch(const PatternScratch&) = delete;
  PatternScratch& operator=(const PatternScratch&) = delete;

 private:
  friend class Pattern;
  struct State;
  std::unique_ptr<State> state_;
};

// A compiled ECMA-262 regular expression, unanchored as JSON Schema has it. Safe to share between
// threads.
class Pattern {
 public:
  // Error: malformed, with what cannot be used and where in the pattern.
  static Result<Pattern> compile(std::string_view pattern);

  ~Pattern();
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;

  // `text` must be well-formed UTF-8.
  [[nodiscard]] Match test(std::string_view text, PatternScratch& scratch) const {
    if (simple_) return simple_->matches(text) ? Match::yes : Match::no;
    return search(text, scratch);
  }

  // What it is matched by without the library's help, or nullptr.
  [[nodiscard]] const ClassSequence* simple() const { return simple_ ? &*simple_ : nullptr; }

 private:
  struct Code;
  Pattern();
  [[nodiscard]] Match search(std::string_view text, PatternScratch& scratch) const;

  std::optional<ClassSequence> simple_;
  std::unique_ptr<Code> code_;
};

}  // namespace gate::schema
