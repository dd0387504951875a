#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "gate/slo/canary_settings.h"
#include "gate/slo/canary_state.h"
#include "gate/slo/error_blocks.h"
#include "gate/slo/sample.h"

namespace gate::slo {

// The requests of one block, and what all tests ask of them.
struct Block {
  std::span<const BlockRequest> requests;
  bool clients_known = false;
  // Whether no earlier request of the block is of the same client and arm; true where clients are unknown.
  std::array<bool, kBlockRequests> first_of_client{};
};

Block block_of(std::span<const BlockRequest> requests);

// A client's name as a number that is never 0; the same on every machine. 0 for no name.
std::uint64_t client_hash(std::string_view client);

// Everything a sample says, as a number that is the same on every machine.
std::uint64_t sample_hash(const Sample& sample);

// One block as one kind of events sees it. Clients that failed before, on whichever arm, are not at risk
// any more: whether somebody's second failure lands on the canary says nothing where clients stick to an
// arm, and too much where they do not. A client's first bad request ends its time at risk.
struct EventBlock {
  bool clients_known = false;
  PerArm<std::uint32_t> requests;  // all of them
  PerArm<std::uint32_t> bad;
  BlockTable by_request;           // those at risk
  BlockTable by_client;            // the same, a client once on each arm
  std::uint32_t canary_units = 0;  // clients on the canary, those that failed before too
  std::uint32_t canary_units_bad = 0;

  bool operator==(const EventBlock&) const = default;
};

// Once so many clients have failed, more are not remembered and clients count as unknown.
constexpr std::size_t kMostFailedClients = 4096;

// Counts the events of that index and adds the clients that failed to `failed`, which stays sorted.
EventBlock count_events(const Block& block, std::size_t index, std::vector<std::uint64_t>& failed);

// A block of good requests, each of a client of its own.
EventBlock quiet_block(const PerArm<std::uint32_t>& requests, bool clients_known,
                       const std::vector<std::uint64_t>& failed);

}  // namespace gate::slo
