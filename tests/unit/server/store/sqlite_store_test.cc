#include "server/store/sqlite_store.h"

#include <chrono>
#include <future>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/server/store/store_world.h"

namespace server::store::test {
namespace {

using gate::ErrorCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Keeps the store's thread busy until it is let go.
class Gate {
 public:
  explicit Gate(Store& store) {
    store.read(
        [this](Transaction&) {
          entered_.set_value();
          opened_.get_future().wait();
          return gate::done();
        },
        [](const gate::Status&) {});
    entered_.get_future().wait();
  }
  void open() { opened_.set_value(); }

 private:
  std::promise<void> entered_;
  std::promise<void> opened_;
};

TEST(SqliteStore, KeepsWhatWasWritten) {
  World world;
  {
    auto store = world.open();
    EXPECT_TRUE(store->is_writable());
    EXPECT_EQ(message_of(store->write_now(adding("a"))), "done");
    EXPECT_EQ(message_of(store->write_now(adding("b"))), "done");
    EXPECT_THAT(notes_of(*store), ElementsAre("a", "b"));
  }
  auto store = world.open();
  EXPECT_THAT(notes_of(*store), ElementsAre("a", "b"));
  EXPECT_EQ(store->failure(), "");
}

TEST(SqliteStore, CarriesEveryKindOfValue) {
  World world;
  auto store = world.open();
  const std::string odd{"a\0b'\"\xc3\xa9", 7};
  const auto status = store->write_now([&](Transaction& transaction) -> gate::Status {
    const Cell sizes[] = {std::int64_t{INT64_MAX}, std::int64_t{INT64_MIN}, std::monostate{}};
    int number = 0;
    for (const Cell& size : sizes) {
      const auto added =
          transaction.execute("INSERT INTO note (id, size, words) VALUES (:id, :size, :words)",
                              {{"id", std::to_string(number++)}, {"size", size}, {"words", odd}});
      if (!added) return added.error();
      EXPECT_EQ(*added, 1);
    }
    const auto rows = transaction.query("SELECT size, words, id || words FROM note ORDER BY id", {});
    if (!rows) return rows.error();
    EXPECT_EQ(rows->size(), 3U);
    EXPECT_EQ(rows->at(0).integer(0), INT64_MAX);
    EXPECT_EQ(rows->at(1).integer(0), INT64_MIN);
    EXPECT_TRUE(rows->at(2).is_null(0));
    EXPECT_EQ(rows->at(0).text(1), odd);
    EXPECT_EQ(rows->at(0).text(0), "") << "an integer is no text";
    EXPECT_EQ(rows->at(0).integer(1), 0) << "a text is no integer";
    const auto changed = transaction.execute("UPDATE note SET size = 5", {});
    if (!changed) return changed.error();
    EXPECT_EQ(*changed, 3);
    return gate::done();
  });
  EXPECT_EQ(message_of(status), "done");
}

TEST(SqliteStore, UndoesFailedWorkAndThatAlone) {
  World world;
  auto store = world.open();
  ASSERT_TRUE(store->write_now(adding("taken")));
  struct Case {
    const char* name;
    Work work;
    std::string_view message;
  };
  const std::vector<Case> cases = {
      {"its own error",
       [](Transaction& transaction) -> gate::Status {
         EXPECT_TRUE(add_note(transaction, "own"));
         return gate::Error{ErrorCode::refused, "not today"};
       },
       "not today"},
      {"a constraint", adding("taken"), "the store refused a change: a constraint does not hold (1555)"},
      {"a statement that is none",
       [](Transaction& transaction) -> gate::Status {
         EXPECT_TRUE(add_note(transaction, "no statement"));
         return transaction.query("SELEKT 'secret'", {}).error();
       },
       "the store refused a statement: SQL logic error (1)"},
      {"a type that does not fit",
       [](Transaction& transaction) -> gate::Status {
         return transaction
             .execute("INSERT INTO note (id, size) VALUES (:id, :size)", {{"id", "x"}, {"size", "secret"}})
             .error();
       },
       "the store refused a change: a constraint does not hold (3091)"},
      {"an error that it hides",
       [](Transaction& transaction) -> gate::Status {
         EXPECT_FALSE(add_note(transaction, "taken"));
         EXPECT_FALSE(add_note(transaction, "after an error"));
         return gate::done();
       },
       "the store refused a change: a constraint does not hold (1555)"},
      {"a parameter that is missing",
       [](Transaction& transaction) -> gate::Status {
         return transaction.execute("INSERT INTO note (id, size) VALUES (:id, :size)", {{"id", "x"}}).error();
       },
       "a statement lacks parameters"},
      {"a parameter too many",
       [](Transaction& transaction) -> gate::Status {
         return transaction.query("SELECT 1", {{"secret", std::int64_t{1}}}).error();
       },
       "the store refused a statement: "},
      {"an exception",
       [](Transaction& transaction) -> gate::Status {
         EXPECT_TRUE(add_note(transaction, "thrown"));
         throw std::runtime_error{"secret"};
       },
       "a piece of work threw an exception"},
  };
  // All in one batch, each between two good ones.
  Gate gate{*store};
  std::vector<std::promise<gate::Status>> told(cases.size());
  std::size_t number = 0;
  for (const Case& row : cases) {
    store->write(adding("good " + std::to_string(number)), [](const gate::Status& s) { EXPECT_TRUE(s); });
    store->write(row.work, [&told, number](const gate::Status& status) { told[number].set_value(status); });
    ++number;
  }
  gate.open();
  number = 0;
  for (const Case& row : cases) {
    SCOPED_TRACE(row.name);
    const gate::Status status = told[number++].get_future().get();
    EXPECT_THAT(message_of(status), HasSubstr(std::string{row.message}));
    EXPECT_THAT(message_of(status), Not(HasSubstr("secret")));
  }
  const auto ids = notes_of(*store);
  EXPECT_EQ(ids.size(), cases.size() + 1) << testing::PrintToString(ids);
  EXPECT_EQ(store->failure(), "");
}

TEST(SqliteStore, WorkCannotEndTheTransactionItRunsIn) {
  World world;
  auto store = world.open();
  const auto status = store->write_now([](Transaction& transaction) -> gate::Status {
    EXPECT_TRUE(add_note(transaction, "a"));
    const auto committed = transaction.execute("COMMIT", {});
    return committed ? gate::done() : gate::Status{committed.error()};
  });
  EXPECT_FALSE(status);
  EXPECT_FALSE(store->is_writable()) << "nobody can say any more what is one change";
}

TEST(SqliteStore, TellsInTheOrderOfTheCommits) {
  World world;
  auto store = world.open();
  std::vector<int> order;
  Gate gate{*store};
  for (int number = 0; number < 200; ++number) {
    store->write(number % 7 == 3 ? Work{[](Transaction&) -> gate::Status {
                   return gate::Error{ErrorCode::refused, "no"};
                 }}
                                 : adding(std::to_string(number)),
                 [&order, number](const gate::Status&) { order.push_back(number); });
  }
  gate.open();
  store->close();
  ASSERT_EQ(order.size(), 200U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(SqliteStore, RefusesAtOnceWhatItCannotQueue) {
  World world;
  SqliteSettings settings;
  settings.queue = 3;
  auto store = world.open(settings);
  Gate gate{*store};
  std::atomic<int> done{0};
  for (int number = 0; number < 3; ++number)
    store->write(adding(std::to_string(number)),
                 [&](const gate::Status& status) { done += status ? 1 : 100; });
  EXPECT_EQ(store->waiting(), 3U);
  gate::Status refused = gate::done();
  store->write(adding("too many"), [&](const gate::Status& status) { refused = status; });
  EXPECT_EQ(message_of(refused), "nothing was done: too many changes are waiting");
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  gate.open();
  store->close();
  EXPECT_EQ(done, 3);
  store->write(adding("late"), [&](const gate::Status& status) { refused = status; });
  EXPECT_EQ(message_of(refused), "nothing was done: the store is closed");
  EXPECT_EQ(message_of(store->on_open([](Transaction&) { return gate::done(); })),
            "nothing was done: the store is closed");
}

TEST(SqliteStore, ReadsSeeWhatIsCommittedAndChangeNothing) {
  World world;
  auto store = world.open();
  struct Case {
    const char* name;
    Work work;
  };
  const std::vector<Case> cases = {
      {"execute", adding("x")},
      {"query",
       [](Transaction& transaction) -> gate::Status {
         return transaction.query("INSERT INTO note (id) VALUES ('y') RETURNING id", {}).error();
       }},
  };
  for (const Case& row : cases) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(message_of(store->read_now(row.work)), "a read may change nothing");
  }
  EXPECT_THAT(notes_of(*store), ElementsAre());
}

TEST(SqliteStore, SurvivesCallersThatThrow) {
  World world;
  auto store = world.open();
  store->write(adding("a"), [](const gate::Status&) { throw std::runtime_error{"x"}; });
  EXPECT_TRUE(store->write_now(adding("b")));
  EXPECT_THAT(notes_of(*store), ElementsAre("a", "b"));
}

TEST(SqliteStore, TakesWorkFromManyThreads) {
  World world;
  auto store = world.open();
  constexpr int kThreads = 8;
  constexpr int kEach = 200;
  std::vector<std::thread> threads;
  std::atomic<int> done{0};
  std::atomic<int> seen{0};
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int number = 0; number < kEach; ++number) {
        if (store->write_now(adding(std::to_string(thread) + "/" + std::to_string(number)))) ++done;
        if (number % 20 == 0) seen += static_cast<int>(notes_of(*store).size() > 0);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, kThreads * kEach);
  EXPECT_EQ(seen, kThreads * kEach / 20) << "each reader had written before";
  EXPECT_EQ(notes_of(*store).size(), static_cast<std::size_t>(done));
}

TEST(SqliteStore, LoadsWhatServicesKeepInTheOrderTheyAsked) {
  World world;
  auto store = world.open();
  std::vector<int> order;
  EXPECT_TRUE(store->on_open([&](Transaction&) {
    order.push_back(1);
    return gate::done();
  }));
  EXPECT_TRUE(store->on_open([&](Transaction& transaction) -> gate::Status {
    order.push_back(2);
    return transaction.query("SELECT count(*) FROM note", {}) ? gate::done() : gate::Status{gate::Error{}};
  }));
  EXPECT_EQ(message_of(store->on_open([](Transaction& transaction) -> gate::Status {
              return transaction.query("SELECT 1 FROM nothing", {}).error();
            })),
            "the store refused a statement: SQL logic error (1)");
  EXPECT_THAT(order, ElementsAre(1, 2));
}

}  // namespace
}  // namespace server::store::test
