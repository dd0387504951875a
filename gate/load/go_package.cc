#include "gate/load/go_package.h"

#include <array>
#include <utility>

#include "gate/base/text.h"
#include "gate/load/report_case.h"

namespace gate::load {
namespace {

using testing::Outcome;
using testing::TestCase;

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

struct Printed {
  std::string_view prefix;
  Outcome outcome;
};
constexpr std::array kPrinted{Printed{"--- PASS: ", Outcome::passed}, Printed{"--- FAIL: ", Outcome::failed},
                              Printed{"--- SKIP: ", Outcome::skipped}};

std::optional<Outcome> printed_outcome(std::string_view line) {
  for (const Printed& printed : kPrinted) {
    if (starts_with(line, printed.prefix)) return printed.outcome;
  }
  return std::nullopt;
}

// The lines that the test itself printed, without those of the test framework about it.
std::string own_lines(std::string_view output) {
  std::string own;
  for (const std::string_view line : split(output, '\n')) {
    const std::string_view words = trim(line);
    if (words.empty() || starts_with(words, "=== ") || printed_outcome(words)) continue;
    own += line;
    own += '\n';
  }
  return own;
}

}  // namespace

GoPackage::Test& GoPackage::open(std::string_view test) {
  const auto found = tests_.find(test);
  return found != tests_.end() ? found->second : tests_[std::string{test}];
}

void GoPackage::print(std::string_view test, std::string_view output) {
  if (test.empty()) {
    output_.append(output);
    return;
  }
  const auto found = tests_.find(test);
  if (found == tests_.end()) return;  // it ended before
  Test& printing = found->second;
  const std::string_view line = trim(output);
  if (const auto outcome = printed_outcome(line)) printing.printed = outcome;
  if (printing.panic.empty() && starts_with(line, "panic: ")) printing.panic = message_of(line);
  printing.output.append(output);
}

void GoPackage::end_test(std::string_view test, Outcome outcome, std::optional<testing::Duration> took) {
  const auto found = tests_.find(test);
  if (found == tests_.end()) {
    tell(std::string{test}, Test{}, outcome, "", took);
    return;
  }
  tell(found->first, found->second, outcome, "", took);
  tests_.erase(found);
}

void GoPackage::tell(const std::string& name, const Test& test, Outcome outcome, std::string_view otherwise,
                     std::optional<testing::Duration> took) {
  TestCase made;
  assign_name(made.suite, name_);
  assign_name(made.name, name);
  made.outcome = outcome;
  made.duration = took;
  tally_.enter_top_suite(made.suite, 0);
  if (outcome != Outcome::passed) {
    const std::string own = own_lines(test.output.text());
    const std::string_view fallback = test.subtest_failed ? "a subtest failed" : otherwise;
    explain(made, own.empty() ? fallback : std::string_view{own}, {});
    if (!test.panic.empty()) made.message = test.panic;
  }
  if (is_failure(outcome)) {
    ++failures_;
    const std::size_t slash = name.rfind('/');
    const auto parent = tests_.find(std::string_view{name}.substr(0, slash == std::string::npos ? 0 : slash));
    if (parent != tests_.end()) parent->second.subtest_failed = true;
  }
  tally_.add(made);
}

void GoPackage::end_open_tests(std::string_view why) {
  // Subtests sort behind their parents, which are to know of their failures.
  while (!tests_.empty()) {
    const auto last = std::prev(tests_.end());
    tell(last->first, last->second, last->second.printed.value_or(Outcome::errored), why, std::nullopt);
    tests_.erase(last);
  }
}

void GoPackage::end(bool failed, std::string_view build_output) {
  end_open_tests(failed ? "did not end: the package failed" : "did not end, though the package passed");
  if (!failed || failures_ > 0) return;
  Test itself;
  itself.output.append(build_output.empty() ? std::string_view{output_.text()} : build_output);
  tell("(package)", itself, Outcome::errored, "the package failed, none of its tests did", std::nullopt);
}

void GoPackage::abandon() {
  end_open_tests("did not end");
}

}  // namespace gate::load
