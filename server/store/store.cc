#include "server/store/store.h"

#include <future>

namespace server::store {

std::int64_t Row::integer(std::size_t column) const {
  const auto* value = std::get_if<std::int64_t>(&cells_.at(column));
  return value == nullptr ? 0 : *value;
}

const std::string& Row::text(std::size_t column) const {
  static const std::string kEmpty;
  const auto* value = std::get_if<std::string>(&cells_.at(column));
  return value == nullptr ? kEmpty : *value;
}

bool Row::is_null(std::size_t column) const {
  return std::holds_alternative<std::monostate>(cells_.at(column));
}

gate::Status Store::write_now(Work work) {
  std::promise<gate::Status> done;
  write(std::move(work), [&](const gate::Status& status) { done.set_value(status); });
  return done.get_future().get();
}

gate::Status Store::read_now(Work work) {
  std::promise<gate::Status> done;
  read(std::move(work), [&](const gate::Status& status) { done.set_value(status); });
  return done.get_future().get();
}

}  // namespace server::store
