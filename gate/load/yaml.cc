#include "gate/load/yaml.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <iterator>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <yaml.h>

#include "gate/base/json_text.h"
#include "gate/base/text.h"
#include "gate/load/json_errors.h"
#include "gate/load/json_positions.h"
#include "gate/load/number_literal.h"
#include "gate/load/yaml_errors.h"
#include "gate/load/yaml_scalar.h"

namespace gate::load {
namespace {

using schema::Instance;
using schema::Kind;

constexpr std::string_view kCoreTag = "tag:yaml.org,2002:";

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{} : std::string_view{reinterpret_cast<const char*>(text)};
}

// The events of a text.
class Events {
 public:
  explicit Events(std::string_view text) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc{};
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  Events(const Events&) = delete;
  Events& operator=(const Events&) = delete;
  ~Events() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }

  // The next one, until the next call; nullptr where the text goes wrong.
  const yaml_event_t* next() {
    yaml_event_delete(&event_);
    if (yaml_parser_parse(&parser_, &event_) != 0) return &event_;
    if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc{};
    return nullptr;
  }

  [[nodiscard]] const yaml_parser_t& parser() const { return parser_; }

 private:
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

// Where a character of the text is, in bytes. Cheap where each question is near the one before.
class Bytes {
 public:
  explicit Bytes(std::string_view text) : text_(text) {}

  std::size_t of(std::size_t character) {
    for (; character_ < character && byte_ < text_.size(); ++character_) {
      for (++byte_; byte_ < text_.size() && continues(byte_);) ++byte_;
    }
    for (; character_ > character; --character_) {
      for (--byte_; continues(byte_);) --byte_;
    }
    return byte_;
  }

 private:
  [[nodiscard]] bool continues(std::size_t at) const {
    return (static_cast<unsigned char>(text_[at]) & 0xC0U) == 0x80;
  }

  std::string_view text_;
  std::size_t character_ = 0;
  std::size_t byte_ = 0;
};

// Follows the events of one document.
class Reader {
 public:
  Reader(std::string_view text, Instance& instance, const JsonLimits& limits)
      : text_(text), instance_(instance), limits_(limits), events_(text), bytes_(text) {}

  Status run() {
    for (;;) {
      const yaml_event_t* event = events_.next();
      if (event == nullptr) return problem();
      if (event->type == YAML_STREAM_END_EVENT) return error(0, "the document is empty");
      if (event->type == YAML_DOCUMENT_END_EVENT) {
        // The parser is not asked again: it would read all directives of a second document at once.
        const auto more = after_yaml_document(text_, bytes_.of(event->end_mark.index));
        return more ? Status{*more} : done();
      }
      if (auto taken = take(*event); !taken) return taken;
    }
  }

 private:
  // A list or a mapping whose end has not come.
  struct Open {
    std::uint32_t cell;
    bool object;
    bool named = false;  // a name was read, its value is next
    std::uint32_t size = 0;
    std::size_t first_name = 0;  // in names_
  };
  struct Name {
    std::string_view text;
    std::uint32_t offset;

    auto operator<=>(const Name&) const = default;
  };
  struct Twins {
    Name first;
    Name second;
  };

  Status take(const yaml_event_t& event) {
    const std::size_t at = bytes_.of(event.start_mark.index);
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT: return document(event.data.document_start.version_directive, at);
      case YAML_ALIAS_EVENT: return error(at, "an alias is not supported: write out what it stands for");
      case YAML_SCALAR_EVENT: return scalar(event.data.scalar, at);
      case YAML_SEQUENCE_START_EVENT: {
        const auto& list = event.data.sequence_start;
        return open(Kind::array, at, view(list.tag), list.anchor != nullptr);
      }
      case YAML_MAPPING_START_EVENT: {
        const auto& mapping = event.data.mapping_start;
        return open(Kind::object, at, view(mapping.tag), mapping.anchor != nullptr);
      }
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT: return close();
      default: return done();
    }
  }

  [[nodiscard]] Status document(const yaml_version_directive_t* version, std::size_t at) const {
    if (version == nullptr || version->minor >= 2) return done();
    return error(at, fmt::format("YAML {}.{} is not read, only 1.2", version->major, version->minor));
  }

  Status open(Kind kind, std::size_t at, std::string_view tag, bool anchored) {
    const bool object = kind == Kind::object;
    if (anchored) return anchor(at);
    if (expects_name()) return error(at, "a list or a mapping cannot be a key");
    if (!tag.empty() && tag != "!" && tag != (object ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq"))
      return wrong_tag(at, tag, object ? "a mapping" : "a list");
    if (open_.size() == limits_.depth)
      return too_much(at, fmt::format("nested deeper than {} levels", limits_.depth));
    open_.push_back({instance_.begin(kind, offset(at)), object, false, 0, names_.size()});
    return done();
  }

  Status close() {
    const Open closed = open_.back();
    open_.pop_back();
    instance_.end(closed.cell, closed.size);
    count_value();
    if (!closed.object) return done();
    const auto twins = find_twins(closed.first_name);
    names_.resize(closed.first_name);
    if (!twins) return done();
    const Position first = position_of(text_, twins->first.offset);
    return error(twins->second.offset,
                 fmt::format("duplicate key {}: it stands at {}:{} already",
                             json_quoted(shortened(twins->first.text, 60)), first.line, first.column));
  }

  // The first name, from the one at `from` on, that stands there for the second time.
  std::optional<Twins> find_twins(std::size_t from) {
    std::optional<Twins> found;
    std::sort(names_.begin() + static_cast<std::ptrdiff_t>(from), names_.end());
    for (std::size_t i = from + 1; i < names_.size(); ++i) {
      if (names_[i - 1].text != names_[i].text) continue;
      if (!found || names_[i].offset < found->second.offset) found = Twins{names_[i - 1], names_[i]};
    }
    return found;
  }

  template <class Scalar>
  Status scalar(const Scalar& scalar, std::size_t at) {
    const std::string_view text{reinterpret_cast<const char*>(scalar.value), scalar.length};
    const bool plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (scalar.anchor != nullptr) return anchor(at);
    const auto meaning = meaning_of(text, plain, view(scalar.tag), at);
    if (!meaning) return meaning.error();
    if (expects_name()) return name(text, plain, at);
    if (open_.empty() && plain && text.empty() && scalar.tag == nullptr)
      return error(at, "the document is empty");
    count_value();
    return value(*meaning, text, at);
  }

  // What a scalar stands for, by its tag or else by its look.
  Result<YamlScalar> meaning_of(std::string_view text, bool plain, std::string_view tag,
                                std::size_t at) const {
    if (tag.empty()) {
      // The parser keeps the tag `!` to itself.
      const bool resolved = plain && (at == text_.size() || text_[at] != '!');
      return resolved ? resolve_yaml(text) : YamlScalar::text;
    }
    const std::string_view type =
        tag.starts_with(kCoreTag) ? tag.substr(kCoreTag.size()) : std::string_view{};
    if (type == "str" || tag == "!") return YamlScalar::text;
    const YamlScalar look = resolve_yaml(text);
    const bool integer = look == YamlScalar::integer;
    const bool fits = type == "int" ? integer
                      : type == "float"
                          ? integer || look == YamlScalar::real || look == YamlScalar::not_finite
                      : type == "bool" ? look == YamlScalar::yes || look == YamlScalar::no
                                       : type == "null" && look == YamlScalar::null;
    if (!fits) return wrong_tag(at, tag, json_quoted(shortened(text, 60)));
    return look;
  }

  Status name(std::string_view text, bool plain, std::size_t at) {
    if (plain && text == "<<") return error(at, "a merge key is not supported: write out what it merges");
    if (plain && text.empty()) return error(at, "a key is missing");
    const std::string_view kept = lasting(text, at);
    instance_.add_string(offset(at), kept);
    names_.push_back({kept, offset(at)});
    open_.back().named = true;
    return done();
  }

  Status value(YamlScalar meaning, std::string_view text, std::size_t at) {
    switch (meaning) {
      case YamlScalar::null: instance_.add_null(offset(at)); break;
      case YamlScalar::yes: instance_.add_boolean(offset(at), true); break;
      case YamlScalar::no: instance_.add_boolean(offset(at), false); break;
      case YamlScalar::text: instance_.add_string(offset(at), lasting(text, at)); break;
      case YamlScalar::integer:
      case YamlScalar::real: return number(text, at);
      case YamlScalar::not_finite: return error(at, fmt::format("{} is no number that JSON has", text));
    }
    return done();
  }

  Status number(std::string_view text, std::size_t at) {
    NumberLiteral number;
    std::optional<std::string> rewritten;
    if (read_number(text.data(), text.data() + text.size(), number) != text.data() + text.size()) {
      rewritten = json_number_of_yaml(text);
      if (!rewritten) return too_much(at, "a hexadecimal or octal number has more than 64 bits");
      text = *rewritten;
      read_number(text.data(), text.data() + text.size(), number);
    }
    if (add_number(instance_, offset(at), text, number)) return done();
    return too_much(at, "a number's exponent is beyond what can be held");
  }

  // The same text, where it stays as long as the instance: in the document, where it stands there as it is.
  std::string_view lasting(std::string_view text, std::size_t at) {
    const bool quoted = at < text_.size() && (text_[at] == '"' || text_[at] == '\'');
    const std::string_view source = text_.substr(at + (quoted ? 1 : 0), text.size());
    return source == text ? source : instance_.keep(std::string{text});
  }

  [[nodiscard]] bool expects_name() const {
    return !open_.empty() && open_.back().object && !open_.back().named;
  }

  void count_value() {
    if (open_.empty()) return;
    ++open_.back().size;
    open_.back().named = false;
  }

  static std::uint32_t offset(std::size_t at) { return static_cast<std::uint32_t>(at); }

  [[nodiscard]] Error error(std::size_t at, std::string_view why) const {
    return json_error_at(text_, at, why);
  }

  [[nodiscard]] Error too_much(std::size_t at, std::string_view why) const {
    Error refused = error(at, why);
    refused.code = ErrorCode::budget;
    return refused;
  }

  [[nodiscard]] Error anchor(std::size_t at) const {
    return error(at, "an anchor is not supported: write out the value where it is used");
  }

  [[nodiscard]] Error wrong_tag(std::size_t at, std::string_view tag, std::string_view what) const {
    constexpr std::string_view kKnown[] = {"str", "int", "float", "bool", "null", "seq", "map"};
    const bool core = tag.starts_with(kCoreTag);
    const std::string_view type = core ? tag.substr(kCoreTag.size()) : tag;
    const std::string shown = json_quoted((core ? "!!" : "") + shortened(type, 60));
    if (!core || std::find(std::begin(kKnown), std::end(kKnown), type) == std::end(kKnown))
      return error(at, fmt::format("the tag {} is not supported", shown));
    return error(at, fmt::format("the tag {} does not fit {}", shown, what));
  }

  Error problem() {
    const yaml_parser_t& parser = events_.parser();
    const char* context = parser.context == nullptr ? "" : parser.context;
    const std::size_t at = bytes_.of(parser.problem_mark.index);
    return yaml_error(text_, {parser.problem, context, at, bytes_.of(parser.context_mark.index)});
  }

  std::string_view text_;
  Instance& instance_;
  const JsonLimits& limits_;
  Events events_;
  Bytes bytes_;
  std::vector<Open> open_;
  std::vector<Name> names_;  // of the open mappings, innermost last
};

}  // namespace

Status read_yaml(std::string_view text, Instance& instance, const JsonLimits& limits) {
  instance.clear();
  if (auto refused = refused_yaml(text, limits)) return *refused;
  return Reader{text, instance, limits}.run();
}

}  // namespace gate::load
