#include "server/api/change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/service_world.h"

namespace server::api {
namespace {

using gate::test::ask;
using gate::test::Asked;
using gate::test::json_of;
using testing::HasSubstr;
using testing::SizeIs;

constexpr store::Migration kNotes{
    0, "notes", "CREATE TABLE note (id {integer} PRIMARY KEY, text TEXT NOT NULL) {strict};\n"};

// A service that keeps notes: POST adds one, refuses "bad", fails on "broken", does nothing on "as it is".
class Notes {
 public:
  explicit Notes(const Core& core) : core_(core) {}

  std::vector<Route> routes() {
    Route add;
    add.method = "POST";
    add.path = "/notes";
    add.access = auth::Scope::exempt;
    add.rate_class = limits::RateClass::write;
    add.endpoint = "notes";
    add.idempotency = Idempotency::accepted;
    add.body_limit = 1000;
    add.name = "addNote";
    add.summary = "Adds a note.";
    add.handler = [this](Call call, const http::Responder& respond) {
      const std::string text = call.body;
      make_change(
          core_.store, core_.clock, std::move(call),
          [this, text](store::Transaction& transaction) { return decide(transaction, text); }, respond);
    };
    return {std::move(add)};
  }

  int published = 0;

 private:
  gate::Result<std::variant<Change, Problem>> decide(store::Transaction& transaction,
                                                     const std::string& text) {
    const auto added = transaction.execute("INSERT INTO note (text) VALUES (:text)", {{"text", text}});
    if (!added) return added.error();
    if (text == R"("bad")") return Problem{"invalid_request", "not that one", {}, {}};
    if (text == R"("broken")") {
      const auto failed =
          transaction.execute("INSERT INTO note (id, text) VALUES (1, :text)", {{"text", text}});
      if (!failed) return failed.error();
    }
    Change change;
    if (text == R"("as it is")") return Change{answer(gate::Value::object({{"added", {}}})), {}, {}};
    change.answer = answer(gate::Value::object({{"added", text}}));
    change.audit.action = "note.added";
    change.audit.subject = "notes";
    change.audit.after = text;
    change.publish = [this] { ++published; };
    return change;
  }

  Core core_;
};

class MakeChange : public testing::Test {
 protected:
  http::Response add(const std::string& text, const std::string& key = {}) {
    Asked asked{"POST", "/notes", "\"" + text + "\""};
    if (!key.empty()) asked.headers.emplace_back("idempotency-key", key);
    return ask(notes_.routes(), asked);
  }

  std::int64_t count() {
    std::int64_t rows = -1;
    const auto read = world_.store().read_now([&](store::Transaction& transaction) -> gate::Status {
      const auto found = transaction.query("SELECT count(*) FROM note", {});
      if (!found) return found.error();
      rows = found->front().integer(0);
      return gate::done();
    });
    EXPECT_TRUE(read);
    return rows;
  }

  gate::test::ServiceWorld world_{{kNotes}};
  Notes notes_{world_.core()};
};

TEST_F(MakeChange, ShowsItOnceItIsDurable) {
  EXPECT_EQ(add("first").status, 200);
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(notes_.published, 1);
  const auto audit = world_.audit();
  ASSERT_THAT(audit, SizeIs(1));
  EXPECT_EQ(audit[0].entry.actor, "adminkey");
  EXPECT_EQ(audit[0].entry.owner, "alice");
  EXPECT_EQ(audit[0].entry.scope, "exempt");
  EXPECT_EQ(audit[0].entry.correlation_id, "test-1");
  EXPECT_EQ(audit[0].entry.idempotency, "");
}

TEST_F(MakeChange, DoesItOnceForEachKey) {
  const auto first = add("first", "k1");
  const auto again = add("first", "k1");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_THAT(again.headers, testing::Contains(testing::Pair("idempotency-replayed", "true")));
  EXPECT_THAT(first.headers, testing::Not(testing::Contains(testing::Pair("idempotency-replayed", "true"))));
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(notes_.published, 1);
  EXPECT_THAT(world_.audit(), SizeIs(1));
  EXPECT_EQ(add("first", "k2").status, 200) << "another key is another intent";
  EXPECT_EQ(count(), 2);
}

TEST_F(MakeChange, WritesNoRowOfWhatChangedNothing) {
  const auto first = add("as it is", "k1");
  EXPECT_EQ(first.status, 200);
  EXPECT_THAT(world_.audit(), SizeIs(0));
  const auto again = add("as it is", "k1");
  EXPECT_EQ(again.body, first.body) << "its answer is kept all the same";
  EXPECT_THAT(again.headers, testing::Contains(testing::Pair("idempotency-replayed", "true")));
}

TEST_F(MakeChange, KeepsTheAnswerOverARestart) {
  const auto first = add("first", "k1");
  world_.restart();
  Notes after{world_.core()};
  const auto again = ask(after.routes(), {"POST", "/notes", R"("first")", {{"idempotency-key", "k1"}}});
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(count(), 1);
}

TEST_F(MakeChange, RefusesAKeyThatCameWithAnotherRequest) {
  add("first", "k1");
  const auto other = add("second", "k1");
  EXPECT_EQ(other.status, 422);
  EXPECT_THAT(other.body, HasSubstr("idempotency_key_reused"));
  EXPECT_EQ(count(), 1);
}

TEST_F(MakeChange, TellsKeysOfOneCallerFromAnothers) {
  add("first", "k1");
  Asked other{"POST", "/notes", R"("second")", {{"idempotency-key", "k1"}}};
  other.caller = gate::test::administrator();
  other.caller->id = "otherkey";
  EXPECT_EQ(ask(notes_.routes(), other).status, 200);
  EXPECT_EQ(count(), 2);
}

TEST_F(MakeChange, KeepsNoRefusal) {
  EXPECT_EQ(add("bad", "k1").status, 422);
  EXPECT_EQ(count(), 0) << "what a refused change did must be undone";
  EXPECT_THAT(world_.audit(), SizeIs(0));
  EXPECT_EQ(add("good", "k1").status, 200) << "a refusal must not use up the key";
}

TEST_F(MakeChange, SaysNothingOfWhatFailedWithin) {
  add("first");
  const auto failed = add("broken");
  EXPECT_EQ(failed.status, 500);
  EXPECT_THAT(failed.body, testing::Not(HasSubstr("broken")));
  EXPECT_EQ(count(), 1);
}

TEST_F(MakeChange, RefusesMalformedKeys) {
  const std::pair<const char*, std::string> rows[] = {
      {"empty", ""}, {"a space", "a b"}, {"too long", std::string(256, 'k')}, {"not ASCII", "k\xc3\xa4"}};
  for (const auto& [name, key] : rows) {
    SCOPED_TRACE(name);
    const auto response = ask(notes_.routes(), {"POST", "/notes", R"("x")", {{"idempotency-key", key}}});
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(response.body, HasSubstr("malformed_key"));
  }
  EXPECT_EQ(count(), 0);
}

TEST_F(MakeChange, IsUnavailableOnceTheStoreIsClosed) {
  world_.store().close();
  const auto response = add("late");
  EXPECT_EQ(response.status, 503);
  EXPECT_THAT(response.body, HasSubstr("store_unavailable"));
  EXPECT_EQ(notes_.published, 0);
}

}  // namespace
}  // namespace server::api
