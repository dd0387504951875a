#include "server/exemptions/known_rules.h"

#include <algorithm>
#include <vector>

#include "gate/base/edit_distance.h"
#include "gate/base/glob.h"
#include "gate/policy/exemption.h"

namespace server::exemptions {
namespace {

const std::vector<std::string_view>& known_rules() {
  static const std::vector<std::string_view> kRules{"schema.$dynamicRef",
                                                    "schema.$recursiveRef",
                                                    "schema.$ref",
                                                    "schema.additionalItems",
                                                    "schema.additionalProperties",
                                                    "schema.allOf",
                                                    "schema.anyOf",
                                                    "schema.budget",
                                                    "schema.const",
                                                    "schema.contains",
                                                    "schema.contentEncoding",
                                                    "schema.contentMediaType",
                                                    "schema.contentSchema",
                                                    "schema.dependencies",
                                                    "schema.dependentRequired",
                                                    "schema.dependentSchemas",
                                                    "schema.else",
                                                    "schema.enum",
                                                    "schema.exclusiveMaximum",
                                                    "schema.exclusiveMinimum",
                                                    "schema.false",
                                                    "schema.format",
                                                    "schema.if",
                                                    "schema.items",
                                                    "schema.malformed_document",
                                                    "schema.maxContains",
                                                    "schema.maxItems",
                                                    "schema.maxLength",
                                                    "schema.maxProperties",
                                                    "schema.maximum",
                                                    "schema.minContains",
                                                    "schema.minItems",
                                                    "schema.minLength",
                                                    "schema.minProperties",
                                                    "schema.minimum",
                                                    "schema.multipleOf",
                                                    "schema.not",
                                                    "schema.oneOf",
                                                    "schema.pattern",
                                                    "schema.patternProperties",
                                                    "schema.pattern_limit",
                                                    "schema.prefixItems",
                                                    "schema.properties",
                                                    "schema.propertyNames",
                                                    "schema.required",
                                                    "schema.then",
                                                    "schema.type",
                                                    "schema.unevaluatedItems",
                                                    "schema.unevaluatedProperties",
                                                    "schema.uniqueItems",
                                                    "schema.unknown_keyword",
                                                    "slo.burn_rate",
                                                    "slo.canary",
                                                    "slo.error_budget",
                                                    "slo.inconclusive",
                                                    "slo.low_traffic",
                                                    "slo.metric",
                                                    "slo.no_data",
                                                    "slo.not_enforced",
                                                    "slo.remark",
                                                    "slo.samples.malformed",
                                                    "slo.samples.other_lines",
                                                    "slo.samples.out_of_order",
                                                    "slo.source",
                                                    "slo.source_warning",
                                                    "slo.stale",
                                                    "slo.threshold",
                                                    "slo.unreachable",
                                                    "tests.all_skipped",
                                                    "tests.ambiguous_part",
                                                    "tests.bad_time",
                                                    "tests.below_baseline",
                                                    "tests.capped_text",
                                                    "tests.claimed_failures",
                                                    "tests.count_mismatch",
                                                    "tests.counted_by_attributes",
                                                    "tests.duplicate_report",
                                                    "tests.empty_report",
                                                    "tests.encoding",
                                                    "tests.errored",
                                                    "tests.failed",
                                                    "tests.flaky",
                                                    "tests.malformed_report",
                                                    "tests.max_failed",
                                                    "tests.max_flaky",
                                                    "tests.max_skipped",
                                                    "tests.missing_part",
                                                    "tests.no_report",
                                                    "tests.not_run",
                                                    "tests.other_lines",
                                                    "tests.out_of_sequence",
                                                    "tests.pass_rate",
                                                    "tests.replaced_characters",
                                                    "tests.suite_failed",
                                                    "tests.warned",
                                                    "tests.zero"};
  return kRules;
}

}  // namespace

bool is_known_rule(std::string_view rule) {
  const auto& rules = known_rules();
  return !gate::policy::is_exemptable(rule) ||
         std::any_of(rules.begin(), rules.end(),
                     [&](std::string_view known) { return gate::glob_matches(rule, known); });
}

std::string known_rule_near(std::string_view rule) {
  return gate::did_you_mean(rule, known_rules());
}

}  // namespace server::exemptions
