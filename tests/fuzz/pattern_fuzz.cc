#include "gate/base/utf8.h"
#include "gate/schema/ecma_regex.h"
#include "gate/schema/pattern.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {

void fuzz_pattern(std::string_view input) {
  const auto [pattern, text] = two_texts(input);
  if (!is_utf8(pattern)) return;
  const auto translated = schema::translate_ecma_regex(pattern);
  const auto compiled = schema::Pattern::compile(pattern);
  require(translated || !compiled || compiled->simple() != nullptr,
          "what cannot be translated does not compile");
  if (!compiled) {
    require(!compiled.error().message.empty(), "a refusal says why");
    return;
  }
  if (!is_utf8(text)) return;
  schema::PatternScratch scratch;
  const schema::Match match = compiled->test(text, scratch);
  require(match == compiled->test(text, scratch), "a second look sees the same");
  // Within a group no pattern is simple: the library's word against our own loop's. It has bounds that
  // ours has not, on counts, and some that only the group crosses, on nesting.
  const auto grouped = schema::Pattern::compile("(?:" + std::string{pattern} + ")");
  if (!grouped) {
    require(!grouped.error().message.empty(), "a refusal says why");
    return;
  }
  require(grouped->simple() == nullptr, "a group is not simple");
  const schema::Match other = grouped->test(text, scratch);
  if (match == schema::Match::limit || other == schema::Match::limit) return;
  require(match == other, "a pattern matches the same within a group");
}

}  // namespace gate::fuzz
