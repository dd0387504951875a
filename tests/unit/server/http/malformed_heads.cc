#include "tests/unit/server/http/malformed_heads.h"

#include <vector>

namespace server::http {
namespace {

using namespace std::string_literals;

std::string with(const std::string& headers) {
  return "POST /a HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

std::string to(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

std::string line(const std::string& request_line) {
  return request_line + "\r\nHost: x\r\n\r\n";
}

std::string host(const std::string& value) {
  return "GET /a HTTP/1.1\r\nHost: " + value + "\r\n\r\n";
}

std::string many_headers(int count) {
  std::string headers;
  for (int i = 0; i < count; ++i) headers += "A: b\r\n";
  return headers;
}

const std::vector<MalformedHead>& all() {
  static const std::vector<MalformedHead> kHeads = {
      // Two lengths: which of them ends the body?
      {"length and chunks", with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n"},
      {"chunks and length", with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n") + "0\r\n\r\n"},
      {"length of zero and chunks",
       with("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n"},
      {"two different lengths", with("Content-Length: 5\r\nContent-Length: 6\r\n")},
      {"two equal lengths", with("Content-Length: 5\r\nContent-Length: 5\r\n")},
      {"a list of lengths", with("Content-Length: 5, 6\r\n")},
      {"a list of equal lengths", with("Content-Length: 5, 5\r\n")},
      {"a length with a plus", with("Content-Length: +5\r\n")},
      {"a length with a minus", with("Content-Length: -5\r\n")},
      {"a length in hex", with("Content-Length: 0x5\r\n")},
      {"a length with a fraction", with("Content-Length: 5.0\r\n")},
      {"a length with an exponent", with("Content-Length: 5e0\r\n")},
      {"a length with a space inside", with("Content-Length: 1 0\r\n")},
      {"a length in quotes", with("Content-Length: \"5\"\r\n")},
      {"a length with an underscore", with("Content-Length: 1_0\r\n")},
      {"an empty length", with("Content-Length:\r\n")},
      {"a length of letters", with("Content-Length: five\r\n")},
      {"a length beyond 64 bits", with("Content-Length: 18446744073709551616\r\n"), 413},
      {"a length beyond everything", with("Content-Length: " + std::string(400, '9') + "\r\n"), 413},
      {"a length with a vertical tab", with("Content-Length:\v5\r\n")},
      // A coding that one reader knows and another does not.
      {"coding xchunked", with("Transfer-Encoding: xchunked\r\n")},
      {"coding identity", with("Transfer-Encoding: identity\r\n")},
      {"coding identity and a length", with("Transfer-Encoding: identity\r\nContent-Length: 5\r\n")},
      {"coding chunked, then identity", with("Transfer-Encoding: chunked, identity\r\n")},
      {"coding gzip, then chunked", with("Transfer-Encoding: gzip, chunked\r\n")},
      {"coding chunked twice in a list", with("Transfer-Encoding: chunked, chunked\r\n")},
      {"coding chunked in two headers", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
      {"coding chunked beside another", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n")},
      {"coding Chunked twice in a list", with("Transfer-Encoding: Chunked, CHUNKED\r\n")},
      {"coding Chunked in two headers", with("Transfer-Encoding: Chunked\r\nTransfer-Encoding: chunked\r\n")},
      {"length and Chunked", with("Content-Length: 5\r\nTransfer-Encoding: Chunked\r\n") + "0\r\n\r\n"},
      {"coding in quotes", with("Transfer-Encoding: \"chunked\"\r\n")},
      {"coding with a parameter", with("Transfer-Encoding: chunked;q=1\r\n")},
      {"coding behind a comma", with("Transfer-Encoding: ,chunked\r\n")},
      {"coding before a comma", with("Transfer-Encoding: chunked,\r\n")},
      {"an empty coding", with("Transfer-Encoding:\r\n")},
      {"coding with a space before the colon", with("Transfer-Encoding : chunked\r\n")},
      {"coding with a tab before the colon", with("Transfer-Encoding\t: chunked\r\n")},
      {"coding with a vertical tab", with("Transfer-Encoding: \vchunked\r\n")},
      {"coding with a NUL", with("Transfer-Encoding: chunked\0\r\n"s)},
      {"coding on a folded line", with("Transfer-Encoding:\r\n chunked\r\n")},
      {"coding in a folded line", with("X: y\r\n Transfer-Encoding: chunked\r\n")},
      {"coding behind a bare CR", with("X: y\rTransfer-Encoding: chunked\r\n")},
      {"coding behind a bare LF", with("X: y\nTransfer-Encoding: chunked\r\n")},
      // Lines that one reader ends and another does not.
      {"a line folded with a space", with("X: a\r\n b\r\n")},
      {"a line folded with a tab", with("X: a\r\n\tb\r\n")},
      {"a first header that is folded", "GET /a HTTP/1.1\r\n Host: x\r\n\r\n"},
      {"bare LF behind the request line", "GET /a HTTP/1.1\nHost: x\r\n\r\n"},
      {"bare LF everywhere", "GET /a HTTP/1.1\nHost: x\n\n"},
      {"bare LF at the end", "GET /a HTTP/1.1\r\nHost: x\r\n\n"},
      {"bare CR at the end", "GET /a HTTP/1.1\r\nHost: x\r\n\r\r\n"},
      {"bare CR in a value", with("X: a\rb\r\n")},
      {"two CRs before an LF", with("X: a\r\r\n")},
      {"an empty line in front", "\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"a bare LF in front", "\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"a NUL in a value", with("X: a\0b\r\n"s)},
      {"a NUL in a name", with("X\0Y: a\r\n"s)},
      {"a backspace in a value", with("X: a\bb\r\n")},
      {"an escape in a value", with("X: \x1b[31m\r\n")},
      {"a DEL in a value", with("X: a\x7f\r\n")},
      {"bytes beyond ASCII in a value", with("X: caf\xc3\xa9\r\n")},
      {"a header without a colon", with("Xyz\r\n")},
      {"a header without a name", with(": y\r\n")},
      {"a space in a name", with("X Y: a\r\n")},
      {"a slash in a name", with("X/Y: a\r\n")},
      {"brackets in a name", with("X(Y): a\r\n")},
      {"a quote in a name", with("\"X\": a\r\n")},
      {"a name beyond ASCII", with("\xc3\xa9: a\r\n")},
      // Who is meant?
      {"no Host", "GET /a HTTP/1.1\r\n\r\n"},
      {"two Hosts", with("Host: y\r\n")},
      {"two equal Hosts", with("Host: x\r\n")},
      {"two services", with("X-Service: a\r\nX-Service: b\r\n")},
      {"two tracks", with("X-Canary-Test: true\r\nX-Canary-Test: false\r\n")},
      {"two Hosts in other letters", with("HOST: x\r\n")},
      {"an empty Host", host("")},
      {"a Host with a path", host("x/y")},
      {"a Host with a user", host("me@x")},
      {"a Host with a space", host("x y")},
      {"a list of Hosts", host("x, y")},
      {"a Host with a port of letters", host("x:http")},
      {"a Host with a port beyond 65535", host("x:65536")},
      {"a Host with an empty port", host("x:")},
      {"a Host with two ports", host("x:1:2")},
      {"a Host with an open bracket", host("[::1")},
      {"a Host with empty brackets", host("[]")},
      {"a Host with a name in brackets", host("[xyz]")},
      {"a Host with something behind the brackets", host("[::1]x:80")},
      {"a Host with a port and no name", host(":80")},
      // What is meant?
      {"absolute form", to("http://x/a")},
      {"absolute form of another host", to("http://y/a")},
      {"authority form", line("CONNECT x:443 HTTP/1.1")},
      {"asterisk form", line("OPTIONS * HTTP/1.1")},
      {"a relative target", to("a")},
      {"a target with a fragment", to("/a#b")},
      {"a target with a backslash", to("/a\\b")},
      {"a target with a quote", to("/a\"b")},
      {"a target with angle brackets", to("/<a>")},
      {"a target beyond ASCII", to("/caf\xc3\xa9")},
      {"a target with a tab", to("/a\tb")},
      {"a target with a space", to("/a b")},
      {"a target with half an escape", to("/a%2")},
      {"a target that ends with a percent sign", to("/a%")},
      {"a target with an escape of no hex digits", to("/a%zz")},
      {"a target with an escaped NUL", to("/a%00")},
      {"a dot segment", to("/a/../b")},
      {"a dot segment at the end", to("/a/..")},
      {"a single dot", to("/./a")},
      {"an escaped dot segment", to("/a/%2e%2E/b")},
      {"a half escaped dot segment", to("/a/.%2e/b")},
      {"a query with half an escape", to("/a?b=%4")},
      {"a query with an escaped NUL", to("/a?b=%00")},
      {"a query that is no UTF-8", to("/a?b=%c3%28")},
      {"a target over the limit", to("/" + std::string(4'096, 'a')), 414},
      {"a query over the limit", to("/?" + std::string(4'096, 'a')), 414},
      // The request line.
      {"no version", line("GET /a")},
      {"no target", line("GET HTTP/1.1")},
      {"nothing but a version", line("HTTP/1.1")},
      {"four words", line("GET /a b HTTP/1.1")},
      {"two spaces before the target", line("GET  /a HTTP/1.1")},
      {"two spaces before the version", line("GET /a  HTTP/1.1")},
      {"a space in front", line(" GET /a HTTP/1.1")},
      {"a space behind", line("GET /a HTTP/1.1 ")},
      {"tabs for spaces", line("GET\t/a\tHTTP/1.1")},
      {"a method with a colon", line("GET: /a HTTP/1.1")},
      {"a method with brackets", line("G(T /a HTTP/1.1")},
      {"a method without end", line(std::string(33, 'A') + " /a HTTP/1.1")},
      {"version 0.9", line("GET /a HTTP/0.9"), 505},
      {"version 1.0", line("GET /a HTTP/1.0"), 505},
      {"version 1.2", line("GET /a HTTP/1.2"), 505},
      {"version 2.0", line("GET /a HTTP/2.0"), 505},
      {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"a version of one number", line("GET /a HTTP/2")},
      {"a version of two digits", line("GET /a HTTP/1.10")},
      {"a version in small letters", line("GET /a http/1.1")},
      {"a version with a comma", line("GET /a HTTP/1,1")},
      {"another protocol", line("GET /a HTCPCP/1.0")},
      {"the greeting of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s},
      {"a SOCKS greeting", "\x05\x01\x00"s},
      // What the transport does not do.
      {"Content-Encoding gzip", with("Content-Encoding: gzip\r\nContent-Length: 5\r\n"), 415},
      {"Content-Encoding identity", with("Content-Encoding: identity\r\n"), 415},
      {"Expect of something else", with("Expect: the-unexpected\r\n"), 417},
      {"Expect twice", with("Expect: 100-continue\r\nExpect: 100-continue\r\n")},
      {"an upgrade to HTTP/2", with("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n")},
      {"an upgrade that Connection does not name", with("Upgrade: websocket\r\n")},
      {"Connection that names Host", with("Connection: close, Host\r\n")},
      {"Connection that names a key", with("Connection: X-API-Key\r\n")},
      // Which of the two counts?
      {"two Authorization headers", with("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n")},
      {"two keys", with("X-API-Key: a\r\nX-API-Key: b\r\n")},
      {"two idempotency keys", with("Idempotency-Key: a\r\nIdempotency-Key: b\r\n")},
      {"two content types", with("Content-Type: application/json\r\nContent-Type: text/plain\r\n")},
      // Too much.
      {"a header over the limit", with("X: " + std::string(8'192, 'a') + "\r\n"), 431},
      {"too many headers", with(many_headers(100)), 431},
  };
  return kHeads;
}

}  // namespace

std::span<const MalformedHead> malformed_heads() {
  return all();
}

}  // namespace server::http
