#include "server/limits/rate_limit_schemas.h"

#include <string>

#include "server/api/schema_text.h"

namespace server::limits {
namespace {

using api::array_schema;
using api::object_schema;
using api::SchemaMembers;

const std::string kText{api::kTextSchema};
const std::string kInteger{api::kIntegerSchema};

// A rate and what is left of it, behind members that say whose.
SchemaMembers with_state(SchemaMembers members) {
  for (const std::string_view name : {"requests", "window_ms", "remaining", "retry_in_ms", "full_in_ms"}) {
    members.emplace_back(name, kInteger);
  }
  return members;
}

std::string override_schema() {
  return object_schema({{"endpoint", kText},
                        {"requests", kInteger},
                        {"window_ms", kInteger},
                        {"reason", kText},
                        {"set_by", kText},
                        {"owner", kText},
                        {"set_at", kText},
                        {"expires_at", kText}});
}

}  // namespace

std::string_view override_request_schema() {
  return R"({"type":"object","additionalProperties":false,"required":["endpoint","maxRequests","windowMs"],)"
         R"("properties":{"endpoint":{"type":"string","examples":["canaryManagement","read"]},)"
         R"("maxRequests":{"type":"integer","minimum":1,"maximum":100000},)"
         R"("windowMs":{"type":"integer","minimum":1000,"maximum":3600000},)"
         R"("expiresInMs":{"type":"integer","minimum":1000,"maximum":86400000,"default":3600000},)"
         R"("reason":{"type":"string","maxLength":500}}})";
}

std::string_view reason_request_schema() {
  return R"({"type":"object","additionalProperties":false,)"
         R"("properties":{"reason":{"type":"string","maxLength":500}}})";
}

std::string_view status_schema() {
  static const std::string kSchema = object_schema(
      {{"as_of", kText},
       {"key", kText},
       {"owner", kText},
       {"classes", array_schema(object_schema(with_state({{"class", kText}, {"source", kText}})))},
       {"endpoints", array_schema(object_schema({{"endpoint", kText}, {"source", kText}}, with_state({})))},
       {"overrides", array_schema(override_schema())}},
      {{"buckets",
        array_schema(object_schema(with_state({{"owner", kText}, {"key", kText}, {"limit", kText}})))},
       {"buckets_omitted", kInteger}});
  return kSchema;
}

std::string_view events_schema() {
  const SchemaMembers who{{"owner", kText}, {"limit", kText}, {"refused", kInteger}};
  SchemaMembers when = who;
  when.emplace_back("minute", kText);
  static const std::string kSchema = object_schema({{"from", kText},
                                                    {"to", kText},
                                                    {"counted_since", kText},
                                                    {"forgotten", kInteger},
                                                    {"refused", kInteger},
                                                    {"by_limit", array_schema(object_schema(who))},
                                                    {"minutes", array_schema(object_schema(when))},
                                                    {"minutes_omitted", kInteger}});
  return kSchema;
}

std::string_view config_schema() {
  static const std::string kSchema = object_schema(
      {{"overrides", array_schema(override_schema())},
       {"defaults",
        array_schema(object_schema({{"class", kText}, {"requests", kInteger}, {"window_ms", kInteger}}))},
       {"endpoints", array_schema(kText)}});
  return kSchema;
}

std::string_view configured_schema() {
  static const std::string kSchema =
      object_schema({{"override", override_schema()}, {"note", kText}}, {{"replaced", override_schema()}});
  return kSchema;
}

std::string_view ended_schema() {
  static const std::string kSchema = object_schema({{"ended", override_schema()}, {"note", kText}});
  return kSchema;
}

std::string_view cleared_schema() {
  static const std::string kSchema = object_schema({{"cleared", kInteger}, {"note", kText}});
  return kSchema;
}

std::string_view reset_schema() {
  static const std::string kSchema = object_schema({{"user", kText}, {"reset", kInteger}, {"note", kText}},
                                                   {{"known_owners", array_schema(kText)}});
  return kSchema;
}

}  // namespace server::limits
