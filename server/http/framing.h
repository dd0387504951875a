#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

#include "server/http/message.h"
#include "server/http/server.h"

namespace server::http {

// Why bytes are no request that we would run. `why` is one of a fixed set of texts and holds nothing of what
// was sent.
struct Refusal {
  int status = 400;
  std::string_view why;

  bool operator==(const Refusal&) const = default;
};

// Where a head ends in what has come so far.
struct HeadEnd {
  enum class State { incomplete, complete, malformed };
  State state = State::incomplete;
  std::size_t bytes = 0;  // complete: of the head, its empty line included
};

// A head that every reader of HTTP frames alike, and what its connection must know of it.
struct CheckedHead {
  Head
      head;  // its peer is not known here; the correlation id is empty where the client sent none that is fit
  bool is_chunked = false;
  bool keeps_alive = true;
  bool expects_continue = false;
};

// Looks for the end of a head. The first `from` bytes were looked at before and held none. Malformed at the
// first byte that no head of ours holds: a control character, a bare CR or LF, anything beyond ASCII, an
// empty first line.
[[nodiscard]] HeadEnd find_head_end(std::string_view received, std::size_t from);

// What to say of a head that is longer than the limits, or goes on beyond them: 414 or 431.
[[nodiscard]] Refusal too_long(std::string_view head, const Limits& limits);

// Judges one head, from its first byte to the end of its empty line. Stricter than RFC 9112 wherever that
// leaves a choice that two readers could make differently, which is how requests are smuggled: HTTP/1.1 alone
// (505), origin form alone, one Host, one length, one coding, no folded lines, no upgrade.
[[nodiscard]] std::variant<CheckedHead, Refusal> check_head(std::string_view raw, const Limits& limits);

}  // namespace server::http
