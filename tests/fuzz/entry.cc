#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.h"

// What libFuzzer calls; each target's program is built with its name as FUZZ_TARGET.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gate::fuzz::FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
