#include "gate/schema/instance.h"

#include <algorithm>
#include <utility>

#include "gate/schema/equality.h"

namespace gate::schema {

const Cell* Members::find(std::string_view name) const {
  for (const Member member : *this) {
    if (member.key() == name) return &member.value;
  }
  return nullptr;
}

void Instance::clear() {
  next_ = cells_.get();
  if (!exact_.empty()) exact_.clear();
  if (!kept_.empty()) kept_.clear();
}

void Instance::add_exact(std::uint32_t offset, Decimal value) {
  add(Kind::exact, offset).exact = &exact_.emplace_front(std::move(value));
}

std::string_view Instance::keep(std::string text) {
  return kept_.emplace_front(std::move(text));
}

void Instance::grow() {
  constexpr std::size_t kFirst = 8;  // schemas have many small ones
  const std::size_t used = size();
  const std::size_t capacity = std::max(kFirst, used * 2);
  auto cells = std::make_unique_for_overwrite<Cell[]>(capacity);
  std::copy(cells_.get(), next_, cells.get());
  cells_ = std::move(cells);
  next_ = cells_.get() + used;
  end_ = cells_.get() + capacity;
}

namespace {

void append_number(Instance& instance, const boost::json::value& value, const ExactNumbers& exact) {
  if (const Decimal* decimal = exact.find(value)) return instance.add_exact(0, *decimal);
  if (value.is_int64()) return instance.add_int64(0, value.get_int64());
  if (value.is_uint64()) return instance.add_uint64(0, value.get_uint64());
  instance.add_real(0, value.get_double());
}

}  // namespace

// Recursion is as deep as the document, which its reader bounds.
void append(Instance& instance, const boost::json::value& value, const ExactNumbers& exact) {
  if (const auto* members = value.if_object()) {
    const std::uint32_t object = instance.begin(Kind::object, 0);
    for (const auto& member : *members) {
      instance.add_string(0, view(member.key()));
      append(instance, member.value(), exact);
    }
    return instance.end(object, static_cast<std::uint32_t>(members->size()));
  }
  if (const auto* elements = value.if_array()) {
    const std::uint32_t array = instance.begin(Kind::array, 0);
    for (const auto& element : *elements) append(instance, element, exact);
    return instance.end(array, static_cast<std::uint32_t>(elements->size()));
  }
  if (const auto* text = value.if_string()) return instance.add_string(0, view(*text));
  if (value.is_number()) return append_number(instance, value, exact);
  if (value.is_bool()) return instance.add_boolean(0, value.get_bool());
  instance.add_null(0);
}

Instance instance_of(const boost::json::value& value, const ExactNumbers& exact) {
  Instance instance;
  append(instance, value, exact);
  return instance;
}

}  // namespace gate::schema
