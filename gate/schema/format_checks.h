#pragma once

#include <string_view>

// The check behind each format; format.h says what each holds a text to.
namespace gate::schema {

bool is_date(std::string_view text);
bool is_date_time(std::string_view text);
bool is_duration(std::string_view text);
bool is_time(std::string_view text);

bool is_hostname(std::string_view text);
bool is_idn_hostname(std::string_view text);
bool is_ipv4(std::string_view text);
bool is_ipv6(std::string_view text);

bool is_email(std::string_view text);
bool is_idn_email(std::string_view text);

bool is_iri(std::string_view text);
bool is_iri_reference(std::string_view text);
bool is_uri(std::string_view text);
bool is_uri_reference(std::string_view text);
bool is_uri_template(std::string_view text);

bool is_json_pointer(std::string_view text);
bool is_relative_json_pointer(std::string_view text);

bool is_ecma_regex(std::string_view text);

}  // namespace gate::schema
