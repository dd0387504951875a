#include "server/limits/buckets.h"

#include <algorithm>
#include <functional>

namespace server::limits {

using std::chrono::nanoseconds;

std::size_t Buckets::Hash::operator()(const BucketName& name) const {
  const std::hash<std::string_view> of;
  // As boost::hash_combine mixes; the generation is small.
  const std::size_t first = of(name.holder);
  return first ^ (of(name.limit) + static_cast<std::size_t>(name.generation) + 0x9e3779b97f4a7c15U +
                  (first << 6U) + (first >> 2U));
}

Buckets::Buckets(std::size_t most) : most_in_shard_(std::max<std::size_t>(1, most / kShards)) {}

BucketName Buckets::name_of(const Slot& slot) {
  return {slot.holder, slot.limit, slot.generation};
}

Buckets::Slot& Buckets::make_room(Shard& shard, nanoseconds now) {
  constexpr std::size_t kLooks = 64;
  Slot* best = nullptr;
  for (std::size_t look = 0; look < std::min(kLooks, shard.slots.size()); ++look) {
    Slot& slot = shard.slots[shard.hand];
    shard.hand = (shard.hand + 1) % shard.slots.size();
    if (best == nullptr || slot.full_at < best->full_at) best = &slot;
    if (slot.full_at <= now) break;
  }
  shard.index.erase(name_of(*best));
  return *best;
}

Buckets::Slot& Buckets::slot_of(Shard& shard, const BucketName& name, std::string_view owner,
                                nanoseconds now) {
  const auto found = shard.index.find(name);
  if (found != shard.index.end()) return *found->second;
  Slot& slot = shard.slots.size() < most_in_shard_ ? shard.slots.emplace_back() : make_room(shard, now);
  slot = {std::string{name.holder}, std::string{owner}, name.limit, name.generation, {}, now};
  shard.index.emplace(name_of(slot), &slot);
  return slot;
}

Decision Buckets::take(const BucketName& name, std::string_view owner, const Rate& rate, nanoseconds now) {
  Shard& shard = shards_[Hash{}(name) % kShards];
  const std::scoped_lock lock{shard.mutex};
  Slot& slot = slot_of(shard, name, owner, now);
  slot.rate = rate;
  return limits::take(slot.full_at, rate, now);
}

Decision Buckets::look(const BucketName& name, const Rate& rate, nanoseconds now) const {
  const Shard& shard = shards_[Hash{}(name) % kShards];
  const std::scoped_lock lock{shard.mutex};
  const auto found = shard.index.find(name);
  return limits::look(found == shard.index.end() ? now : found->second->full_at, rate, now);
}

template <class Visit>
void Buckets::visit_drawn(nanoseconds now, Visit visit) const {
  for (const Shard& shard : shards_) {
    const std::scoped_lock lock{shard.mutex};
    for (const auto& [name, slot] : shard.index) {
      if (slot->full_at > now) visit(*slot);
    }
  }
}

std::size_t Buckets::fill(nanoseconds now) {
  std::size_t filled = 0;
  visit_drawn(now, [&](Slot& slot) {
    slot.full_at = now;
    ++filled;
  });
  return filled;
}

std::size_t Buckets::fill_of(std::string_view owner, nanoseconds now) {
  std::size_t filled = 0;
  visit_drawn(now, [&](Slot& slot) {
    if (slot.owner != owner) return;
    slot.full_at = now;
    ++filled;
  });
  return filled;
}

std::size_t Buckets::count_drawn(nanoseconds now) const {
  std::size_t drawn = 0;
  visit_drawn(now, [&](const Slot&) { ++drawn; });
  return drawn;
}

std::size_t Buckets::count_drawn_of(std::string_view owner, nanoseconds now) const {
  std::size_t drawn = 0;
  visit_drawn(now, [&](const Slot& slot) { drawn += static_cast<std::size_t>(slot.owner == owner); });
  return drawn;
}

std::vector<BucketState> Buckets::drawn(nanoseconds now) const {
  std::vector<BucketState> all;
  visit_drawn(now, [&](const Slot& slot) {
    all.push_back(
        {slot.holder, slot.owner, slot.limit, slot.rate, limits::look(slot.full_at, slot.rate, now)});
  });
  return all;
}

std::size_t Buckets::size() const {
  std::size_t all = 0;
  for (const Shard& shard : shards_) {
    const std::scoped_lock lock{shard.mutex};
    all += shard.slots.size();
  }
  return all;
}

}  // namespace server::limits
