#include "gate/load/toml_reader.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"

namespace gate::load {
namespace {

// A name from the file as a message shows it: quoted, escaped, bounded.
std::string shown(std::string_view name) {
  constexpr std::size_t kLongest = 80;
  return json_quoted(shortened(name, kLongest));
}

std::string out_of_range(std::int64_t value, std::int64_t least, std::int64_t most) {
  if (least == most) return fmt::format("{} is unknown here, only {} is known", value, least);
  if (most == std::numeric_limits<std::int64_t>::max()) return fmt::format("{} is below {}", value, least);
  return fmt::format("{} is outside {} to {}", value, least, most);
}

}  // namespace

const TomlMember* TomlReader::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  return has(key) ? find_member(table_, key) : nullptr;
}

bool TomlReader::has(std::string_view key) const {
  const TomlMember* member = find_member(table_, key);
  return member != nullptr && !std::holds_alternative<TomlNothing>(member->value.data);
}

template <class T>
const T* TomlReader::typed(std::string_view key, std::string_view wanted) {
  const TomlMember* member = find(key);
  if (member == nullptr) return nullptr;
  const T* value = std::get_if<T>(&member->value.data);
  if (value == nullptr) fault_of(key, fmt::format("expected {}, found {}", wanted, kind_of(member->value)));
  return value;
}

std::optional<std::string> TomlReader::text(std::string_view key) {
  const auto* value = typed<std::string>(key, "a string");
  if (value == nullptr) return std::nullopt;
  if (trim(*value).empty()) {
    fault_of(key, "must not be empty");
    return std::nullopt;
  }
  return *value;
}

std::optional<bool> TomlReader::flag(std::string_view key) {
  const auto* value = typed<bool>(key, "true or false");
  return value == nullptr ? std::nullopt : std::optional{*value};
}

std::optional<std::int64_t> TomlReader::integer(std::string_view key, std::int64_t least, std::int64_t most) {
  const auto* value = typed<std::int64_t>(key, "an integer");
  if (value == nullptr) return std::nullopt;
  if (*value < least || *value > most) {
    fault_of(key, out_of_range(*value, least, most));
    return std::nullopt;
  }
  return *value;
}

std::optional<std::uint64_t> TomlReader::amount(std::string_view key) {
  const auto value = integer(key, 0, std::numeric_limits<std::int64_t>::max());
  return value ? std::optional{static_cast<std::uint64_t>(*value)} : std::nullopt;
}

std::optional<Date> TomlReader::date(std::string_view key) {
  const TomlMember* member = find(key);
  if (member == nullptr) return std::nullopt;
  if (const auto* day = std::get_if<Date>(&member->value.data)) return *day;
  const auto* text = std::get_if<std::string>(&member->value.data);
  if (text == nullptr) {
    fault_of(key, fmt::format("expected a date such as 2026-11-20, found {}", kind_of(member->value)));
    return std::nullopt;
  }
  if (const auto day = parse_date(*text)) return *day;
  fault_of(key, fmt::format("{} is not a date such as 2026-11-20", shown(*text)));
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> TomlReader::duration(std::string_view key) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  if (const auto parsed = parse_duration(*value)) return *parsed;
  fault_of(key, fmt::format("{} is not a duration such as \"90s\", \"10m\" or \"24h\"", shown(*value)));
  return std::nullopt;
}

std::optional<std::vector<std::string>> TomlReader::texts(std::string_view key) {
  const auto* elements = typed<TomlArray>(key, "an array of strings");
  if (elements == nullptr) return std::nullopt;
  std::vector<std::string> texts;
  for (const TomlValue& element : *elements) {
    const auto* text = std::get_if<std::string>(&element.data);
    if (text == nullptr) {
      faults_.push_back({element.at, std::string{key},
                         fmt::format("{}: expected a string, found {}", key, kind_of(element))});
    } else if (trim(*text).empty()) {
      faults_.push_back({element.at, std::string{key}, fmt::format("{}: holds an empty string", key)});
    } else {
      texts.push_back(*text);
    }
  }
  return texts.size() == elements->size() ? std::optional{std::move(texts)} : std::nullopt;
}

const TomlTable* TomlReader::table(std::string_view key) {
  return typed<TomlTable>(key, "a table");
}

const TomlArray* TomlReader::array(std::string_view key) {
  return typed<TomlArray>(key, "an array");
}

void TomlReader::require_version(std::int64_t version) {
  if (find("version") == nullptr) {
    fault(fmt::format("version is missing: write version = {}", version));
  } else {
    integer("version", version, version);
  }
}

std::optional<std::size_t> TomlReader::choice(std::string_view key,
                                              const std::vector<std::string_view>& names) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), *value);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::vector<std::string> known{names.begin(), names.end()};
  const std::string hint = did_you_mean(*value, names);
  fault_of(key, fmt::format("unknown {}{}; known are {}", shown(*value), hint, join(known, ", ")));
  return std::nullopt;
}

void TomlReader::fault(std::string message) {
  faults_.push_back({at_, {}, std::move(message)});
}

void TomlReader::fault_of(std::string_view key, std::string_view why) {
  faults_.push_back({position_of(key), std::string{key}, fmt::format("{}: {}", key, why)});
}

TomlPosition TomlReader::position_of(std::string_view key) const {
  const TomlMember* member = find_member(table_, key);
  return member == nullptr ? at_ : member->value.at;
}

void TomlReader::refuse_unknown() {
  for (const TomlMember& member : table_) {
    if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
    const std::string hint = did_you_mean(member.key, known_);
    faults_.push_back({member.at, member.key, fmt::format("unknown key {}{}", shown(member.key), hint)});
  }
}

Error first_fault(std::vector<TomlFault> faults, std::string_view path) {
  const auto first = std::min_element(faults.begin(), faults.end(),
                                      [](const TomlFault& a, const TomlFault& b) { return a.at < b.at; });
  const std::string more =
      faults.size() == 1 ? std::string{} : fmt::format(" (and {} more)", counted(faults.size() - 1, "fault"));
  return Error{ErrorCode::malformed,
               fmt::format("{}:{}:{}: {}{}", path, first->at.line, first->at.column, first->message, more)};
}

}  // namespace gate::load
