#include "gate/schema/meta_schema.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <string>

#include <boost/json/parse.hpp>

#include "gate/schema/compile.h"
#include "gate/schema/meta_texts.h"

namespace gate::schema {
namespace {

// Made once, by whoever asks first.
template <class T>
class Lazy {
 public:
  template <class Make>
  const T& get(const Make& make) {
    std::call_once(once_, [&] { value_.emplace(make()); });
    return *value_;
  }

 private:
  std::once_flag once_;
  std::optional<T> value_;
};

// One document: parsed from our own text, so the library's reader is good enough.
class Document {
 public:
  const Source& source(const MetaText& text) {
    std::call_once(once_, [this, &text] {
      root_ = boost::json::parse({text.text.data(), text.text.size()});
      source_ = {&root_, &exact_, std::string{text.uri}, std::string{text.uri}};
    });
    return source_;
  }

 private:
  std::once_flag once_;
  boost::json::value root_;
  ExactNumbers exact_;
  Source source_;
};

class Compiled {
 public:
  const Program& program(const Dialect& dialect) {
    std::call_once(once_, [&] { program_ = compile(*find_meta_source(dialect.uri)).program; });
    return program_.value();
  }

 private:
  std::once_flag once_;
  std::optional<Program> program_;
};

}  // namespace

const Source* find_meta_source(std::string_view uri) {
  static std::array<Document, kMetaTexts.size()> documents;
  const auto found = std::find_if(kMetaTexts.begin(), kMetaTexts.end(),
                                  [uri](const MetaText& text) { return text.uri == uri; });
  if (found == kMetaTexts.end()) return nullptr;
  return &documents[static_cast<std::size_t>(found - kMetaTexts.begin())].source(*found);
}

const Program& meta_program(const Dialect& dialect) {
  static std::array<Compiled, kVersions> programs;
  return programs[static_cast<std::size_t>(dialect.version)].program(dialect);
}

}  // namespace gate::schema
