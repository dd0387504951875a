#pragma once

#include <cstddef>
#include <cstdint>

#include "gate/load/toml.h"

namespace server::exemptions {

// What a request may hold; bytes, but for the number of files.
constexpr std::size_t kMostFiles = 100;
constexpr std::size_t kLongestPattern = 512;
constexpr std::size_t kLongestReason = 500;
constexpr std::size_t kLongestSource = 200;
constexpr std::size_t kLongestRegister = gate::load::kRegisterBounds.bytes;

constexpr std::uint64_t kSmallBody = 8U << 10U;
constexpr std::uint64_t kFilesBody = 64U << 10U;
// A register as a JSON string: a byte of it may take several of the body.
constexpr std::uint64_t kRegisterBody = 4U << 20U;

}  // namespace server::exemptions
