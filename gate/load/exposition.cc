#include "gate/load/exposition.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/base/utf8.h"
#include "gate/load/metric_number.h"

namespace gate::load {
namespace {

constexpr std::size_t kMaxLabels = 1'000;

bool is_metric_char(char c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         (!first && c >= '0' && c <= '9');
}

// Reads one line from left to right; the first thing that is wrong ends it.
class LineScan {
 public:
  LineScan(std::string_view line, std::size_t number, std::optional<Error>& failure)
      : line_(line), number_(number), failure_(&failure) {}

  [[nodiscard]] bool failed() const { return failure_->has_value(); }
  [[nodiscard]] bool ends() const { return at_ == line_.size(); }
  [[nodiscard]] std::string_view rest() const { return line_.substr(at_); }

  void fail(std::string_view why) {
    if (failed()) return;
    const std::size_t column = count_code_points(line_.substr(0, at_)) + 1;
    *failure_ = Error{ErrorCode::malformed, fmt::format("{}:{}: {}", number_, column, why)};
  }

  bool skip_space() {
    const std::size_t start = at_;
    while (!ends() && (line_[at_] == ' ' || line_[at_] == '\t')) ++at_;
    return at_ > start;
  }

  bool take(char c) {
    if (ends() || line_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view name(bool with_colon, std::string_view what) {
    const std::size_t start = at_;
    while (!ends() && is_metric_char(line_[at_], at_ == start) && (with_colon || line_[at_] != ':')) ++at_;
    if (at_ == start) fail(fmt::format("{} is wanted", what));
    return line_.substr(start, at_ - start);
  }

  // What stands up to the next white space.
  std::string_view word() {
    const std::size_t start = at_;
    while (!ends() && line_[at_] != ' ' && line_[at_] != '\t') ++at_;
    return line_.substr(start, at_ - start);
  }

  std::string quoted() {
    if (!take('"')) fail("a quoted value is wanted");
    std::string value;
    while (!failed() && !take('"')) {
      if (ends()) {
        fail("the quote is not closed");
      } else if (line_[at_] == '\\') {
        value += escape();
      } else {
        value += line_[at_++];
      }
    }
    return value;
  }

  double number(std::string_view what) {
    const std::size_t start = at_;
    const auto number = read_metric_number(word());
    if (number) return *number;
    at_ = start;
    fail(fmt::format("{} is wanted", what));
    return 0;
  }

 private:
  char escape() {
    const char c = at_ + 1 < line_.size() ? line_[at_ + 1] : '\0';
    if (c != '\\' && c != '"' && c != 'n') fail("one of \\\\ \\\" \\n is wanted");
    at_ = std::min(at_ + 2, line_.size());
    return c == 'n' ? '\n' : c;
  }

  std::string_view line_;
  std::size_t number_;
  std::size_t at_ = 0;
  std::optional<Error>* failure_;
};

std::vector<Label> read_labels(LineScan& scan) {
  std::vector<Label> labels;
  if (!scan.take('{')) return labels;
  for (scan.skip_space(); !scan.failed() && !scan.take('}'); scan.skip_space()) {
    if (labels.size() == kMaxLabels) scan.fail(fmt::format("more than {} labels", grouped(kMaxLabels)));
    Label label;
    label.first = scan.name(false, "a label");
    scan.skip_space();
    if (!scan.failed() && !scan.take('=')) scan.fail("'=' is wanted");
    scan.skip_space();
    label.second = scan.quoted();
    scan.skip_space();
    if (!scan.failed() && !scan.take(',') && !scan.rest().starts_with("}")) scan.fail("',' or '}' is wanted");
    labels.push_back(std::move(label));
  }
  std::sort(labels.begin(), labels.end());
  const auto same = [](const Label& a, const Label& b) { return a.first == b.first; };
  const auto twice = std::adjacent_find(labels.begin(), labels.end(), same);
  if (twice != labels.end()) scan.fail(fmt::format("the label {} stands there twice", twice->first));
  return labels;
}

class PageReader {
 public:
  explicit PageReader(bool is_open_metrics) : is_open_metrics_(is_open_metrics) {}

  Result<Exposition> read(std::string_view text) {
    std::size_t number = 0;
    while (!text.empty() && !failure_) {
      ++number;
      const std::size_t end = text.find('\n');
      LineScan scan{text.substr(0, end), number, failure_};
      if (end == std::string_view::npos) {
        scan.fail("the page is cut off: its last line does not end");
        break;
      }
      if (!is_utf8(text.substr(0, end))) scan.fail("not UTF-8");
      read_line(scan, number);
      text.remove_prefix(end + 1);
    }
    if (!failure_ && is_open_metrics_ && !ended_)
      failure_ = Error{ErrorCode::malformed,
                       fmt::format("{}:1: the page is cut off: `# EOF` is missing", number + 1)};
    refuse_duplicates();
    if (failure_) return *failure_;
    return std::move(page_);
  }

 private:
  void read_line(LineScan& scan, std::size_t number) {
    if (ended_) return scan.fail("a line after `# EOF`");
    if (is_open_metrics_ && scan.rest() == "# EOF") {
      ended_ = true;
      return;
    }
    scan.skip_space();
    if (scan.ends()) {
      if (is_open_metrics_) scan.fail("an empty line");
      return;
    }
    if (scan.take('#')) return read_comment(scan);
    read_sample(scan, number);
  }

  void read_comment(LineScan& scan) {
    scan.skip_space();
    if (scan.word() != "TYPE") return;
    scan.skip_space();
    const std::string metric{scan.name(true, "a metric")};
    scan.skip_space();
    const std::string_view type = scan.word();
    if (scan.failed()) return;
    const std::set<std::string_view> known{"counter", "gauge",          "histogram", "summary", "untyped",
                                           "unknown", "gaugehistogram", "info",      "stateset"};
    if (!known.contains(type)) return scan.fail(fmt::format("\"{}\" is no type", shortened(type, 32)));
    if (!page_.types.emplace(metric, type).second) scan.fail(fmt::format("{} has two types", metric));
  }

  void read_sample(LineScan& scan, std::size_t number) {
    ExposedSample sample;
    sample.line = number;
    sample.metric = scan.name(true, "a metric");
    scan.skip_space();
    sample.labels = read_labels(scan);
    scan.skip_space();
    sample.value = scan.number("a number");
    if (scan.skip_space() && !scan.ends() && !scan.rest().starts_with("#")) {
      sample.at = timestamp(scan);
      scan.skip_space();
    }
    if (is_open_metrics_ && scan.rest().starts_with("# {")) return keep(std::move(sample));
    if (!scan.failed() && !scan.ends()) return scan.fail("the end of the line is wanted");
    keep(std::move(sample));
  }

  // Milliseconds in the one format, seconds in the other.
  std::optional<Timestamp> timestamp(LineScan& scan) const {
    const double moment = scan.number("a timestamp") * (is_open_metrics_ ? 1000 : 1);
    constexpr double kYear9999 = 253'402'300'799'999.0;
    if (!(std::abs(moment) <= kYear9999)) {
      scan.fail("a timestamp out of range");
      return std::nullopt;
    }
    return Timestamp{std::chrono::milliseconds{static_cast<std::int64_t>(moment)}};
  }

  void keep(ExposedSample sample) {
    if (!failure_) page_.samples.push_back(std::move(sample));
  }

  void refuse_duplicates() {
    const auto series = [](const ExposedSample& sample) { return std::tie(sample.metric, sample.labels); };
    std::stable_sort(page_.samples.begin(), page_.samples.end(),
                     [&](const auto& a, const auto& b) { return series(a) < series(b); });
    if (failure_) return;
    const auto twice =
        std::adjacent_find(page_.samples.begin(), page_.samples.end(),
                           [&](const auto& a, const auto& b) { return series(a) == series(b); });
    if (twice == page_.samples.end()) return;
    failure_ = Error{ErrorCode::malformed, fmt::format("{}:1: this series of {} stands in line {} too",
                                                       (twice + 1)->line, twice->metric, twice->line)};
  }

  bool is_open_metrics_;
  bool ended_ = false;
  Exposition page_;
  std::optional<Error> failure_;
};

}  // namespace

Result<Exposition> parse_exposition(std::string_view text, ExpositionFormat format) {
  if (text.size() > kMaxExposition)
    return Error{ErrorCode::budget, fmt::format("longer than {} bytes", grouped(kMaxExposition))};
  const bool has_end = text.ends_with("\n# EOF\n") || text == "# EOF\n";
  const bool is_open_metrics =
      format == ExpositionFormat::open_metrics || (format == ExpositionFormat::by_content && has_end);
  return PageReader{is_open_metrics}.read(text);
}

}  // namespace gate::load
