#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "tests/unit/server/http/server_world.h"

namespace server::http {
namespace {

using gate::test::get;
using gate::test::RawClient;

// Of the whole process, threads and all.
double seconds_of_processor() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// For as long as it lives no file can be opened any more.
class NoMoreDescriptors {
 public:
  NoMoreDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int next = ::dup(0);
    ::close(next);
    const rlimit none{static_cast<rlim_t>(next), before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoMoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoMoreDescriptors(const NoMoreDescriptors&) = delete;
  NoMoreDescriptors& operator=(const NoMoreDescriptors&) = delete;

 private:
  rlimit before_{};
};

// UndefinedBehaviorSanitizer looks at an object's type through a pipe, which nobody can have here.
#if defined(__has_feature)
#if __has_feature(undefined_behavior_sanitizer)
#define NEEDS_DESCRIPTORS
#endif
#endif

TEST(Listener, PausesWhereThereAreNoMoreDescriptorsAndDoesNotSpin) {
#ifdef NEEDS_DESCRIPTORS
  GTEST_SKIP() << "the sanitizer itself needs descriptors";
#endif
  ServerWorld world;
  world.start();
  RawClient early = world.client();
  early.send(get("/early"));
  ASSERT_TRUE(early.reply());
  RawClient kept_out;  // its end exists before the limit falls, the server's cannot
  {
    const NoMoreDescriptors limit;
    kept_out.connect(world.address());
    const double before = seconds_of_processor();
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
    EXPECT_LT(seconds_of_processor() - before, 0.2);
    early.send(get("/still"));
    EXPECT_TRUE(early.reply()) << "who is connected is served all the same";
  }
  kept_out.send(get("/at-last"));
  EXPECT_TRUE(kept_out.reply());
}

}  // namespace
}  // namespace server::http
