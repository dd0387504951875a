#include "gate/slo/canary_block.h"

#include <algorithm>
#include <bit>

namespace gate::slo {
namespace {

// The last mix of splitmix64.
std::uint64_t mixed(std::uint64_t hash) {
  hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9U;
  hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111ebU;
  return hash ^ (hash >> 31U);
}

bool same_unit(const BlockRequest& a, const BlockRequest& b) {
  return a.client == b.client && a.arm == b.arm;
}

// The clients of a block by their hash: twice as many places as there can be clients.
class UnitsSeen {
 public:
  // False where an earlier request is of the same client and arm.
  bool add(std::span<const BlockRequest> requests, std::size_t index) {
    const BlockRequest& request = requests[index];
    std::size_t place = request.client % places_.size();
    for (; places_[place] != 0; place = (place + 1) % places_.size()) {
      if (same_unit(requests[places_[place] - 1U], request)) return false;
    }
    places_[place] = static_cast<std::uint8_t>(index + 1);
    return true;
  }

 private:
  std::array<std::uint8_t, 2 * kBlockRequests> places_{};  // 0: free; else 1 + the index of a request
};

bool is_bad(const BlockRequest& request, std::size_t index) {
  return ((static_cast<unsigned>(request.bad) >> index) & 1U) != 0;
}

std::uint32_t& requests_of(BlockTable& table, Arm arm) {
  return arm == Arm::canary ? table.canary : table.baseline;
}

std::uint32_t& bad_of(BlockTable& table, Arm arm) {
  return arm == Arm::canary ? table.canary_bad : table.baseline_bad;
}

// Adds the client; false where it was there.
bool remember(std::vector<std::uint64_t>& clients, std::uint64_t client) {
  const auto place = std::lower_bound(clients.begin(), clients.end(), client);
  if (place != clients.end() && *place == client) return false;
  clients.insert(place, client);
  return true;
}

bool has_room(const std::vector<std::uint64_t>& failed) {
  return failed.size() + kBlockRequests <= kMostFailedClients;
}

void count_at_risk(const Block& block, std::size_t index, std::vector<std::uint64_t>& failed,
                   EventBlock& counts) {
  for (std::size_t i = 0; i < block.requests.size(); ++i) {
    const BlockRequest& request = block.requests[i];
    if (counts.clients_known && std::binary_search(failed.begin(), failed.end(), request.client)) continue;
    ++requests_of(counts.by_request, request.arm);
    if (block.first_of_client[i] || !counts.clients_known) ++requests_of(counts.by_client, request.arm);
    if (!is_bad(request, index)) continue;
    ++bad_of(counts.by_request, request.arm);
    ++bad_of(counts.by_client, request.arm);
    if (counts.clients_known) remember(failed, request.client);
  }
}

// Whether the client fails on this arm anywhere in the block.
bool fails(const Block& block, std::size_t index, const BlockRequest& unit) {
  return std::any_of(block.requests.begin(), block.requests.end(), [&](const BlockRequest& request) {
    return same_unit(request, unit) && is_bad(request, index);
  });
}

void count_canary_units(const Block& block, std::size_t index, EventBlock& counts) {
  if (!counts.clients_known) {
    counts.canary_units = counts.requests.canary;
    counts.canary_units_bad = counts.bad.canary;
    return;
  }
  for (std::size_t i = 0; i < block.requests.size(); ++i) {
    const BlockRequest& request = block.requests[i];
    if (request.arm != Arm::canary || !block.first_of_client[i]) continue;
    ++counts.canary_units;
    if (counts.bad.canary > 0 && fails(block, index, request)) ++counts.canary_units_bad;
  }
}

}  // namespace

Block block_of(std::span<const BlockRequest> requests) {
  Block block{requests, true, {}};
  for (const BlockRequest& request : requests) block.clients_known &= request.client != 0;
  UnitsSeen seen;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    block.first_of_client[i] = !block.clients_known || seen.add(requests, i);
  }
  return block;
}

// FNV-1a.
std::uint64_t client_hash(std::string_view client) {
  if (client.empty()) return 0;
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : client) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  hash = mixed(hash);
  return hash == 0 ? 1 : hash;
}

std::uint64_t sample_hash(const Sample& sample) {
  std::uint64_t hash = 0x9e3779b97f4a7c15U;
  const auto take = [&hash](std::uint64_t part) { hash = mixed(hash ^ part) * 0x9e3779b97f4a7c15U; };
  take(static_cast<std::uint64_t>(sample.at.time_since_epoch().count()));
  take(std::bit_cast<std::uint64_t>(sample.latency_ms));
  take(static_cast<std::uint64_t>(sample.status));
  take(static_cast<std::uint64_t>(sample.track));
  take(client_hash(sample.client));
  return mixed(hash);
}

EventBlock count_events(const Block& block, std::size_t index, std::vector<std::uint64_t>& failed) {
  EventBlock counts;
  counts.clients_known = block.clients_known && has_room(failed);
  for (const BlockRequest& request : block.requests) {
    ++counts.requests[request.arm];
    if (is_bad(request, index)) ++counts.bad[request.arm];
  }
  count_at_risk(block, index, failed, counts);
  count_canary_units(block, index, counts);
  return counts;
}

EventBlock quiet_block(const PerArm<std::uint32_t>& requests, bool clients_known,
                       const std::vector<std::uint64_t>& failed) {
  const BlockTable table{requests.baseline, requests.canary, 0, 0};
  return {clients_known && has_room(failed), requests, {}, table, table, requests.canary, 0};
}

}  // namespace gate::slo
