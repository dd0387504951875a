#include "gate/render/xml_text.h"

#include "gate/render/visible.h"

namespace gate::render {

std::string xml_text(std::string_view text, std::size_t limit) {
  std::string out;
  for (const char c : visible(text, limit)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace gate::render
