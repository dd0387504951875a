#include "gate/schema/class_sequence.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace gate::schema {
namespace {

constexpr std::size_t kEndless = std::numeric_limits<std::size_t>::max();

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_plain(char c) {
  return is_alphanumeric(c) || std::string_view{"-_/:@,;=<>%&~!#\"' `"}.find(c) != std::string_view::npos;
}
bool is_syntax(char c) {
  return std::string_view{"^$\\.*+?()[]{}|/-"}.find(c) != std::string_view::npos;
}

using Set = std::bitset<256>;

void add_range(Set& set, char first, char last) {
  const auto index = [](char c) { return std::size_t{static_cast<unsigned char>(c)}; };
  for (std::size_t c = index(first); c <= index(last); ++c) set.set(c);
}

}  // namespace

class ClassSequenceParser {
 public:
  explicit ClassSequenceParser(std::string_view pattern) : rest_(pattern) {}

  std::optional<ClassSequence> run() {
    if (!take('^')) return std::nullopt;
    while (!rest_.empty()) {
      if (rest_ == "$") {
        sequence_.to_the_end_ = true;
        break;
      }
      if (!(take('(') ? group() : item())) return std::nullopt;
    }
    if (!sequence_.is_unambiguous()) return std::nullopt;
    return std::move(sequence_);
  }

 private:
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<char> take_any() {
    if (rest_.empty()) return std::nullopt;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  bool item() {
    ClassSequence::Item item;
    if (take('[')) {
      if (!character_class(item.set)) return false;
    } else if (take('\\')) {
      if (!escape(item.set)) return false;
    } else {
      const char c = *take_any();
      if (!is_plain(c)) return false;
      add_range(item.set, c, c);
    }
    if (!counts(item)) return false;
    sequence_.items_.push_back(item);
    return true;
  }

  // After its parenthesis: items that come together or not at all.
  bool group() {
    if (take('?') && !take(':')) return false;
    const std::size_t first = sequence_.items_.size();
    while (!take(')')) {
      if (rest_.empty() || !item()) return false;
    }
    const std::size_t items = sequence_.items_.size() - first;
    if (items == 0 || sequence_.items_[first].least == 0 || !take('?')) return false;
    sequence_.items_[first].optional = items;
    return rest_.empty() || std::string_view{"?*+{"}.find(rest_.front()) == std::string_view::npos;
  }

  // After a backslash: `\d`, `\w` or a character that had to be escaped.
  bool escape(Set& set) {
    const auto c = take_any();
    if (!c) return false;
    if (*c == 'd' || *c == 'w') add_range(set, '0', '9');
    if (*c == 'w') {
      add_range(set, 'a', 'z');
      add_range(set, 'A', 'Z');
      add_range(set, '_', '_');
    }
    if (*c == 'd' || *c == 'w') return true;
    if (is_syntax(*c)) add_range(set, *c, *c);
    return is_syntax(*c);
  }

  bool character_class(Set& set) {
    if (rest_.starts_with('^')) return false;
    while (!take(']')) {
      if (take('\\')) {
        if (!escape(set) || rest_.starts_with('-')) return false;
        continue;
      }
      const auto first = take_any();
      if (!first || static_cast<unsigned char>(*first) >= 0x80 || *first == '[') return false;
      if (rest_.size() < 2 || rest_[0] != '-' || rest_[1] == ']') {
        add_range(set, *first, *first);
        continue;
      }
      take('-');
      const char last = *take_any();
      if (!is_alphanumeric(*first) || !is_alphanumeric(last) || last < *first) return false;
      add_range(set, *first, last);
    }
    return set.any();
  }

  bool counts(ClassSequence::Item& item) {
    if (take('+')) {
      item.most = kEndless;
    } else if (take('*')) {
      item.least = 0;
      item.most = kEndless;
    } else if (take('?')) {
      item.least = 0;
    } else if (take('{')) {
      if (!braces(item)) return false;
    }
    return rest_.empty() || std::string_view{"?*+{"}.find(rest_.front()) == std::string_view::npos;
  }

  bool braces(ClassSequence::Item& item) {
    if (!number(item.least)) return false;
    item.most = item.least;
    if (take(',')) {
      item.most = kEndless;
      if (!rest_.starts_with('}') && !number(item.most)) return false;
    }
    return take('}') && item.least <= item.most;
  }

  bool number(std::size_t& value) {
    const auto parsed = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (parsed.ec != std::errc{}) return false;
    rest_.remove_prefix(static_cast<std::size_t>(parsed.ptr - rest_.data()));
    return true;
  }

  std::string_view rest_;
  ClassSequence sequence_;
};

// Whether nothing that may come at `from` or, where that may be left out, behind it can begin as the item.
bool ClassSequence::is_apart(const Item& item, std::size_t from) const {
  for (std::size_t i = from; i < items_.size();) {
    if ((item.set & items_[i].set).any()) return false;
    if (items_[i].optional > 0) {
      i += items_[i].optional;
    } else if (items_[i].least > 0) {
      break;
    } else {
      ++i;
    }
  }
  return true;
}

bool ClassSequence::may_end_at(std::size_t index) const {
  while (index < items_.size() && (items_[index].optional > 0 || items_[index].least == 0))
    index += std::max<std::size_t>(items_[index].optional, 1);
  return index == items_.size();
}

// Taking all there is of an item, or a group whose first character is there, is right only if nothing that
// may come next could have used it.
bool ClassSequence::is_unambiguous() const {
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const Item& item = items_[i];
    if (item.least != item.most && !is_apart(item, i + 1)) return false;
    if (item.optional == 0) continue;
    const std::size_t after = i + item.optional;
    if (!is_apart(item, after) || (!to_the_end_ && may_end_at(after))) return false;
  }
  return true;
}

std::optional<ClassSequence> ClassSequence::parse(std::string_view pattern) {
  return ClassSequenceParser{pattern}.run();
}

bool ClassSequence::matches(std::string_view text) const {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (auto next = items_.begin(); next != items_.end(); ++next) {
    const Item& item = *next;
    if (item.optional > 0 && (at == end || !item.set[static_cast<unsigned char>(*at)])) {
      next += static_cast<std::ptrdiff_t>(item.optional) - 1;
      continue;
    }
    const auto left = static_cast<std::size_t>(end - at);
    if (left < item.least) return false;
    const char* const stop = at + std::min(left, item.most);
    const char* const start = at;
    while (at != stop && item.set[static_cast<unsigned char>(*at)]) ++at;
    if (static_cast<std::size_t>(at - start) < item.least) return false;
  }
  return !to_the_end_ || at == end;
}

}  // namespace gate::schema
