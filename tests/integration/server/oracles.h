#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "tests/integration/server/real_server.h"

namespace gate::test {

// Whether the counts of a test are to be the full ones: RELEASE_GATE_FULL is set.
bool is_full_run();

// Polls until it holds; false where it does not for that long.
bool eventually(const std::function<bool()>& holds, std::chrono::seconds at_most = std::chrono::seconds{20});

// A key of an admin whose limits nobody reaches; its `owner` may have two.
std::string unlimited_key(const RealServer& server, const std::string& owner = "soak");

// The hash chain of the audit log, running or not.
void expect_whole(const RealServer& server);

// One line of the server's that says what is wrong; `try: … --help` may follow.
void expect_one_line(const std::string& output, const std::string& says);

// What the process of a server has used since its start, all threads, and holds now.
double seconds_of_processor(RealServer& server);
std::size_t resident_bytes(RealServer& server);

}  // namespace gate::test
