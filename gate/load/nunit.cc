#include "gate/load/nunit.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/report_case.h"
#include "gate/load/report_text.h"
#include "gate/load/report_time.h"

namespace gate::load {
namespace {

using testing::Outcome;
using testing::Weight;

enum class Element : std::uint8_t { other, suite, test, section, message, trace };

struct Result {
  std::string_view result;
  std::string_view label;  // empty: whatever it is
  Outcome outcome;
};

// The first row that fits. Version 3's results first, then what only version 2 has.
constexpr std::array kResults{
    Result{"Passed", "", Outcome::passed},          Result{"Warning", "", Outcome::passed},
    Result{"Failed", "Error", Outcome::errored},    Result{"Failed", "Cancelled", Outcome::errored},
    Result{"Failed", "Invalid", Outcome::errored},  Result{"Failed", "", Outcome::failed},
    Result{"Skipped", "Invalid", Outcome::not_run}, Result{"Skipped", "", Outcome::skipped},
    Result{"Inconclusive", "", Outcome::skipped},   Result{"Success", "", Outcome::passed},
    Result{"Failure", "", Outcome::failed},         Result{"Error", "", Outcome::errored},
    Result{"Cancelled", "", Outcome::errored},      Result{"Ignored", "", Outcome::skipped},
    Result{"NotRunnable", "", Outcome::not_run},    Result{"Invalid", "", Outcome::errored},
};

// Version 2.4 and before has no result but `executed` and `success`.
Outcome outcome_of(const XmlAttributes& attributes) {
  const std::string_view result = attributes["result"];
  const std::string_view label = attributes["label"];
  const auto found = std::find_if(kResults.begin(), kResults.end(), [&](const Result& row) {
    return equal_ignoring_case(row.result, result) && (row.label.empty() || row.label == label);
  });
  if (found != kResults.end()) return found->outcome;
  if (!result.empty()) return Outcome::not_run;
  if (equal_ignoring_case(attributes["executed"], "False")) return Outcome::skipped;
  if (equal_ignoring_case(attributes["success"], "True")) return Outcome::passed;
  return attributes.has("success") ? Outcome::failed : Outcome::not_run;
}

bool says_failed(const XmlAttributes& attributes) {
  const std::string_view result = attributes["result"];
  return equal_ignoring_case(result, "Failed") || equal_ignoring_case(result, "Failure") ||
         equal_ignoring_case(result, "Error") || equal_ignoring_case(attributes["success"], "False");
}

// What a suite says that failed only by what is in it.
bool tells_of_children(std::string_view message) {
  return message == "Child test failed" || message.starts_with("One or more child tests");
}

class NunitReader final : public XmlDialect {
 public:
  explicit NunitReader(testing::ReportTally& tally) : tally_(tally) {}

  void start(std::string_view name, const XmlAttributes& attributes) override {
    const Element element = element_of(name);
    open_.push_back(element);
    if (open_.size() == 1) read_root(attributes);
    if (open_.size() == 1 || element == Element::suite) read_claim(attributes);
    if (element == Element::suite) start_suite(attributes);
    if (element == Element::test) start_test(attributes);
    if (element == Element::message) message_.clear();
    if (element == Element::trace) trace_.clear();
    if (element == Element::section) in_failure_ = name == "failure";
  }

  void end(std::string_view) override {
    const Element element = open_.back();
    open_.pop_back();
    if (element == Element::test) end_test();
    if (element == Element::suite) end_suite();
    if (element == Element::section && !in_test_) end_suite_section();
  }

  void text(std::string_view piece) override {
    (open_.back() == Element::message ? message_ : trace_).append(piece);
  }

  void close(bool whole) override {
    if (whole && !suite_failed_) tell_claimed_failures(claimed_, line(), tally_);
  }

  [[nodiscard]] bool wants_text() const override {
    return !open_.empty() && open_.back() >= Element::message;
  }

 private:
  struct Suite {
    std::string name;
    bool broke = false;  // itself, not a test in it
    bool sited = false;  // it says where it failed, as version 3 does
  };

  [[nodiscard]] Element element_of(std::string_view name) const {
    const Element parent = open_.empty() ? Element::other : open_.back();
    if (parent == Element::section) {
      if (name == "message") return Element::message;
      return name == "stack-trace" ? Element::trace : Element::other;
    }
    if (name == "failure" || name == "reason") {
      return parent == Element::test || parent == Element::suite ? Element::section : Element::other;
    }
    if (in_test_) return Element::other;
    if (name == "test-suite") return Element::suite;
    return name == "test-case" ? Element::test : Element::other;
  }

  void read_root(const XmlAttributes& attributes) {
    const ReportTime took =
        parse_seconds(attributes.has("duration") ? attributes["duration"] : attributes["time"]);
    if (took.duration && took.duration->count() > 0) tally_.set_wall(*took.duration);
    const auto started = parse_report_moment(attributes["start-time"]);
    if (started && started->zoned) tally_.set_started(started->at);
  }

  // Failures that the run or a suite counts; at least one where it only says that it failed.
  void read_claim(const XmlAttributes& attributes) {
    std::uint64_t claimed = 0;
    for (const char* count : {"failed", "failures", "errors"}) claimed += line_number(attributes[count]);
    if (claimed == 0 && says_failed(attributes)) claimed = 1;
    claimed_ = std::max(claimed_, claimed);
  }

  void start_suite(const XmlAttributes& attributes) {
    Suite suite;
    assign_name(suite.name, file_name_of(attributes["name"]));
    const std::string_view site = attributes["site"];
    suite.sited = !site.empty();
    suite.broke = (attributes["result"] == "Failed" && (site == "SetUp" || site == "TearDown")) ||
                  attributes["runstate"] == "NotRunnable" || attributes["label"] == "Invalid";
    if (suites_.empty() || attributes["type"] == "Assembly") {
      assembly_ = suite.name;
      tally_.enter_top_suite(assembly_, 0);
    }
    suites_.push_back(std::move(suite));
    message_.clear();
    trace_.clear();
  }

  // A fixture's own failure or reason; the tests in it tell theirs themselves.
  void end_suite_section() {
    if (suites_.empty()) return;
    const Suite& suite = suites_.back();
    const bool own = in_failure_ && !suite.sited && !tells_of_children(trim(message_.text()));
    if (suite.broke || own) tell_broken(message_of(message_.text()));
  }

  void end_suite() {
    if (suites_.back().broke) tell_broken({});
    suites_.pop_back();
  }

  void tell_broken(const std::string& message) {
    suites_.back().broke = false;
    suite_failed_ = true;
    tally_.remark({"tests.suite_failed", Weight::error, suites_.back().name,
                   message.empty() ? "the fixture itself failed" : message, line(), 0});
  }

  void start_test(const XmlAttributes& attributes) {
    in_test_ = true;
    ++tests_;
    clear(test_);
    message_.clear();
    trace_.clear();
    test_.suite = assembly_;
    assign_full_name(test_, attributes.has("fullname") ? attributes["fullname"] : attributes["name"]);
    if (attributes.has("classname")) {
      assign_name(test_.class_name, attributes["classname"]);
      assign_name(test_.name, attributes["name"]);
    }
    if (test_.name.empty()) test_.name = fmt::format("(unnamed #{})", tests_);
    test_.outcome = outcome_of(attributes);
    warned_ = equal_ignoring_case(attributes["result"], "Warning");
    test_.duration =
        parse_seconds(attributes.has("duration") ? attributes["duration"] : attributes["time"]).duration;
  }

  void end_test() {
    in_test_ = false;
    if (warned_) tell_warned(test_, line(), tally_);
    if (test_.outcome != Outcome::passed) explain(test_, message_.text(), trace_.text());
    tally_.add(test_);
  }

  testing::ReportTally& tally_;
  std::vector<Element> open_;
  std::vector<Suite> suites_;
  std::string assembly_;
  std::uint64_t tests_ = 0;
  std::uint64_t claimed_ = 0;  // failures that only attributes tell of
  bool suite_failed_ = false;  // told
  bool warned_ = false;
  bool in_test_ = false;
  bool in_failure_ = false;  // of the two kinds of sections
  testing::TestCase test_;
  CappedText message_{kMaxDetails};
  CappedText trace_{kMaxDetails};
};

}  // namespace

std::unique_ptr<XmlDialect> nunit_dialect(testing::ReportTally& tally) {
  return std::make_unique<NunitReader>(tally);
}

}  // namespace gate::load
