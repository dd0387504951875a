#include "gate/load/toml.h"

#include <algorithm>
#include <chrono>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/load/toml_scan.h"

// The parser's asserts abort on some malformed input, and with NDEBUG it turns them into promises
// to the optimiser. Neither: a broken promise then shows as one of its parse errors.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#define TOML_MAX_NESTED_VALUES 64
#include <toml++/toml.h>

namespace gate::load {
namespace {

TomlPosition position_of(const toml::source_region& source) {
  return {source.begin.line, source.begin.column};
}

TomlValue convert(const toml::node& node);

TomlTable convert_table(const toml::table& table) {
  TomlTable members;
  members.reserve(table.size());
  for (const auto& [key, node] : table) {
    members.push_back({std::string{key.str()}, position_of(key.source()), convert(node)});
  }
  std::stable_sort(members.begin(), members.end(),
                   [](const TomlMember& a, const TomlMember& b) { return a.at < b.at; });
  return members;
}

TomlArray convert_array(const toml::array& array) {
  TomlArray elements;
  elements.reserve(array.size());
  for (const toml::node& node : array) elements.push_back(convert(node));
  return elements;
}

Date convert_date(const toml::date& date) {
  return Date{std::chrono::year{date.year} / std::chrono::month{date.month} / std::chrono::day{date.day}};
}

TomlValue convert(const toml::node& node) {
  TomlValue value;
  value.at = position_of(node.source());
  if (const auto* table = node.as_table()) {
    value.data = convert_table(*table);
  } else if (const auto* array = node.as_array()) {
    value.data = convert_array(*array);
  } else if (const auto* text = node.as_string()) {
    value.data = text->get();
  } else if (const auto* integer = node.as_integer()) {
    value.data = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    value.data = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    value.data = flag->get();
  } else if (const auto* date = node.as_date()) {
    value.data = convert_date(date->get());
  } else {
    value.data = TomlTime{};
  }
  return value;
}

// The parser says "Error while parsing key-value pair: cannot redefine …": what counts is the rest.
std::string reason_of(const toml::parse_error& error) {
  constexpr std::size_t kLongest = 300;
  std::string_view text = error.description();
  if (const auto colon = text.find(": ");
      text.substr(0, 11) == "Error while" && colon != std::string_view::npos) {
    text.remove_prefix(colon + 2);
  }
  return shortened(text, kLongest);
}

std::string key_text(std::string_view key) {
  const auto bare = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  const bool is_bare = !key.empty() && std::all_of(key.begin(), key.end(), bare);
  return is_bare ? std::string{key} : json_quoted(key);
}

std::string value_text(const TomlValue& value);

std::string value_text(const TomlArray& array) {
  std::vector<std::string> parts;
  for (const TomlValue& element : array) parts.push_back(value_text(element));
  return fmt::format("[{}]", join(parts, ", "));
}

std::string value_text(const TomlTable& table) {
  std::vector<std::string> parts;
  for (const TomlMember& member : table) {
    parts.push_back(fmt::format("{} = {}", key_text(member.key), value_text(member.value)));
  }
  return parts.empty() ? "{}" : fmt::format("{{ {} }}", join(parts, ", "));
}

std::string value_text(const TomlValue& value) {
  const auto text_of = [](const auto& data) -> std::string {
    using Data = std::decay_t<decltype(data)>;
    if constexpr (std::is_same_v<Data, std::string>) {
      return json_quoted(data);
    } else if constexpr (std::is_same_v<Data, Date>) {
      return to_string(data);
    } else if constexpr (std::is_same_v<Data, TomlTime>) {
      return "a time";
    } else if constexpr (std::is_same_v<Data, TomlNothing>) {
      return "nothing";
    } else if constexpr (std::is_same_v<Data, TomlArray> || std::is_same_v<Data, TomlTable>) {
      return value_text(data);
    } else {
      return fmt::format("{}", data);
    }
  };
  return std::visit(text_of, value.data);
}

bool holds_tables(const TomlArray& array) {
  return !array.empty() && std::all_of(array.begin(), array.end(), [](const TomlValue& element) {
    return std::holds_alternative<TomlTable>(element.data);
  });
}

void add_settings(std::vector<TomlSetting>& settings, const std::string& prefix, const TomlTable& table) {
  for (const TomlMember& member : table) {
    const std::string key = prefix + key_text(member.key);
    const auto* array = std::get_if<TomlArray>(&member.value.data);
    const auto* inner = std::get_if<TomlTable>(&member.value.data);
    if (inner != nullptr && !inner->empty()) {
      add_settings(settings, key + ".", *inner);
    } else if (array != nullptr && holds_tables(*array)) {
      std::size_t index = 0;
      for (const TomlValue& element : *array) {
        add_settings(settings, fmt::format("{}[{}].", key, index++), std::get<TomlTable>(element.data));
      }
    } else {
      settings.push_back({key, value_text(member.value), member.at.line});
    }
  }
}

}  // namespace

Result<TomlTable> parse_toml(std::string_view text, std::string_view path, TomlBounds bounds) {
  if (text.size() > bounds.bytes) {
    return Error{ErrorCode::malformed, fmt::format("{}: longer than {} bytes", path, grouped(bounds.bytes))};
  }
  constexpr std::string_view kByteOrderMark{"\xEF\xBB\xBF"};
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) text.remove_prefix(kByteOrderMark.size());
  if (const Status bounded = check_toml_bounds(text, path); !bounded) return bounded.error();
  try {
    return convert_table(toml::parse(text));
  } catch (const toml::parse_error& error) {
    const TomlPosition at = position_of(error.source());
    return Error{ErrorCode::malformed,
                 fmt::format("{}:{}:{}: {}", path, at.line, at.column, reason_of(error))};
  }
}

std::string_view kind_of(const TomlValue& value) {
  constexpr std::string_view kNames[] = {"a boolean", "an integer", "a float", "a string", "a date",
                                         "a time",    "an array",   "a table", "nothing"};
  return kNames[value.data.index()];
}

const TomlMember* find_member(const TomlTable& table, std::string_view key) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const TomlMember& member) { return member.key == key; });
  return found == table.end() ? nullptr : &*found;
}

std::vector<TomlSetting> settings_of(const TomlTable& table) {
  std::vector<TomlSetting> settings;
  add_settings(settings, "", table);
  return settings;
}

// Not defaulted: clang 14 crashes on the comparison of a variant that holds itself.
bool TomlValue::operator==(const TomlValue& other) const {
  return at == other.at && data == other.data;
}

}  // namespace gate::load
