#include "gate/gate_run/progress.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/render/visible.h"

namespace gate::gate_run {
namespace {

constexpr std::string_view kClearLine = "\r\x1b[K";

}  // namespace

Progress::Progress(std::size_t total, cli::Context& io)
    : io_(io), on_(io.terminal.diagnostics_are_terminal()), total_(total) {}

Progress::~Progress() {
  if (on_) io_.err << kClearLine << std::flush;
}

void Progress::started(const std::string& check) {
  const std::lock_guard lock{guard_};
  running_.push_back(check);
  show();
}

void Progress::ended(const std::string& check) {
  const std::lock_guard lock{guard_};
  ++done_;
  running_.erase(std::remove(running_.begin(), running_.end(), check), running_.end());
  show();
}

void Progress::show() {
  if (!on_) return;
  const std::string line =
      fmt::format("{} of {} checks done, running {}", done_, total_, join(running_, ", "));
  io_.err << kClearLine << render::cut_to_width(render::visible(line), io_.terminal.width() - 1)
          << std::flush;
}

}  // namespace gate::gate_run
