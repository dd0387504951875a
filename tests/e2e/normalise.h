#pragma once

#include <string>
#include <string_view>

#include "gate/base/time.h"

namespace gate::e2e {

// What differs from run to run without being wrong.
struct Surroundings {
  std::string case_dir;    // the folder the case ran in
  std::string source_dir;  // the checkout
  std::string version;     // the product's
  Timestamp started{};
  Timestamp ended{};
};

// `text` with the following replaced; everything else is compared byte by byte.
//   the case's folder            <case>         a UUID                       <uuid>
//   the checkout                 <source>       40 hex digits                <sha>
//   the product's version        <version>      a moment during the run      <now>
//   "took_ms": 12                "took_ms": <ms>
//   "config_hash": "…"           "config_hash": <hash>
//   340 ms, spaces before it     one space and <duration>
//   TIME at the end of a line, spaces before it     one space and TIME
std::string normalised(std::string_view text, const Surroundings& surroundings);

}  // namespace gate::e2e
