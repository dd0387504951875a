#include "gate/slo_evaluate/watch.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "gate/base/time.h"
#include "gate/render/visible.h"

namespace gate::slo_evaluate {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t kLineBytes = 500;

struct Times {
  milliseconds interval{0};
  milliseconds timeout{0};
};

Result<milliseconds> read_time(std::string_view option, const std::string& text) {
  const auto time = parse_duration(text);
  if (!time) return Error{ErrorCode::usage, fmt::format("{}: {}", option, time.error().message)};
  return *time;
}

Result<Times> times_of(const WatchOptions& options) {
  const auto interval = read_time("--interval", options.interval);
  if (!interval) return interval.error();
  const auto timeout = read_time("--timeout", options.timeout);
  if (!timeout) return timeout.error();
  return Times{*interval, *timeout};
}

bool goes_on(const Result<policy::Report>& seen) {
  return !seen || seen->verdict == policy::Verdict::undecided;
}

void tell(const Result<policy::Report>& seen, cli::Context& io) {
  const std::string what = seen ? fmt::format("{}: {}", policy::name_of(seen->verdict), seen->decided_by)
                                : fmt::format("no answer: {}", seen.error().message);
  io.err << fmt::format("{} {}\n", to_string(io.clock.now()), render::visible(what, kLineBytes));
  io.err.flush();
}

}  // namespace

void declare_watch(cli::OptionTable& table, WatchOptions& options) {
  table.section("watching");
  table.flag("--watch", options.watch, "evaluate again and again until there is a decision");
  table.text("--interval", "TIME", options.interval, "between two looks; default 10s");
  table.text("--timeout", "TIME", options.timeout, "how long to watch at most; default 30m");
}

Result<policy::Report> watch(const WatchOptions& options, const Look& look, cli::Context& io) {
  const auto times = times_of(options);
  if (!times) return times.error();
  const nanoseconds end = io.clock.elapsed() + times->timeout;
  auto seen = look();
  if (!seen) return seen;
  while (options.watch && goes_on(seen)) {
    tell(seen, io);
    const auto left = std::chrono::duration_cast<milliseconds>(end - io.clock.elapsed());
    if (left <= milliseconds{0}) break;
    io.clock.sleep(std::min(times->interval, left));
    seen = look();
  }
  return seen;
}

}  // namespace gate::slo_evaluate
