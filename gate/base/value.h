#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace gate {

// An ordered tree: what a tool reports beside its findings, printed by every renderer.
// Objects keep the order of insertion, so the same report gives the same bytes.
class Value {
 public:
  struct Member;
  using Array = std::vector<Value>;
  using Object = std::vector<Member>;

  Value();  // null
  Value(bool value);
  Value(std::int64_t value);
  Value(int value);
  Value(unsigned value);
  Value(std::size_t value);
  Value(double value);
  Value(std::string value);
  Value(std::string_view value);
  Value(const char* value);
  Value(Array value);
  Value(Object value);
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  static Value array();
  static Value object();
  static Value object(std::initializer_list<Member> members);

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  // The typed content, or nullptr where the value is of another kind.
  [[nodiscard]] const bool* as_bool() const { return std::get_if<bool>(&data_); }
  [[nodiscard]] const std::int64_t* as_integer() const { return std::get_if<std::int64_t>(&data_); }
  [[nodiscard]] const double* as_number() const { return std::get_if<double>(&data_); }
  [[nodiscard]] const std::string* as_string() const { return std::get_if<std::string>(&data_); }
  [[nodiscard]] const Array* as_array() const { return std::get_if<Array>(&data_); }
  [[nodiscard]] const Object* as_object() const { return std::get_if<Object>(&data_); }

  // The member of that name, or nullptr; nullptr too where this is no object.
  [[nodiscard]] const Value* find(std::string_view name) const;

  // Replaces the member of that name or appends it. A null becomes an object first.
  Value& set(std::string name, Value value);

  // Appends an element. A null becomes an array first.
  Value& push(Value element);

  bool operator==(const Value& other) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> data_;
};

struct Value::Member {
  std::string name;
  Value value;

  bool operator==(const Member&) const = default;
};

// Defined here, where Member is complete: clang 14 needs that for the variant's members.
inline Value::Value() = default;
inline Value::Value(bool value) : data_(value) {}
inline Value::Value(std::int64_t value) : data_(value) {}
inline Value::Value(int value) : data_(static_cast<std::int64_t>(value)) {}
inline Value::Value(unsigned value) : data_(static_cast<std::int64_t>(value)) {}
inline Value::Value(std::size_t value) : data_(static_cast<std::int64_t>(value)) {}
inline Value::Value(double value) : data_(value) {}
inline Value::Value(std::string value) : data_(std::move(value)) {}
inline Value::Value(std::string_view value) : data_(std::string{value}) {}
inline Value::Value(const char* value) : data_(std::string{value}) {}
inline Value::Value(Array value) : data_(std::move(value)) {}
inline Value::Value(Object value) : data_(std::move(value)) {}
inline Value::Value(const Value&) = default;
inline Value::Value(Value&&) noexcept = default;
inline Value& Value::operator=(const Value&) = default;
inline Value& Value::operator=(Value&&) noexcept = default;
inline Value::~Value() = default;
inline Value Value::array() {
  return Value{Array{}};
}
inline Value Value::object() {
  return Value{Object{}};
}

}  // namespace gate
