#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "gate/base/error.h"
#include "gate/base/time.h"
#include "gate/base/value.h"

namespace gate::load {

// Reads the members of one object of a document whose shape is known. The first thing that is wrong
// is kept; every getter after it returns an empty value, so that a reader asks once, at the end.
class JsonFields {
 public:
  // `at` is the JSON Pointer of the object, for messages; `failure` is shared by all readers of one
  // document and must outlive them.
  JsonFields(const boost::json::value& value, std::string at, std::optional<Error>& failure);

  std::string text(std::string_view name);
  std::optional<std::string> text_or_null(std::string_view name);  // absent counts as null
  std::uint64_t count(std::string_view name);
  std::uint64_t count_or_null(std::string_view name);  // null or absent: 0
  double number(std::string_view name);                // the nearest double
  std::optional<bool> flag_or_null(std::string_view name);
  bool flag(std::string_view name);
  Timestamp moment(std::string_view name);
  const boost::json::array& array(std::string_view name);
  JsonFields object(std::string_view name);
  [[nodiscard]] const boost::json::object& members() const { return *object_; }
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::string pointer(std::string_view name) const;

  // The value of a text member as one of `names`, as its index.
  std::size_t choice(std::string_view name, std::initializer_list<std::string_view> names);

  void refuse(std::string_view name, std::string_view why);

 private:
  const boost::json::value* find(std::string_view name);

  const boost::json::object* object_;
  std::string at_;
  std::optional<Error>* failure_;
};

// The same tree as a Value. Numbers beyond 64 bits become doubles.
Value to_value(const boost::json::value& json);

}  // namespace gate::load
