#include <algorithm>

#include "gate/base/utf8.h"
#include "gate/load/byte_filter.h"
#include "gate/load/encoding.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

struct Collected final : load::TextConsumer {
  void consume(std::string_view utf8) override { text += utf8; }

  std::string text;
};

struct Filtered {
  std::string text;
  std::uint64_t replaced = 0;

  bool operator==(const Filtered&) const = default;
};

Filtered filtered(std::string_view bytes, load::ByteFilter::Rules rules, std::size_t chunk) {
  Collected out;
  load::ByteFilter filter{rules, out};
  for (std::size_t at = 0; at < bytes.size(); at += chunk) filter.feed(bytes.substr(at, chunk));
  filter.finish();
  return {std::move(out.text), filter.replaced()};
}

Filtered decoded(std::string_view bytes, load::Encoding encoding, std::size_t chunk) {
  load::Decoder decoder{encoding};
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += chunk) text += decoder.decode(bytes.substr(at, chunk));
  text += decoder.finish();
  return {std::move(text), decoder.replaced()};
}

void check_rules(std::string_view bytes, load::ByteFilter::Rules rules, std::size_t chunk) {
  const Filtered whole = filtered(bytes, rules, std::max<std::size_t>(bytes.size(), 1));
  require(whole == filtered(bytes, rules, chunk), "where a chunk ends makes no difference");
  require(is_utf8(whole.text), "what is let through is UTF-8");
  require(whole.text.find('\0') == std::string::npos, "no NUL is let through");
  require((whole.replaced == 0) == (whole.text == bytes), "what was changed is counted");
  if (rules == load::ByteFilter::Rules::text) return;
  const bool control = std::any_of(whole.text.begin(), whole.text.end(), [](char c) {
    return c >= 0 && c < 0x20 && c != '\t' && c != '\n' && c != '\r';
  });
  require(!control, "no control character that XML excludes is let through");
  require(filtered(whole.text, rules, bytes.size() + 1).replaced == 0, "what is let through needs no more");
}

}  // namespace

// The first byte says how long the chunks are.
void fuzz_filter(std::string_view input) {
  if (input.empty()) return;
  const std::size_t chunk = 1 + static_cast<unsigned char>(input.front()) % 32U;
  const std::string_view bytes = input.substr(1);
  check_rules(bytes, load::ByteFilter::Rules::xml, chunk);
  check_rules(bytes, load::ByteFilter::Rules::text, chunk);
  const load::EncodingDecision decision = load::decide_encoding(bytes.substr(0, load::kEncodingHead));
  require(decision.mark <= bytes.size(), "a byte order mark is part of the text");
  for (const load::Encoding encoding :
       {load::Encoding::utf16_little, load::Encoding::utf16_big, load::Encoding::windows_1252}) {
    const Filtered whole = decoded(bytes, encoding, bytes.size() + 1);
    require(whole == decoded(bytes, encoding, chunk), "where a chunk ends makes no difference to a decoder");
    require(is_utf8(whole.text), "what is decoded is UTF-8");
  }
}

}  // namespace gate::fuzz
