#pragma once

#include <string>
#include <string_view>

namespace gate::render {

// Untrusted text, safe in an attribute and in content of XML: made visible (visible.h) up to `limit` bytes,
// which spells out what XML cannot hold, and escaped.
std::string xml_text(std::string_view text, std::size_t limit = 4'096);

}  // namespace gate::render
