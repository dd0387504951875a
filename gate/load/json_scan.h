#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace gate::load {

// The text of a JSON string literal, quotes included, with its escapes undone.
std::string decoded_string(std::string_view literal);

// Walks JSON text that the reader has accepted (or a well-formed start of it), in document order, and
// tells `visitor` the offsets of what it meets. Slow and simple: for error messages only.
//   bool enter(bool object), bool leave()      around the content of an array or object
//   bool key(std::size_t offset, std::string)  the decoded name; its value follows
//   bool value(std::size_t offset)             each value, containers before their content
// The walk ends when one of them returns false, or at the first thing that is not JSON.
template <class Visitor>
class JsonScan {
 public:
  JsonScan(std::string_view text, Visitor& visitor) : text_(text), visitor_(visitor) {}

  bool run() { return value(); }

 private:
  void skip_space() {
    while (at_ < text_.size() && std::string_view{" \t\r\n"}.find(text_[at_]) != std::string_view::npos)
      ++at_;
  }

  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool value() {
    skip_space();
    if (at_ >= text_.size() || !visitor_.value(at_)) return false;
    if (text_[at_] == '{') return object();
    if (text_[at_] == '[') return array();
    if (text_[at_] == '"') return skip_string();
    at_ = std::min(text_.find_first_of(" \t\r\n,]}", at_), text_.size());
    return true;
  }

  bool object() {
    ++at_;
    if (!visitor_.enter(true)) return false;
    if (take('}')) return visitor_.leave();
    do {
      skip_space();
      const std::size_t start = at_;
      if (!skip_string() || !visitor_.key(start, decoded_string(text_.substr(start, at_ - start))))
        return false;
      if (!take(':') || !value()) return false;
    } while (take(','));
    return take('}') && visitor_.leave();
  }

  bool array() {
    ++at_;
    if (!visitor_.enter(false)) return false;
    if (take(']')) return visitor_.leave();
    do {
      if (!value()) return false;
    } while (take(','));
    return take(']') && visitor_.leave();
  }

  bool skip_string() {
    if (at_ >= text_.size() || text_[at_] != '"') return false;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    return at_++ < text_.size();
  }

  std::string_view text_;
  Visitor& visitor_;
  std::size_t at_ = 0;
};

}  // namespace gate::load
