#include <boost/json/serialize.hpp>

#include "gate/base/text.h"
#include "gate/load/json.h"
#include "gate/load/json_instance.h"
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

// A value's place is where its text starts.
void check_places(std::string_view text, const schema::Instance& instance) {
  for (std::uint32_t i = 0; i < instance.size(); ++i) {
    const schema::Cell& cell = instance.cell(i);
    const char first = text[cell.offset];
    require((first == '{') == cell.is_object() && (first == '[') == cell.is_array() &&
                (first == '"') == cell.is_string(),
            "a value stands where its text starts");
  }
}

}  // namespace

void fuzz_json(std::string_view input) {
  const auto document = load::parse_json(input, kLimits);
  load::JsonReader reader{kLimits};
  const auto again = reader.read(input);
  load::JsonInstanceReader instance_reader{kLimits};
  const auto instance = instance_reader.read(input);
  require(document.has_value() == again.has_value(), "the reader of many decides as the reader of one");
  require(document.has_value() == instance.has_value(), "the reader of instances decides as the strict one");
  if (!document) {
    require(document.error() == again.error() && document.error() == instance.error(), "all say the same");
    require(!document.error().message.empty(), "a refusal says why");
    return;
  }
  const schema::Instance expected = schema::instance_of(document->root, document->exact);
  require(schema::equal(expected.root(), schema::instance_of((*again)->root, (*again)->exact).root()),
          "both read the same document");
  require(schema::equal(expected.root(), (*instance)->root()), "an instance holds the same document");
  check_places(input, **instance);
  check_ends(input);
  if (!document->exact.empty()) return;
  const std::string written = boost::json::serialize(document->root);
  const auto copy = load::parse_json(written, {2 * kLimits.bytes, kLimits.depth});
  require(copy.has_value(), "what is written is read");
  require(schema::equal(expected.root(), schema::instance_of(copy->root, copy->exact).root()),
          "what is written is what was read");
}

}  // namespace gate::fuzz
