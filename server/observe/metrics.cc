#include "server/observe/metrics.h"

#include <map>
#include <mutex>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace server::observe {
namespace {

class CounterHandle final : public Counter {
 public:
  explicit CounterHandle(prometheus::Counter& counter) : counter_(counter) {}
  void add(double amount) override { counter_.Increment(amount); }
  void raise_to(double total) override { counter_.Increment(total - counter_.Value()); }

 private:
  prometheus::Counter& counter_;
};

class GaugeHandle final : public Gauge {
 public:
  explicit GaugeHandle(prometheus::Gauge& gauge) : gauge_(gauge) {}
  void set(double value) override { gauge_.Set(value); }

 private:
  prometheus::Gauge& gauge_;
};

class HistogramHandle final : public Histogram {
 public:
  explicit HistogramHandle(prometheus::Histogram& histogram) : histogram_(histogram) {}
  void observe(double value) override { histogram_.Observe(value); }

 private:
  prometheus::Histogram& histogram_;
};

// The handle of each series that was made; prometheus-cpp gives the same series for the same labels.
template <class Handle>
class Handles {
 public:
  template <class Series>
  Handle& of(Series& series) {
    const std::lock_guard lock{mutex_};
    return handles_.try_emplace(&series, series).first->second;
  }

 private:
  std::mutex mutex_;
  std::map<const void*, Handle> handles_;
};

prometheus::Labels as_map(const Labels& labels) {
  return {labels.begin(), labels.end()};
}

// The same name and help give the family that is there.
template <class Builder>
auto& family(prometheus::Registry& registry, Builder builder, std::string_view name, std::string_view help) {
  return builder.Name(std::string{name}).Help(std::string{help}).Register(registry);
}

class PrometheusMetrics final : public Metrics {
 public:
  Counter& counter(std::string_view name, std::string_view help, const Labels& labels) override {
    return counters_.of(family(registry_, prometheus::BuildCounter(), name, help).Add(as_map(labels)));
  }
  Gauge& gauge(std::string_view name, std::string_view help, const Labels& labels) override {
    return gauges_.of(family(registry_, prometheus::BuildGauge(), name, help).Add(as_map(labels)));
  }
  Histogram& histogram(std::string_view name, std::string_view help, const std::vector<double>& bounds,
                       const Labels& labels) override {
    return histograms_.of(
        family(registry_, prometheus::BuildHistogram(), name, help).Add(as_map(labels), bounds));
  }

  void before_text(std::function<void()> collect) override {
    const std::lock_guard lock{mutex_};
    collectors_.push_back(std::move(collect));
  }

  [[nodiscard]] std::string text() const override {
    {
      const std::lock_guard lock{mutex_};
      for (const auto& collect : collectors_) collect();
    }
    return prometheus::TextSerializer{}.Serialize(registry_.Collect());
  }

 private:
  prometheus::Registry registry_;
  Handles<CounterHandle> counters_;
  Handles<GaugeHandle> gauges_;
  Handles<HistogramHandle> histograms_;
  mutable std::mutex mutex_;
  std::vector<std::function<void()>> collectors_;
};

}  // namespace

std::unique_ptr<Metrics> Metrics::make() {
  return std::make_unique<PrometheusMetrics>();
}

}  // namespace server::observe
