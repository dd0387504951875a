#include <boost/json/serialize.hpp>

#include "gate/base/text.h"
#include "gate/load/json.h"
#include "gate/schema/equality.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

constexpr load::JsonLimits kLimits{std::size_t{1} << 20U, 64};

// A document that a bracket or a quote closes ends there and nowhere else.
void check_ends(std::string_view text) {
  const std::string_view body = trim(text);
  if (std::string_view{"]}\""}.find(body.back()) == std::string_view::npos) return;
  require(!load::parse_json(body.substr(0, body.size() - 1), kLimits), "a document cut short is refused");
  require(!load::parse_json(std::string{body} + body.back(), kLimits), "bytes behind a document are refused");
}

}  // namespace

void fuzz_json(std::string_view input) {
  const auto document = load::parse_json(input, kLimits);
  load::JsonReader reader{kLimits};
  const auto again = reader.read(input);
  require(document.has_value() == again.has_value(), "the reader of many decides as the reader of one");
  if (!document) {
    require(document.error() == again.error(), "both say the same");
    require(!document.error().message.empty(), "a refusal says why");
    return;
  }
  require(schema::equal({document->root, document->exact}, {(*again)->root, (*again)->exact}),
          "both read the same document");
  check_ends(input);
  if (!document->exact.empty()) return;
  const std::string written = boost::json::serialize(document->root);
  const auto copy = load::parse_json(written, {2 * kLimits.bytes, kLimits.depth});
  require(copy.has_value(), "what is written is read");
  require(schema::equal({document->root, document->exact}, {copy->root, copy->exact}),
          "what is written is what was read");
}

}  // namespace gate::fuzz
