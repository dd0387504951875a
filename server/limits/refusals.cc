#include "server/limits/refusals.h"

namespace server::limits {

using std::chrono::floor;
using std::chrono::minutes;

Refusals::Refusals(gate::Timestamp now, std::size_t most) : most_(most), counted_since_(now) {}

void Refusals::add(gate::Timestamp at, std::string_view owner, std::string_view limit) {
  const std::scoped_lock lock{mutex_};
  ++rows_[{floor<minutes>(at), std::string{owner}, std::string{limit}}];
  if (rows_.size() <= most_) return;
  const auto oldest = rows_.begin();
  forgotten_ += oldest->second;
  counted_since_ = std::max(counted_since_, oldest->first.minute + minutes{1});
  rows_.erase(oldest);
}

RefusedSince Refusals::since(gate::Timestamp from) const {
  const std::scoped_lock lock{mutex_};
  RefusedSince found{{}, counted_since_, forgotten_};
  for (auto row = rows_.rbegin(); row != rows_.rend() && row->first.minute >= floor<minutes>(from); ++row) {
    found.minutes.push_back({row->first.minute, row->first.owner, row->first.limit, row->second});
  }
  return found;
}

}  // namespace server::limits
