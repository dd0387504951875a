// Applies keyed changes to a store and tells what became of each, a line at once: `done ID`, `undone ID` or
// `unknown ID`. Made to be killed.

#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "gate/platform/system.h"
#include "server/store/sqlite_store.h"
#include "tests/integration/store/ledger.h"

namespace {

using namespace server::store;

void say(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) std::_Exit(9);
}

std::string_view word_of(const gate::Status& status) {
  if (status) return "done";
  return status.error().code == gate::ErrorCode::unconfirmed ? "unknown" : "undone";
}

int fail(const gate::Error& error) {
  say("error " + error.message);
  return 3;
}

// So many changes are under way at once, and no more.
class Window {
 public:
  explicit Window(int most) : free_(most) {}
  void enter() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return free_ > 0; });
    --free_;
  }
  void leave() {
    const std::lock_guard lock{mutex_};
    ++free_;
    changed_.notify_all();
  }
  void drain(int most) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return free_ == most; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int free_;
};

// Says which thread has the database, and waits until a tracer is there.
void await_tracer(Store& store, const std::string& go) {
  long thread = 0;
  (void)store.read_now([&](Transaction&) {
    thread = ::syscall(SYS_gettid);
    return gate::done();
  });
  say(fmt::format("thread {}", thread));
  while (::access(go.c_str(), F_OK) != 0) std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

void apply(Store& store, int from, int to, int at_once, const gate::ports::Clock& clock) {
  Window window{at_once};
  for (int number = from; number < to; ++number) {
    window.enter();
    const std::string id = fmt::format("c{}", number);
    store.write(
        [id, &clock](Transaction& transaction) { return test::apply_once(transaction, id, clock.now()); },
        [id, &window](const gate::Status& status) {
          say(fmt::format("{} {}", word_of(status), id));
          window.leave();
        });
  }
  window.drain(at_once);
}

// FOLDER run|hold FROM TO AT_ONCE [GO_FILE]; `hold` keeps the store open when all is done, until it is
// killed.
int run(const std::vector<std::string>& words) {
  const gate::platform::SystemClock clock;
  SqliteSettings settings;
  settings.folder = words.at(0);
  auto store = SqliteStore::open(settings, test::ledger_migrations(), clock);
  if (!store) return fail(store.error());
  say("open");
  if (words.size() > 5) await_tracer(**store, words[5]);
  apply(**store, std::stoi(words.at(2)), std::stoi(words.at(3)), std::stoi(words.at(4)), clock);
  if (words.at(1) == "hold") {
    say("applied");
    ::pause();
  }
  (*store)->close();
  const std::string failure = (*store)->failure();
  say(failure.empty() ? "closed" : "failed " + failure);
  return failure.empty() ? 0 : 3;
}

// FOLDER restore BACKUP
int restore_backup(const std::vector<std::string>& words) {
  const gate::platform::SystemClock clock;
  const auto kept = restore(words.at(0), words.at(2), test::ledger_migrations(), clock);
  return kept ? 0 : fail(kept.error());
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words{argv + 1, argv + argc};
  return words.at(1) == "restore" ? restore_backup(words) : run(words);
}
