#include <string>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/exposition.h"
#include "gate/load/exposition_increase.h"
#include "gate/load/metric_number.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

std::string escaped(std::string_view text) {
  return replace_all(replace_all(replace_all(text, "\\", "\\\\"), "\"", "\\\""), "\n", "\\n");
}

// The samples of a page, as one.
std::string written(const load::Exposition& page) {
  std::string text;
  for (const load::ExposedSample& sample : page.samples) {
    text += sample.metric + "{";
    for (const auto& [name, value] : sample.labels) text += fmt::format("{}=\"{}\",", name, escaped(value));
    text += "} " + load::metric_number_text(sample.value);
    if (sample.at) text += fmt::format(" {}", sample.at->time_since_epoch().count());
    text += "\n";
  }
  return text;
}

void check_increase(const load::Exposition& page) {
  for (const load::ExposedSample& sample : page.samples) {
    const auto filter = load::SeriesFilter::compile({sample.metric, {}});
    require(static_cast<bool>(filter), "a metric's name is a selector");
    const auto increase = load::increase_between(page, page, *filter);
    if (!increase) continue;
    require(!increase->series.empty(), "a metric selects its series");
    require(increase->appeared + increase->reset + increase->vanished == 0,
            "a page has not changed since itself");
    for (const load::SeriesIncrease& series : increase->series)
      require(!(series.by > 0 || series.by < 0), "nothing rises between a page and itself");
    return;
  }
}

}  // namespace

void fuzz_exposition(std::string_view input) {
  const auto page = load::parse_exposition(input);
  if (!page) {
    require(page.error().message.find('\n') == std::string::npos, "an error is one line");
    return;
  }
  require(input.empty() || input.ends_with('\n'), "a page that does not end is refused");
  const std::string text = written(*page);
  const auto again = load::parse_exposition(text, load::ExpositionFormat::prometheus);
  require(again && written(*again) == text, "what is written of a page is read alike");
  check_increase(*page);
}

}  // namespace gate::fuzz
