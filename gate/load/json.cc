#include "gate/load/json.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value_stack.hpp>

#include "gate/load/json_errors.h"
#include "gate/load/number_literal.h"

namespace gate::load {
namespace {

using boost::json::string_view;
using boost::json::value;
using boost::system::error_code;

// A number whose double does not say what the text said: which of the document's numbers it is.
struct Inexact {
  std::size_t ordinal;
  Decimal exact;
};

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
    NumberLiteral number;
    read_number(text.data(), text.data() + text.size(), number);
    switch (number.kind) {
      case NumberLiteral::Kind::int64: return on_int64(number.int64, text, ec);
      case NumberLiteral::Kind::uint64: return on_uint64(number.uint64, text, ec);
      case NumberLiteral::Kind::real: break;
      case NumberLiteral::Kind::exact:
        inexact.push_back({numbers, *Decimal::parse({text.data(), text.size()})});
        break;
      case NumberLiteral::Kind::beyond: ec = boost::json::error::exponent_overflow; return false;
    }
    ++numbers;
    stack.push_double(number.real);
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
    return json_error_at(text, rest, "unexpected bytes after the document");
  }
  if (!parser.handler().suspect_twin) return json_error(ec, text, used, limits);
  if (auto twin = duplicate_json_key(text)) return *twin;
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
  if (auto refused = refused_json(text, limits)) return *refused;
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
  if (auto refused = refused_json(text, state.limits)) return *refused;
  if (auto parsed = run(state.parser, text, &state.memory, state.limits); !parsed) return parsed.error();
  state.document.emplace(state.parser.handler().stack.release());
  attach(state.parser.handler(), *state.document);
  return static_cast<const Document*>(&*state.document);
}

}  // namespace gate::load
