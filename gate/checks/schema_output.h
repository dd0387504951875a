#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/schema/output.h"

namespace gate::checks {

// Asks for the output that the JSON Schema specification describes, beside the findings: an object for each
// document, in the order of the documents. `write` gets each on a line, with the line feed; it is called from
// one thread at a time.
struct SpecOutput {
  schema::OutputFormat format = schema::OutputFormat::flag;
  std::function<void(std::string_view)> write;
};

// The output of some documents that waits for its turn.
struct PendingOutput {
  struct Entry {
    std::size_t line = 0;  // where the document begins
    std::string json;      // an object
  };

  void add(std::size_t line, std::string json) {
    bytes += json.size();
    entries.push_back({line, std::move(json)});
  }

  std::vector<Entry> entries;
  std::size_t bytes = 0;
};

// The object with the members that tell it from those of other documents in front: `document`, and `line`
// unless that is 0.
std::string labelled(std::string_view object, std::string_view path, std::size_t line);

}  // namespace gate::checks
