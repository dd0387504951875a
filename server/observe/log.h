#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "gate/base/result.h"
#include "gate/base/value.h"
#include "gate/ports/clock.h"

namespace server::observe {

enum class Level { info, warning, error };

// Fields of one event; values are text or numbers of ours, cut at 8 KiB each.
using Fields = std::initializer_list<std::pair<std::string_view, gate::Value>>;

// One JSON object a line: {"time", "level", "event", …fields}. Never blocks: where the reader does not keep
// up, new lines are dropped and counted. Safe to share between threads.
class Log {
 public:
  // To standard error where `path` is empty, else appended to that file. Error: io.
  static gate::Result<std::unique_ptr<Log>> open(const std::string& path, const gate::ports::Clock& clock);
  virtual ~Log() = default;

  virtual void write(Level level, std::string_view event, Fields fields) = 0;

  void info(std::string_view event, Fields fields = {}) { write(Level::info, event, fields); }
  void warning(std::string_view event, Fields fields = {}) { write(Level::warning, event, fields); }
  void error(std::string_view event, Fields fields = {}) { write(Level::error, event, fields); }

  // Opens the file anew, after it was moved away.
  virtual gate::Status reopen() = 0;
  [[nodiscard]] virtual std::uint64_t dropped() const = 0;

  // Waits until what was written so far is out, for a second at most.
  virtual void flush() = 0;
};

// The line of one event, with its line feed, free of anything that another reader takes for a line's end.
std::string log_line(gate::Timestamp at, Level level, std::string_view event, Fields fields);

}  // namespace server::observe
