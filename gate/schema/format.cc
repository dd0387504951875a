#include "gate/schema/format.h"

#include <array>
#include <cstddef>

#include "gate/base/uuid.h"
#include "gate/schema/format_checks.h"

namespace gate::schema {
namespace {

struct Row {
  Format format;
  std::string_view name;
  std::string_view phrase;
  bool (*check)(std::string_view text);
};

// In the order of the enumerators.
constexpr auto kRows = std::to_array<Row>({
    {Format::date, "date", "a date as RFC 3339 writes it", is_date},
    {Format::date_time, "date-time", "a date and time as RFC 3339 writes it", is_date_time},
    {Format::duration, "duration", "a duration as ISO 8601 writes it", is_duration},
    {Format::email, "email", "an e-mail address", is_email},
    {Format::hostname, "hostname", "a host name", is_hostname},
    {Format::idn_email, "idn-email", "an internationalized e-mail address", is_idn_email},
    {Format::idn_hostname, "idn-hostname", "an internationalized host name", is_idn_hostname},
    {Format::ipv4, "ipv4", "an IPv4 address", is_ipv4},
    {Format::ipv6, "ipv6", "an IPv6 address", is_ipv6},
    {Format::iri, "iri", "an IRI", is_iri},
    {Format::iri_reference, "iri-reference", "an IRI reference", is_iri_reference},
    {Format::json_pointer, "json-pointer", "a JSON pointer", is_json_pointer},
    {Format::regex, "regex", "a regular expression of ECMA-262", is_ecma_regex},
    {Format::relative_json_pointer, "relative-json-pointer", "a relative JSON pointer",
     is_relative_json_pointer},
    {Format::time, "time", "a time with its offset as RFC 3339 writes it", is_time},
    {Format::uri, "uri", "a URI", is_uri},
    {Format::uri_reference, "uri-reference", "a URI reference", is_uri_reference},
    {Format::uri_template, "uri-template", "a URI template", is_uri_template},
    {Format::uuid, "uuid", "a UUID", is_uuid},
});

constexpr bool in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].format) != i) return false;
  }
  return true;
}
static_assert(in_order() && kRows.back().format == Format::uuid);

const Row& row_of(Format format) {
  return kRows[static_cast<std::size_t>(format)];
}

}  // namespace

std::optional<Format> format_named(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return row.format;
  }
  return std::nullopt;
}

std::string_view format_name(Format format) {
  return row_of(format).name;
}

std::string_view format_phrase(Format format) {
  return row_of(format).phrase;
}

bool has_format(Format format, std::string_view text) {
  return row_of(format).check(text);
}

}  // namespace gate::schema
