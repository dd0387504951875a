#include "server/observe/log.h"

#include <condition_variable>
#include <mutex>

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "server/observe/log_output.h"

namespace server::observe {
namespace {

constexpr std::size_t kFieldBytes = 8U << 10U;
constexpr std::size_t kWaitingLines = 2'048;
constexpr std::size_t kWaitingBytes = 4U << 20U;
constexpr std::chrono::seconds kFlush{1};

std::string_view name_of(Level level) {
  switch (level) {
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "?";
}

gate::Value shortened_field(const gate::Value& value) {
  const std::string* text = value.as_string();
  return text == nullptr ? value : gate::Value{gate::shortened(*text, kFieldBytes)};
}

// How much waits for its reader, and how many lines found no room.
class Backlog {
 public:
  // Whether a line of that size may wait too.
  bool admit(std::size_t bytes) {
    const std::lock_guard lock{mutex_};
    if (lines_ == kWaitingLines || bytes_ + bytes > kWaitingBytes) {
      ++dropped_;
      return false;
    }
    ++lines_;
    bytes_ += bytes;
    return true;
  }

  void leave(std::size_t bytes, bool written) {
    const std::lock_guard lock{mutex_};
    --lines_;
    bytes_ -= bytes;
    if (!written) ++dropped_;
    if (lines_ == 0) empty_.notify_all();
  }

  void wait_until_empty() {
    std::unique_lock lock{mutex_};
    empty_.wait_for(lock, kFlush, [&] { return lines_ == 0; });
  }

  [[nodiscard]] std::uint64_t dropped() const {
    const std::lock_guard lock{mutex_};
    return dropped_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t lines_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

// Takes finished lines on spdlog's thread.
class LineSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  LineSink(LogOutput& output, Backlog& backlog) : output_(output), backlog_(backlog) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view line{message.payload.data(), message.payload.size()};
    backlog_.leave(line.size(), output_.write(line));
  }
  void flush_() override {}

  LogOutput& output_;
  Backlog& backlog_;
};

class AsyncLog final : public Log {
 public:
  AsyncLog(std::unique_ptr<LogOutput> output, const gate::ports::Clock& clock)
      : clock_(clock),
        output_(std::move(output)),
        pool_(std::make_shared<spdlog::details::thread_pool>(kWaitingLines, 1,
                                                             LogOutput::leave_signals_to_others)),
        logger_(std::make_shared<spdlog::async_logger>("log", std::make_shared<LineSink>(*output_, backlog_),
                                                       pool_, spdlog::async_overflow_policy::block)) {}

  ~AsyncLog() override {
    backlog_.wait_until_empty();
    output_->hurry();
  }

  void write(Level level, std::string_view event, Fields fields) override {
    const std::string line = log_line(clock_.now(), level, event, fields);
    if (backlog_.admit(line.size())) logger_->log(spdlog::level::critical, line);
  }

  gate::Status reopen() override { return output_->reopen(); }
  [[nodiscard]] std::uint64_t dropped() const override { return backlog_.dropped(); }
  void flush() override { backlog_.wait_until_empty(); }

 private:
  const gate::ports::Clock& clock_;
  std::unique_ptr<LogOutput> output_;
  Backlog backlog_;
  // spdlog shares both with its queue. The queue is as long as the backlog, so that it never blocks; the pool
  // goes last of the two and joins its thread.
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> logger_;
};

}  // namespace

std::string log_line(gate::Timestamp at, Level level, std::string_view event, Fields fields) {
  gate::Value line = gate::Value::object({{"time", gate::to_string(at)},
                                          {"level", name_of(level)},
                                          {"event", gate::shortened(event, kFieldBytes)}});
  for (const auto& [name, value] : fields) line.set(std::string{name}, shortened_field(value));
  std::string text = gate::to_compact_json(line);
  text = gate::replace_all(text, "\u2028", "\\u2028");
  return gate::replace_all(text, "\u2029", "\\u2029") + "\n";
}

gate::Result<std::unique_ptr<Log>> Log::open(const std::string& path, const gate::ports::Clock& clock) {
  auto output = LogOutput::open(path);
  if (!output) return output.error();
  return std::unique_ptr<Log>{std::make_unique<AsyncLog>(std::move(*output), clock)};
}

}  // namespace server::observe
