#include "gate/load/go_json.h"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/go_package.h"
#include "gate/load/json.h"
#include "gate/load/json_lookup.h"
#include "gate/load/line_reader.h"
#include "gate/load/report_detect.h"
#include "gate/load/report_text.h"
#include "gate/load/report_time.h"

namespace gate::load {
namespace {

namespace json = boost::json;
using testing::Outcome;
using testing::Weight;

constexpr std::size_t kMaxLine = std::size_t{4} << 20U;
constexpr std::size_t kMaxPackages = 10'000;  // that run at once
constexpr std::size_t kMaxTests = 100'000;    // of all packages that run at once
constexpr std::size_t kMaxBuilds = 1'000;

std::optional<testing::Duration> elapsed_in(const json::object& event) {
  const auto seconds = number_in(event, "Elapsed");
  constexpr double kYear = 366.0 * 24 * 3600;
  if (!seconds || !(*seconds >= 0) || *seconds > kYear) return std::nullopt;
  constexpr double kNanos = 1e9;
  return testing::Duration{std::llround(*seconds * kNanos)};
}

std::optional<Outcome> ending(std::string_view action) {
  if (action == "pass") return Outcome::passed;
  if (action == "fail") return Outcome::failed;
  if (action == "skip") return Outcome::skipped;
  return std::nullopt;
}

// The package of the line "FAIL\tp [build failed]" or "FAIL\tp\t0.1s"; empty for any other line.
std::string_view failed_package(std::string_view line) {
  constexpr std::string_view kFail = "FAIL\t";
  if (!line.starts_with(kFail)) return {};
  line.remove_prefix(kFail.size());
  return line.substr(0, line.find_first_of(" \t\r\n"));
}

bool never_ran(std::string_view line) {
  return line.ends_with("[build failed]") || line.ends_with("[setup failed]");
}

class GoJsonReader final : public ReportParser {
 public:
  explicit GoJsonReader(testing::ReportTally& tally) : tally_(tally), reader_(JsonLimits{kMaxLine}) {}

  void consume(std::string_view text) override {
    lines_.feed(text, [this](std::string_view line, bool cut) { take(line, cut); });
  }

  void finish() override {
    lines_.finish([this](std::string_view line, bool cut) { take(line, cut); });
    for (auto& [name, package] : packages_) {
      fail(fmt::format("the report ends while package {} still runs", shortened(name, 200)));
      package.abandon();
    }
    packages_.clear();
    for (const auto& [import_path, output] : builds_) {
      if (!output.failed) continue;
      GoPackage{import_path, tally_}.end(true, output.text.text());
      note_failed(std::string_view{import_path}.substr(0, import_path.find(' ')));
    }
    tell_printed_failures();
    tell_times();
    if (other_lines_ > 0) {
      tally_.remark({"tests.other_lines",
                     Weight::note,
                     {},
                     counted(other_lines_, "line") + " that are no test events",
                     first_other_line_,
                     0});
    }
  }

 private:
  struct Build {
    CappedText text{kMaxDetails};
    bool failed = false;
  };

  void take(std::string_view line, bool cut) {
    ++line_;
    if (gave_up_ || trim(line).empty()) return;
    if (cut) {
      fail(fmt::format("a line is longer than {} bytes", kMaxLine));
      return;
    }
    if (line.substr(0, 2) != "{\"") {
      take_printed(trim(line));
      pass_over();
      return;
    }
    const auto document = reader_.read(line);
    if (!document) {
      fail(document.error().message);
      return;
    }
    const json::object& event = as_object((*document)->root);
    if (text_in(event, "Action").empty()) {
      pass_over();
    } else {
      take_event(event);
    }
  }

  void pass_over() {
    if (++other_lines_ == 1) first_other_line_ = line_;
  }

  // A build or a run that broke down tells of it beside the events, or instead of them.
  void take_printed(std::string_view line) {
    const std::string_view package = failed_package(line);
    if (!package.empty()) {
      take_printed_failure(package, line);
    } else if (printed_failure_.empty() && (line == "FAIL" || line.starts_with("panic: "))) {
      printed_failure_ = message_of(line);
    }
  }

  void take_printed_failure(std::string_view package, std::string_view line) {
    if (printed_failures_.size() < kMaxBuilds) {
      printed_failures_.try_emplace(std::string{package}, message_of(line));
    } else if (printed_failures_.find(package) == printed_failures_.end()) {
      give_up("too many packages that failed");
    }
  }

  void note_failed(std::string_view package) {
    if (failed_packages_.size() < kMaxPackages) failed_packages_.emplace(package);
  }

  void tell_printed_failures() {
    for (const auto& [package, line] : printed_failures_) {
      if (failed_packages_.find(package) == failed_packages_.end())
        GoPackage{package, tally_}.end(true, line);
    }
    if (!printed_failure_.empty() && tally_.totals().failures() == 0)
      GoPackage{"(run)", tally_}.end(true, printed_failure_);
  }

  void take_event(const json::object& event) {
    const std::string_view action = text_in(event, "Action");
    const std::string_view time = text_in(event, "Time");
    if (first_time_.empty()) first_time_.assign(time.substr(0, kMaxTime));
    if (!time.empty()) last_time_.assign(time.substr(0, kMaxTime));
    if (action == "build-output" || action == "build-fail") {
      take_build(event, action == "build-fail");
      return;
    }
    GoPackage* package = package_named(text_in(event, "Package"));
    if (package == nullptr) return;
    const std::string_view test = text_in(event, "Test");
    const auto outcome = ending(action);
    if (action == "run" && !test.empty()) {
      run(*package, test);
    } else if (action == "output") {
      const std::string_view output = text_in(event, "Output");
      package->print(test, output);
      if (test.empty() && never_ran(trim(output)) && !failed_package(output).empty())
        take_printed_failure(text_in(event, "Package"), trim(output));
    } else if (outcome && !test.empty()) {
      const std::size_t before = package->open_tests();
      package->end_test(test, *outcome, elapsed_in(event));
      open_tests_ -= before - package->open_tests();
    } else if (outcome) {
      end_package(event, *package, *outcome == Outcome::failed);
    }
  }

  void run(GoPackage& package, std::string_view test) {
    const std::size_t before = package.open_tests();
    package.run(test);
    open_tests_ += package.open_tests() - before;
    if (open_tests_ > kMaxTests) give_up("too many tests run at once");
  }

  void end_package(const json::object& event, GoPackage& package, bool failed) {
    const auto build = builds_.find(text_in(event, "FailedBuild"));
    open_tests_ -= package.open_tests();
    package.end(failed,
                build == builds_.end() ? std::string_view{} : std::string_view{build->second.text.text()});
    if (build != builds_.end()) build->second.failed = false;  // told
    if (failed) note_failed(text_in(event, "Package"));
    packages_.erase(packages_.find(text_in(event, "Package")));
  }

  void take_build(const json::object& event, bool failed) {
    const std::string_view import_path = text_in(event, "ImportPath");
    const auto found = builds_.find(import_path);
    if (found == builds_.end() && builds_.size() == kMaxBuilds) {
      give_up("too many packages that do not build");
      return;
    }
    Build& build = found != builds_.end() ? found->second : builds_[std::string{import_path}];
    build.failed = build.failed || failed;
    build.text.append(text_in(event, "Output"));
  }

  GoPackage* package_named(std::string_view name) {
    const auto found = packages_.find(name);
    if (found != packages_.end()) return &found->second;
    if (packages_.size() == kMaxPackages) {
      give_up("too many packages run at once");
      return nullptr;
    }
    return &packages_.emplace(name, GoPackage{std::string{name}, tally_}).first->second;
  }

  void tell_times() {
    const auto first = parse_report_moment(first_time_);
    const auto last = parse_report_moment(last_time_);
    if (first && first->zoned) tally_.set_started(first->at);
    if (first && last && last->at > first->at) tally_.set_wall(last->at - first->at);
  }

  void fail(std::string why) { tally_.fail({std::move(why), line_, 0}); }
  void give_up(std::string why) {
    fail(std::move(why));
    gave_up_ = true;
  }

  static constexpr std::size_t kMaxTime = 64;

  testing::ReportTally& tally_;
  LineReader lines_{kMaxLine};
  JsonReader reader_;
  std::size_t line_ = 0;
  std::map<std::string, GoPackage, std::less<>> packages_;  // that have not ended
  std::map<std::string, Build, std::less<>> builds_;
  std::set<std::string, std::less<>> failed_packages_;
  std::map<std::string, std::string, std::less<>> printed_failures_;  // by package: the line that tells
  std::string printed_failure_;                                       // the first line of no package
  std::size_t open_tests_ = 0;
  std::uint64_t other_lines_ = 0;
  std::size_t first_other_line_ = 0;
  std::string first_time_;
  std::string last_time_;
  bool gave_up_ = false;
};

bool is_event(std::string_view line) {
  const JsonOpening seen = look_at_json(line);
  bool action = false;
  bool about = false;
  for (std::size_t i = 0; i < seen.keys.size(); ++i) {
    action = action || (seen.keys[i] == "Action" && seen.values[i] == '"');
    about = about || seen.keys[i] == "Package" || seen.keys[i] == "ImportPath" || seen.keys[i] == "Test" ||
            seen.keys[i] == "Time";
  }
  return action && about;
}

}  // namespace

std::unique_ptr<ReportParser> go_json_parser(testing::ReportTally& tally) {
  return std::make_unique<GoJsonReader>(tally);
}

bool looks_like_go_json(std::string_view opening) {
  constexpr std::size_t kLooked = std::size_t{64} * 1024;
  for (const std::string_view line : split(opening.substr(0, kLooked), '\n')) {
    if (line.substr(0, 2) == "{\"" && is_event(line)) return true;
  }
  return false;
}

}  // namespace gate::load
