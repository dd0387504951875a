#include "gate/load/tap.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/line_reader.h"
#include "gate/load/report_case.h"
#include "gate/load/report_text.h"
#include "gate/load/report_time.h"
#include "gate/load/tap_line.h"

namespace gate::load {
namespace {

using testing::Outcome;
using testing::TestCase;
using testing::Weight;
using Kind = TapLine::Kind;

constexpr std::size_t kMaxLine = std::size_t{64} * 1024;
constexpr std::size_t kMaxLevels = 64;

// A stream of tests: the document, or a subtest within it.
struct Level {
  std::size_t indent = 0;
  std::string name;
  std::size_t parent_path = 0;  // length of the path without this level
  std::optional<std::uint64_t> plan;
  bool plan_closes = false;  // it stands behind tests
  std::uint64_t seen = 0;
  std::uint64_t counted = 0;  // tests told of, in it and below it
  std::uint64_t failures = 0;
};

class TapReader final : public ReportParser {
 public:
  explicit TapReader(testing::ReportTally& tally) : tally_(tally) { levels_.emplace_back(); }

  void consume(std::string_view text) override {
    lines_.feed(text, [this](std::string_view line, bool) { take(line); });
  }

  void finish() override {
    lines_.finish([this](std::string_view line, bool) { take(line); });
    close_document();
  }

 private:
  void take(std::string_view text) {
    ++line_;
    if (bailed_out_) return;
    const TapLine line = parse_tap_line(text);
    if (in_yaml_ && (line.kind != Kind::test || line.indent > levels_.back().indent)) {
      take_yaml(line, text);
      return;
    }
    switch (line.kind) {
      case Kind::version: start_document(line); break;
      case Kind::plan: take_plan(line); break;
      case Kind::test: take_test(line); break;
      case Kind::bail_out: bail_out(line); break;
      case Kind::subtest: name_subtest(line); break;
      case Kind::comment: comments_.append(std::string{line.text} + "\n"); break;
      case Kind::yaml_start: in_yaml_ = levels_.back().seen > 0 && line.indent > levels_.back().indent; break;
      case Kind::yaml_end:
      case Kind::other: break;
    }
  }

  // Names the tests that follow, one level further in. An indented one without a name before it names the
  // level it stands in (Test::More before 1.3).
  void name_subtest(const TapLine& line) {
    if (line.indent > levels_.back().indent && !subtest_name_.empty()) level_at(line.indent);
    subtest_name_.assign(line.text.substr(0, kMaxName));
  }

  // Several documents may have been put together into one file.
  void start_document(const TapLine& line) {
    const Level& document = levels_.front();
    if (line.indent > 0 || (document.seen == 0 && !document.plan)) return;
    close_document();
    levels_.assign(1, Level{});
    path_.clear();
  }

  void close_document() {
    flush();
    while (levels_.size() > 1) close_level();
    check_plan(levels_.front());
  }

  void take_plan(const TapLine& line) {
    Level& level = level_at(line.indent);
    if (level.plan) fail("a second plan");
    level.plan = line.planned;
    level.plan_closes = level.seen > 0;
    if (line.planned == 0 && line.directive == TapLine::Directive::skip) {
      tally_.remark({"tests.all_skipped", Weight::note, path_,
                     fmt::format("every test was skipped: {}", line.reason), line_, 0});
    }
  }

  void take_test(const TapLine& line) {
    flush();
    Level below;  // what the subtests of this test added up to
    Level& level = level_at(line.indent, &below);
    if (level.plan && level.plan_closes) fail("a test stands behind the plan that closes the tests");
    ++level.seen;
    if (line.number && *line.number != level.seen) {
      tally_.remark({"tests.out_of_sequence", Weight::note, path_,
                     fmt::format("test {} stands where {} is due", *line.number, level.seen), line_, 0});
    }
    level.counted += below.counted;
    level.failures += below.failures;
    start_pending(line, level);
    if (below.counted > 0 && (below.failures > 0 || !is_failure(pending_.outcome))) has_pending_ = false;
  }

  void start_pending(const TapLine& line, const Level& level) {
    clear(pending_);
    comments_.clear();
    yaml_.clear();
    yaml_message_.clear();
    message_follows_ = false;
    has_pending_ = true;
    subtest_name_.clear();
    pending_.suite = path_;
    assign_name(pending_.name, line.description);
    if (pending_.name.empty()) pending_.name = fmt::format("(unnamed #{})", level.seen);
    pending_.outcome = line.ok ? Outcome::passed : Outcome::failed;
    if (line.ok && line.directive == TapLine::Directive::skip) pending_.outcome = Outcome::skipped;
    if (!line.ok && line.directive == TapLine::Directive::todo) pending_.outcome = Outcome::xfailed;
    pending_.message = message_of(line.reason);
    pending_.duration = line.duration;
  }

  // A test is told of once the lines that explain it have been read.
  void flush() {
    in_yaml_ = false;
    if (!has_pending_) return;
    has_pending_ = false;
    if (pending_.outcome != Outcome::passed) {
      std::string why = yaml_message_.empty() ? std::move(pending_.message) : yaml_message_;
      if (why.empty()) why = message_of(comments_.text());
      if (why.empty() && is_failure(pending_.outcome)) why = "no message";
      explain(pending_, why, comments_.text() + yaml_.text());
    }
    Level& level = levels_.back();
    ++level.counted;
    if (is_failure(pending_.outcome)) ++level.failures;
    tally_.add(pending_);
  }

  // The level of that indent; deeper ones end, and `below` gets what the last of them added up to.
  Level& level_at(std::size_t indent, Level* below = nullptr) {
    while (levels_.size() > 1 && indent < levels_.back().indent) {
      Level closed = close_level();
      if (below == nullptr || indent < levels_.back().indent) {
        levels_.back().counted += closed.counted;
        levels_.back().failures += closed.failures;
      } else {
        *below = std::move(closed);
      }
    }
    if (indent > levels_.back().indent && levels_.size() < kMaxLevels) {
      flush();
      open_level(indent);
    }
    return levels_.back();
  }

  void open_level(std::size_t indent) {
    Level level;
    level.indent = indent;
    level.parent_path = path_.size();
    assign_name(level.name,
                subtest_name_.empty() ? fmt::format("subtest {}", levels_.back().seen + 1) : subtest_name_);
    subtest_name_.clear();
    if (path_.size() + level.name.size() < kMaxName) path_ += (path_.empty() ? "" : "/") + level.name;
    if (levels_.size() == 1) tally_.enter_top_suite(level.name, 0);
    levels_.push_back(std::move(level));
  }

  Level close_level() {
    flush();
    Level level = std::move(levels_.back());
    check_plan(level);
    levels_.pop_back();
    path_.resize(level.parent_path);
    if (levels_.size() == 1) tally_.leave_top_suite(0);
    return level;
  }

  void check_plan(const Level& level) {
    if (bailed_out_) return;
    const std::string where = level.name.empty() ? "" : fmt::format(" in {}", shortened(level.name, 80));
    if (!level.plan) {
      fail(fmt::format("no plan{}: the report may be cut off after {}", where, counted(level.seen, "test")));
    } else if (*level.plan != level.seen) {
      fail(fmt::format("{} planned{}, {} there", counted(*level.plan, "test"), where, level.seen));
    }
  }

  void bail_out(const TapLine& line) {
    flush();
    fail(line.text.empty() ? "bailed out" : fmt::format("bailed out: {}", message_of(line.text)));
    bailed_out_ = true;
  }

  // Of a diagnostic block: what it says of the message and the time; the rest is details.
  void take_yaml(const TapLine& line, std::string_view text) {
    if (line.kind == Kind::yaml_end) {
      in_yaml_ = false;
      return;
    }
    yaml_.append(std::string{trim(text)} + "\n");
    if (message_follows_ && !line.text.empty()) {
      message_follows_ = false;
      yaml_message_ = message_of(line.text);
    }
    const std::size_t colon = line.text.find(':');
    if (colon != std::string_view::npos)
      take_yaml_pair(line.text.substr(0, colon), trim(line.text.substr(colon + 1)));
  }

  void take_yaml_pair(std::string_view key, std::string_view value) {
    if (value.size() >= 2 && (value[0] == '\'' || value[0] == '"') && value.back() == value[0]) {
      value = value.substr(1, value.size() - 2);
    }
    if ((key == "message" || key == "error") && yaml_message_.empty() && !value.empty()) {
      message_follows_ = value[0] == '|' || value[0] == '>';  // a block: its first line
      if (!message_follows_) yaml_message_ = message_of(value);
    }
    constexpr int kMillisecondsInSecond = 1000;
    if (key == "duration_ms") {
      if (const auto time = parse_seconds(value).duration) pending_.duration = *time / kMillisecondsInSecond;
    }
  }

  void fail(std::string why) { tally_.fail({std::move(why), line_, 0}); }

  testing::ReportTally& tally_;
  LineReader lines_{kMaxLine};
  std::size_t line_ = 0;
  std::vector<Level> levels_;
  std::string path_;  // names of the open subtests, joined by '/'
  std::string subtest_name_;
  TestCase pending_;
  bool has_pending_ = false;
  bool in_yaml_ = false;
  bool bailed_out_ = false;
  CappedText comments_{kMaxDetails};  // behind the pending test
  CappedText yaml_{kMaxDetails};
  std::string yaml_message_;
  bool message_follows_ = false;
};

}  // namespace

std::unique_ptr<ReportParser> tap_parser(testing::ReportTally& tally) {
  return std::make_unique<TapReader>(tally);
}

bool looks_like_tap(std::string_view opening) {
  constexpr std::size_t kLooked = std::size_t{64} * 1024;
  for (const std::string_view line : split(opening.substr(0, kLooked), '\n')) {
    switch (parse_tap_line(line).kind) {
      case Kind::version:
      case Kind::plan:
      case Kind::test:
      case Kind::bail_out: return true;
      default: break;
    }
  }
  return false;
}

}  // namespace gate::load
