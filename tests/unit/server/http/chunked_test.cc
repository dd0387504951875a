#include "server/http/chunked.h"

#include <string>

#include <gtest/gtest.h>

namespace server::http {
namespace {

using State = ChunkedBody::State;

TEST(ChunkedBody, DecidesEveryBody) {
  struct Row {
    const char* name;
    std::string bytes;
    State state;
    std::string body = {};
    std::string left = {};
  };
  const Row rows[] = {
      {"nothing yet", "", State::incomplete},
      {"an empty body", "0\r\n\r\n", State::complete},
      {"one chunk", "5\r\nhello\r\n0\r\n\r\n", State::complete, "hello"},
      {"three chunks", "1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n", State::complete, "abcdef"},
      {"sizes in both letters", "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", State::complete,
       "01234567890123456789"},
      {"zeros in front of a size", "0005\r\nhello\r\n000\r\n\r\n", State::complete, "hello"},
      {"line ends as data", "4\r\n\r\n\r\n\r\n0\r\n\r\n", State::complete, "\r\n\r\n"},
      {"a request behind it", "0\r\n\r\nGET / HTTP/1.1\r\n", State::complete, "", "GET / HTTP/1.1\r\n"},
      {"no size", "\r\n", State::malformed},
      {"a size of no hex digits", "g\r\n", State::malformed},
      {"a size with a sign", "+5\r\nhello\r\n", State::malformed},
      {"a size with 0x", "0x5\r\nhello\r\n", State::malformed},
      {"a space behind a size", "5 \r\nhello\r\n", State::malformed},
      {"a space before a size", " 5\r\nhello\r\n", State::malformed},
      {"an extension", "5;a=b\r\nhello\r\n", State::malformed},
      {"a size of sixteen digits", "0000000000000005\r\nhello\r\n", State::malformed},
      {"a bare LF behind a size", "5\nhello\r\n", State::malformed},
      {"a bare CR behind a size", "5\rhello\r\n", State::malformed},
      {"a chunk longer than its size", "4\r\nhello\r\n", State::malformed},
      {"a bare LF behind a chunk", "5\r\nhello\n0\r\n\r\n", State::malformed},
      {"a trailer", "0\r\nX: y\r\n\r\n", State::malformed},
      {"a bare LF at the end", "0\r\n\n", State::malformed},
      {"a chunk over the limit", "15\r\n", State::too_long},
      {"chunks over the limit together", "14\r\n01234567890123456789\r\n1\r\n", State::too_long},
      {"a size beyond everything", "fffffffffffffff\r\n", State::too_long},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    ChunkedBody whole{20};
    std::string_view bytes = row.bytes;
    EXPECT_EQ(whole.take(bytes), row.state);
    ChunkedBody bit_by_bit{20};
    State state = State::incomplete;
    std::size_t used = 0;
    for (; used < row.bytes.size() && state == State::incomplete; ++used) {
      std::string_view byte = std::string_view{row.bytes}.substr(used, 1);
      state = bit_by_bit.take(byte);
    }
    EXPECT_EQ(state, row.state);
    if (row.state != State::complete) continue;
    EXPECT_EQ(whole.body(), row.body);
    EXPECT_EQ(bytes, row.left);
    EXPECT_EQ(bit_by_bit.body(), row.body);
    EXPECT_EQ(row.bytes.substr(used), row.left);
  }
}

}  // namespace
}  // namespace server::http
