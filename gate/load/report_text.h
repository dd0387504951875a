#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "gate/testing/test_case.h"

namespace gate::load {

// How much of a report's texts is kept.
constexpr std::size_t kMaxName = 4'096;  // suite path, class, name, file
constexpr std::size_t kMaxMessage = 1'024;
constexpr std::size_t kMaxDetails = 16'384;  // of one test
constexpr std::size_t kMaxAttempts = 100;    // of one test

// Text that grows up to a bound, however much is put in.
class CappedText {
 public:
  explicit CappedText(std::size_t limit) : limit_(limit) {}

  void append(std::string_view piece);
  void clear();

  // What was kept, without half a character at its end.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] bool capped() const { return capped_; }

 private:
  std::size_t limit_;
  std::string text_;
  bool capped_ = false;
};

// A name of at most kMaxName bytes; a longer one ends in "…" and a digest of all of it, so that two
// long names stay two. Line breaks become spaces.
void assign_name(std::string& out, std::string_view name);

// The first line that tells what happened, capped: blank lines and lines that only name a place are
// passed over, of a Python traceback it is the last. Terminal escape sequences are taken out.
std::string message_of(std::string_view text);

// `text` without terminal escape sequences, also where the escape character itself was replaced or
// spelled out by its producer ("#x1B[31m", "[NON-XML-CHAR-0x1B][31m").
std::string without_escapes(std::string_view text);

// A file and line in a source file.
struct SourcePosition {
  std::string file;
  std::size_t line = 0;
};

// The first position that a message or stack trace names: `file.ext:12`, `File "x.py", line 3`,
// `in C:\x\File.cs:line 7`, `(Bar.java:12)`, `t.bats, line 2`.
std::optional<SourcePosition> find_source_position(std::string_view text);

// A line number: digits up to 10⁹, else 0.
std::size_t line_number(std::string_view text);

}  // namespace gate::load
