#include "server/http/query.h"

#include "gate/base/percent.h"
#include "gate/base/text.h"
#include "gate/base/utf8.h"

namespace server::http {
namespace {

std::optional<std::string> decoded(std::string_view text) {
  auto plain = gate::percent_decoded(gate::replace_all(text, "+", " "));
  if (!plain || plain->find('\0') != std::string::npos || !gate::is_utf8(*plain)) return std::nullopt;
  return plain;
}

}  // namespace

std::optional<Query> parse_query(std::string_view text) {
  Query query;
  for (const std::string_view part : gate::split(text, '&')) {
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    auto name = decoded(part.substr(0, equals));
    auto value = equals == std::string_view::npos ? std::string{} : decoded(part.substr(equals + 1));
    if (!name || !value) return std::nullopt;
    query.emplace_back(std::move(*name), std::move(*value));
  }
  return query;
}

}  // namespace server::http
