#include "server/api/call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/api/body.h"

namespace server::api {
namespace {

using testing::HasSubstr;

Call call_with(http::Headers headers, http::Query query = {}) {
  static const Route kRoute = [] {
    Route route;
    route.query = {{"hours", R"({"type":"integer"})", ""}};
    return route;
  }();
  Call call;
  call.route = &kRoute;
  call.head.headers = std::move(headers);
  call.head.query = std::move(query);
  return call;
}

TEST(IntegerParameter, TakesWholeNumbersWithinBounds) {
  struct Row {
    const char* text;
    std::int64_t value;  // 0: refused
  };
  const Row rows[] = {{"1", 1}, {"720", 720}, {"0", 0},  {"721", 0}, {"-1", 0},  {"1.0", 0},
                      {"", 0},  {" 1", 0},    {"1h", 0}, {"+1", 0},  {"0x1", 0}, {"99999999999999999999", 0}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const auto value = integer_parameter(call_with({}, {{"hours", row.text}}), "hours", 1, 720, 24);
    if (row.value != 0) {
      EXPECT_EQ(std::get<std::int64_t>(value), row.value);
    } else {
      EXPECT_EQ(std::get<Problem>(value).errors.at(0).pointer, "?hours");
    }
  }
  EXPECT_EQ(std::get<std::int64_t>(integer_parameter(call_with({}), "hours", 1, 720, 24)), 24);
}

TEST(CheckParameters, RefusesWhatTheRouteDoesNotHave) {
  EXPECT_FALSE(check_parameters(call_with({}, {{"hours", "1"}})));
  const auto mistyped = check_parameters(call_with({}, {{"hour", "1"}}));
  ASSERT_TRUE(mistyped);
  EXPECT_THAT(mistyped->detail, HasSubstr("known: hours"));
  const auto twice = check_parameters(call_with({}, {{"hours", "1"}, {"hours", "2"}}));
  ASSERT_TRUE(twice);
  EXPECT_THAT(twice->detail, HasSubstr("given twice"));
}

TEST(CheckIfMatch, HoldsTheTagThatWasSent) {
  struct Row {
    const char* if_match;  // empty: not sent
    bool passes;
  };
  const Row rows[] = {{"", true},        {R"("7")", true}, {"*", true},        {R"("6", "7")", true},
                      {R"("6")", false}, {"7", false},     {R"(W/"7")", false}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.if_match);
    http::Headers headers;
    if (*row.if_match != '\0') headers.emplace_back("if-match", row.if_match);
    EXPECT_EQ(!check_if_match(call_with(headers), etag_of(7)), row.passes);
  }
}

TEST(AnswerTagged, IsShortWhereTheTagIsKnown) {
  const gate::Value body = gate::Value::object({{"a", 1}});
  EXPECT_EQ(answer_tagged(call_with({}), body, etag_of(7)).status, 200);
  const auto known = answer_tagged(call_with({{"if-none-match", R"("7")"}}), body, etag_of(7));
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(known.body, "");
  EXPECT_THAT(known.headers, testing::Contains(testing::Pair("etag", R"("7")")));
}

// What BodyReader says about a body of {"name": text, "count": 1 to 10, "globs": texts}.
std::string faults_of(const std::string& body) {
  Call call = call_with({});
  call.body = body;
  const auto document = json_body(call);
  if (const auto* problem = std::get_if<Problem>(&document)) return std::string{problem->code};
  BodyReader reader{std::get<gate::load::Document>(document)};
  reader.require("name");
  reader.text("name", 5);
  reader.integer("count", 1, 10);
  reader.texts("globs", 2, 5);
  reader.flag("on");
  const auto problem = reader.finish();
  std::string faults;
  if (problem) {
    for (const FieldError& error : problem->errors) faults += error.pointer + " " + error.message + "; ";
  }
  return faults;
}

TEST(BodyReader, NamesEveryMemberThatIsWrong) {
  struct Row {
    const char* body;
    const char* faults;
  };
  const Row rows[] = {
      {R"({"name":"abc","count":3,"globs":["a"],"on":true})", ""},
      {"", "/name is required; "},
      {"{}", "/name is required; "},
      {R"({"name":null})", "/name is required; "},
      {"[]", " must be a JSON object; /name is required; "},
      {R"({"name":7})", "/name must be a string; "},
      {R"({"name":"abcdef"})", "/name must have at most 5 bytes; "},
      {R"({"name":"a","count":0})", "/count must be a whole number from 1 to 10; "},
      {R"({"name":"a","count":1.5})", "/count must be a whole number from 1 to 10; "},
      {R"({"name":"a","count":1e400})", "/count must be a whole number from 1 to 10; "},
      {R"({"name":"a","globs":["a","b","c"]})", "/globs must be an array of at most 2 strings; "},
      {R"({"name":"a","globs":[""]})", "/globs/0 must be a string of 1 to 5 bytes; "},
      {R"({"name":"a","on":1})", "/on must be true or false; "},
      {R"({"name":"a","nmae":1})", "/nmae is not known (did you mean \"name\"?); "},
      {R"({"name":"a","x/y":1})", "/x~1y is not known; "},
      {R"({"name":"a","name":"b"})", "malformed_json"},
      {R"({"name":"a"} x)", "malformed_json"},
      {"{", "malformed_json"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.body);
    EXPECT_EQ(faults_of(row.body), row.faults);
  }
}

}  // namespace
}  // namespace server::api
