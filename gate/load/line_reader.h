#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gate::load {

// Cuts chunks of text into lines without their ends. A line longer than the limit is handed on cut.
class LineReader {
 public:
  explicit LineReader(std::size_t limit) : limit_(limit) {}

  // Calls take(line, is_cut) for each line that ends within `text`.
  template <class Take>
  void feed(std::string_view text, const Take& take) {
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
      if (pending_.empty() && end <= limit_) {
        take(without_return(text.substr(0, end)), false);
      } else {
        keep(text.substr(0, end));
        flush(take);
      }
      text.remove_prefix(end + 1);
    }
    keep(text);
  }

  // The last line, where no line feed ends it.
  template <class Take>
  void finish(const Take& take) {
    if (!pending_.empty()) flush(take);
  }

 private:
  static std::string_view without_return(std::string_view line) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    return line;
  }
  void keep(std::string_view piece) {
    const std::size_t room = limit_ - pending_.size();
    cut_ = cut_ || piece.size() > room;
    pending_ += piece.substr(0, room);
  }
  template <class Take>
  void flush(const Take& take) {
    take(without_return(pending_), cut_);
    pending_.clear();
    cut_ = false;
  }

  std::size_t limit_;
  std::string pending_;  // the line whose end has not come yet
  bool cut_ = false;
};

}  // namespace gate::load
