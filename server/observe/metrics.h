#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server::observe {

// Label names and values. Values come from closed sets, never from a request: the number of series is known
// when the server starts.
using Labels = std::vector<std::pair<std::string, std::string>>;

// Handles are cheap to use from any thread and live as long as the Metrics they come from.
class Counter {
 public:
  virtual ~Counter() = default;
  virtual void add(double amount = 1) = 0;
  // Up to what somebody else has counted; for before_text(), which is called once at a time.
  virtual void raise_to(double total) = 0;
};
class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void set(double value) = 0;
};
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void observe(double value) = 0;
};

// What Prometheus reads. Names are release_gate_… with the unit last (…_seconds, …_total). Making a series is
// slow and done at the start; the same name and labels give the same handle.
class Metrics {
 public:
  static std::unique_ptr<Metrics> make();
  virtual ~Metrics() = default;

  virtual Counter& counter(std::string_view name, std::string_view help, const Labels& labels = {}) = 0;
  virtual Gauge& gauge(std::string_view name, std::string_view help, const Labels& labels = {}) = 0;
  virtual Histogram& histogram(std::string_view name, std::string_view help,
                               const std::vector<double>& bounds, const Labels& labels = {}) = 0;

  // Called at each text(), to set gauges that somebody else counts.
  virtual void before_text(std::function<void()> collect) = 0;

  // The exposition format, text version 0.0.4.
  [[nodiscard]] virtual std::string text() const = 0;
};

}  // namespace server::observe
