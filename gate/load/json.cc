#include "gate/load/json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value_stack.hpp>

#include "gate/base/json_text.h"
#include "gate/base/utf8.h"
#include "gate/load/json_positions.h"
#include "gate/load/json_scan.h"

namespace gate::load {
namespace {

using boost::json::string_view;
using boost::json::value;
using boost::system::error_code;

constexpr std::string_view kLoneSurrogate = "a lone surrogate in an escape";

// A number whose double does not say what the text said: which of the document's numbers it is.
struct Inexact {
  std::size_t ordinal;
  Decimal exact;
};

// The correctly rounded double of a literal; nullopt out of range.
std::optional<double> rounded(std::string_view literal) {
  double number = 0;
  const auto parsed = std::from_chars(literal.data(), literal.data() + literal.size(), number);
  if (parsed.ec != std::errc{}) return std::nullopt;
  return number;
}

// Any decimal of up to 15 digits comes back from its double, unless that is nearly subnormal. A
// literal of 16 characters with a point or an exponent has no more.
bool surely_exact(std::string_view literal, double number) {
  return literal.size() <= 16 && (std::fabs(number) > 1e-290 || number == 0);
}

std::uint64_t hash_of(string_view key) {
  std::uint64_t hash = key.size() * 0x9E3779B97F4A7C15U;
  const char* at = key.data();
  std::size_t left = key.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    hash = (hash ^ word) * 0xff51afd7ed558ccdU;
    hash ^= hash >> 32;
  }
  std::uint64_t word = 0;
  std::memcpy(&word, at, left);
  hash = (hash ^ word) * 0xff51afd7ed558ccdU;
  return hash ^ (hash >> 32);
}

// Whether two of `hashes` are equal. Leaves them in any order.
bool has_twin(std::uint64_t* hashes, std::size_t count) {
  constexpr std::size_t kPairwise = 24;
  if (count > kPairwise) {
    std::sort(hashes, hashes + count);
    return std::adjacent_find(hashes, hashes + count) != hashes + count;
  }
  for (std::size_t i = 1; i < count; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (hashes[i] == hashes[j]) return true;
    }
  }
  return false;
}

// Builds the tree from the parser's events and refuses what the parser would let pass.
struct Builder {
  static constexpr std::size_t max_object_size = std::numeric_limits<std::uint32_t>::max() / 2;
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  boost::json::value_stack stack;
  std::vector<std::uint64_t> key_hashes;  // of the open objects, innermost last
  std::vector<Inexact> inexact;
  std::string key_start;  // what came of a key in parts
  std::size_t numbers = 0;
  bool suspect_twin = false;  // two keys of one object have one hash: look closer
  bool believe_keys = false;  // that was looked into: they differ

  void reset(boost::json::storage_ptr storage) {
    stack.reset(std::move(storage));
    key_hashes.clear();
    inexact.clear();
    key_start.clear();
    numbers = 0;
    suspect_twin = false;
  }

  static bool stop(error_code& ec) {
    ec = boost::json::error::test_failure;
    return false;
  }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_array_begin(error_code&) { return true; }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }
  bool on_number_part(string_view, error_code&) { return true; }

  bool on_object_end(std::size_t n, error_code& ec) {
    const std::size_t start = key_hashes.size() - n;
    if (!believe_keys && has_twin(key_hashes.data() + start, n)) {
      suspect_twin = true;
      return stop(ec);
    }
    key_hashes.resize(start);
    stack.push_object(n);
    return true;
  }

  bool on_array_end(std::size_t n, error_code&) {
    stack.push_array(n);
    return true;
  }

  bool on_key_part(string_view part, std::size_t, error_code&) {
    stack.push_chars(part);
    key_start.append(part.data(), part.size());
    return true;
  }

  bool on_key(string_view rest, std::size_t, error_code&) {
    stack.push_key(rest);
    if (key_start.empty()) {
      key_hashes.push_back(hash_of(rest));
      return true;
    }
    key_start.append(rest.data(), rest.size());
    key_hashes.push_back(hash_of(key_start));
    key_start.clear();
    return true;
  }

  bool on_string_part(string_view part, std::size_t, error_code&) {
    stack.push_chars(part);
    return true;
  }

  bool on_string(string_view rest, std::size_t, error_code&) {
    stack.push_string(rest);
    return true;
  }

  bool on_int64(std::int64_t number, string_view, error_code&) {
    ++numbers;
    stack.push_int64(number);
    return true;
  }

  bool on_uint64(std::uint64_t number, string_view, error_code&) {
    ++numbers;
    stack.push_uint64(number);
    return true;
  }

  bool on_double(double, string_view text, error_code& ec) {
    const std::string_view literal{text.data(), text.size()};
    const auto number = rounded(literal);
    if (number && surely_exact(literal, *number)) {
      ++numbers;
      stack.push_double(*number);
      return true;
    }
    return on_long_double(literal, number, ec);
  }

  bool on_long_double(std::string_view literal, std::optional<double> number, error_code& ec) {
    auto exact = Decimal::parse(literal);
    if (!exact) {
      ec = boost::json::error::exponent_overflow;
      return false;
    }
    if (!number) number = exact->nearest_double();
    if (*exact != Decimal::of(*number)) inexact.push_back({numbers, std::move(*exact)});
    ++numbers;
    stack.push_double(*number);
    return true;
  }

  bool on_bool(bool flag, error_code&) {
    stack.push_bool(flag);
    return true;
  }

  bool on_null(error_code&) {
    stack.push_null();
    return true;
  }
};

using Parser = boost::json::basic_parser<Builder>;

boost::json::parse_options options_of(const JsonLimits& limits) {
  boost::json::parse_options options;
  options.max_depth = limits.depth;
  return options;
}

// Finds the values that `inexact` counted out, in document order.
class Attach {
 public:
  Attach(std::vector<Inexact>& inexact, ExactNumbers& exact) : inexact_(inexact), exact_(exact) {}

  void visit(const value& at) {
    if (const auto* object = at.if_object()) {
      for (const auto& member : *object) visit(member.value());
    } else if (const auto* array = at.if_array()) {
      for (const auto& element : *array) visit(element);
    } else if (at.is_number()) {
      if (next_ < inexact_.size() && inexact_[next_].ordinal == ordinal_) {
        exact_.add(at, std::move(inexact_[next_++].exact));
      }
      ++ordinal_;
    }
  }

 private:
  std::vector<Inexact>& inexact_;
  ExactNumbers& exact_;
  std::size_t next_ = 0;
  std::size_t ordinal_ = 0;
};

Error at(std::string_view text, std::size_t offset, std::string_view why) {
  const Position position = position_of(text, offset);
  return Error{ErrorCode::malformed, fmt::format("{}:{}: {}", position.line, position.column, why)};
}

// Finds the first key that its object already has.
struct TwinKeys {
  std::vector<std::optional<std::set<std::string>>> open;  // nullopt: an array
  std::optional<std::pair<std::size_t, std::string>> found;

  bool enter(bool object) {
    open.push_back(object ? std::optional<std::set<std::string>>{std::in_place} : std::nullopt);
    return true;
  }
  bool leave() {
    open.pop_back();
    return true;
  }
  bool value(std::size_t) { return true; }
  bool key(std::size_t offset, std::string name) {
    if (open.back()->insert(name).second) return true;
    found = {offset, std::move(name)};
    return false;
  }
};

std::optional<Error> duplicate_key(std::string_view text) {
  TwinKeys twins;
  JsonScan{text, twins}.run();
  if (!twins.found) return std::nullopt;
  return at(text, twins.found->first, "duplicate key " + json_quoted(twins.found->second));
}

// The first byte that is not UTF-8, if it is at or shortly before `offset`.
std::optional<std::size_t> ill_formed_near(std::string_view text, std::size_t offset) {
  std::size_t at = 0;
  while (at < text.size() && at <= offset) {
    const CodePoint next = decode_utf8(text.substr(at));
    if (!next.well_formed) return at + 4 >= offset ? std::optional{at} : std::nullopt;
    at += next.bytes;
  }
  return std::nullopt;
}

std::string unexpected(std::string_view text, std::size_t offset) {
  const CodePoint found = decode_utf8(text.substr(offset));
  if (is_control(found.value) || found.value == '\n' || found.value == '\t' || is_invisible(found.value)) {
    return fmt::format("unexpected character U+{:04X}", static_cast<unsigned>(found.value));
  }
  return fmt::format("unexpected character '{}'", text.substr(offset, found.bytes));
}

// Whether the escape of a high surrogate ends at `offset`: what follows is not its other half.
bool follows_high_surrogate(std::string_view text, std::size_t offset) {
  constexpr std::string_view kSecondDigits = "89abAB";
  if (offset < 6 || offset > text.size()) return false;
  const std::string_view escape = text.substr(offset - 6, 6);
  return escape.starts_with("\\u") && (escape[2] == 'd' || escape[2] == 'D') &&
         kSecondDigits.find(escape[3]) != std::string_view::npos;
}

Error syntax_error(std::string_view text, std::size_t offset) {
  if (follows_high_surrogate(text, offset)) return at(text, offset, kLoneSurrogate);
  if (const auto ill_formed = ill_formed_near(text, offset)) return at(text, *ill_formed, "ill-formed UTF-8");
  if (offset >= text.size()) return at(text, text.size(), "unexpected end of the document");
  return at(text, offset, unexpected(text, offset));
}

Error error_of(const error_code& ec, std::string_view text, std::size_t offset, const JsonLimits& limits) {
  using boost::json::error;
  if (ec == error::too_deep) {
    Error deep = at(text, offset, fmt::format("nested deeper than {} levels", limits.depth));
    deep.code = ErrorCode::budget;
    return deep;
  }
  if (ec == error::exponent_overflow) {
    Error huge = at(text, offset, "a number's exponent is beyond what can be held");
    huge.code = ErrorCode::budget;
    return huge;
  }
  if (ec == error::illegal_leading_surrogate || ec == error::illegal_trailing_surrogate ||
      ec == error::expected_utf16_escape) {
    return at(text, offset, kLoneSurrogate);
  }
  if (ec == error::incomplete) return syntax_error(text, text.size());
  return syntax_error(text, offset);
}

std::optional<Error> refused_outright(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return Error{ErrorCode::budget, fmt::format("the document has more than {} bytes", limits.bytes)};
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") return at(text, 0, "a byte order mark is not allowed");
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return at(text, 0, "the document is empty");
  return std::nullopt;
}

// Runs the parser over the whole text; the tree is then on the builder's stack.
Status run(Parser& parser, std::string_view text, const boost::json::storage_ptr& storage,
           const JsonLimits& limits) {
  parser.reset();
  parser.handler().reset(storage);
  error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec) {
    const std::size_t rest = text.find_first_not_of(" \t\r\n", used);
    if (rest == std::string_view::npos) return done();
    return at(text, rest, "unexpected bytes after the document");
  }
  if (!parser.handler().suspect_twin) return error_of(ec, text, used, limits);
  if (auto twin = duplicate_key(text)) return *twin;
  parser.handler().believe_keys = true;
  Status again = run(parser, text, storage, limits);
  parser.handler().believe_keys = false;
  return again;
}

void attach(Builder& builder, Document& document) {
  if (builder.inexact.empty()) return;
  Attach{builder.inexact, document.exact}.visit(document.root);
}

}  // namespace

Document::Document(Document&& other) noexcept : root(std::move(other.root)), exact(std::move(other.exact)) {
  exact.move(other.root, root);
}

Document& Document::operator=(Document&& other) noexcept {
  root = std::move(other.root);
  exact = std::move(other.exact);
  exact.move(other.root, root);
  return *this;
}

Result<Document> parse_json(std::string_view text, const JsonLimits& limits) {
  if (auto refused = refused_outright(text, limits)) return *refused;
  Parser parser{options_of(limits)};
  if (auto parsed = run(parser, text, {}, limits); !parsed) return parsed.error();
  Document document{parser.handler().stack.release()};
  attach(parser.handler(), document);
  return document;
}

std::optional<std::string> text_at(const Document& document, std::initializer_list<std::string_view> path) {
  const boost::json::value* at = &document.root;
  for (const std::string_view name : path) {
    const boost::json::object* object = at->if_object();
    at = object == nullptr ? nullptr : object->if_contains(name);
    if (at == nullptr) return std::nullopt;
  }
  const boost::json::string* text = at->if_string();
  return text == nullptr ? std::nullopt : std::optional{std::string{text->data(), text->size()}};
}

// Everything that is kept from one document to the next.
struct JsonReader::State {
  explicit State(const JsonLimits& with) : limits(with), parser(options_of(with)) {}

  JsonLimits limits;
  std::array<unsigned char, std::size_t{64} * 1024> buffer{};
  boost::json::monotonic_resource memory{buffer.data(), buffer.size()};
  Parser parser;
  std::optional<Document> document;  // after the memory it lives in
};

JsonReader::JsonReader(const JsonLimits& limits) : state_(std::make_unique<State>(limits)) {}
JsonReader::~JsonReader() = default;

Result<const Document*> JsonReader::read(std::string_view text) {
  State& state = *state_;
  state.document.reset();
  state.parser.handler().stack.reset();
  state.memory.release();
  if (auto refused = refused_outright(text, state.limits)) return *refused;
  if (auto parsed = run(state.parser, text, &state.memory, state.limits); !parsed) return parsed.error();
  state.document.emplace(state.parser.handler().stack.release());
  attach(state.parser.handler(), *state.document);
  return static_cast<const Document*>(&*state.document);
}

}  // namespace gate::load
