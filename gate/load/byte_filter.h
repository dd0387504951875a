#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gate::load {

// Where filtered text goes.
class TextConsumer {
 public:
  virtual ~TextConsumer() = default;

  virtual void consume(std::string_view utf8) = 0;

  // Whether text is literal where consume() has come to: no reference stands for a character there.
  [[nodiscard]] virtual bool in_literal() const { return false; }
};

// Lets through what a strict parser accepts and replaces by U+FFFD, counted, what it would stop at:
// a report must not be lost to one escape character in a test's output. Text that needs no
// replacement is handed on where it lies, uncopied.
class ByteFilter {
 public:
  // text: ill-formed UTF-8 and NUL. xml: those, every other character that XML 1.0 excludes (2.2,
  // Char), and references to such a character (`&#27;`) outside CDATA sections.
  enum class Rules { text, xml };

  ByteFilter(Rules rules, TextConsumer& out) : rules_(rules), out_(out) {}

  void feed(std::string_view bytes);

  // The end of the text: what was cut off within a character is replaced.
  void finish();

  [[nodiscard]] std::uint64_t replaced() const { return replaced_; }

 private:
  // Handles `bytes` but for an incomplete sequence at its end, unless `last`; returns how many.
  std::size_t process(std::string_view bytes, bool last);
  // At a suspicious byte: how many bytes stand as they are (`keep`) or are replaced; 0: more is needed.
  struct Step {
    std::size_t bytes = 0;
    bool keep = true;
  };
  Step step(std::string_view rest, bool last, std::string_view clean);
  void flush(std::string_view clean);

  Rules rules_;
  TextConsumer& out_;
  std::string pending_;      // an incomplete sequence that waits for the next chunk
  std::string rewritten_;    // the current chunk, once something in it was replaced
  std::size_t flushed_ = 0;  // how far the current chunk was copied or handed on
  std::uint64_t replaced_ = 0;
};

}  // namespace gate::load
