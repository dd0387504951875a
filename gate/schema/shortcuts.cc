#include "gate/schema/shortcuts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace gate::schema {
namespace {

constexpr std::size_t kFewWords = 8;

// Narrows a range to what is not below `bound`, or not beside it either; false where a machine number
// cannot say that.
bool raise(PlainRange& range, const std::optional<Number>& bound, bool inclusive) {
  if (!bound) return true;
  const auto plain = bound->plain();
  if (!plain) return false;
  const double up = std::ceil(*plain);
  const bool next = !inclusive && up == *plain;
  range.least = std::max(range.least, static_cast<std::int64_t>(up) + (next ? 1 : 0));
  const double low = inclusive ? *plain : std::nextafter(*plain, std::numeric_limits<double>::infinity());
  range.low = std::max(range.low, low);
  return true;
}

bool lower(PlainRange& range, const std::optional<Number>& bound, bool inclusive) {
  if (!bound) return true;
  const auto plain = bound->plain();
  if (!plain) return false;
  const double down = std::floor(*plain);
  const bool next = !inclusive && down == *plain;
  range.most = std::min(range.most, static_cast<std::int64_t>(down) - (next ? 1 : 0));
  const double high = inclusive ? *plain : std::nextafter(*plain, -std::numeric_limits<double>::infinity());
  range.high = std::min(range.high, high);
  return true;
}

std::optional<PlainRange> plain_range(const NumberRules& rules) {
  PlainRange range;
  const bool plain = !rules.divisor && raise(range, rules.minimum, true) &&
                     raise(range, rules.exclusive_minimum, false) && lower(range, rules.maximum, true) &&
                     lower(range, rules.exclusive_maximum, false);
  return plain ? std::optional{range} : std::nullopt;
}

bool is_only_pattern(const StringRules& rules) {
  return rules.pattern != kNoRule && rules.min_length == 0 && rules.max_length == kNoCount && !rules.format;
}

// Which kinds of rules a node has, as bits.
constexpr unsigned kWords = 1;
constexpr unsigned kString = 2;
constexpr unsigned kNumber = 4;
constexpr unsigned kOther = 8;

unsigned kinds_of(const Node& node) {
  const auto has = [](std::uint32_t index) { return index != kNoRule; };
  static_assert(kNoRule == kNoNode);
  const bool other = has(node.ref) || has(node.array) || has(node.object) || has(node.logic);
  const bool words = has(node.enumeration) || has(node.constant);
  const bool twice = has(node.enumeration) && has(node.constant);
  return (other || twice ? kOther : 0U) | (words ? kWords : 0U) | (has(node.string) ? kString : 0U) |
         (has(node.number) ? kNumber : 0U);
}

void use_words(const Program& program, Node& node) {
  const Enumeration& words = program.enumerations[std::min(node.enumeration, node.constant)];
  if (!words.others.empty() || words.strings.size() > kFewWords || (node.types & kStringType) == 0) return;
  node.shortcut = Shortcut::words;
  node.words = &words;
}

void use_sequence(const Program& program, Node& node) {
  const StringRules& rules = program.strings[node.string];
  if (!is_only_pattern(rules) || program.patterns[rules.pattern].simple() == nullptr) return;
  node.shortcut = Shortcut::sequence;
  node.sequence = program.patterns[rules.pattern].simple();
}

void use_range(const Program& program, Node& node) {
  const NumberRules& rules = program.numbers[node.number];
  if (!rules.plain) return;
  node.shortcut = Shortcut::range;
  node.range = &*rules.plain;
}

}  // namespace

void find_shortcuts(Program& program) {
  for (NumberRules& rules : program.numbers) rules.plain = plain_range(rules);
  for (Node& node : program.nodes) {
    switch (kinds_of(node)) {
      case 0: node.shortcut = Shortcut::type; break;
      case kWords: use_words(program, node); break;
      case kString: use_sequence(program, node); break;
      case kNumber: use_range(program, node); break;
      default: break;
    }
  }
}

}  // namespace gate::schema
