#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "gate/base/result.h"
#include "gate/base/value.h"

namespace server::observe {

enum class Level { info, warning, error };

// Fields of one event; values are text or numbers of ours, cut at 8 KiB each.
using Fields = std::initializer_list<std::pair<std::string_view, gate::Value>>;

// One JSON object a line: {"time", "level", "event", …fields}. Never blocks: where the reader does not keep
// up, lines are dropped and counted. Safe to share between threads.
class Log {
 public:
  // To standard error, or appended to `path`. Error: io.
  static gate::Result<std::unique_ptr<Log>> open(const std::string& path);
  virtual ~Log() = default;

  virtual void write(Level level, std::string_view event, Fields fields) = 0;

  void info(std::string_view event, Fields fields = {}) { write(Level::info, event, fields); }
  void warning(std::string_view event, Fields fields = {}) { write(Level::warning, event, fields); }
  void error(std::string_view event, Fields fields = {}) { write(Level::error, event, fields); }

  // Opens the file anew, after it was moved away.
  virtual gate::Status reopen() = 0;
  [[nodiscard]] virtual std::uint64_t dropped() const = 0;
  virtual void flush() = 0;
};

}  // namespace server::observe
