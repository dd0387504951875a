#include "gate/load/yaml.h"

#include <algorithm>

#include "gate/load/json_instance.h"
#include "gate/schema/equality.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

using schema::Cell;
using schema::Instance;

constexpr load::JsonLimits kLimits{std::size_t{1} << 20U, 64};

// What is JSON but no YAML: a key that ends a line or is longer than 1,024 characters, an escape of half a
// surrogate pair, and characters that YAML leaves out. None of these is in a short line of plain ASCII.
bool is_surely_yaml(std::string_view json) {
  return json.size() < 1'000 && json.find("\\u") == std::string_view::npos &&
         std::all_of(json.begin(), json.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool is_inside(const Instance& instance, std::size_t bytes) {
  for (std::uint32_t i = 0; i < instance.size(); ++i) {
    if (instance.cell(i).offset > bytes || instance.cell(i).span > instance.size() - i) return false;
  }
  return instance.root().span == instance.size();
}

bool in_the_same_places(const Instance& a, const Instance& b) {
  if (a.size() != b.size()) return false;
  for (std::uint32_t i = 0; i < a.size(); ++i) {
    if (a.cell(i).offset != b.cell(i).offset) return false;
  }
  return true;
}

}  // namespace

void fuzz_yaml(std::string_view input) {
  Instance yaml;
  const Status status = load::read_yaml(input, yaml, kLimits);
  require(status || !status.error().message.empty(), "a refusal says why");
  require(!status || is_inside(yaml, input.size()), "an instance is one tree with places in the text");

  load::JsonInstanceReader reader{kLimits};
  const auto json = reader.read(input);
  if (!json) return;
  require(status || !is_surely_yaml(input), "JSON is YAML");
  if (!status) return;
  require(schema::equal(yaml.root(), (*json)->root()), "JSON means the same as YAML");
  require(in_the_same_places(yaml, **json), "and stands in the same places");
}

}  // namespace gate::fuzz
