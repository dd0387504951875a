#include "gate/load/tap_line.h"

#include <charconv>

#include "gate/base/text.h"
#include "gate/load/report_time.h"

namespace gate::load {
namespace {

using Kind = TapLine::Kind;
using Directive = TapLine::Directive;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// Takes a number off the front.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return number;
}

std::string_view trim_left(std::string_view text) {
  const std::size_t at = text.find_first_not_of(" \t");
  return at == std::string_view::npos ? std::string_view{} : text.substr(at);
}

// "SKIP reason", "todo", "time=12ms" behind a `#`; false where it is none of them.
bool read_directive(std::string_view text, TapLine& line) {
  const std::string word = lower(text.substr(0, 5));
  if (starts_with(word, "skip") || (starts_with(word, "todo") && (text.size() == 4 || !is_word(text[4])))) {
    line.directive = word[0] == 's' ? Directive::skip : Directive::todo;
    line.reason = trim(text.substr(std::min(text.find_first_of(" \t"), text.size())));
    return true;
  }
  if (!starts_with(word, "time=")) return false;
  std::string_view amount = trim(text.substr(5));
  const bool milliseconds = amount.size() > 2 && amount.substr(amount.size() - 2) == "ms";
  if (milliseconds) amount.remove_suffix(2);
  if (!milliseconds && !amount.empty() && amount.back() == 's') amount.remove_suffix(1);
  constexpr int kMillisecondsInSecond = 1000;
  const auto time = parse_seconds(amount).duration;
  if (time) line.duration = milliseconds ? *time / kMillisecondsInSecond : *time;
  return true;
}

// The description up to a directive; `\#` and `\\` stand for `#` and `\`.
void read_description(std::string_view text, TapLine& line) {
  text = trim(text);
  if (starts_with(text, "- ") || text == "-") text = trim(text.substr(1));
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped =
        text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '#' || text[i + 1] == '\\');
    if (text[i] == '#' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t') &&
        read_directive(trim(text.substr(i + 1)), line)) {
      break;
    }
    if (escaped) ++i;
    line.description += text[i];
  }
  while (!line.description.empty() && line.description.back() == ' ') line.description.pop_back();
}

bool read_test(std::string_view text, TapLine& line) {
  line.ok = !starts_with(text, "not ");
  if (!line.ok) text = trim_left(text.substr(4));
  if (!starts_with(text, "ok") || (text.size() > 2 && is_word(text[2]))) return false;
  text = trim_left(text.substr(2));
  if (!text.empty() && is_digit(text[0])) {
    std::string_view rest = text;
    line.number = take_number(rest);
    if (line.number) text = rest;
  }
  read_description(text, line);
  return true;
}

bool read_plan(std::string_view text, TapLine& line) {
  if (!starts_with(text, "1..")) return false;
  text.remove_prefix(3);
  const auto planned = take_number(text);
  text = trim(text);
  if (!planned || (!text.empty() && text[0] != '#')) return false;
  line.planned = *planned;
  if (!text.empty()) read_directive(trim(text.substr(1)), line);
  return true;
}

Kind read_comment(TapLine& line) {
  line.text = trim(line.text.substr(1));
  constexpr std::string_view kSubtest = "Subtest:";
  if (!starts_with(line.text, kSubtest)) return Kind::comment;
  line.text = trim(line.text.substr(kSubtest.size()));
  return Kind::subtest;
}

Kind kind_of(TapLine& line) {
  if (line.text.empty()) return Kind::other;
  if (line.text[0] == '#') return read_comment(line);
  if (starts_with(line.text, "TAP version ")) return Kind::version;
  if (line.text == "---") return Kind::yaml_start;
  if (line.text == "...") return Kind::yaml_end;
  constexpr std::string_view kBailOut = "bail out!";
  if (equal_ignoring_case(line.text.substr(0, kBailOut.size()), kBailOut)) {
    line.text = trim(line.text.substr(kBailOut.size()));
    return Kind::bail_out;
  }
  if (read_plan(line.text, line)) return Kind::plan;
  return read_test(line.text, line) ? Kind::test : Kind::other;
}

}  // namespace

TapLine parse_tap_line(std::string_view line) {
  TapLine parsed;
  for (const char c : line) {
    if (c != ' ' && c != '\t') break;
    parsed.indent += c == '\t' ? 4 : 1;
  }
  parsed.text = trim(line);
  parsed.kind = kind_of(parsed);
  return parsed;
}

}  // namespace gate::load
