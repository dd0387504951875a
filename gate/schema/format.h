#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gate::schema {

// What `format` can ask of a string: everything JSON Schema has named from draft-04 to 2020-12, with
// the same meaning in every dialect.
enum class Format : std::uint8_t {
  date,
  date_time,
  duration,
  email,
  hostname,
  idn_email,
  idn_hostname,
  ipv4,
  ipv6,
  iri,
  iri_reference,
  json_pointer,
  regex,
  relative_json_pointer,
  time,
  uri,
  uri_reference,
  uri_template,
  uuid,
};

// nullopt: a name JSON Schema gives no meaning, which asserts nothing.
std::optional<Format> format_named(std::string_view name);

std::string_view format_name(Format format);

// For a message: "an e-mail address".
std::string_view format_phrase(Format format);

// Whether `text`, which must be well-formed UTF-8, is what the format's grammar derives; what it names
// need not exist. Linear in the text but for `regex` (n log n), and only `regex` allocates.
//
// date, time, date-time: RFC 3339, 5.6. A second 60 only where it is 23:59:60 in UTC and, with a date,
//   the end of a month (5.7). `T` and `Z` in either case; no space for the `T`.
// duration: RFC 3339, appendix A, whose letters stand for both cases as in all ABNF.
// email: `Mailbox` of RFC 5321, 4.1.2, with its lengths (4.5.3.1); a literal is an IPv4 or IPv6 address.
// idn-email: the same with RFC 6531, 3.3: beyond ASCII any character, in a domain's labels too.
// hostname: RFC 1123, 2.1 (letters, digits, hyphens; 63 and 253 characters), no dot at the end. A label
//   that begins with `xn--` must be an A-label of IDNA2008, and then RFC 5893 rules over the whole name.
// idn-hostname: IDNA2008 (RFC 5890 to 5893) by the Unicode version of format_idna_table.cc. Of UTS 46
//   it does only this: the full stops U+3002, U+FF0E and U+FF61 part labels. It maps nothing (capitals
//   and full-width forms beyond ASCII are refused, not folded), and `ß`, `ς` and the joiners are
//   themselves, never the `ss`, `σ` and nothing of transitional processing; symbols and emoji are refused.
// ipv4, ipv6: RFC 2673, 3.2, without leading zeros; RFC 4291, 2.2, without a zone.
// uri, uri-reference: RFC 3986. iri, iri-reference: RFC 3987, and its 4.1: no bidi controls.
//   A host is not held to be a host name.
// uri-template: RFC 6570, 2, any level; `'` is a literal (its erratum 6937).
// json-pointer: RFC 6901, 3. relative-json-pointer: draft-bhutton-relative-json-pointer-00, 3.
// uuid: the textual form of RFC 4122, any version and variant.
// regex: ECMA-262 as gate/schema/ecma_regex.h reads it, whether or not PCRE2 could match it; one of
//   more than 256 KiB is refused.
bool has_format(Format format, std::string_view text);

}  // namespace gate::schema
