#include <algorithm>
#include <string>

#include "gate/base/json_pointer.h"
#include "gate/base/text.h"
#include "gate/base/time.h"
#include "gate/base/utf8.h"
#include "gate/schema/format.h"
#include "gate/schema/pattern.h"
#include "gate/schema/uri.h"
#include "tests/fuzz/targets.h"

namespace gate::fuzz {
namespace {

using schema::Format;
using schema::has_format;

bool is_ascii_only(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

void check_times(std::string_view text) {
  const bool date = has_format(Format::date, text);
  require(date == parse_date(text).has_value(), "a date is what parse_date reads");
  if (!has_format(Format::date_time, text)) return;
  require(has_format(Format::date, text.substr(0, 10)), "a date-time begins with its date");
  require(has_format(Format::time, text.substr(11)), "a date-time ends with its time");
  require(parse_timestamp(text).has_value(), "a date-time is a moment");
}

void check_addresses(std::string_view text) {
  const std::string in_brackets = "[" + std::string{text} + "]";
  if (has_format(Format::ipv4, text)) {
    require(has_format(Format::ipv6, "::" + std::string{text}), "an IPv4 address ends an IPv6 address");
    require(has_format(Format::email, "a@" + in_brackets), "an IPv4 address is a literal of a mailbox");
    require(has_format(Format::hostname, text), "an IPv4 address is made of labels");
  }
  if (!has_format(Format::ipv6, text)) return;
  require(has_format(Format::uri, "a://" + in_brackets), "an IPv6 address is a literal of a URI");
  require(has_format(Format::email, "a@[IPv6:" + in_brackets.substr(1)), "and of a mailbox");
}

void check_names(std::string_view text) {
  const bool international = has_format(Format::idn_hostname, text);
  const std::string stops = replace_all(text, "\u3002", ".");
  require(international == has_format(Format::idn_hostname, stops),
          "an ideographic full stop is a full stop");
  const bool plain = is_ascii_only(text);
  if (plain && international) require(has_format(Format::hostname, text), "of ASCII it is a host name");
  const bool mailbox = has_format(Format::idn_email, text);
  if (has_format(Format::email, text)) require(mailbox, "a mailbox is an internationalized one");
  if (plain && mailbox) require(has_format(Format::email, text), "of ASCII it is a mailbox");
  if (has_format(Format::hostname, text)) {
    require(has_format(Format::email, "a@" + std::string{text}), "a host takes mail");
    require(has_format(Format::uri, "a://" + std::string{text}), "a host stands in a URI");
  }
}

void check_references(std::string_view text) {
  const bool uri = has_format(Format::uri, text);
  const bool reference = has_format(Format::uri_reference, text);
  const bool iri = has_format(Format::iri, text);
  const bool iri_reference = has_format(Format::iri_reference, text);
  require(uri == (reference && schema::is_absolute_uri(text)), "a URI is a reference with a scheme");
  require(iri == (iri_reference && schema::is_absolute_uri(text)), "an IRI is a reference with a scheme");
  require(reference == (iri_reference && is_ascii_only(text)),
          "a URI reference is an IRI reference in ASCII");
  if (reference) {
    const std::string resolved = schema::resolve_uri("http://example.com/a/b?c", text);
    require(has_format(Format::uri, resolved), "a reference resolves to a URI");
  }
}

void check_pointers(std::string_view text) {
  const bool pointer = has_format(Format::json_pointer, text);
  require(pointer == parse_pointer(text).has_value(), "a pointer is what parse_pointer reads");
  require(pointer == has_format(Format::relative_json_pointer, "1" + std::string{text}) ||
              (!text.empty() && std::string_view{"0123456789#+-"}.find(text[0]) != std::string_view::npos),
          "a relative pointer ends with a pointer");
}

void check_patterns(std::string_view text) {
  const bool regex = has_format(Format::regex, text);
  if (regex) require(has_format(Format::regex, "(?:" + std::string{text} + ")"), "so is its group");
  const bool looks_behind = text.find("(?<") != std::string_view::npos;
  if (!regex && !looks_behind)
    require(!schema::Pattern::compile(text), "what is no pattern does not compile");
}

}  // namespace

void fuzz_format(std::string_view text) {
  if (!is_utf8(text)) return;
  check_times(text);
  check_addresses(text);
  check_names(text);
  check_references(text);
  check_pointers(text);
  check_patterns(text);
  for (const Format format : {Format::date_time, Format::duration, Format::hostname, Format::ipv6,
                              Format::time, Format::uri, Format::uuid}) {
    require(has_format(format, text) == has_format(format, lower(text)), "case says nothing here");
  }
  for (auto i = 0; i <= static_cast<int>(Format::uuid); ++i) {
    const auto format = static_cast<Format>(i);
    require(schema::format_named(schema::format_name(format)) == format, "a format is named by its name");
    if (format == Format::regex || format == Format::json_pointer ||
        format == Format::relative_json_pointer) {
      continue;
    }
    if (has_control(text)) require(!has_format(format, text), "no format but these holds a control");
  }
}

}  // namespace gate::fuzz
