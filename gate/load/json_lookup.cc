#include "gate/load/json_lookup.h"

namespace gate::load {
namespace {

namespace json = boost::json;

const json::object kNoMembers;
const json::array kNoElements;

}  // namespace

std::string_view text_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return {};
  return {value->get_string().data(), value->get_string().size()};
}

std::optional<double> number_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

const json::array& array_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : kNoElements;
}

const json::object& object_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr ? as_object(*value) : kNoMembers;
}

bool is_true_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::uint64_t count_in(const json::object& object, std::string_view name) {
  constexpr std::int64_t kMost = 1'000'000'000;
  const json::value* value = object.if_contains(name);
  const bool fits =
      value != nullptr && value->is_int64() && value->get_int64() >= 0 && value->get_int64() <= kMost;
  return fits ? static_cast<std::uint64_t>(value->get_int64()) : 0;
}

const json::object& as_object(const json::value& value) {
  return value.is_object() ? value.get_object() : kNoMembers;
}

}  // namespace gate::load
