#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gate/load/report_text.h"
#include "gate/testing/report_tally.h"

namespace gate::load {

// A Go package whose tests run: what each open test printed, until its end is told.
class GoPackage {
 public:
  GoPackage(std::string name, testing::ReportTally& tally) : name_(std::move(name)), tally_(tally) {}

  void run(std::string_view test) { open(test); }

  // What a test printed; an empty name is the package itself.
  void print(std::string_view test, std::string_view output);

  void end_test(std::string_view test, testing::Outcome outcome, std::optional<testing::Duration> took);

  // The package's own end. `build_output`: why it did not build, where it did not.
  void end(bool failed, std::string_view build_output);

  // It will never end: its open tests count as what they are.
  void abandon();

  [[nodiscard]] std::size_t open_tests() const { return tests_.size(); }

 private:
  struct Test {
    CappedText output{kMaxDetails};
    std::string panic;                        // its first line, wherever it stands
    std::optional<testing::Outcome> printed;  // "--- PASS: …"
    bool subtest_failed = false;
  };

  Test& open(std::string_view test);
  void tell(const std::string& name, const Test& test, testing::Outcome outcome, std::string_view otherwise,
            std::optional<testing::Duration> took);
  void end_open_tests(std::string_view why);

  std::string name_;
  testing::ReportTally& tally_;
  std::map<std::string, Test, std::less<>> tests_;
  CappedText output_{kMaxDetails};
  std::uint64_t failures_ = 0;
};

}  // namespace gate::load
