#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/load/json.h"
#include "gate/load/json_instance.h"
#include "gate/schema/compile.h"
#include "gate/schema/evaluate.h"
#include "gate/schema/explain.h"

namespace gate::schema {

inline void PrintTo(Outcome outcome, std::ostream* out) {
  *out << (outcome == Outcome::valid ? "valid" : outcome == Outcome::invalid ? "invalid" : "gave up");
}

// A schema from its text, with what it points into.
class Compiled {
 public:
  explicit Compiled(std::string_view text, const CompileOptions& options = {}) {
    auto document = load::parse_json(text);
    EXPECT_TRUE(document) << (document ? "" : document.error().message);
    if (!document) return;
    document_ = std::make_unique<load::Document>(std::move(*document));
    compilation_ = compile({&document_->root, &document_->exact, "test:schema", "schema"}, options);
  }

  [[nodiscard]] const Compilation& compilation() const { return compilation_; }
  [[nodiscard]] const Program& program() const { return *compilation_.program; }

  // "pointer: message" of each defect.
  [[nodiscard]] std::vector<std::string> defects() const {
    std::vector<std::string> lines;
    for (const Remark& defect : compilation_.defects) lines.push_back(defect.pointer + ": " + defect.message);
    return lines;
  }

  // The same of what is no defect, but nothing to pass over.
  [[nodiscard]] std::vector<std::string> remarks() const {
    std::vector<std::string> lines;
    for (const Remark& remark : compilation_.unknown_keywords)
      lines.push_back(remark.pointer + ": " + remark.message);
    return lines;
  }

  [[nodiscard]] Outcome outcome(std::string_view text) const {
    load::JsonInstanceReader reader;
    const auto document = reader.read(text);
    EXPECT_TRUE(document) << text.substr(0, 100);
    EXPECT_TRUE(compilation_.program) << (defects().empty() ? "" : defects().front());
    if (!document || !compilation_.program) return Outcome::gave_up;
    return Evaluator{program()}.evaluate((*document)->root());
  }

  [[nodiscard]] Explanation explanation(std::string_view text, const ExplainOptions& options = {}) const {
    load::JsonInstanceReader reader;
    const auto document = reader.read(text);
    EXPECT_TRUE(document && compilation_.program) << (defects().empty() ? "" : defects().front());
    if (!document || !compilation_.program) return {};
    return explain(program(), (*document)->root(), options);
  }

  // "keyword pointer: message" of each fault.
  [[nodiscard]] std::vector<std::string> faults(std::string_view text) const {
    std::vector<std::string> lines;
    for (const Fault& fault : explanation(text).faults) {
      lines.push_back(fmt::format("{} {}: {}", fault.keyword, fault.instance, fault.message));
    }
    return lines;
  }

 private:
  std::unique_ptr<load::Document> document_;
  Compilation compilation_;
};

}  // namespace gate::schema
