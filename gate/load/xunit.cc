#include "gate/load/xunit.h"

#include <cstdint>
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

enum class Element : std::uint8_t { other, assembly, test, failure, message, trace };

Outcome outcome_of(std::string_view result) {
  if (result == "Pass") return Outcome::passed;
  if (result == "Fail") return Outcome::failed;
  // NotRun is a test marked explicit that nobody asked for.
  if (result == "Skip" || result == "NotRun") return Outcome::skipped;
  return Outcome::not_run;
}

class XunitReader final : public XmlDialect {
 public:
  explicit XunitReader(testing::ReportTally& tally) : tally_(tally) {}

  void start(std::string_view name, const XmlAttributes& attributes) override {
    const Element element = element_of(name);
    open_.push_back(element);
    if (element == Element::assembly) start_assembly(attributes);
    if (element == Element::test) start_test(name == "error", attributes);
  }

  void end(std::string_view) override {
    const Element element = open_.back();
    open_.pop_back();
    if (element == Element::test) end_test();
    if (element == Element::assembly) end_assembly();
  }

  void text(std::string_view piece) override {
    (open_.back() == Element::message ? message_ : trace_).append(piece);
  }

  [[nodiscard]] bool wants_text() const override {
    return !open_.empty() && open_.back() >= Element::message;
  }

  void close(bool) override {
    if (wall_.count() > 0) tally_.set_wall(wall_);
  }

 private:
  [[nodiscard]] Element element_of(std::string_view name) const {
    const Element parent = open_.empty() ? Element::other : open_.back();
    if (parent == Element::failure) {
      if (name == "message") return Element::message;
      return name == "stack-trace" ? Element::trace : Element::other;
    }
    if (parent == Element::test) {
      if (name == "reason") return Element::message;
      return name == "failure" ? Element::failure : Element::other;
    }
    if (name == "assembly") return Element::assembly;
    return name == "test" || name == "error" ? Element::test : Element::other;
  }

  void start_assembly(const XmlAttributes& attributes) {
    assign_name(assembly_, file_name_of(attributes["name"]));
    tally_.enter_top_suite(assembly_, 0);
    claimed_ = std::uint64_t{line_number(attributes["failed"])} + line_number(attributes["errors"]);
    failures_before_ = tally_.totals().failures();
    wall_ = testing::saturating_sum(
        wall_, parse_seconds(attributes["time"]).duration.value_or(testing::Duration{0}));
  }

  void end_assembly() {
    if (claimed_ == 0 || tally_.totals().failures() > failures_before_) return;
    tally_.remark({"tests.claimed_failures", testing::Weight::error, assembly_,
                   fmt::format("the assembly's attributes tell of {}, none of its tests shows one",
                               counted(claimed_, "failure")),
                   line(), 0});
  }

  void start_test(bool error, const XmlAttributes& attributes) {
    ++tests_;
    clear(test_);
    message_.clear();
    trace_.clear();
    test_.suite = assembly_;
    std::string_view name = attributes["name"];
    const std::string_view type = attributes["type"];
    if (!error) {
      assign_name(test_.class_name, type);
      if (name.size() > type.size() + 1 && name.substr(0, type.size()) == type && name[type.size()] == '.') {
        name.remove_prefix(type.size() + 1);
      }
    }
    assign_name(test_.name, name.empty() && error ? type : name);
    if (test_.name.empty()) test_.name = fmt::format("(unnamed #{})", tests_);
    test_.outcome = error ? Outcome::errored : outcome_of(attributes["result"]);
    test_.duration = parse_seconds(attributes["time"]).duration;
    assign_name(test_.file, attributes["source-file"]);
    test_.line = line_number(attributes["source-line"]);
  }

  void end_test() {
    if (test_.outcome != Outcome::passed) explain(test_, message_.text(), trace_.text());
    tally_.add(test_);
  }

  testing::ReportTally& tally_;
  std::vector<Element> open_;
  std::string assembly_;
  testing::Duration wall_{0};
  std::uint64_t claimed_ = 0;          // failures by the assembly's attributes
  std::uint64_t failures_before_ = 0;  // of the assemblies before it
  std::uint64_t tests_ = 0;
  testing::TestCase test_;
  CappedText message_{kMaxDetails};
  CappedText trace_{kMaxDetails};
};

}  // namespace

std::unique_ptr<XmlDialect> xunit_dialect(testing::ReportTally& tally) {
  return std::make_unique<XunitReader>(tally);
}

}  // namespace gate::load
