#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "gate/base/result.h"
#include "gate/schema/exact_numbers.h"

namespace gate::load {

// What is refused before it costs anything.
struct JsonLimits {
  std::size_t bytes = std::size_t{16} * 1024 * 1024;
  std::size_t depth = 64;  // arrays and objects within each other

  bool operator==(const JsonLimits&) const = default;
};

// One JSON document: the tree, and the numbers a double cannot hold. Not to be changed once read.
// Moving it keeps `exact` true to `root`.
struct Document {
  boost::json::value root;
  ExactNumbers exact;

  Document() = default;
  explicit Document(boost::json::value tree) : root(std::move(tree)) {}
  Document(Document&& other) noexcept;
  Document& operator=(Document&& other) noexcept;
  ~Document() = default;
};

// What JSON is, wherever it enters (json_instance.h answers the same). RFC 8259 in UTF-8 and nothing beside
// it: no duplicate keys, lone surrogates, byte order mark, comments, NaN, or bytes after the document. A
// number is a 64-bit integer, a correctly rounded double, or exact in Document::exact. Errors: malformed, as
// `line:column: why`; budget over a limit or for an exponent nothing can hold.
Result<Document> parse_json(std::string_view text, const JsonLimits& limits = {});

// The string at the end of a path of members; nullopt where something else or nothing is there.
std::optional<std::string> text_at(const Document& document, std::initializer_list<std::string_view> path);

// Reads one document after another into the same memory: for JSON Lines. Used by one thread.
class JsonReader {
 public:
  explicit JsonReader(const JsonLimits& limits = {});
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  // As parse_json. The document lives until the next call.
  Result<const Document*> read(std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gate::load
