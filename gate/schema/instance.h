#pragma once

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/value.hpp>

#include "gate/base/decimal.h"
#include "gate/schema/exact_numbers.h"

namespace gate::schema {

enum class Kind : std::uint8_t { null, boolean, int64, uint64, real, exact, string, array, object };

class Elements;
class Members;

// One value of an instance (the document under validation), or the name of a member. Values lie in
// document order, a container before its content, a name before its value; so the next sibling of a
// value is `span` cells on. Refers to text that the instance or its reader keeps.
struct Cell {
  union {
    bool boolean;
    std::int64_t int64 = 0;
    std::uint64_t uint64;
    double real;           // whose shortest digits are the number's own
    const Decimal* exact;  // a number that neither is
    const char* text;
  };
  std::uint32_t size = 0;    // bytes of a text, elements or members of a container
  std::uint32_t span = 1;    // cells that the value takes, its own among them
  std::uint32_t offset = 0;  // in bytes, where it starts in the document's text
  Kind kind = Kind::null;

  [[nodiscard]] bool is_number() const { return kind >= Kind::int64 && kind <= Kind::exact; }
  [[nodiscard]] bool is_string() const { return kind == Kind::string; }
  [[nodiscard]] bool is_array() const { return kind == Kind::array; }
  [[nodiscard]] bool is_object() const { return kind == Kind::object; }

  // REQUIRES: a string, or a name.
  [[nodiscard]] std::string_view string() const { return {text, size}; }
  // REQUIRES: an array.
  [[nodiscard]] Elements elements() const;
  // REQUIRES: an object.
  [[nodiscard]] Members members() const;
};

// The elements of an array, in order.
class Elements {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = Cell;
    using pointer = const Cell*;
    using reference = const Cell&;

    explicit Iterator(const Cell* at) : at_(at) {}
    const Cell& operator*() const { return *at_; }
    Iterator& operator++() {
      at_ += at_->span;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const Cell* at_;
  };

  explicit Elements(const Cell& array) : array_(&array) {}
  [[nodiscard]] Iterator begin() const { return Iterator{array_ + 1}; }
  [[nodiscard]] Iterator end() const { return Iterator{array_ + array_->span}; }
  [[nodiscard]] std::size_t size() const { return array_->size; }

 private:
  const Cell* array_;
};

// One member of an object.
struct Member {
  const Cell& name;
  const Cell& value;

  [[nodiscard]] std::string_view key() const { return name.string(); }
};

// The members of an object, in order. No two have the same name.
class Members {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = Member;
    using pointer = void;
    using reference = Member;

    explicit Iterator(const Cell* at) : at_(at) {}
    Member operator*() const { return {at_[0], at_[1]}; }
    Iterator& operator++() {
      at_ += 1 + at_[1].span;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const Cell* at_;
  };

  explicit Members(const Cell& object) : object_(&object) {}
  [[nodiscard]] Iterator begin() const { return Iterator{object_ + 1}; }
  [[nodiscard]] Iterator end() const { return Iterator{object_ + object_->span}; }
  [[nodiscard]] std::size_t size() const { return object_->size; }
  // The value of that name, or nullptr. Looks at one after the other.
  [[nodiscard]] const Cell* find(std::string_view name) const;

 private:
  const Cell* object_;
};

inline Elements Cell::elements() const {
  return Elements{*this};
}
inline Members Cell::members() const {
  return Members{*this};
}

// A document under validation, as one run of cells: built in document order, read without a pointer
// chase, every value with its place in the text. Whoever builds it sees to it that strings are
// well-formed UTF-8 and names differ. Texts that are not `keep`t must outlive it.
class Instance {
 public:
  Instance() = default;
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  Instance(Instance&& other) noexcept { swap(other); }
  Instance& operator=(Instance&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Instance() = default;

  // REQUIRES: a value was added, and every container closed.
  [[nodiscard]] const Cell& root() const { return cells_[0]; }

  // Forgets everything but its memory.
  void clear();

  void add_null(std::uint32_t offset) { add(Kind::null, offset); }
  void add_boolean(std::uint32_t offset, bool value) { add(Kind::boolean, offset).boolean = value; }
  void add_int64(std::uint32_t offset, std::int64_t value) { add(Kind::int64, offset).int64 = value; }
  void add_uint64(std::uint32_t offset, std::uint64_t value) { add(Kind::uint64, offset).uint64 = value; }
  void add_real(std::uint32_t offset, double value) { add(Kind::real, offset).real = value; }
  // Of a number that no integer of 64 bits and no double says.
  void add_exact(std::uint32_t offset, Decimal value);
  // A string, or the name of the member whose value is added next.
  void add_string(std::uint32_t offset, std::string_view text) {
    Cell& cell = add(Kind::string, offset);
    cell.text = text.data();
    cell.size = static_cast<std::uint32_t>(text.size());
  }
  // A container, open until end(); the answer is what end() asks for.
  std::uint32_t begin(Kind container, std::uint32_t offset) {
    add(container, offset);
    return size() - 1;
  }
  // `size`: how many elements or members were added since.
  void end(std::uint32_t container, std::uint32_t size) {
    cells_[container].size = size;
    cells_[container].span = this->size() - container;
  }

  // Every cell so far, in order: for a reader that looks back.
  [[nodiscard]] const Cell& cell(std::uint32_t index) const { return cells_[index]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(next_ - cells_.get()); }

  // Keeps a text for as long as the instance.
  std::string_view keep(std::string text);

 private:
  Cell& add(Kind kind, std::uint32_t offset) {
    if (next_ == end_) grow();
    Cell& cell = *next_++;
    cell.span = 1;
    cell.offset = offset;
    cell.kind = kind;
    return cell;
  }
  void grow();
  void swap(Instance& other) noexcept {
    std::swap(cells_, other.cells_);
    std::swap(next_, other.next_);
    std::swap(end_, other.end_);
    std::swap(exact_, other.exact_);
    std::swap(kept_, other.kept_);
  }

  std::unique_ptr<Cell[]> cells_;
  Cell* next_ = nullptr;
  Cell* end_ = nullptr;
  std::forward_list<Decimal> exact_;  // lists: nothing is moved, and an empty one takes no memory
  std::forward_list<std::string> kept_;
};

// Adds a value of a JSON document, with everything below it; offsets are 0. Texts stay in the document.
void append(Instance& instance, const boost::json::value& value, const ExactNumbers& exact);

// That value alone.
Instance instance_of(const boost::json::value& value, const ExactNumbers& exact);

}  // namespace gate::schema
