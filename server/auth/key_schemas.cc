#include "server/auth/key_schemas.h"

#include <string>

#include "server/api/schema_text.h"

namespace server::auth {
namespace {

// What is shown of a key, and these members beside it.
std::string record_schema(const api::SchemaMembers& more = {}) {
  const std::string text{api::kTextSchema};
  const std::string text_or_null{api::kTextOrNullSchema};
  const std::string texts = api::array_schema(text);
  api::SchemaMembers members{{"id", text},
                             {"owner", text},
                             {"state", R"({"enum":["live","expired","revoked"]})"},
                             {"role", text_or_null},
                             {"scopes", texts},
                             {"services", texts},
                             {"rates", texts},
                             {"created_at", text},
                             {"created_by", text},
                             {"expires_at", text},
                             {"revoked_at", text_or_null},
                             {"last_used_on", text_or_null}};
  members.insert(members.end(), more.begin(), more.end());
  return api::object_schema(members);
}

}  // namespace

std::string_view key_request_schema() {
  return R"({"type":"object","required":["owner"],"additionalProperties":false,"properties":{)"
         R"("owner":{"type":"string","minLength":1,"maxLength":64},)"
         R"("role":{"enum":["viewer","operator","registry-administrator","admin"]},)"
         R"("scopes":{"type":"array","minItems":1,"items":{"enum":["read","gate","ingest","canary:write","rollback",)"
         R"("exempt","registry","admin"]}},)"
         R"("expires_in":{"type":"string","examples":["90d","12h"]},)"
         R"("expires_at":{"type":"string","examples":["2027-01-31","2027-01-31T12:00:00Z"]},)"
         R"("services":{"type":"array","maxItems":32,"items":{"type":"string","minLength":1,"maxLength":128}},)"
         R"("rates":{"type":"array","maxItems":6,"items":{"type":"string","examples":["read=600/60s"]}},)"
         R"("reason":{"type":"string","maxLength":500}}})";
}

std::string_view key_list_schema() {
  static const std::string kSchema = api::object_schema(
      {{"keys", api::array_schema(record_schema())}, {"omitted", std::string{api::kIntegerSchema}}});
  return kSchema;
}

std::string_view created_key_schema() {
  static const std::string kSchema =
      record_schema({{"key", std::string{api::kTextOrNullSchema}}, {"note", std::string{api::kTextSchema}}});
  return kSchema;
}

std::string_view revoked_key_schema() {
  static const std::string kSchema = record_schema({{"already_revoked", std::string{api::kFlagSchema}}});
  return kSchema;
}

}  // namespace server::auth
