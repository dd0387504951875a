#include "gate/load/byte_filter.h"

#include <algorithm>
#include <charconv>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "gate/base/utf8.h"

namespace gate::load {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::size_t kLongestReference = 16;  // longer ones are left to the parser

bool suspicious(unsigned char c, bool xml) {
  if (c >= 0x80 || c == 0) return true;
  return xml && (c == '&' || (c < 0x20 && c != '\t' && c != '\n' && c != '\r'));
}

#ifdef __SSE2__
int suspicious_in(const char* block, bool xml) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
  if (!xml) return _mm_movemask_epi8(_mm_or_si128(bytes, _mm_cmpeq_epi8(bytes, _mm_setzero_si128())));
  // Signed: bytes from 80 on are below 20 too.
  const __m128i low = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
  const __m128i line =
      _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')));
  const __m128i blank = _mm_or_si128(line, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')));
  const __m128i bad = _mm_or_si128(_mm_andnot_si128(blank, low), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('&')));
  return _mm_movemask_epi8(bad);
}
#endif

// The first suspicious byte from `at` on, or the end.
std::size_t skip_clean(std::string_view bytes, std::size_t at, bool xml) {
#ifdef __SSE2__
  constexpr std::size_t kBlock = 16;
  for (; at + kBlock <= bytes.size(); at += kBlock) {
    const int mask = suspicious_in(bytes.data() + at, xml);
    if (mask != 0) return at + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(mask)));
  }
#endif
  while (at < bytes.size() && !suspicious(static_cast<unsigned char>(bytes[at]), xml)) ++at;
  return at;
}

bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// Past the sequences of two and three bytes that need no closer look: those whose lead byte excludes
// overlong forms, surrogates and U+FFFE. Text in most scripts is nothing else.
std::size_t skip_common_sequences(std::string_view bytes, std::size_t at) {
  while (at + 3 <= bytes.size() && continues(bytes[at + 1])) {
    const auto lead = static_cast<unsigned char>(bytes[at]);
    if (lead >= 0xC2 && lead <= 0xDF) {
      at += 2;
    } else if (lead >= 0xE1 && lead <= 0xEE && lead != 0xED && continues(bytes[at + 2])) {
      at += 3;
    } else {
      break;
    }
  }
  return at;
}

// XML 1.0 (fifth edition), 2.2, production 2.
bool is_xml_character(std::uint32_t c) {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c <= 0xD7FF || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

// Whether `text` is the beginning of a well-formed sequence that goes on after its end.
bool is_cut_off(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
  return lead <= 0xF4 && text.size() < length && decode_utf8(text).bytes == text.size();
}

enum class Reference { fine, excluded, cut_off };

Reference check_reference(std::string_view rest, bool last) {
  const std::string_view head = rest.substr(0, kLongestReference);
  if (head.size() < 2) return last ? Reference::fine : Reference::cut_off;
  if (head[1] != '#') return Reference::fine;
  const std::size_t end = head.find(';');
  if (end == std::string_view::npos) {
    return head.size() < kLongestReference && !last ? Reference::cut_off : Reference::fine;
  }
  const bool hex = head[2] == 'x';
  const char* from = head.data() + (hex ? 3 : 2);
  const char* to = head.data() + end;
  std::uint32_t code = 0;
  const auto [stop, problem] = std::from_chars(from, to, code, hex ? 16 : 10);
  if (problem == std::errc::result_out_of_range && stop == to) return Reference::excluded;
  if (problem != std::errc{} || stop != to) return Reference::fine;
  return is_xml_character(code) ? Reference::fine : Reference::excluded;
}

std::size_t reference_length(std::string_view rest) {
  return rest.find(';') + 1;
}

}  // namespace

void ByteFilter::feed(std::string_view bytes) {
  constexpr std::size_t kBite = 16;
  while (!pending_.empty() && !bytes.empty()) {
    pending_ += bytes.substr(0, kBite);
    bytes.remove_prefix(std::min(kBite, bytes.size()));
    pending_.erase(0, process(pending_, false));
  }
  if (bytes.empty()) return;
  const std::size_t used = process(bytes, false);
  pending_.assign(bytes.substr(used));
}

void ByteFilter::finish() {
  const std::string rest = std::move(pending_);
  pending_.clear();
  if (!rest.empty()) process(rest, true);
}

std::size_t ByteFilter::process(std::string_view bytes, bool last) {
  const bool xml = rules_ == Rules::xml;
  std::size_t at = 0;
  flushed_ = 0;
  rewritten_.clear();
  while ((at = skip_clean(bytes, at, xml)) < bytes.size()) {
    const std::size_t common = skip_common_sequences(bytes, at);
    if (common > at) {
      at = common;
      continue;
    }
    const Step taken = step(bytes.substr(at), last, bytes.substr(flushed_, at - flushed_));
    if (taken.bytes == 0) break;
    if (!taken.keep) {
      rewritten_ += bytes.substr(flushed_, at - flushed_);
      rewritten_ += kReplacement;
      flushed_ = at + taken.bytes;
      ++replaced_;
    }
    at += taken.bytes;
  }
  const std::string_view tail = bytes.substr(flushed_, at - flushed_);
  if (!rewritten_.empty()) {
    rewritten_ += tail;
    out_.consume(rewritten_);
  } else if (!tail.empty()) {
    out_.consume(tail);
  }
  return at;
}

ByteFilter::Step ByteFilter::step(std::string_view rest, bool last, std::string_view clean) {
  const auto lead = static_cast<unsigned char>(rest[0]);
  if (lead == '&') {
    const Reference reference = check_reference(rest, last);
    if (reference == Reference::cut_off) return {0, true};
    if (reference == Reference::fine) return {1, true};
    flush(clean);
    return {reference_length(rest), out_.in_literal()};
  }
  if (lead < 0x80) return {1, false};
  const CodePoint point = decode_utf8(rest);
  if (!point.well_formed) {
    if (!last && is_cut_off(rest)) return {0, true};
    return {point.bytes, false};
  }
  return {point.bytes, rules_ == Rules::text || is_xml_character(point.value)};
}

// Hands on everything up to where the chunk is read, so that in_literal() speaks of that place.
void ByteFilter::flush(std::string_view clean) {
  rewritten_ += clean;
  flushed_ += clean.size();
  if (!rewritten_.empty()) out_.consume(rewritten_);
  rewritten_.clear();
}

}  // namespace gate::load
