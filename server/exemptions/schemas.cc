#include "server/exemptions/schemas.h"

#include <initializer_list>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "server/exemptions/limits.h"

namespace server::exemptions {
namespace {

using Member = std::pair<std::string_view, std::string>;
using Members = std::initializer_list<Member>;

constexpr const char* kText = R"({"type":"string"})";
constexpr const char* kFlag = R"({"type":"boolean"})";
constexpr const char* kCount = R"({"type":"integer","minimum":0})";
constexpr const char* kNumber = R"({"type":"integer"})";
constexpr const char* kGeneration = R"({"type":"integer","minimum":1})";
constexpr const char* kDay = R"({"type":"string","format":"date"})";
constexpr const char* kMoment = R"({"type":"string","format":"date-time"})";
constexpr const char* kHash = R"({"type":"string","pattern":"^[0-9a-f]{64}$"})";
constexpr const char* kStanding = R"({"enum":["in force","expiring","expired","invalid"]})";
constexpr const char* kVerdict = R"({"enum":["valid","invalid","undecided"]})";
constexpr const char* kStatus = R"({"enum":["ok","degraded","failing","no_register"]})";

constexpr const char* kUncovered =
    R"({"type":"array","items":{"type":"string"},"description":"Every entry asked about that no record which exempts on that day certainly covers as a whole."})";

std::string or_null(const std::string& schema) {
  return fmt::format(R"({{"anyOf":[{},{{"type":"null"}}]}})", schema);
}

std::string list_of(const std::string& schema) {
  return fmt::format(R"({{"type":"array","items":{}}})", schema);
}

std::string text_up_to(std::size_t bytes) {
  return fmt::format(R"({{"type":"string","maxLength":{}}})", bytes);
}

// An object with these members alone; `all_required` of them, or none.
std::string object(Members members, bool all_required = true) {
  std::string names;
  std::string properties;
  for (const auto& [name, schema] : members) {
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ",", name);
    properties += fmt::format("{}\"{}\":{}", properties.empty() ? "" : ",", name, schema);
  }
  return fmt::format(
      R"({{"type":"object","additionalProperties":false,"required":[{}],"properties":{{{}}}}})",
      all_required ? names : "", properties);
}

std::string counts() {
  return object({{"in_force", kCount},
                 {"expiring", kCount},
                 {"expired", kCount},
                 {"expired_unprocessed", kCount},
                 {"invalid", kCount}});
}

std::string invalid_records() {
  return list_of(object(
      {{"id", kText}, {"field", or_null(kText)}, {"message", kText}, {"line", kCount}, {"column", kCount}}));
}

// A version without its text, and one member more.
std::string version_with(std::string_view name, const std::string& schema) {
  return object({{"generation", kGeneration},
                 {"kind", R"({"enum":["pushed","file","reset"]})"},
                 {"sha256", kHash},
                 {"source", or_null(kText)},
                 {"git_sha", or_null(kText)},
                 {"by", kText},
                 {"owner", or_null(kText)},
                 {"at", kMoment},
                 {"restored_generation", or_null(kGeneration)},
                 {name, schema}});
}

std::string validation() {
  return or_null(object({{"id", kGeneration},
                         {"at", kMoment},
                         {"as_of", kDay},
                         {"generation", kCount},
                         {"verdict", kVerdict},
                         {"by", kText}}));
}

std::string rows_by(std::string_view name) {
  return list_of(object({{name, kText},
                         {"in_force", kCount},
                         {"expiring", kCount},
                         {"expired", kCount},
                         {"invalid", kCount},
                         {"exempted", or_null(kCount)}}));
}

std::string scope() {
  return object({{"paths", list_of(kText)}, {"tests", list_of(kText)}, {"fingerprints", list_of(kText)}},
                false);
}

std::string records() {
  return list_of(object({{"id", kText},
                         {"standing", kStanding},
                         {"rule", kText},
                         {"owner", kText},
                         {"expires", or_null(kDay)},
                         {"days_left", or_null(kNumber)},
                         {"exempted", or_null(kCount)},
                         {"ticket", kText},
                         {"approver", kText},
                         {"created", or_null(kDay)},
                         {"reason", kText},
                         {"scope", scope()},
                         {"line", kCount}}));
}

std::string processed() {
  return or_null(object({{"by", kText}, {"owner", kText}, {"at", kMoment}, {"reason", or_null(kText)}}));
}

}  // namespace

std::string_view health_schema() {
  static const std::string kSchema = object({{"status", kStatus},
                                             {"reasons", list_of(kText)},
                                             {"as_of", kDay},
                                             {"register", or_null(version_with("age_seconds", kCount))},
                                             {"counts", or_null(counts())},
                                             {"last_validation", validation()}});
  return kSchema;
}

std::string_view report_schema() {
  static const std::string kSchema = object({{"status", kStatus},
                                             {"reasons", list_of(kText)},
                                             {"as_of", kDay},
                                             {"generation", or_null(kGeneration)},
                                             {"exemptions", or_null(counts())},
                                             {"by_rule", rows_by("rule")},
                                             {"by_owner", rows_by("owner")},
                                             {"records", records()},
                                             {"invalid", invalid_records()}});
  return kSchema;
}

std::string_view expired_schema() {
  static const std::string kSchema =
      object({{"status", kStatus},
              {"reasons", list_of(kText)},
              {"as_of", kDay},
              {"generation", or_null(kGeneration)},
              {"unprocessed", or_null(kCount)},
              {"expired", or_null(list_of(object({{"id", kText},
                                                  {"rule", kText},
                                                  {"owner", kText},
                                                  {"ticket", kText},
                                                  {"expires", kDay},
                                                  {"expired_since", kDay},
                                                  {"days", kCount},
                                                  {"line", kCount},
                                                  {"processed", processed()}})))}});
  return kSchema;
}

std::string_view register_schema() {
  static const std::string kSchema = version_with("register", kText);
  return kSchema;
}

std::string_view coverage_schema() {
  static const std::string kSchema = object({{"verdict", kVerdict},
                                             {"covered", R"({"enum":["all","some","none"]})"},
                                             {"note", kText},
                                             {"reasons", list_of(kText)},
                                             {"as_of", kDay},
                                             {"generation", or_null(kGeneration)},
                                             {"rule", or_null(kText)},
                                             {"exemptable", kFlag},
                                             {"covering", list_of(object({{"id", kText},
                                                                          {"standing", kStanding},
                                                                          {"exempts", kFlag},
                                                                          {"certain", kFlag},
                                                                          {"rule", kText},
                                                                          {"owner", kText},
                                                                          {"ticket", kText},
                                                                          {"expires", or_null(kDay)},
                                                                          {"days_left", or_null(kNumber)},
                                                                          {"files", list_of(kText)},
                                                                          {"line", kCount}}))},
                                             {"uncovered", kUncovered},
                                             {"invalid", invalid_records()}});
  return kSchema;
}

std::string_view cleanup_schema() {
  static const std::string kSchema = object({{"generation", kGeneration},
                                             {"as_of", kDay},
                                             {"count", kCount},
                                             {"processed", list_of(kText)},
                                             {"processed_omitted", kCount},
                                             {"note", kText}});
  return kSchema;
}

std::string_view revalidation_schema() {
  static const std::string kSchema =
      object({{"verdict", kVerdict},
              {"reasons", list_of(kText)},
              {"validation", kGeneration},
              {"as_of", kDay},
              {"generation", or_null(kGeneration)},
              {"previous_generation", or_null(kGeneration)},
              {"counts", or_null(counts())},
              {"invalid", invalid_records()},
              {"changes",
               list_of(object({{"id", kText}, {"from", or_null(kStanding)}, {"to", or_null(kStanding)}}))},
              {"changes_omitted", kCount},
              {"last_validation", validation()}});
  return kSchema;
}

std::string_view reset_schema() {
  static const std::string kSchema =
      object({{"generation", kGeneration},
              {"previous_generation", kGeneration},
              {"restored",
               object({{"from", R"({"enum":["file","generation"]})"}, {"generation", or_null(kGeneration)}})},
              {"undone", object({{"processed", list_of(kText)},
                                 {"processed_omitted", kCount},
                                 {"removed", list_of(kText)},
                                 {"removed_omitted", kCount},
                                 {"added", list_of(kText)},
                                 {"added_omitted", kCount},
                                 {"changed", list_of(kText)},
                                 {"changed_omitted", kCount}})},
              {"undo", object({{"to_generation", kGeneration}})},
              {"as_of", kDay},
              {"counts", counts()},
              {"note", kText}});
  return kSchema;
}

std::string_view push_schema() {
  static const std::string kSchema = object({{"result", R"({"enum":["pushed","unchanged"]})"},
                                             {"generation", kGeneration},
                                             {"previous_generation", or_null(kGeneration)},
                                             {"sha256", kHash},
                                             {"verdict", kVerdict},
                                             {"reasons", list_of(kText)},
                                             {"records", kCount},
                                             {"as_of", kDay},
                                             {"counts", counts()},
                                             {"invalid", invalid_records()}});
  return kSchema;
}

std::string_view coverage_request_schema() {
  static const std::string kSchema = fmt::format(
      R"({{"type":"object","additionalProperties":false,"required":["files"],"properties":{{"files":{{"type":"array","minItems":1,"maxItems":{},"items":{{"type":"string","minLength":1,"maxLength":{}}}}},"rule":{{"type":"string","minLength":1,"maxLength":{}}},"as_of":{}}}}})",
      kMostFiles, kLongestPattern, kLongestPattern, kText);
  return kSchema;
}

std::string_view reason_request_schema() {
  static const std::string kSchema = object({{"reason", text_up_to(kLongestReason)}}, false);
  return kSchema;
}

std::string_view reset_request_schema() {
  static const std::string kSchema =
      object({{"reason", text_up_to(kLongestReason)}, {"to_generation", kGeneration}}, false);
  return kSchema;
}

std::string_view push_request_schema() {
  static const std::string kSchema = fmt::format(
      R"({{"type":"object","additionalProperties":false,"required":["register"],"properties":{{"register":{},"source":{},"git_sha":{{"type":"string","pattern":"^([0-9a-f]{{40}}|[0-9a-f]{{64}})$"}},"reason":{}}}}})",
      text_up_to(kLongestRegister), text_up_to(kLongestSource), text_up_to(kLongestReason));
  return kSchema;
}

}  // namespace server::exemptions
