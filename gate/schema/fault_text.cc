#include "gate/schema/fault_text.h"

#include <utility>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/base/utf8.h"
#include "gate/schema/number.h"

namespace gate::schema {
namespace {

constexpr std::size_t kMaxText = 80;

// Everything json_quoted leaves in place that a terminal or a reader could be fooled by.
std::string without_tricks(std::string_view json) {
  std::string out;
  while (!json.empty()) {
    const CodePoint next = decode_utf8(json);
    if (is_control(next.value) || is_invisible(next.value)) {
      const auto value = static_cast<unsigned>(next.value);
      out += value > 0xFFFF ? fmt::format("\\u{{{:x}}}", value) : fmt::format("\\u{:04x}", value);
    } else {
      append_utf8(out, next.value);
    }
    json.remove_prefix(next.bytes);
  }
  return out;
}

// What JSON texts are made of: how a text and a number are written, and how long the whole may get.
struct Writing {
  std::string (*text)(std::string_view);
  std::string (*scalar)(const Cell&);
  std::size_t most;
};

void append_json(std::string& out, const Cell& of, const Writing& writing) {
  if (out.size() > writing.most) return;
  bool first = true;
  if (of.is_array()) {
    out.push_back('[');
    for (const Cell& element : of.elements()) {
      if (!std::exchange(first, false)) out.push_back(',');
      append_json(out, element, writing);
    }
    out.push_back(']');
  } else if (of.is_object()) {
    out.push_back('{');
    for (const Member member : of.members()) {
      if (!std::exchange(first, false)) out.push_back(',');
      out.append(writing.text(member.key())).push_back(':');
      append_json(out, member.value, writing);
    }
    out.push_back('}');
  } else {
    out += writing.scalar(of);
  }
}

std::string whole_scalar(const Cell& of) {
  if (of.is_string()) return json_quoted(of.string());
  return of.is_number() ? Number{of}.to_string() : described(of);
}

}  // namespace

std::string quoted(std::string_view text) {
  return without_tricks(json_quoted(shortened(text, kMaxText)));
}

std::string described(const Cell& of) {
  if (of.is_string()) return quoted(of.string());
  if (of.is_number()) return shortened(Number{of}.to_string(), kMaxText);
  if (of.kind == Kind::null) return "null";
  if (of.kind == Kind::boolean) return of.boolean ? "true" : "false";
  return of.is_object() ? "the object" : "the array";
}

std::string as_json(const Cell& value) {
  std::string out;  // a little more than will be left of it
  append_json(out, value, {quoted, described, 4 * kMaxText});
  return shortened(out, kMaxText);
}

std::string whole_json(const Cell& value) {
  std::string out;
  append_json(out, value, {json_quoted, whole_scalar, std::string::npos});
  return out;
}

std::string listed(const std::vector<std::string>& values) {
  constexpr std::size_t kMost = 12;
  if (values.size() <= kMost) return join(values, ", ");
  const std::vector<std::string> first(values.begin(), values.begin() + kMost);
  return fmt::format("{} and {} more", join(first, ", "), values.size() - kMost);
}

std::string too_few(std::uint64_t count, std::string_view one, std::string_view many, std::uint64_t least) {
  // The largest count stands for every larger one too.
  const bool beyond = least == kNoCount;
  return fmt::format("has {}, {} {} {} required", counted(count, one, many),
                     beyond ? "more than" : "at least", grouped(beyond ? least - 1 : least),
                     least == 1 ? "is" : "are");
}

std::string too_many(std::uint64_t count, std::string_view one, std::string_view many, std::uint64_t most) {
  return fmt::format("has {}, at most {} {} allowed", counted(count, one, many), grouped(most),
                     most == 1 ? "is" : "are");
}

}  // namespace gate::schema
