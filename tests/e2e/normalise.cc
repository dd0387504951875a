#include "tests/e2e/normalise.h"

#include <regex>

#include "gate/base/text.h"

namespace gate::e2e {
namespace {

std::string replaced(const std::string& text, const char* pattern, const char* by) {
  return std::regex_replace(text, std::regex{pattern}, by);
}

// Moments between start and end, which both may be shown in whole seconds; fixed ones stay.
std::string without_moments(const std::string& text, const Surroundings& surroundings) {
  static const std::regex kMoment{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)"};
  std::string out;
  auto rest = text.cbegin();
  for (std::smatch match; std::regex_search(rest, text.cend(), match, kMoment); rest = match[0].second) {
    const auto moment = parse_timestamp(match.str());
    const bool during = moment && *moment >= surroundings.started - std::chrono::seconds{1} &&
                        *moment <= surroundings.ended + std::chrono::seconds{1};
    out.append(rest, match[0].first).append(during ? "<now>" : match.str());
  }
  return out.append(rest, text.cend());
}

}  // namespace

std::string normalised(std::string_view text, const Surroundings& surroundings) {
  std::string out = replace_all(text, surroundings.case_dir, "<case>");
  out = replace_all(out, surroundings.source_dir, "<source>");
  out = without_moments(out, surroundings);
  out = replaced(out, R"(\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)", "<uuid>");
  out = replaced(out, R"(\b[0-9a-f]{40}\b)", "<sha>");
  out = replaced(out, R"re("took_ms": ?\d+)re", R"("took_ms": <ms>)");
  out = replaced(out, R"re("config_hash": ?"[0-9a-f]{64}")re", R"("config_hash": <hash>)");
  out = replaced(out, R"( *\b\d+ ms\b)", " <duration>");
  out = replaced(out, R"( +TIME(?=\n))", " TIME");
  return replace_all(out, surroundings.version, "<version>");
}

}  // namespace gate::e2e
