#pragma once

#include <cstddef>
#include <functional>

namespace gate {

// How many threads the machine runs at once; at least 1.
std::size_t available_cores();

// Calls work(i) once for each i below `count` on up to `jobs` threads (the caller's is one of them)
// and returns when all are done. Callers keep results in order by writing to slot i. The first
// exception is rethrown after every thread has stopped.
void parallel_for(std::size_t count, std::size_t jobs, const std::function<void(std::size_t)>& work);

}  // namespace gate
