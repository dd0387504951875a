#include "gate/load/xml.h"

#include <algorithm>
#include <utility>

#include <expat.h>
#include <fmt/format.h>

namespace gate::load {
namespace {

// expat takes lengths as int; small pieces also let an over-long tag be noticed soon.
constexpr std::size_t kPiece = std::size_t{1} << 16U;

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

}  // namespace

std::string_view XmlAttributes::operator[](std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (local_name(pair[0]) == name) return pair[1];
  }
  return {};
}

bool XmlAttributes::has(std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (local_name(pair[0]) == name) return true;
  }
  return false;
}

struct XmlParser::State {
  explicit State(XmlHandler& to) : handler(to), parser(XML_ParserCreate("UTF-8")) {
    XML_SetUserData(parser.get(), this);
    XML_SetElementHandler(parser.get(), on_start, on_end);
    XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
    XML_SetCdataSectionHandler(
        parser.get(), [](void* self) { static_cast<State*>(self)->in_cdata = true; },
        [](void* self) { static_cast<State*>(self)->in_cdata = false; });
  }

  static void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
    State& self = *static_cast<State*>(data);
    if (self.fault) return;
    if (++self.depth > kMaxDepth) {
      self.stop(fmt::format("elements are nested deeper than {}", kMaxDepth));
      return;
    }
    self.handler.start(XmlAttributes::local_name(name), XmlAttributes{attributes});
    self.listen();
  }

  static void on_end(void* data, const XML_Char* name) {
    State& self = *static_cast<State*>(data);
    if (self.fault) return;
    --self.depth;
    self.handler.end(XmlAttributes::local_name(name));
    self.listen();
  }

  static void on_text(void* data, const XML_Char* text, int length) {
    State& self = *static_cast<State*>(data);
    if (!self.fault) self.handler.text({text, static_cast<std::size_t>(length)});
  }

  static void on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    static_cast<State*>(data)->stop(
        "a document type declaration is refused: nothing in it is read or expanded");
  }

  // Text nobody wants costs nothing when expat is told so.
  void listen() {
    const bool wanted = handler.wants_text();
    if (wanted == listening) return;
    listening = wanted;
    XML_SetCharacterDataHandler(parser.get(), wanted ? on_text : nullptr);
  }

  void stop(std::string text) {
    if (fault) return;
    fault = XmlFault{std::move(text), XML_GetCurrentLineNumber(parser.get()),
                     XML_GetCurrentColumnNumber(parser.get()) + 1};
    XML_StopParser(parser.get(), XML_FALSE);
  }

  void parse(std::string_view piece, bool last) {
    const auto status = XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), last ? 1 : 0);
    given += piece.size();
    if (fault) return;
    if (status == XML_STATUS_ERROR) {
      stop(last && depth > 0 ? fmt::format("the document ends with {} elements still open", depth)
                             : XML_ErrorString(XML_GetErrorCode(parser.get())));
      return;
    }
    const XML_Index at = XML_GetCurrentByteIndex(parser.get());
    if (!last && at >= 0 && given - static_cast<std::uint64_t>(at) > kMaxTag) {
      stop(fmt::format("a tag or comment is longer than {} bytes", kMaxTag));
    }
  }

  XmlHandler& handler;
  std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser> parser;
  std::optional<XmlFault> fault;
  std::size_t depth = 0;
  std::uint64_t given = 0;
  bool listening = false;
  bool in_cdata = false;
};

XmlParser::XmlParser(XmlHandler& handler) : state_(std::make_unique<State>(handler)) {}
XmlParser::~XmlParser() = default;

void XmlParser::consume(std::string_view utf8) {
  while (!utf8.empty() && !state_->fault) {
    state_->parse(utf8.substr(0, kPiece), false);
    utf8.remove_prefix(std::min(kPiece, utf8.size()));
  }
}

bool XmlParser::in_literal() const {
  return state_->in_cdata;
}

void XmlParser::finish() {
  if (!state_->fault) state_->parse({}, true);
}

const std::optional<XmlFault>& XmlParser::fault() const {
  return state_->fault;
}

std::size_t XmlParser::line() const {
  return XML_GetCurrentLineNumber(state_->parser.get());
}

}  // namespace gate::load
