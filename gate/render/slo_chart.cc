#include "gate/render/slo_chart.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/render/xml_text.h"

namespace gate::render {
namespace {

constexpr double kWidth = 720;
constexpr double kPanel = 132;  // height of a panel with its title
constexpr double kLeft = 48;
constexpr double kRight = 16;
constexpr double kTop = 28;             // of the plot within its panel
constexpr double kBottom = 24;          // below the plot
constexpr double kMostDoublings = 6;    // burn rate 64 is the top of the plot
constexpr double kLeastDoublings = -2;  // 0.25 is its bottom
constexpr std::size_t kNameBytes = 80;

// From the top of the panel down to a burn rate.
double height_of(double burn_rate) {
  const double doublings =
      burn_rate > 0 ? std::clamp(std::log2(burn_rate), kLeastDoublings, kMostDoublings) : kLeastDoublings;
  const double plot = kPanel - kTop - kBottom;
  return kTop + plot * (kMostDoublings - doublings) / (kMostDoublings - kLeastDoublings);
}

// Where the course's moments stand from left to right.
struct TimeAxis {
  Timestamp from;
  Timestamp to;

  [[nodiscard]] double operator()(Timestamp moment) const {
    const double whole = std::max(1.0, static_cast<double>((to - from).count()));
    return kLeft + (kWidth - kLeft - kRight) * static_cast<double>((moment - from).count()) / whole;
  }
};

std::string text_at(double x, double y, std::string_view anchor, std::string_view text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor, text);
}

std::string rule_at(double burn_rate, std::string_view colour) {
  const double y = height_of(burn_rate);
  return fmt::format("<line x1=\"{0:.1f}\" x2=\"{1:.1f}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\"/>\n",
                     kLeft, kWidth - kRight, y, colour) +
         text_at(kLeft - 6, y + 4, "end", fmt::format("{}×", burn_rate));
}

// The shortest time between two slices: a longer one is a gap.
Timestamp::duration step_of(const std::vector<slo::Slice>& course) {
  auto step = Timestamp::duration::max();
  for (std::size_t i = 1; i < course.size(); ++i)
    step = std::min(step, course[i].start - course[i - 1].start);
  return step;
}

// One polyline a stretch without a gap: where nothing is known, or nothing happened, there is no line.
std::string curve_of(const ChartLine& line, const TimeAxis& axis) {
  const auto step = step_of(line.course);
  std::string out;
  std::string points;
  const auto finish = [&] {
    if (!points.empty()) {
      out += fmt::format("<polyline fill=\"none\" stroke=\"#0969da\" stroke-width=\"1.5\" points=\"{}\"/>\n",
                         points);
    }
    points.clear();
  };
  for (std::size_t i = 0; i < line.course.size(); ++i) {
    const slo::Slice& slice = line.course[i];
    if (i > 0 && slice.start - line.course[i - 1].start > step + step / 2) finish();
    if (slice.events.total <= 0) {
      finish();
      continue;
    }
    const double burn_rate = slice.events.bad_most / slice.events.total / line.budget;
    points +=
        fmt::format("{}{:.1f},{:.1f}", points.empty() ? "" : " ", axis(slice.start), height_of(burn_rate));
  }
  finish();
  return out;
}

std::string panel_of(const ChartLine& line, double top) {
  std::string out = fmt::format("<g transform=\"translate(0 {})\">\n", top);
  const std::string name = xml_text(line.name, kNameBytes);
  out +=
      text_at(kLeft, 18, "start", fmt::format("{}: burn rate, objective {} %", name, xml_text(line.target)));
  if (line.course.empty()) return out + text_at(kWidth / 2, kPanel / 2, "middle", "no data") + "</g>\n";
  const TimeAxis axis{line.course.front().start, line.course.back().start};
  out += rule_at(1, "#cf222e") + rule_at(14.4, "#d8dee4") + rule_at(64, "#d8dee4") + curve_of(line, axis);
  out += text_at(kLeft, kPanel - 8, "start", to_string(axis.from).substr(0, 16) + "Z");
  out += text_at(kWidth - kRight, kPanel - 8, "end", to_string(axis.to).substr(0, 16) + "Z");
  return out + "</g>\n";
}

}  // namespace

std::string slo_chart(const std::vector<ChartLine>& lines) {
  const double height = kPanel * static_cast<double>(std::max<std::size_t>(1, lines.size()));
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "role=\"img\" "
      "font-family=\"sans-serif\" font-size=\"12\" fill=\"#1f2328\">\n"
      "<title>Burn rates of {2}</title>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
      kWidth, height, counted(lines.size(), "objective"));
  for (std::size_t i = 0; i < lines.size(); ++i) out += panel_of(lines[i], kPanel * static_cast<double>(i));
  return out + "</svg>\n";
}

}  // namespace gate::render
