#include "gate/schema/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>

#include <fmt/format.h>

#include "gate/schema/ecma_regex.h"

namespace gate::schema {
namespace {

// About 10 ms at worst; a hit is reported, never taken for an answer.
constexpr std::uint32_t kMatchLimit = 1'000'000;
constexpr std::uint32_t kDepthLimit = 500'000;
constexpr std::uint32_t kHeapLimitKib = 64 * 1024;

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeMatchData {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeMatchContext {
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

std::string message_of(int error) {
  std::array<PCRE2_UCHAR, 256> buffer{};
  pcre2_get_error_message(error, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

// Never null: compiled code of PCRE2 writes over the stack where an empty text has no address.
PCRE2_SPTR bytes(std::string_view text) {
  return reinterpret_cast<PCRE2_SPTR>(text.data() == nullptr ? "" : text.data());
}

Match answer_of(int status) {
  if (status >= 0) return Match::yes;
  return status == PCRE2_ERROR_NOMATCH ? Match::no : Match::limit;
}

}  // namespace

struct PatternScratch::State {
  std::unique_ptr<pcre2_match_data, FreeMatchData> data{pcre2_match_data_create(1, nullptr)};
  std::unique_ptr<pcre2_match_context, FreeMatchContext> context{pcre2_match_context_create(nullptr)};
};

PatternScratch::PatternScratch() : state_(std::make_unique<State>()) {
  pcre2_set_match_limit(state_->context.get(), kMatchLimit);
  pcre2_set_depth_limit(state_->context.get(), kDepthLimit);
  pcre2_set_heap_limit(state_->context.get(), kHeapLimitKib);
}

PatternScratch::~PatternScratch() = default;

// Machine code is made only for a pattern that is used often: making it costs as much as some twenty
// matches without. The two count their steps differently, so where one gives up the other is asked: what
// is decided does not depend on which of them a text came to.
struct Pattern::Code {
  explicit Code(pcre2_code* compiled) : code(compiled) {}

  // The machine code; nullptr while the pattern is new, or where executable memory is forbidden.
  const pcre2_code* fast() {
    constexpr std::uint32_t kUsesBefore = 16;
    if (const pcre2_code* made = published.load(std::memory_order_acquire)) return made;
    if (uses.load(std::memory_order_relaxed) > kUsesBefore) return made_fast();
    uses.fetch_add(1, std::memory_order_relaxed);
    return nullptr;
  }

  // Of a copy: other threads may be running the code.
  const pcre2_code* made_fast() {
    std::call_once(once, [this] {
      machine_code.reset(pcre2_code_copy(code.get()));
      if (machine_code != nullptr && pcre2_jit_compile(machine_code.get(), PCRE2_JIT_COMPLETE) == 0)
        published.store(machine_code.get(), std::memory_order_release);
    });
    return published.load(std::memory_order_acquire);
  }

  std::unique_ptr<pcre2_code, FreeCode> code;
  std::unique_ptr<pcre2_code, FreeCode> machine_code;
  std::once_flag once;
  std::atomic<const pcre2_code*> published = nullptr;
  std::atomic<std::uint32_t> uses = 0;
};

Pattern::Pattern() = default;
Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;

Result<Pattern> Pattern::compile(std::string_view ecma) {
  auto translated = translate_ecma_regex(ecma);
  if (!translated) return translated.error();
  Pattern pattern;
  pattern.simple_ = ClassSequence::parse(ecma);
  if (pattern.simple_) return pattern;
  int error = 0;
  PCRE2_SIZE offset = 0;
  constexpr std::uint32_t kOptions = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF |
                                     PCRE2_ALLOW_EMPTY_CLASS | PCRE2_NEVER_BACKSLASH_C;
  pcre2_code* code =
      pcre2_compile(bytes(*translated), translated->size(), kOptions, &error, &offset, nullptr);
  if (code == nullptr) return Error{ErrorCode::malformed, message_of(error)};
  pattern.code_ = std::make_unique<Code>(code);
  return pattern;
}

Match Pattern::search(std::string_view text, PatternScratch& scratch) const {
  pcre2_match_data* const data = scratch.state_->data.get();
  pcre2_match_context* const context = scratch.state_->context.get();
  const auto match_fast = [&](const pcre2_code* code) {
    return answer_of(pcre2_jit_match(code, bytes(text), text.size(), 0, PCRE2_NO_UTF_CHECK, data, context));
  };
  const auto match_slowly = [&] {
    return answer_of(pcre2_match(code_->code.get(), bytes(text), text.size(), 0,
                                 PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, data, context));
  };
  const pcre2_code* const fast = code_->fast();
  const Match match = fast != nullptr ? match_fast(fast) : match_slowly();
  if (match != Match::limit) return match;
  if (fast != nullptr) return match_slowly();
  const pcre2_code* const made = code_->made_fast();
  return made != nullptr ? match_fast(made) : match;
}

}  // namespace gate::schema
