#include "gate/load/report_detect.h"

namespace gate::load {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::string_view without_blank(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
  return text;
}

// Past the first `mark`; empty where it is not there.
std::string_view behind(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  return at == std::string_view::npos ? std::string_view{} : text.substr(at + mark.size());
}

std::optional<std::string> name_at(std::string_view text) {
  const std::size_t end = text.find_first_of(" \t\r\n/>[");
  if (end == std::string_view::npos) return std::nullopt;
  return std::string{XmlAttributes::local_name(text.substr(0, end))};
}

// The end of the string literal that starts at `at`, on its closing quote; npos: it goes on.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

XmlOpening look_at_xml(std::string_view opening) {
  XmlOpening seen;
  std::string_view rest = without_blank(opening);
  seen.is_xml = !rest.empty() && rest[0] == '<';
  while (!rest.empty() && rest[0] == '<') {
    if (rest.substr(0, 2) == "<?") {
      rest = without_blank(behind(rest, "?>"));
    } else if (rest.substr(0, 4) == "<!--") {
      rest = without_blank(behind(rest, "-->"));
    } else if (rest.substr(0, 9) == "<!DOCTYPE") {  // refused by the parser, which the name chooses
      seen.root = name_at(without_blank(rest.substr(9)));
      break;
    } else {
      if (rest.size() > 1 && rest[1] != '!') seen.root = name_at(rest.substr(1));
      break;
    }
  }
  return seen;
}

JsonOpening look_at_json(std::string_view opening) {
  JsonOpening seen;
  const std::string_view text = without_blank(opening);
  seen.is_object = !text.empty() && text[0] == '{';
  if (!seen.is_object) return seen;
  std::size_t depth = 0;
  bool key_next = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t end = end_of_string(text, at);
      if (end == std::string_view::npos) break;
      if (depth == 1 && key_next) seen.keys.push_back(text.substr(at + 1, end - at - 1));
      at = end;
    } else if (c == '{' || c == '[') {
      ++depth;
      key_next = depth == 1;
    } else if (c == '}' || c == ']') {
      if (--depth == 0) {
        seen.is_whole = true;
        break;
      }
    } else if (c == ',' && depth == 1) {
      key_next = true;
    } else if (c == ':' && depth == 1) {
      key_next = false;
      const std::string_view value = without_blank(text.substr(at + 1));
      if (seen.values.size() < seen.keys.size()) seen.values.push_back(value.empty() ? '\0' : value[0]);
    }
  }
  seen.values.resize(seen.keys.size(), '\0');
  return seen;
}

}  // namespace gate::load
