#include "gate/base/json_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "gate/base/utf8.h"

namespace gate {
namespace {

// RFC 8785, 3.2.3 asks for an order by UTF-16 code units: code points above the BMP sort as
// surrogates, before U+E000 to U+FFFF.
bool utf16_less(std::string_view a, std::string_view b) {
  const auto rank = [](char32_t c) { return c >= 0xE000 && c <= 0xFFFF ? c + 0x200000 : c; };
  while (!a.empty() && !b.empty()) {
    const CodePoint x = decode_utf8(a);
    const CodePoint y = decode_utf8(b);
    if (x.value != y.value) return rank(x.value) < rank(y.value);
    a.remove_prefix(x.bytes);
    b.remove_prefix(y.bytes);
  }
  return a.size() < b.size();
}

enum class Layout { indented, compact, canonical };

// The standard's escapes; beyond them DEL and the C1 controls, which a terminal obeys, except in the
// canonical form.
void append_quoted(std::string& out, std::string_view text, Layout layout) {
  out.push_back('"');
  while (!text.empty()) {
    const CodePoint next = decode_utf8(text);
    switch (next.value) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (next.value < 0x20 || (layout != Layout::canonical && is_control(next.value))) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(next.value));
        } else {
          append_utf8(out, next.value);
        }
    }
    text.remove_prefix(next.bytes);
  }
  out.push_back('"');
}

// ECMAScript's Number::toString (ECMA-262, 6.1.6.1.20), which RFC 8785 asks for.
std::string number_text(double number) {
  if (!std::isfinite(number)) return "null";
  if (number == 0) return "0";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific).ptr;
  std::string_view text{buffer, static_cast<std::size_t>(end - buffer)};
  std::string out;
  if (text.front() == '-') {
    out = "-";
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  int exponent = 0;
  const char* digits_of_exponent = text.data() + e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(digits_of_exponent, text.data() + text.size(), exponent);
  std::string digits{text.substr(0, 1)};
  if (e > 2) digits += text.substr(2, e - 2);
  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // where the decimal point stands, counted from the first digit
  if (count <= point && point <= 21)
    return out + digits + std::string(static_cast<std::size_t>(point - count), '0');
  if (0 < point && point <= 21)
    return out + digits.substr(0, static_cast<std::size_t>(point)) + "." +
           digits.substr(static_cast<std::size_t>(point));
  if (-6 < point && point <= 0)
    return out + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  const std::string tail = count == 1 ? "" : "." + digits.substr(1);
  return fmt::format("{}{}{}e{}{}", out, digits[0], tail, exponent < 0 ? "-" : "+", std::abs(exponent));
}

class Writer {
 public:
  explicit Writer(Layout layout) : layout_(layout) {}

  void write(const Value& value, std::size_t depth) {
    if (value.is_null()) {
      out_ += "null";
    } else if (const bool* flag = value.as_bool()) {
      out_ += *flag ? "true" : "false";
    } else if (const std::int64_t* integer = value.as_integer()) {
      out_ += layout_ == Layout::canonical ? number_text(static_cast<double>(*integer))
                                           : std::to_string(*integer);
    } else if (const double* number = value.as_number()) {
      out_ += number_text(*number);
    } else if (const std::string* text = value.as_string()) {
      append_quoted(out_, *text, layout_);
    } else if (const Value::Array* elements = value.as_array()) {
      write_array(*elements, depth);
    } else if (const Value::Object* members = value.as_object()) {
      write_object(*members, depth);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void start_line(std::size_t depth) {
    if (layout_ == Layout::indented) out_.append("\n").append(2 * depth, ' ');
  }

  void write_array(const Value::Array& elements, std::size_t depth) {
    out_.push_back('[');
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (i > 0) out_.push_back(',');
      start_line(depth + 1);
      write(elements[i], depth + 1);
    }
    if (!elements.empty()) start_line(depth);
    out_.push_back(']');
  }

  void write_object(const Value::Object& members, std::size_t depth) {
    std::vector<const Value::Member*> order;
    order.reserve(members.size());
    for (const Value::Member& member : members) order.push_back(&member);
    if (layout_ == Layout::canonical) {
      std::sort(order.begin(), order.end(), [](auto* a, auto* b) { return utf16_less(a->name, b->name); });
    }
    out_.push_back('{');
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i > 0) out_.push_back(',');
      start_line(depth + 1);
      append_quoted(out_, order[i]->name, layout_);
      out_ += layout_ == Layout::indented ? ": " : ":";
      write(order[i]->value, depth + 1);
    }
    if (!order.empty()) start_line(depth);
    out_.push_back('}');
  }

  Layout layout_;
  std::string out_;
};

std::string written(const Value& value, Layout layout) {
  Writer writer{layout};
  writer.write(value, 0);
  return writer.take();
}

}  // namespace

std::string to_json(const Value& value) {
  return written(value, Layout::indented);
}
std::string to_compact_json(const Value& value) {
  return written(value, Layout::compact);
}
std::string to_canonical_json(const Value& value) {
  return written(value, Layout::canonical);
}

std::string json_quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text, Layout::compact);
  return out;
}

}  // namespace gate
