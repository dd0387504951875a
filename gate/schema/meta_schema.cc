#include "gate/schema/meta_schema.h"

#include <string>

#include <boost/json/parse.hpp>

#include "gate/schema/compile.h"

namespace gate::schema {
namespace {

// One dialect's meta-schema: parsed from our own text, so the library's reader is good enough.
struct Meta {
  explicit Meta(const Dialect& dialect)
      : root(boost::json::parse({dialect.meta_schema.data(), dialect.meta_schema.size()})),
        source{&root, &exact, std::string{dialect.uri}, std::string{dialect.uri}} {}

  boost::json::value root;
  ExactNumbers exact;
  Source source;
};

const Meta& meta_of(const Dialect&) {
  static const Meta kDraft07{draft_07()};
  return kDraft07;
}

}  // namespace

const Source& meta_source(const Dialect& dialect) {
  return meta_of(dialect).source;
}

const Program& meta_program(const Dialect& dialect) {
  static const Program kDraft07 = compile(meta_source(dialect)).program.value();
  return kDraft07;
}

}  // namespace gate::schema
