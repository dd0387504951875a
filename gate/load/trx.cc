#include "gate/load/trx.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/report_case.h"
#include "gate/load/report_text.h"
#include "gate/load/report_time.h"
#include "gate/load/test_status.h"

namespace gate::load {
namespace {

using testing::Outcome;
using testing::TestCase;
using testing::Weight;

// Tests that wait for their class; further ones go without.
constexpr std::size_t kMostWaiting = 20'000;

enum class Element : std::uint8_t {
  other,
  result,
  error_info,
  unit_test,
  run_info,
  message,
  trace,
  run_text
};

// An outcome that is left out is the first of the format's enumeration: Error.
Outcome outcome_of(const XmlAttributes& attributes) {
  const std::string_view outcome = attributes["outcome"];
  if (outcome.empty()) return Outcome::errored;
  if (outcome == "Completed" || outcome == "Warning") return Outcome::passed;
  return outcome_of_status(outcome).value_or(Outcome::not_run);
}

class TrxReader final : public XmlDialect {
 public:
  explicit TrxReader(testing::ReportTally& tally) : tally_(tally) {}

  void start(std::string_view name, const XmlAttributes& attributes) override {
    const Element element = element_of(name);
    open_.push_back(element);
    if (name == "Times") read_times(attributes);
    if (name == "Counters") read_counters(attributes);
    if (name == "ResultSummary") summary_outcome_.assign(attributes["outcome"].substr(0, kMaxMessage));
    if (element == Element::result) start_result(attributes);
    if (element == Element::unit_test) {
      test_id_.assign(attributes["id"].substr(0, kMaxName));
      note_id(test_id_, defined_);
    }
    if (name == "TestMethod" && !test_id_.empty()) name_class(attributes["className"]);
    if (element == Element::run_info) run_info_counts_ = is_failure(outcome_of(attributes));
  }

  void end(std::string_view) override {
    const Element element = open_.back();
    open_.pop_back();
    if (element == Element::result) end_result();
    if (element == Element::unit_test) test_id_.clear();
  }

  void text(std::string_view piece) override {
    switch (open_.back()) {
      case Element::message: results_.back().message.append(piece); break;
      case Element::trace: results_.back().trace.append(piece); break;
      case Element::run_text:
        if (run_info_counts_) run_text_.append(piece);
        break;
      default: break;
    }
  }

  [[nodiscard]] bool wants_text() const override {
    return !open_.empty() && open_.back() >= Element::message;
  }

  void close(bool whole) override {
    for (Waiting& waiting : waiting_) tally_.add(waiting.test);
    waiting_.clear();
    if (!whole || tally_.totals().failures() > 0) return;
    tell_claimed_failures(claimed_ + without_result(), line(), tally_);
    if (!ended_badly() && run_text_.empty()) return;
    tally_.remark(
        {"tests.suite_failed",
         Weight::error,
         {},
         run_text_.empty() ? "the run ended with outcome " + summary_outcome_ : message_of(run_text_.text()),
         line(),
         0});
  }

 private:
  // A result being read: inner results make a stack of them.
  struct Open {
    TestCase test;
    std::string id;
    std::uint64_t inner = 0;
    std::uint64_t inner_failures = 0;
    CappedText message{kMaxDetails};
    CappedText trace{kMaxDetails};
  };
  struct Waiting {
    TestCase test;
    std::string id;
  };

  [[nodiscard]] Element element_of(std::string_view name) const {
    if (name == "UnitTestResult" || name == "TestResult" || name == "ManualTestResult" ||
        name == "WebTestResult") {
      return results_.size() < kMaxInner ? Element::result : Element::other;
    }
    const Element parent = open_.empty() ? Element::other : open_.back();
    if (parent == Element::error_info) {
      if (name == "Message") return Element::message;
      return name == "StackTrace" ? Element::trace : Element::other;
    }
    if (!results_.empty()) return name == "ErrorInfo" ? Element::error_info : Element::other;
    if (name == "UnitTest") return Element::unit_test;
    if (name == "RunInfo") return Element::run_info;
    return name == "Text" && parent == Element::run_info ? Element::run_text : Element::other;
  }

  // An outcome that does not say that the run went well may hide that it did not.
  [[nodiscard]] bool ended_badly() const {
    if (summary_outcome_.empty() || summary_outcome_ == "Completed" || summary_outcome_ == "Warning")
      return false;
    const auto outcome = outcome_of_status(summary_outcome_);
    return outcome != Outcome::passed && outcome != Outcome::skipped;
  }

  void read_counters(const XmlAttributes& attributes) {
    for (const char* count :
         {"failed", "error", "timeout", "aborted", "passedButRunAborted", "notRunnable", "disconnected"}) {
      claimed_ += line_number(attributes[count]);
    }
  }

  void note_id(const std::string& id, std::vector<std::size_t>& ids) {
    all_noted_ = all_noted_ && !id.empty() && ids.size() < kMostIds;
    if (all_noted_) ids.push_back(std::hash<std::string>{}(id));
  }

  // How many tests are defined and have no result, as where the run broke off.
  [[nodiscard]] std::uint64_t without_result() {
    if (!all_noted_) return 0;
    std::sort(results_of_.begin(), results_of_.end());
    return static_cast<std::uint64_t>(std::count_if(defined_.begin(), defined_.end(), [this](std::size_t id) {
      return !std::binary_search(results_of_.begin(), results_of_.end(), id);
    }));
  }

  void read_times(const XmlAttributes& attributes) {
    const auto start = parse_report_moment(attributes["start"]);
    const auto finish = parse_report_moment(attributes["finish"]);
    if (start && start->zoned) tally_.set_started(start->at);
    if (start && finish && finish->at > start->at) tally_.set_wall(finish->at - start->at);
  }

  void start_result(const XmlAttributes& attributes) {
    ++tests_;
    Open& open = results_.emplace_back();
    assign_full_name(open.test, attributes["testName"]);
    if (open.test.name.empty()) open.test.name = fmt::format("(unnamed #{})", tests_);
    open.id.assign(attributes["testId"].substr(0, kMaxName));
    note_id(open.id, results_of_);
    open.test.outcome = outcome_of(attributes);
    if (attributes["outcome"] == "Warning") tell_warned(open.test, line(), tally_);
    open.test.duration = parse_clock_time(attributes["duration"]).duration;
  }

  void end_result() {
    Open open = std::move(results_.back());
    results_.pop_back();
    const bool failure = is_failure(open.test.outcome);
    if (!results_.empty()) {
      ++results_.back().inner;
      if (failure || open.inner_failures > 0) ++results_.back().inner_failures;
      if (results_.back().test.class_name.empty()) open.id = results_.back().id;
    }
    // What only sums up its inner results is no test of its own.
    if (open.inner > 0 && (!failure || open.inner_failures > 0)) return;
    if (open.test.outcome != Outcome::passed) explain(open.test, open.message.text(), open.trace.text());
    if (open.test.outcome == Outcome::passed && !tally_.keeps_passed()) {
      tally_.add(open.test);
    } else if (waiting_.size() < kMostWaiting || tally_.keeps_passed()) {
      by_id_[open.id].push_back(waiting_.size());
      waiting_.push_back(Waiting{std::move(open.test), std::move(open.id)});
    } else {
      tally_.add(open.test);
    }
  }

  void name_class(std::string_view class_name) {
    const auto found = by_id_.find(test_id_);
    if (found == by_id_.end()) return;
    // An older writer adds the assembly: "Ns.Class, Assembly, Version=…".
    const std::string_view plain = class_name.substr(0, class_name.find(','));
    for (const std::size_t i : found->second) {
      if (waiting_[i].test.class_name.empty()) assign_name(waiting_[i].test.class_name, plain);
    }
  }

  static constexpr std::size_t kMaxInner = 16;
  static constexpr std::size_t kMostIds = 1'000'000;

  testing::ReportTally& tally_;
  std::vector<Element> open_;
  std::vector<Open> results_;
  std::vector<Waiting> waiting_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_id_;
  std::vector<std::size_t> defined_;  // hashes of the ids of the definitions
  std::vector<std::size_t> results_of_;
  bool all_noted_ = true;  // of both
  std::string test_id_;    // of the <UnitTest> being read
  std::string summary_outcome_;
  CappedText run_text_{kMaxMessage};
  bool run_info_counts_ = false;
  std::uint64_t claimed_ = 0;  // failures by the counters
  std::uint64_t tests_ = 0;
};

}  // namespace

std::unique_ptr<XmlDialect> trx_dialect(testing::ReportTally& tally) {
  return std::make_unique<TrxReader>(tally);
}

}  // namespace gate::load
