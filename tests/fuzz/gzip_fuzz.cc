#include "gate/load/gzip.h"

#include <algorithm>
#include <string>

#include "tests/fuzz/targets.h"
#include "tests/support/gzip.h"

namespace gate::fuzz {
namespace {

// What comes out before the end or the first error, which stands behind it.
std::string undone(std::string_view bytes, std::size_t step) {
  constexpr std::size_t kEnough = std::size_t{1} << 20U;
  load::Gunzip gunzip;
  std::string out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) {
    gunzip.feed(bytes.substr(0, step));
    auto piece = gunzip.next();
    for (; piece && !piece->empty() && out.size() < kEnough; piece = gunzip.next()) out += *piece;
    if (!piece) return out + "!" + piece.error().message;
    if (out.size() >= kEnough) return out.substr(0, kEnough);
  }
  const Status finished = gunzip.finish();
  return finished ? out : out + "!" + finished.error().message;
}

}  // namespace

void fuzz_gzip(std::string_view input) {
  const std::string whole = undone(input, input.size());
  require(whole == undone(input, 3), "how the bytes are cut does not matter");
  require(undone(test::gzipped(input), 1'000) == input, "what was packed comes back");
}

}  // namespace gate::fuzz
