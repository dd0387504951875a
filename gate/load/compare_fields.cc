#include "gate/load/compare_fields.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "gate/base/edit_distance.h"
#include "gate/base/json_pointer.h"
#include "gate/base/text.h"

namespace gate::load {
namespace {

constexpr double kLargest = std::numeric_limits<double>::max();

const boost::json::object& empty_object() {
  static const boost::json::object kEmpty;
  return kEmpty;
}

// nullopt for what is no number, and for a number beyond a double.
std::optional<double> double_of(const Document& document, const boost::json::value& value) {
  if (const std::int64_t* integer = value.if_int64()) return static_cast<double>(*integer);
  if (const std::uint64_t* integer = value.if_uint64()) return static_cast<double>(*integer);
  const double* number = value.if_double();
  if (number == nullptr) return std::nullopt;
  const Decimal* exact = document.exact.find(value);
  if (exact != nullptr && is_beyond_double(*exact)) return std::nullopt;
  return *number;
}

std::string range_text(double least, double most) {
  if (most == kLargest && least == -kLargest) return "a number is wanted";
  if (most == kLargest) return fmt::format("a number from {} is wanted", least);
  return fmt::format("a number from {} to {} is wanted", least, most);
}

}  // namespace

bool is_beyond_double(const Decimal& exact) {
  const Decimal largest = Decimal::of(kLargest);
  const double nearest = exact.nearest_double();
  return (nearest == kLargest && exact > largest) ||
         (nearest == -kLargest && exact < Decimal::of(-kLargest)) || (nearest == 0 && !exact.is_zero());
}

CompareFields::CompareFields(const Document& document, const boost::json::value& value, std::string pointer,
                             JsonFault& fault)
    : document_(&document), object_(value.if_object()), pointer_(std::move(pointer)), fault_(&fault) {
  if (object_ != nullptr) return;
  object_ = &empty_object();
  refuse_at({pointer_, false}, "an object is wanted");
}

std::string CompareFields::pointer(std::string_view key) const {
  std::string pointer = pointer_;
  append_token(pointer, key);
  return pointer;
}

void CompareFields::refuse_at(Place place, std::string message) {
  if (failed()) return;
  fault_->place = std::move(place);
  fault_->message = std::move(message);
}

void CompareFields::refuse(std::string_view key, std::string message) {
  refuse_at({object_->contains(key) ? pointer(key) : pointer_, false}, fmt::format("{}: {}", key, message));
}

const boost::json::value* CompareFields::find(std::string_view key) {
  known_.push_back(key);
  return object_->if_contains(key);
}

void CompareFields::require(std::string_view key) {
  if (!object_->contains(key)) refuse(key, "is missing");
}

std::optional<std::string> CompareFields::text(std::string_view key) {
  const boost::json::value* value = find(key);
  if (value == nullptr) return std::nullopt;
  const boost::json::string* text = value->if_string();
  if (text != nullptr) return std::string{text->data(), text->size()};
  refuse(key, "a string is wanted");
  return std::nullopt;
}

std::optional<bool> CompareFields::flag(std::string_view key) {
  const boost::json::value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const bool* flag = value->if_bool()) return *flag;
  refuse(key, "true or false is wanted");
  return std::nullopt;
}

std::optional<double> CompareFields::number(std::string_view key, double least, double most) {
  const boost::json::value* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto number = double_of(*document_, *value);
  if (number && *number >= least && *number <= most) return number;
  refuse(key, value->is_number() && !number ? std::string{kBeyondDouble} : range_text(least, most));
  return std::nullopt;
}

std::optional<std::size_t> CompareFields::choice(std::string_view key,
                                                 const std::vector<std::string_view>& names) {
  const auto given = text(key);
  if (!given) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), *given);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  refuse(key, fmt::format("\"{}\" is not one of {}{}", shortened(*given, 64), fmt::join(names, ", "),
                          did_you_mean(*given, names)));
  return std::nullopt;
}

const boost::json::array* CompareFields::array(std::string_view key) {
  const boost::json::value* value = find(key);
  if (value == nullptr) return nullptr;
  if (const boost::json::array* array = value->if_array()) return array;
  refuse(key, "an array is wanted");
  return nullptr;
}

std::vector<std::pair<std::string, double>> CompareFields::numbers(double least, double most) {
  std::vector<std::pair<std::string, double>> all;
  for (const auto& member : *object_) {
    const std::string_view key{member.key().data(), member.key().size()};
    if (const auto value = number(key, least, most)) all.emplace_back(key, *value);
  }
  return all;
}

std::vector<double> CompareFields::points(std::string_view key) {
  std::vector<double> points;
  const boost::json::array* values = array(key);
  if (values == nullptr) return points;
  points.reserve(values->size());
  for (std::size_t i = 0; i < values->size() && !failed(); ++i) {
    const boost::json::value& value = (*values)[i];
    const auto number =
        value.is_null() ? std::numeric_limits<double>::quiet_NaN() : double_of(*document_, value);
    points.push_back(number.value_or(0));
    if (number) continue;
    std::string place = pointer(key);
    append_token(place, i);
    refuse_at({place, false},
              fmt::format("{}: {}", key, value.is_number() ? kBeyondDouble : "a number or null is wanted"));
  }
  return points;
}

std::optional<CompareFields> CompareFields::object(std::string_view key) {
  const boost::json::value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_object()) refuse(key, "an object is wanted");
  return CompareFields{*document_, *value, pointer(key), *fault_};
}

void CompareFields::refuse_unknown() {
  for (const auto& member : *object_) {
    const std::string_view key{member.key().data(), member.key().size()};
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    refuse_at({pointer(key), true},
              fmt::format("unknown key \"{}\"{}", shortened(key, 64), did_you_mean(key, known_)));
  }
}

}  // namespace gate::load
