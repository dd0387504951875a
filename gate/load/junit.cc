#include "gate/load/junit.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gate/base/text.h"
#include "gate/load/junit_marks.h"
#include "gate/load/report_text.h"
#include "gate/load/report_time.h"
#include "gate/load/suite_counts.h"
#include "gate/load/test_status.h"

namespace gate::load {
namespace {

using testing::Attempt;
using testing::Outcome;
using testing::TestCase;
using testing::Weight;

// What an open element is to us.
enum class Element : std::uint8_t {
  other,
  in_suite,  // of no meaning itself: what it holds counts as if it were not there
  in_test,
  suite,
  test,
  error,
  failure,
  skipped,
  disabled,
  attempt,
  attempt_trace
};

struct Named {
  std::string_view name;
  Element element;
};

// The children of a <testcase> that say how it ended. The attempts: Surefire and who follows it
// (failsafe, Gradle, nextest, Playwright), `rerun` of pytest-rerunfailures.
constexpr std::array kTestChildren{
    Named{"failure", Element::failure},      Named{"error", Element::error},
    Named{"skipped", Element::skipped},      Named{"disabled", Element::disabled},
    Named{"flakyFailure", Element::attempt}, Named{"flakyError", Element::attempt},
    Named{"rerunFailure", Element::attempt}, Named{"rerunError", Element::attempt},
    Named{"rerun", Element::attempt},        Named{"ignored", Element::skipped},
};

// What a test printed or was told, which decides nothing whatever it holds.
bool is_opaque(std::string_view name) {
  return name == "system-out" || name == "system-err" || name == "properties";
}

bool is_true(std::string_view value) {
  return value == "true" || value == "1" || value == "yes";
}

class JunitReader final : public XmlDialect {
 public:
  explicit JunitReader(testing::ReportTally& tally) : tally_(tally), suites_(tally) {}

  void start(std::string_view name, const XmlAttributes& attributes) override {
    const Element element = element_of(name);
    open_.push_back(element);
    switch (element) {
      case Element::suite: suites_.enter(attributes, name == "testsuites", line()); break;
      case Element::test: start_test(attributes); break;
      case Element::error:
      case Element::failure:
      case Element::skipped:
      case Element::disabled: start_result(element, name, attributes); break;
      case Element::attempt: start_attempt(name, attributes); break;
      case Element::attempt_trace:
      case Element::in_suite:
      case Element::in_test:
      case Element::other: break;
    }
  }

  void end(std::string_view) override {
    const Element element = open_.back();
    open_.pop_back();
    switch (element) {
      case Element::suite: suites_.leave(); break;
      case Element::test: end_test(); break;
      case Element::error:
      case Element::failure: in_test_ ? end_failure(element) : end_suite_failure(); break;
      case Element::skipped: end_skipped(); break;
      case Element::attempt: end_attempt(); break;
      case Element::disabled:
      case Element::attempt_trace:
      case Element::in_suite:
      case Element::in_test:
      case Element::other: break;
    }
  }

  void text(std::string_view piece) override { text_.append(piece); }

  [[nodiscard]] bool wants_text() const override {
    if (open_.empty()) return false;
    const Element element = open_.back();
    return element >= Element::error && element != Element::disabled;
  }

  void close(bool) override { suites_.finish(); }

 private:
  [[nodiscard]] Element element_of(std::string_view name) const {
    const Element parent = open_.empty() ? Element::suite : open_.back();
    if (parent == Element::test || parent == Element::in_test) return child_of_test(name);
    if (parent == Element::attempt) return name == "stackTrace" ? Element::attempt_trace : Element::other;
    if (parent != Element::suite && parent != Element::in_suite) return Element::other;
    if (name == "testcase") return Element::test;
    if (name == "testsuite" || name == "testsuites") return Element::suite;
    // Of a suite itself: its set-up or tear-down broke.
    if (equal_ignoring_case(name, "error")) return Element::error;
    if (equal_ignoring_case(name, "failure")) return Element::failure;
    return is_opaque(name) ? Element::other : Element::in_suite;
  }

  // An element of no known producer, named like an outcome: <fail>, <Aborted>.
  static Element element_of_word(std::optional<Outcome> word) {
    if (word == Outcome::failed) return Element::failure;
    if (word == Outcome::errored || word == Outcome::not_run) return Element::error;
    return Element::in_test;
  }

  static Element child_of_test(std::string_view name) {
    const auto found = std::find_if(kTestChildren.begin(), kTestChildren.end(), [&](const Named& child) {
      return equal_ignoring_case(child.name, name);
    });
    if (found != kTestChildren.end()) return found->element;
    return is_opaque(name) ? Element::other : element_of_word(outcome_of_status(name));
  }

  void start_test(const XmlAttributes& attributes) {
    in_test_ = true;
    ++tests_;
    failures_ = 0;
    marks_.clear();
    details_.clear();
    failure_position_ = {};
    test_.class_name.clear();
    test_.name.clear();
    test_.message.clear();
    test_.file.clear();
    test_.line = 0;
    test_.duration.reset();
    test_.attempts.clear();
    attributes.each([this](std::string_view key, std::string_view value) { take_attribute(key, value); });
    if (test_.name.empty()) test_.name = fmt::format("(unnamed #{})", tests_);
  }

  void take_attribute(std::string_view key, std::string_view value) {
    if (key == "name") {
      assign_name(test_.name, value);
      marks_.disabled_name = value.find("DISABLED_") != std::string_view::npos;
    } else if (key == "classname" || (key == "class" && test_.class_name.empty())) {
      assign_name(test_.class_name, value);
    } else if (key == "time") {
      take_time(value);
    } else if (key == "file" || key == "filepath") {
      assign_name(test_.file, value);
    } else if (key == "line" || key == "lineno") {
      test_.line = line_number(value);
    } else if (key == "status") {
      marks_.status.assign(value.substr(0, kMaxName));
    } else if (key == "result") {
      marks_.result.assign(value.substr(0, kMaxName));
    } else if (key == "disabled") {
      marks_.disabled = is_true(value);
    } else if (key == "flaky") {
      marks_.passed_on_retry = is_true(value);
    }
  }

  void take_time(std::string_view value) {
    const ReportTime time = parse_seconds(value);
    test_.duration = time.duration;
    if (time.doubt == nullptr) return;
    tally_.remark({"tests.bad_time", Weight::note, suites_.path(),
                   fmt::format("time \"{}\" {}", shortened(value, 40), time.doubt), line(), 0});
  }

  void start_result(Element element, std::string_view name, const XmlAttributes& attributes) {
    text_.clear();
    result_message_.assign(attributes["message"].substr(0, kMaxDetails));
    result_type_.assign(attributes["type"].substr(0, kMaxMessage));
    const bool failed = element == Element::error || element == Element::failure;
    if (failed && result_type_.empty() && name != "error" && name != "failure")
      assign_name(result_type_, fmt::format("<{}>", name));
    if (element == Element::disabled) marks_.disabled = true;
    if (failed) {
      position_.file.assign(attributes["file"].substr(0, kMaxName));
      position_.line = line_number(attributes["line"]);
    }
  }

  void end_failure(Element element) {
    (element == Element::error ? marks_.error : marks_.failure) = true;
    if (++failures_ == 1) test_.message = first_message();
    if (failure_position_.file.empty()) failure_position_ = position_;
    if (!details_.empty()) details_.append("\n\n");
    details_.append(text_.empty() ? std::string_view{result_message_} : std::string_view{text_.text()});
    told_capped();
  }

  void end_suite_failure() {
    const std::string message = first_message();
    tally_.remark({"tests.suite_failed", Weight::error, suites_.path(),
                   message.empty() ? "the suite itself failed" : message, line(), 0});
  }

  void end_skipped() {
    add_skipped(marks_, result_type_, result_message_.empty() ? message_of(text_.text()) : result_message_);
    if (test_.message.empty()) test_.message = first_message();
  }

  void start_attempt(std::string_view name, const XmlAttributes& attributes) {
    start_result(Element::attempt, name, attributes);
    attempt_.outcome = name.find("Error") == std::string_view::npos ? Outcome::failed : Outcome::errored;
    attempt_.duration = parse_seconds(attributes["time"]).duration;
    marks_.passed_on_retry = true;
  }

  void end_attempt() {
    attempt_.message = first_message();
    attempt_.details = text_.text();
    told_capped();
    if (test_.attempts.size() < kMaxAttempts) test_.attempts.push_back(attempt_);
  }

  // The first line that says something: of the message, else of the text, else the type.
  [[nodiscard]] std::string first_message() const {
    std::string message = message_of(result_message_);
    if (message.empty()) message = message_of(text_.text());
    return message.empty() ? message_of(result_type_) : message;
  }

  void told_capped() {
    if (!text_.capped() && !details_.capped()) return;
    tally_.remark(
        {"tests.capped_text", Weight::note, suites_.path(),
         fmt::format("a text of {} is longer than the {} bytes that are kept", test_.name, kMaxDetails),
         line(), 0});
  }

  void end_test() {
    in_test_ = false;
    test_.suite = suites_.path();
    test_.outcome = outcome_of(marks_);
    test_.details.clear();
    if (test_.outcome != Outcome::passed) explain();
    if (test_.file.empty()) test_.file = suites_.file();
    suites_.add(test_.outcome);
    tally_.add(test_);
  }

  void explain() {
    test_.details = details_.text();
    if (failures_ > 1) test_.message += fmt::format(" (and {} more)", failures_ - 1);
    const std::string_view unknown = unknown_word(marks_);
    if (test_.message.empty() && failures_ == 0 && !unknown.empty())
      test_.message = fmt::format("unknown status {}", shortened(unknown, 40));
    if (test_.message.empty() && testing::is_failure(test_.outcome)) {
      test_.message = marks_.status.empty()
                          ? std::string{"no message"}
                          : fmt::format("status {}, no message", shortened(marks_.status, 40));
    }
    if (!test_.attempts.empty()) complete_attempts();
    locate();
  }

  // Surefire lists the other runs only: a flaky test's last, a failed one's first is the test itself.
  void complete_attempts() {
    if (testing::is_failure(test_.outcome)) {
      test_.attempts.insert(test_.attempts.begin(),
                            Attempt{test_.outcome, test_.message, test_.details, test_.duration});
    } else {
      if (test_.message.empty()) test_.message = test_.attempts.front().message;
      test_.attempts.push_back(Attempt{Outcome::passed, {}, {}, test_.duration});
    }
  }

  // Test case, then failure, then suite, then stack trace.
  void locate() {
    if (!test_.file.empty()) return;
    if (!failure_position_.file.empty()) {
      test_.file = failure_position_.file;
      test_.line = failure_position_.line;
      return;
    }
    if (!suites_.file().empty()) return;
    auto found = find_source_position(test_.details);
    if (!found) found = find_source_position(test_.message);
    if (!found && !test_.attempts.empty()) found = find_source_position(test_.attempts.front().details);
    if (!found) return;
    test_.file = std::move(found->file);
    test_.line = found->line;
  }

  testing::ReportTally& tally_;
  SuiteCounts suites_;
  std::vector<Element> open_;
  std::uint64_t tests_ = 0;
  bool in_test_ = false;
  TestCase test_;  // reused: passing tests cost no allocation
  JunitMarks marks_;
  std::size_t failures_ = 0;
  CappedText details_{kMaxDetails};
  CappedText text_{kMaxDetails};
  std::string result_message_;
  std::string result_type_;
  SourcePosition position_;
  SourcePosition failure_position_;
  Attempt attempt_;
};

}  // namespace

std::unique_ptr<XmlDialect> junit_dialect(testing::ReportTally& tally) {
  return std::make_unique<JunitReader>(tally);
}

}  // namespace gate::load
