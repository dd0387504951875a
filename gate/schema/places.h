#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/json/value.hpp>

#include "gate/base/result.h"
#include "gate/schema/dialect.h"
#include "gate/schema/program.h"

namespace gate::schema {

// A place in a schema document and what is to be said about it.
struct Remark {
  std::uint32_t source = 0;
  std::string pointer;
  bool at_key = false;
  std::string message;

  bool operator==(const Remark&) const = default;
};

// Where another schema document is to be had: nothing is ever fetched. Error: not_found or malformed,
// with a message that says what to do.
using Resolver = std::function<Result<Source>(const std::string& uri)>;

using PlaceIndex = std::uint32_t;

// A subschema in its document.
struct Place {
  const boost::json::value* schema = nullptr;
  std::uint32_t source = 0;
  std::string pointer;
  std::uint32_t base = 0;  // index of its base URI
};

// Every subschema of a set of documents, findable by address, URI, anchor and pointer.
class Places {
 public:
  struct Limits {
    std::size_t places = 20'000;
  };

  // `declared`: keywords that are no fault beside the dialect's own and `x-…`.
  Places(Resolver resolver, std::vector<std::string> declared);

  // Takes a document in, once for each URI. Its `$schema` chooses the dialect.
  PlaceIndex add(const Source& source);

  // The place a reference leads to, seen from `from`; new documents are taken in. A pointer to what no
  // keyword declares a schema makes it one. Error: malformed.
  Result<PlaceIndex> resolve(PlaceIndex from, std::string_view reference);

  [[nodiscard]] const Place& operator[](PlaceIndex place) const { return places_[place]; }
  // The place of a subschema; nullopt where the limit kept it out.
  [[nodiscard]] std::optional<PlaceIndex> find(const boost::json::value& schema) const;
  [[nodiscard]] const Dialect& dialect_of(std::uint32_t source) const { return *dialects_[source]; }
  [[nodiscard]] const std::vector<Source>& sources() const { return sources_; }

  // Places that must still be held against the meta-schema: whole documents and what references made
  // schemas. Each is handed out once.
  std::vector<PlaceIndex> take_unchecked();

  std::vector<Remark> defects;
  std::vector<Remark> unknown_keywords;

 private:
  PlaceIndex walk(const boost::json::value& schema, std::uint32_t source, std::string pointer,
                  std::uint32_t base);
  void walk_keyword(const KeywordRow& row, const boost::json::value& value, PlaceIndex parent);
  void enter_id(Place& place, PlaceIndex index);
  void note_unknown(const Place& place, std::string_view keyword);
  const Dialect& choose_dialect(const Source& source, std::uint32_t index);
  Result<PlaceIndex> document_at(const std::string& uri);
  Result<PlaceIndex> walk_pointer(PlaceIndex root, const std::string& pointer);

  Limits limits_;
  bool full_ = false;
  Resolver resolver_;
  std::vector<std::string> declared_;
  std::vector<Source> sources_;
  std::vector<const Dialect*> dialects_;  // by source
  std::vector<Place> places_;
  std::vector<std::string> bases_;
  std::unordered_map<const boost::json::value*, PlaceIndex> by_address_;
  std::unordered_map<std::string, PlaceIndex> by_uri_;  // "uri", or "uri#anchor"
  std::vector<PlaceIndex> unchecked_;
};

}  // namespace gate::schema
