#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/base/decimal.h"
#include "gate/load/json.h"
#include "gate/load/json_positions.h"

namespace gate::load {

// Whether a number is too large for a double, or so small that it would be zero.
[[nodiscard]] bool is_beyond_double(const Decimal& exact);

inline constexpr std::string_view kBeyondDouble = "the number is beyond what a double holds";

// What is wrong with a document, and with what of it.
struct JsonFault {
  Place place;
  std::string message;  // empty: nothing so far

  bool operator==(const JsonFault&) const = default;
};

// Reads one object of a document member by member, as TomlReader reads a table: a getter returns nullopt
// where the key is absent and where it is wrong, which is then the fault; every key asked for is known, and
// refuse_unknown() makes a fault of any other. The first fault stays. Document and fault outlive the reader.
class CompareFields {
 public:
  CompareFields(const Document& document, const boost::json::value& value, std::string pointer,
                JsonFault& fault);

  std::optional<std::string> text(std::string_view key);
  std::optional<bool> flag(std::string_view key);
  std::optional<double> number(std::string_view key, double least, double most);
  std::optional<std::size_t> choice(std::string_view key, const std::vector<std::string_view>& names);
  const boost::json::array* array(std::string_view key);
  // Every member as a number; the members' names need not be known.
  std::vector<std::pair<std::string, double>> numbers(double least, double most);
  // The points of an array of numbers and nulls; NaN for null.
  std::vector<double> points(std::string_view key);
  // The object under that key; nullopt where there is none.
  std::optional<CompareFields> object(std::string_view key);

  // A fault of the key's value, or of the object where the key is absent.
  void refuse(std::string_view key, std::string message);
  void refuse_at(Place place, std::string message);
  void require(std::string_view key);
  void refuse_unknown();

  [[nodiscard]] std::string pointer(std::string_view key) const;
  [[nodiscard]] const std::string& pointer() const { return pointer_; }
  [[nodiscard]] const Document& document() const { return *document_; }
  [[nodiscard]] bool failed() const { return !fault_->message.empty(); }
  [[nodiscard]] JsonFault& fault() const { return *fault_; }

 private:
  const boost::json::value* find(std::string_view key);

  const Document* document_;
  const boost::json::object* object_;
  std::string pointer_;
  JsonFault* fault_;
  std::vector<std::string_view> known_;
};

}  // namespace gate::load
