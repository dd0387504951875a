#include "gate/load/json_instance.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "gate/base/utf8.h"
#include "gate/load/number_literal.h"
#include "gate/schema/name_table.h"

namespace gate::load {
namespace {

using schema::Cell;
using schema::Instance;
using schema::Kind;

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// Where the plain part of a string ends.
struct PlainEnd {
  const char* at;     // at a quote, a backslash, a control character or the end of the text
  bool ascii = true;  // no byte before it is above 127
};

bool ends_plain(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

PlainEnd find_plain_end(const char* at, const char* end) {
  bool ascii = true;
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i last_control = _mm_set1_epi8(0x1F);
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
    const __m128i special =
        _mm_or_si128(control, _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(special));
    const auto high = static_cast<unsigned>(_mm_movemask_epi8(bytes));
    if (found != 0) {
      const int first = std::countr_zero(found);
      return {at + first, ascii && (high & ((1U << first) - 1U)) == 0};
    }
    ascii = ascii && high == 0;
  }
#endif
  for (; at != end && !ends_plain(*at); ++at) ascii = ascii && static_cast<unsigned char>(*at) < 0x80;
  return {at, ascii};
}

std::optional<unsigned> hex4(const char* at, const char* end) {
  if (end - at < 4) return std::nullopt;
  unsigned value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(digit);
  }
  return value;
}

bool is_high_surrogate(unsigned unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low_surrogate(unsigned unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

// The character that a one-letter escape stands for; 0 where there is none.
char simple_escape(char letter) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const std::size_t at = kLetters.find(letter);
  return at == std::string_view::npos ? '\0' : kMeanings[at];
}

// Undoes the escape whose backslash is at `at`; answers what follows it, or nullptr where it is none.
const char* take_escape(const char* at, const char* end, std::string& out) {
  if (++at == end) return nullptr;
  if (*at != 'u') {
    const char meaning = simple_escape(*at);
    if (meaning == '\0') return nullptr;
    out.push_back(meaning);
    return at + 1;
  }
  const auto unit = hex4(at + 1, end);
  if (!unit || is_low_surrogate(*unit)) return nullptr;
  at += 5;
  if (!is_high_surrogate(*unit)) {
    append_utf8(out, *unit);
    return at;
  }
  if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return nullptr;
  const auto low = hex4(at + 2, end);
  if (!low || !is_low_surrogate(*low)) return nullptr;
  append_utf8(out, 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00));
  return at + 6;
}

// The names of an object as they come in, so that twins are found: by a bit each while they are few,
// by sorted hashes at the end where they are many.
class Names {
 public:
  static constexpr std::uint32_t kFew = 32;

  // Whether the name that was just added is no twin, as far as can be told now.
  bool admit(const Instance& instance, std::uint32_t object, const Cell& name) {
    if (++count_ > kFew) return true;
    const std::uint64_t bit = bit_of(name.string());
    if ((seen_ & bit) != 0 && has_twin(instance, object, name)) return false;
    seen_ |= bit;
    return true;
  }

  [[nodiscard]] std::uint32_t count() const { return count_; }

 private:
  static std::uint64_t bit_of(std::string_view name) {
    if (name.empty()) return 1;
    const auto byte = [name](std::size_t i) {
      return static_cast<unsigned>(static_cast<unsigned char>(name[i]));
    };
    const std::size_t n = name.size();
    const unsigned mixed = byte(0) * 31 + byte(n / 2) * 7 + byte(n - 1) * 3 + static_cast<unsigned>(n);
    return std::uint64_t{1} << (mixed & 63U);
  }

  static bool has_twin(const Instance& instance, std::uint32_t object, const Cell& name) {
    for (const Cell* at = &instance.cell(object) + 1; at != &name; at += 1 + at[1].span) {
      if (schema::same_text(at->string(), name.string())) return true;
    }
    return false;
  }

  std::uint64_t seen_ = 0;
  std::uint32_t count_ = 0;
};

// What is kept from one document to the next.
struct Workspace {
  Instance instance;
  std::string unescaped;  // of the document's strings, one after the other; never moves while it is read
  std::vector<std::pair<std::size_t, const Cell*>> names;  // of one object with many
};

// A recursive descent, as deep as the limit allows. Every step is told where it starts and answers
// where it ends, or nullptr at the first thing that is not JSON: a place that stays in a register.
class Parser {
 public:
  Parser(std::string_view text, std::size_t depth, Workspace& into)
      : start_(text.data()), end_(start_ + text.size()), depth_left_(depth), into_(into) {}

  bool run() {
    const char* const at = value(skip_space(start_));
    return at != nullptr && skip_space(at) == end_;
  }

 private:
  [[nodiscard]] const char* skip_space(const char* at) const {
    while (at != end_ && static_cast<unsigned char>(*at) <= ' ' && is_space(*at)) ++at;
    return at;
  }

  // What follows `c` and space around it, or nullptr where something else is.
  [[nodiscard]] const char* take(char c, const char* at) const {
    at = skip_space(at);
    return at != end_ && *at == c ? skip_space(at + 1) : nullptr;
  }

  [[nodiscard]] std::uint32_t offset_of(const char* at) const {
    return static_cast<std::uint32_t>(at - start_);
  }

  const char* value(const char* at) {
    if (at == end_) return nullptr;
    switch (*at) {
      case '{': return object(at);
      case '[': return array(at);
      case '"': return string(at);
      case 't': return boolean(at, "true", true);
      case 'f': return boolean(at, "false", false);
      case 'n': into_.instance.add_null(offset_of(at)); return after_word(at, "null");
      default: return number(at);
    }
  }

  const char* boolean(const char* at, std::string_view word, bool value) {
    into_.instance.add_boolean(offset_of(at), value);
    return after_word(at, word);
  }

  [[nodiscard]] const char* after_word(const char* at, std::string_view word) const {
    const bool is_there =
        static_cast<std::size_t>(end_ - at) >= word.size() && std::memcmp(at, word.data(), word.size()) == 0;
    return is_there ? at + word.size() : nullptr;
  }

  const char* object(const char* at) {
    if (depth_left_ == 0) return nullptr;
    --depth_left_;
    Instance& instance = into_.instance;
    const std::uint32_t object = instance.begin(Kind::object, offset_of(at));
    Names names;
    at = members(skip_space(at + 1), object, names);
    ++depth_left_;
    if (at == nullptr) return nullptr;
    instance.end(object, names.count());
    return names.count() <= Names::kFew || all_differ(instance.cell(object)) ? at : nullptr;
  }

  const char* members(const char* at, std::uint32_t object, Names& names) {
    Instance& instance = into_.instance;
    if (at != end_ && *at == '}') return at + 1;
    for (;;) {
      if (at == end_ || *at != '"') return nullptr;
      at = string(at);
      if (at == nullptr || !names.admit(instance, object, instance.cell(instance.size() - 1))) return nullptr;
      at = take(':', at);
      if (at == nullptr) return nullptr;
      at = value(at);
      if (at == nullptr) return nullptr;
      at = skip_space(at);
      if (at == end_) return nullptr;
      if (*at == '}') return at + 1;
      if (*at != ',') return nullptr;
      at = skip_space(at + 1);
    }
  }

  bool all_differ(const Cell& object) {
    auto& names = into_.names;
    names.clear();
    const std::hash<std::string_view> hash;
    for (const schema::Member member : object.members()) names.emplace_back(hash(member.key()), &member.name);
    std::sort(names.begin(), names.end());
    for (std::size_t i = 1; i < names.size(); ++i) {
      for (std::size_t j = i; j-- > 0 && names[j].first == names[i].first;) {
        if (names[j].second->string() == names[i].second->string()) return false;
      }
    }
    return true;
  }

  const char* array(const char* at) {
    if (depth_left_ == 0) return nullptr;
    --depth_left_;
    const std::uint32_t array = into_.instance.begin(Kind::array, offset_of(at));
    std::uint32_t count = 0;
    at = elements(skip_space(at + 1), count);
    ++depth_left_;
    if (at != nullptr) into_.instance.end(array, count);
    return at;
  }

  const char* elements(const char* at, std::uint32_t& count) {
    if (at != end_ && *at == ']') return at + 1;
    for (;;) {
      at = value(at);
      if (at == nullptr) return nullptr;
      ++count;
      at = skip_space(at);
      if (at == end_) return nullptr;
      if (*at == ']') return at + 1;
      if (*at != ',') return nullptr;
      at = skip_space(at + 1);
    }
  }

  const char* string(const char* quote) {
    const PlainEnd plain = find_plain_end(quote + 1, end_);
    if (plain.at == end_) return nullptr;
    if (*plain.at != '"') return *plain.at == '\\' ? escaped_string(quote, plain) : nullptr;
    const std::string_view text{quote + 1, static_cast<std::size_t>(plain.at - quote - 1)};
    if (!plain.ascii && !is_utf8(text)) return nullptr;
    into_.instance.add_string(offset_of(quote), text);
    return plain.at + 1;
  }

  // Escapes only ever shrink a text, so the room of the whole document is enough for all of them.
  const char* escaped_string(const char* quote, PlainEnd plain) {
    std::string& out = into_.unescaped;
    if (out.empty()) out.reserve(static_cast<std::size_t>(end_ - start_));
    const std::size_t first = out.size();
    for (const char* at = quote + 1;; plain = find_plain_end(at, end_)) {
      const std::string_view part{at, static_cast<std::size_t>(plain.at - at)};
      if (plain.at == end_ || (!plain.ascii && !is_utf8(part))) return nullptr;
      out.append(part);
      if (*plain.at == '"') break;
      if (*plain.at != '\\') return nullptr;
      at = take_escape(plain.at, end_, out);
      if (at == nullptr) return nullptr;
    }
    into_.instance.add_string(offset_of(quote), std::string_view{out}.substr(first));
    return plain.at + 1;
  }

  const char* number(const char* at) {
    NumberLiteral number;
    const char* const after = read_number(at, end_, number);
    if (after == nullptr) return nullptr;
    const std::string_view literal{at, static_cast<std::size_t>(after - at)};
    return add_number(into_.instance, offset_of(at), literal, number) ? after : nullptr;
  }

  const char* start_;
  const char* end_;
  std::size_t depth_left_;
  Workspace& into_;
};

}  // namespace

struct JsonInstanceReader::State {
  JsonLimits limits;
  Workspace workspace;
};

JsonInstanceReader::JsonInstanceReader(const JsonLimits& limits)
    : state_(std::make_unique<State>(State{limits, {}})) {}
JsonInstanceReader::~JsonInstanceReader() = default;

Result<const Instance*> JsonInstanceReader::read(std::string_view text) {
  Workspace& workspace = state_->workspace;
  const JsonLimits& limits = state_->limits;
  workspace.instance.clear();
  workspace.unescaped.clear();
  if (text.size() <= limits.bytes && Parser{text, limits.depth, workspace}.run()) {
    return static_cast<const Instance*>(&workspace.instance);
  }
  const auto strict = parse_json(text, limits);
  if (strict) throw std::logic_error("the reader of instances refused what is JSON");
  return strict.error();
}

}  // namespace gate::load
