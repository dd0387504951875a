#include "gate/slo/sparkline.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gate::slo {
namespace {

constexpr std::array<std::string_view, 8> kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::string_view kNothing = "·";

std::string_view block_of(double burn_rate) {
  std::size_t height = 0;
  for (double step = 0.5; height + 1 < kBlocks.size() && burn_rate > step; step *= 2) ++height;
  return kBlocks[height];
}

// Where a moment falls among `width` stretches of the course.
std::size_t column_of(const Slice& slice, const std::vector<Slice>& course, std::size_t width) {
  const auto whole = (course.back().start - course.front().start).count() + 1;
  const auto passed = (slice.start - course.front().start).count();
  return std::min(width - 1,
                  static_cast<std::size_t>(static_cast<double>(passed) / static_cast<double>(whole) *
                                           static_cast<double>(width)));
}

}  // namespace

std::string sparkline(const std::vector<Slice>& course, double budget, std::size_t width) {
  if (course.empty() || width == 0) return {};
  std::vector<Events> columns(std::min(width, course.size()));
  for (const Slice& slice : course) {
    Events& column = columns[column_of(slice, course, columns.size())];
    column.total += slice.events.total;
    column.bad_most += slice.events.bad_most;
  }
  std::string line;
  for (const Events& column : columns) {
    line += column.total > 0 ? block_of(column.bad_most / column.total / budget) : kNothing;
  }
  return line;
}

}  // namespace gate::slo
