#include "gate/base/value.h"

#include <algorithm>

namespace gate {

Value Value::object(std::initializer_list<Member> members) {
  return Value{Object(members)};
}

const Value* Value::find(std::string_view name) const {
  const Object* members = as_object();
  if (members == nullptr) return nullptr;
  const auto found =
      std::find_if(members->begin(), members->end(), [&](const Member& m) { return m.name == name; });
  return found == members->end() ? nullptr : &found->value;
}

Value& Value::set(std::string name, Value value) {
  if (is_null()) data_ = Object{};
  Object& members = std::get<Object>(data_);
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.name == name; });
  if (found != members.end()) {
    found->value = std::move(value);
  } else {
    members.push_back(Member{std::move(name), std::move(value)});
  }
  return *this;
}

Value& Value::push(Value element) {
  if (is_null()) data_ = Array{};
  std::get<Array>(data_).push_back(std::move(element));
  return *this;
}

bool Value::operator==(const Value& other) const {
  return data_ == other.data_;
}

}  // namespace gate
