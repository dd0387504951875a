#include "gate/load/json_fields.h"

#include <algorithm>

#include <fmt/format.h>

#include "gate/base/text.h"

namespace gate::load {
namespace {

const boost::json::object& empty_object() {
  static const boost::json::object kEmpty;
  return kEmpty;
}

const boost::json::array& empty_array() {
  static const boost::json::array kEmpty;
  return kEmpty;
}

}  // namespace

JsonFields::JsonFields(const boost::json::value& value, std::string at, std::optional<Error>& failure)
    : object_(value.if_object()), at_(std::move(at)), failure_(&failure) {
  if (object_ != nullptr) return;
  object_ = &empty_object();
  if (!failure) {
    failure = Error{ErrorCode::malformed,
                    fmt::format("{}: an object is wanted", at_.empty() ? "the document" : at_)};
  }
}

std::string JsonFields::pointer(std::string_view name) const {
  return fmt::format("{}/{}", at_, name);
}

void JsonFields::refuse(std::string_view name, std::string_view why) {
  if (!*failure_) *failure_ = Error{ErrorCode::malformed, fmt::format("{}: {}", pointer(name), why)};
}

bool JsonFields::has(std::string_view name) const {
  return object_->if_contains(name) != nullptr;
}

const boost::json::value* JsonFields::find(std::string_view name) {
  if (failure_->has_value()) return nullptr;
  const boost::json::value* value = object_->if_contains(name);
  if (value == nullptr) refuse(name, "is missing");
  return value;
}

std::string JsonFields::text(std::string_view name) {
  const boost::json::value* value = find(name);
  if (value == nullptr) return {};
  const boost::json::string* text = value->if_string();
  if (text == nullptr) {
    refuse(name, "a string is wanted");
    return {};
  }
  return {text->data(), text->size()};
}

std::optional<std::string> JsonFields::text_or_null(std::string_view name) {
  const boost::json::value* value = object_->if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return text(name);
}

std::uint64_t JsonFields::count(std::string_view name) {
  const boost::json::value* value = find(name);
  if (value == nullptr) return 0;
  if (const std::int64_t* number = value->if_int64(); number != nullptr && *number >= 0) {
    return static_cast<std::uint64_t>(*number);
  }
  refuse(name, "a whole number from 0 is wanted");
  return 0;
}

double JsonFields::number(std::string_view name) {
  const boost::json::value* value = find(name);
  if (value == nullptr) return 0;
  if (value->is_number()) return value->to_number<double>();
  refuse(name, "a number is wanted");
  return 0;
}

std::uint64_t JsonFields::count_or_null(std::string_view name) {
  const boost::json::value* value = object_->if_contains(name);
  return value == nullptr || value->is_null() ? 0 : count(name);
}

bool JsonFields::flag(std::string_view name) {
  const boost::json::value* value = find(name);
  if (value == nullptr) return false;
  if (const bool* flag = value->if_bool()) return *flag;
  refuse(name, "true or false is wanted");
  return false;
}

std::optional<bool> JsonFields::flag_or_null(std::string_view name) {
  const boost::json::value* value = object_->if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return flag(name);
}

Timestamp JsonFields::moment(std::string_view name) {
  const auto moment = parse_timestamp(text(name));
  if (moment) return *moment;
  refuse(name, moment.error().message);
  return {};
}

const boost::json::array& JsonFields::array(std::string_view name) {
  const boost::json::value* value = find(name);
  if (value == nullptr) return empty_array();
  if (const boost::json::array* array = value->if_array()) return *array;
  refuse(name, "an array is wanted");
  return empty_array();
}

JsonFields JsonFields::object(std::string_view name) {
  const boost::json::value* value = find(name);
  static const boost::json::value kEmpty{boost::json::object_kind};
  return JsonFields{value == nullptr ? kEmpty : *value, pointer(name), *failure_};
}

std::size_t JsonFields::choice(std::string_view name, std::initializer_list<std::string_view> names) {
  const std::string given = text(name);
  const auto found = std::find(names.begin(), names.end(), given);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  refuse(name, fmt::format("\"{}\" is not one of {}", shortened(given, 64), fmt::join(names, ", ")));
  return 0;
}

Value to_value(const boost::json::value& json) {
  if (const bool* flag = json.if_bool()) return *flag;
  if (const std::int64_t* number = json.if_int64()) return *number;
  if (const std::uint64_t* number = json.if_uint64()) return static_cast<double>(*number);
  if (const double* number = json.if_double()) return *number;
  if (const boost::json::string* text = json.if_string()) return std::string{text->data(), text->size()};
  if (const boost::json::array* array = json.if_array()) {
    Value list = Value::array();
    for (const boost::json::value& element : *array) list.push(to_value(element));
    return list;
  }
  if (const boost::json::object* object = json.if_object()) {
    Value::Object members;
    for (const auto& [name, value] : *object) members.push_back({std::string{name}, to_value(value)});
    return Value{std::move(members)};
  }
  return {};
}

}  // namespace gate::load
