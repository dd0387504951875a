#include "gate/schema/uri.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "gate/base/json_pointer.h"
#include "gate/base/json_text.h"
#include "gate/base/text.h"

namespace gate::schema {
namespace {

// RFC 3986, 3, in pieces of the text it was cut from.
struct Parts {
  std::optional<std::string_view> scheme;
  std::optional<std::string_view> authority;
  std::string_view path;
  std::optional<std::string_view> query;
  std::optional<std::string_view> fragment;
};

bool is_scheme(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto other = [](char c) { return (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; };
  return !text.empty() && letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || other(c); });
}

// Cuts what follows the first `separator` off `text`.
std::optional<std::string_view> cut(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(at + 1);
  text = text.substr(0, at);
  return rest;
}

Parts parse(std::string_view text) {
  Parts parts;
  parts.fragment = cut(text, '#');
  parts.query = cut(text, '?');
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && is_scheme(text.substr(0, colon))) {
    parts.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const std::size_t end = std::min(text.find('/'), text.size());
    parts.authority = text.substr(0, end);
    text.remove_prefix(end);
  }
  parts.path = text;
  return parts;
}

constexpr std::string_view kDocumentScheme = "document";
constexpr std::string_view kParent = "/%2E%2E";
constexpr std::string_view kTop = "/%2F";

// Takes the last segment off; of a document's path only one that a step up leads out of.
void leave_segment(std::string& out, bool is_document) {
  if (is_document && (out.empty() || out.ends_with(kParent))) {
    out += kParent;
  } else if (!is_document || out != kTop) {
    out.erase(std::min(out.rfind('/'), out.size()));
  }
}

// RFC 3986, 5.2.4.
std::string without_dot_segments(std::string_view path, bool is_document) {
  std::string out;
  while (!path.empty()) {
    if (path.starts_with("../") || path.starts_with("./")) {
      path.remove_prefix(path.find('/') + 1);
    } else if (path.starts_with("/./") || path == "/.") {
      path = path == "/." ? "/" : path.substr(2);
    } else if (path.starts_with("/../") || path == "/..") {
      path = path == "/.." ? "/" : path.substr(3);
      leave_segment(out, is_document);
    } else if (path == "." || path == "..") {
      path = {};
    } else {
      const std::size_t end = std::min(path.find('/', 1), path.size());
      out += path.substr(0, end);
      path.remove_prefix(end);
    }
  }
  return out;
}

std::string merged(const Parts& base, std::string_view path) {
  if (base.authority && base.path.empty()) return "/" + std::string{path};
  const std::size_t slash = base.path.rfind('/');
  const std::string_view folder = slash == std::string_view::npos ? "" : base.path.substr(0, slash + 1);
  return std::string{folder}.append(path);
}

std::string path_of(const Parts& base, const Parts& reference) {
  const bool is_document = base.scheme == kDocumentScheme;
  if (!reference.path.starts_with('/'))
    return without_dot_segments(merged(base, reference.path), is_document);
  std::string path{is_document ? kTop : ""};
  path += reference.path;
  return without_dot_segments(path, is_document);
}

}  // namespace

UriReference split_fragment(std::string_view reference) {
  const std::size_t hash = reference.find('#');
  if (hash == std::string_view::npos) return {std::string{reference}, {}};
  return {std::string{reference.substr(0, hash)}, std::string{reference.substr(hash + 1)}};
}

bool is_absolute_uri(std::string_view uri) {
  return parse(uri).scheme.has_value();
}

std::string why_ill_formed(std::string_view uri) {
  constexpr std::string_view kNowhere = "\"<>\\^`{|}";
  const auto is_hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  for (std::size_t i = 0; i < uri.size(); ++i) {
    const char c = uri[i];
    if (c == ' ') return "a space";
    if ((c >= '\0' && c < ' ') || c == '\x7F') return "a control character";
    if (kNowhere.find(c) != std::string_view::npos) return std::string{"the character "} + c;
    if (c != '%') continue;
    if (uri.size() - i < 3 || !is_hex(uri[i + 1]) || !is_hex(uri[i + 2]))
      return "an ill-formed percent escape";
  }
  return {};
}

std::string document_uri(std::string_view path) {
  std::string uri = std::string{kDocumentScheme} + ":";
  if (path.starts_with('/')) uri += kTop;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    uri += "/";
    if (part == "..") {
      uri += kParent.substr(1);
      continue;
    }
    for (const char c : part) {
      const bool is_plain = std::string_view{"%#?\"<>\\^`{|} "}.find(c) == std::string_view::npos && c > ' ';
      uri += is_plain || static_cast<unsigned char>(c) >= 0x80
                 ? std::string{c}
                 : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri;
}

std::optional<std::string> document_path(std::string_view uri) {
  const Parts parts = parse(uri);
  if (parts.scheme != kDocumentScheme || parts.authority || !parts.path.starts_with('/')) return std::nullopt;
  std::string_view path = parts.path;
  const bool from_root = path.starts_with(std::string{kTop} + "/");
  path.remove_prefix(from_root ? kTop.size() : 1);
  return pointer_from_fragment(path);
}

std::string quoted_name(std::string_view name) {
  return json_quoted(shortened(name, 200));
}

std::string resolve_uri(std::string_view base_text, std::string_view reference_text) {
  const Parts base = parse(base_text);
  const Parts reference = parse(reference_text);
  if (reference.scheme) return std::string{reference_text};
  const bool same_document = !reference.authority && reference.path.empty();
  const auto authority = reference.authority ? reference.authority : base.authority;
  const auto query = same_document && !reference.query ? base.query : reference.query;
  std::string out;
  if (base.scheme) out.append(*base.scheme).append(":");
  if (authority) out.append("//").append(*authority);
  if (reference.authority) {
    out += without_dot_segments(reference.path, false);
  } else {
    out += same_document ? std::string{base.path} : path_of(base, reference);
  }
  if (query) out.append("?").append(*query);
  if (reference.fragment) out.append("#").append(*reference.fragment);
  return out;
}

}  // namespace gate::schema
