#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/load/json.h"
#include "server/api/problem.h"

namespace server::api {

// Reads a body that is one flat JSON object, member by member. A getter returns nullopt where the member is
// absent or null, and where it is wrong, which is then among the errors. The document must outlive it.
class BodyReader {
 public:
  // A null document, which an absent body is, reads as an object without members.
  explicit BodyReader(const gate::load::Document& document);

  std::optional<std::string> text(std::string_view name, std::size_t most_bytes);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::optional<bool> flag(std::string_view name);
  // An array of texts, none of them empty.
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t most,
                                                std::size_t most_bytes);

  // The member must be there: asked before its getter.
  void require(std::string_view name);
  void fault(std::string_view name, std::string why);

  // Members that nobody asked for are errors. Returns what is wrong with the body, if anything is.
  [[nodiscard]] std::optional<Problem> finish();

 private:
  const boost::json::value* find(std::string_view name);

  const boost::json::object* object_;
  std::vector<std::string> known_;
  std::vector<FieldError> errors_;
};

}  // namespace server::api
