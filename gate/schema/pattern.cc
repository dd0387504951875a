#include "gate/schema/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <cstdint>

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

struct Pattern::Code {
  std::unique_ptr<pcre2_code, FreeCode> code;
  bool jit = false;
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
  pattern.code_ = std::make_unique<Code>();
  pattern.code_->code.reset(code);
  // Where executable memory is forbidden the interpreter does the same, slower.
  pattern.code_->jit = pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0;
  return pattern;
}

Match Pattern::search(std::string_view text, PatternScratch& scratch) const {
  PatternScratch::State& state = *scratch.state_;
  pcre2_match_data* const data = state.data.get();
  int status = PCRE2_ERROR_JIT_STACKLIMIT;
  if (code_->jit) {
    status = pcre2_jit_match(code_->code.get(), bytes(text), text.size(), 0, PCRE2_NO_UTF_CHECK, data,
                             state.context.get());
  }
  if (status == PCRE2_ERROR_JIT_STACKLIMIT) {
    status = pcre2_match(code_->code.get(), bytes(text), text.size(), 0, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT,
                         data, state.context.get());
  }
  if (status >= 0) return Match::yes;
  return status == PCRE2_ERROR_NOMATCH ? Match::no : Match::limit;
}

}  // namespace gate::schema
