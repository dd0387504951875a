#include "gate/load/yaml.h"

#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/base/json_text.h"
#include "gate/load/json_instance.h"
#include "gate/load/json_positions.h"
#include "gate/schema/equality.h"

namespace gate::load {
namespace {

using schema::Cell;
using schema::Instance;

// The instance as JSON on one line; numbers by their kind: 1, 1u, 1.0r, exact ones in brackets.
std::string shown(const Cell& cell) {
  std::string out;
  switch (cell.kind) {
    case schema::Kind::null: return "null";
    case schema::Kind::boolean: return cell.boolean ? "true" : "false";
    case schema::Kind::int64: return std::to_string(cell.int64);
    case schema::Kind::uint64: return std::to_string(cell.uint64) + "u";
    case schema::Kind::real: return Decimal::of(cell.real).to_string() + "r";
    case schema::Kind::exact: return "<" + cell.exact->to_string() + ">";
    case schema::Kind::string: return json_quoted(cell.string());
    case schema::Kind::array:
      for (const Cell& element : cell.elements()) out += (out.empty() ? "" : ",") + shown(element);
      return "[" + out + "]";
    case schema::Kind::object:
      for (const schema::Member member : cell.members())
        out += (out.empty() ? "" : ",") + json_quoted(member.key()) + ":" + shown(member.value);
      return "{" + out + "}";
  }
  return out;
}

// What is read, or the error behind an exclamation mark.
std::string read(std::string_view text, const JsonLimits& limits = {}) {
  Instance instance;
  const Status status = read_yaml(text, instance, limits);
  return status ? shown(instance.root()) : "!" + status.error().message;
}

struct Row {
  const char* name;
  std::string text;
  std::string read;
};

template <std::size_t N>
void expect_rows(const Row (&rows)[N]) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(read(row.text), row.read);
  }
}

TEST(ReadYaml, RefusesWhatHasNoMeaningInJson) {
  const Row rows[] = {
      {"nothing", "", "!1:1: the document is empty"},
      {"only a comment", "# later\n", "!1:1: the document is empty"},
      {"only a marker", "---\n", "!2:1: the document is empty"},
      {"a second document", "a: 1\n---\nb: 2\n", "!2:1: a second document begins: a file holds one"},
      {"a second document after an end", "a: 1\n...\n# and\n---\nb: 2\n",
       "!4:1: a second document begins: a file holds one"},
      {"directives of a second document", "a: 1\n...\n%YAML 1.2\n---\nb: 2\n",
       "!3:1: a second document begins: a file holds one"},
      {"content after the document", "[1]\n  ]", "!2:3: unexpected content after the document"},
      {"infinity", "a: .inf", "!1:4: .inf is no number that JSON has"},
      {"negative infinity", "- -.INF", "!1:3: -.INF is no number that JSON has"},
      {"not a number", "- .NaN", "!1:3: .NaN is no number that JSON has"},
      {"not a number by its tag", "!!float .nan", "!1:1: .nan is no number that JSON has"},
      {"anchor", "a: &x 1\n", "!1:4: an anchor is not supported: write out the value where it is used"},
      {"anchor of a list", "a: &x [1]\n",
       "!1:4: an anchor is not supported: write out the value where it is used"},
      {"anchor of a mapping", "&x\na: 1\n",
       "!1:1: an anchor is not supported: write out the value where it is used"},
      {"anchor of a key", "&x a: 1\n",
       "!1:1: an anchor is not supported: write out the value where it is used"},
      {"alias", "- *x\n", "!1:3: an alias is not supported: write out what it stands for"},
      {"alias as a key", "*x : 1\n", "!1:1: an alias is not supported: write out what it stands for"},
      {"merge key", "a: 1\n<<: {b: 2}\n", "!2:1: a merge key is not supported: write out what it merges"},
      {"a list as a key", "? [1, 2]\n: 3\n", "!1:3: a list or a mapping cannot be a key"},
      {"a mapping as a key", "{{a: 1}: 2}", "!1:2: a list or a mapping cannot be a key"},
      {"no key after a question mark", "?\n: 1\n", "!1:2: a key is missing"},
      {"duplicate key", "a: 1\nb: 2\na: 3\n", "!3:1: duplicate key \"a\": it stands at 1:1 already"},
      {"duplicate key, quoted", "a: {b: 1, \"\\x62\": 2}\n",
       "!1:11: duplicate key \"b\": it stands at 1:5 already"},
      {"duplicate key of a number and a text", "1: x\n'1': y\n",
       "!2:1: duplicate key \"1\": it stands at 1:1 already"},
      {"the first twin of several", "{b: 1, a: 2, a: 3, b: 4}",
       "!1:14: duplicate key \"a\": it stands at 1:8 already"},
      {"unknown tag", "a: !!timestamp 2026-11-20", "!1:4: the tag \"!!timestamp\" is not supported"},
      {"a tag of one's own", "a: !ruby/object:X {}", "!1:4: the tag \"!ruby/object:X\" is not supported"},
      {"a tag that does not fit", "!!int abc", "!1:1: the tag \"!!int\" does not fit \"abc\""},
      {"a tag of a list on a text", "!!seq abc", "!1:1: the tag \"!!seq\" does not fit \"abc\""},
      {"a tag of a text on a list", "!!str [a]", "!1:1: the tag \"!!str\" does not fit a list"},
      {"a tag of a list on a mapping", "!!seq {a: 1}", "!1:1: the tag \"!!seq\" does not fit a mapping"},
      {"a boolean by tag", "!!bool yes", "!1:1: the tag \"!!bool\" does not fit \"yes\""},
      {"YAML 1.1", "%YAML 1.1\n---\na: 1\n", "!1:1: YAML 1.1 is not read, only 1.2"},
      {"YAML 1.3", "%YAML 1.3\n---\na: 1\n", "!1:1: only YAML 1.2 is read"},
      {"a directive that shortens tags", "# x\n%TAG ! tag:example.com,2026:\n---\na: 1\n",
       "!2:1: a %TAG directive is not supported"},
      {"more digits than 64 bits", "[0xFFFFFFFFFFFFFFFF, 0x10000000000000000]",
       "!1:22: a hexadecimal or octal number has more than 64 bits"},
      {"an absurd exponent", "- 1e999999999999", "!1:3: a number's exponent is beyond what can be held"},
  };
  expect_rows(rows);
}

TEST(ReadYaml, SaysWhereTheSyntaxIsWrong) {
  const Row rows[] = {
      {"ill-formed UTF-8", "a: \xff\n", "!1:4: ill-formed UTF-8"},
      {"overlong UTF-8 in a comment", "# \xc0\xaf\n", "!1:3: ill-formed UTF-8"},
      {"UTF-16",
       std::string("\xff\xfe"
                   "a\0:\0",
                   6),
       "!1:1: the document is UTF-16, not UTF-8"},
      {"UTF-16 without a mark",
       std::string("a\0:\0 \0"
                   "1\0",
                   8),
       "!1:1: the document is UTF-16, not UTF-8"},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "a: 1",
       "!1:1: a byte order mark is not allowed"},
      {"byte order mark inside",
       "a: \xEF\xBB\xBF"
       "1",
       "!1:4: unexpected character U+FEFF"},
      {"NUL", std::string("aaaa: \0", 7), "!1:7: unexpected character U+0000"},
      {"escape character", "a: \x1b[31m", "!1:4: unexpected character U+001B"},
      {"DEL", "a: \"\x7f\"", "!1:5: unexpected character U+007F"},
      {"a line break of YAML 1.1 alone", "a: \"x\xe2\x80\xa8y\"",
       "!1:6: U+2028 ends a line for some readers: write it as an escape"},
      {"a tab that indents", "a:\n\tb: 1\n", "!2:1: a tab may not indent"},
      {"an unterminated text", "a: \"x\n",
       "!2:1: unexpected end of the document, in the quoted text that begins at 1:4"},
      {"an unterminated list", "a: [1, 2\n",
       "!2:1: did not find expected ',' or ']', in the list that begins at 1:4"},
      {"an unterminated mapping", "{a: 1\n",
       "!2:1: did not find expected ',' or '}', in the mapping that begins at 1:1"},
      {"a key without a value", "a: 1\nb\n",
       "!3:1: a key without \": \" after it, on its line and within 1024 characters"},
      {"a colon too many", "a: b: c\n", "!1:5: \": \" is not allowed here: quote the text, or begin a line"},
      {"a reserved character", "a: @x\n", "!1:4: no value begins with this character: quote the text"},
      {"an unknown escape", "a: \"\\q\"\n", "!1:5: unknown escape, in the quoted text that begins at 1:4"},
      {"half of a surrogate pair", "\"\\ud83d\\ude00\"",
       "!1:4: an escape that stands for no character: write a surrogate pair as one, as in \"\\U0001F600\", "
       "in the quoted text that begins at 1:1"},
      {"wrong indentation", "a:\n  b: 1\n c: 2\n",
       "!3:2: did not find expected key, in the mapping that begins at 1:1"},
      {"after text that is not ASCII", "é: [ü, \"\n",
       "!2:1: unexpected end of the document, in the quoted text that begins at 1:8"},
      {"an unknown directive", "%FOO bar\n--- 1\n", "!1:5: unknown directive"},
      {"a directive without a marker", "%YAML 1.2\na: 1\n", "!2:1: did not find expected <document start>"},
  };
  expect_rows(rows);
}

TEST(ReadYaml, ResolvesScalarsByTheCoreSchema) {
  const Row rows[] = {
      {"an element that is not there", "[~, null, Null, NULL, , nUll]",
       "!1:23: did not find expected node content"},
      {"nulls", "[~, null, Null, NULL, nUll]", R"([null,null,null,null,"nUll"])"},
      {"a value left out", "a:\nb: 1\n", R"({"a":null,"b":1})"},
      {"an element left out", "-\n- 1\n", "[null,1]"},
      {"booleans", "[true, True, TRUE, tRue, false, False, FALSE]",
       R"([true,true,true,"tRue",false,false,false])"},
      {"no booleans", "[yes, no, on, off, y, n, Yes]", R"(["yes","no","on","off","y","n","Yes"])"},
      {"integers", "[0, -0, 12, +12, -7, 012, -007, 00]", "[0,0,12,12,-7,12,-7,0]"},
      {"integers in other bases", "[0o17, 0x1F, 0xff, 0o8, 0x, 0xg, -0x1, 0b1, 1_000]",
       R"([15,31,255,"0o8","0x","0xg","-0x1","0b1","1_000"])"},
      {"large integers",
       "[9223372036854775808, 0xFFFFFFFFFFFFFFFF, 18446744073709551616, 000000000000000000000001]",
       "[9223372036854775808u,18446744073709551615u,<18446744073709551616>,1]"},
      {"reals", "[.5, -.5, +.5, 1., 1.50, 1e3, 1E+3, 1.e-3, 01.5]",
       "[0.5r,-0.5r,0.5r,1r,1.5r,1000r,1000r,0.001r,1.5r]"},
      {"no reals", "[., +, -, e5, 1e, 1e+, 1.2.3, +.e1, .e1, 1:30, 2026-11-20]",
       R"([".","+","-","e5","1e","1e+","1.2.3","+.e1",".e1","1:30","2026-11-20"])"},
      {"exact reals", "[9007199254740993.0, 1e400, 0.1]", "[<9007199254740993>,<1e400>,0.1r]"},
      {"quoted scalars are texts", R"(["1", 'true', "", '~'])", R"(["1","true","","~"])"},
      {"block scalars are texts", "- |\n  12\n- >-\n  a\n  b\n", R"(["12\n","a b"])"},
      {"tags",
       "[!!str 12, !!str , !!int \"12\", !!float 1, !!bool 'true', !!null '', !<tag:yaml.org,2002:str> ~]",
       R"(["12","",12,1,true,null,"~"])"},
      {"tags of containers", "!!map {a: !!seq [1], b: ! {}, c: ! []}", R"({"a":[1],"b":{},"c":[]})"},
      {"the tag that means a text", "[! 12, ! \"a\"]", R"(["12","a"])"},
      {"escapes", R"("\x41\u00e9\U0001F600\0\/\n\\")", R"("Aé😀\u0000/\n\\")"},
      {"an escaped quote", "'it''s'", R"("it's")"},
      {"folded lines", "\"a\n  b\"", R"("a b")"},
      {"only a scalar", "12", "12"},
      {"an explicit null", "--- ~\n", "null"},
      {"YAML 1.2", "%YAML 1.2\n---\na: 1\n...\n# end\n", R"({"a":1})"},
  };
  expect_rows(rows);
}

TEST(ReadYaml, TakesTheTextOfAKeyAsItsName) {
  const Row rows[] = {
      {"numbers", "1: a\n1.0: b\n0x1: c\n", R"({"1":"a","1.0":"b","0x1":"c"})"},
      {"words", "true: a\nnull: b\n~: c\nno: d\n", R"({"true":"a","null":"b","~":"c","no":"d"})"},
      {"an empty text", "'': 1\n", R"({"":1})"},
      {"a quoted merge key", "'<<': 1\n", R"({"<<":1})"},
      {"explicit", "? a\n: 1\n? b\n", R"({"a":1,"b":null})"},
      {"a pair in a list", "[a: 1, b]", R"([{"a":1},"b"])"},
      {"a set", "{a, b: 1}", R"({"a":null,"b":1})"},
      {"nested", "a:\n- b: 1\n  c: {d: []}\n- {}\n", R"({"a":[{"b":1,"c":{"d":[]}},{}]})"},
      {"a tag", "!!int 1: a\n!!str 2: b\n", R"({"1":"a","2":"b"})"},
      {"JSON", R"({"a":{"b":[1,2.5,"x"]},"c":null})", R"({"a":{"b":[1,2.5r,"x"]},"c":null})"},
  };
  expect_rows(rows);
}

// "name@line:column" of each value, names of members in front.
void list_places(const Cell& cell, std::string_view text, std::string& out) {
  const auto put = [&](const Cell& at) {
    const Position position = position_of(text, at.offset);
    out += fmt::format("{}{}:{}", out.empty() ? "" : " ", position.line, position.column);
  };
  put(cell);
  if (cell.is_array()) {
    for (const Cell& element : cell.elements()) list_places(element, text, out);
  } else if (cell.is_object()) {
    for (const schema::Member member : cell.members()) {
      put(member.name);
      list_places(member.value, text, out);
    }
  }
}

TEST(ReadYaml, KeepsThePlaceOfEveryValueAndName) {
  const Row rows[] = {
      {"block", "a: 1\nb:\n  - x\n  - c: y\n", "1:1 1:1 1:4 2:1 3:3 3:5 4:5 4:5 4:8"},
      {"flow", "{a: [1, {b: 2}]}", "1:1 1:2 1:5 1:6 1:9 1:10 1:13"},
      {"after text that is not ASCII", "é: [ü, 😀, x]", "1:1 1:1 1:4 1:5 1:8 1:11"},
      {"after CRLF", "# c\r\na: 1\r\nb: é\r\nc: 2\r\n", "2:1 2:1 2:4 3:1 3:4 4:1 4:4"},
      {"quoted and tagged", "- 'a'\n- !!str b\n- \"c\"\n", "1:1 1:3 2:3 3:3"},
      {"block scalars", "a: |\n  é\n  é\nb: >\n  é\nc: 1\n", "1:1 1:1 1:4 4:1 4:4 6:1 6:4"},
      {"a value left out", "a:\nb:", "1:1 1:1 1:3 2:1 2:3"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Instance instance;
    ASSERT_TRUE(read_yaml(row.text, instance));
    std::string places;
    list_places(instance.root(), row.text, places);
    EXPECT_EQ(places, row.read);
  }
}

TEST(ReadYaml, HoldsTheLimitsItIsGiven) {
  EXPECT_EQ(read("[[1]]", {.bytes = 5, .depth = 2}), "[[1]]");
  EXPECT_EQ(read("[[1]] ", {.bytes = 5, .depth = 2}), "!the document has more than 5 bytes");
  EXPECT_EQ(read("a:\n- 1", {.bytes = 9, .depth = 1}), "!2:1: nested deeper than 1 levels");
  Instance instance;
  EXPECT_EQ(read_yaml("[[1]]", instance, {.bytes = 4}).error().code, ErrorCode::budget);
  EXPECT_EQ(read_yaml("[[1]]", instance, {.depth = 1}).error().code, ErrorCode::budget);
  EXPECT_EQ(read(std::string(64, '[') + std::string(64, ']')).front(), '[');
  EXPECT_EQ(read(std::string(65, '[') + std::string(65, ']')), "!1:65: nested deeper than 64 levels");
}

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += part;
  return out;
}

std::string many_keys(std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += fmt::format("key{}: {}\n", i, i);
  return out;
}

// A parser that takes the square of the time for one of these takes minutes for it.
TEST(ReadYaml, EndsSoonWhateverItIsGiven) {
  constexpr std::size_t kBytes = std::size_t{1} << 20U;
  const std::pair<const char*, std::string> rows[] = {
      {"brackets", std::string(kBytes, '[')},
      {"braces", std::string(kBytes, '{')},
      {"mappings in one line", repeated("{a: ", kBytes)},
      {"lists in one line", repeated("- ", kBytes)},
      {"explicit keys", repeated("? ", kBytes)},
      {"deep lists, wide", std::string(63, '[') + repeated("[],", kBytes) + std::string(63, ']')},
      {"a long text", std::string(kBytes, 'a')},
      {"a long quoted text", "\"" + std::string(kBytes, 'a') + "\""},
      {"a text of many lines", repeated("a\n", kBytes)},
      {"a block of text", "|\n" + repeated(" a\n", kBytes)},
      {"a block of empty lines", "|\n" + repeated("\n", kBytes)},
      {"a long key", std::string(kBytes, 'a') + ": 1"},
      {"a long anchor", "&" + std::string(kBytes, 'a') + " 1"},
      {"a long tag", "!" + std::string(kBytes, 'a') + " 1"},
      {"a long comment", "#" + std::string(kBytes, 'a')},
      {"comments", repeated("#\n", kBytes)},
      {"commas", repeated("[,", kBytes)},
      {"colons", repeated(":", kBytes)},
      {"directives", repeated("%TAG !a! b\n", kBytes)},
      {"directives of a second document", "a\n...\n" + repeated("%TAG !a! b\n", kBytes)},
      {"directives after an end", "...\n" + repeated("%TAG !a! b\n", kBytes)},
      {"ends", repeated("...\n", kBytes)},
      {"quotes", repeated("'", kBytes)},
      {"digits", std::string(kBytes, '1')},
      {"digits in base 16", "0x" + std::string(kBytes, 'f')},
      {"members", many_keys(100'000)},
      {"members in one line", "{" + repeated("a: 1, ", kBytes)},
      {"elements in one line", "[" + repeated("1, ", kBytes) + "]"},
      {"tabs", repeated("\t", kBytes)},
      {"indentation", std::string(kBytes, ' ') + "a"},
  };
  for (const auto& [name, text] : rows) {
    const auto start = std::chrono::steady_clock::now();
    Instance instance;
    const Status status = read_yaml(text, instance);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    EXPECT_LT(took.count(), 5.0) << name;
    EXPECT_TRUE(status || !status.error().message.empty()) << name;
  }
}

TEST(ReadYaml, ReadsJsonAsTheReaderOfJsonDoes) {
  const std::string rows[] = {
      R"({"a": 1, "b": [true, false, null, "x\ny", "\u00e9", 1.5e3, -0.0, 1e400]})",
      "{\"a\": {\"b\" :\n [1,\n2 ] }\n}",
      R"(["<<", {"<<": 1}, "~", "- a", "a: b", "#", "&a", "*a", "!a", "%", "@", "|", ""])",
      "[\n1\n,\n2\n]",
      "\"x\"",
      "12",
  };
  for (const std::string& row : rows) {
    SCOPED_TRACE(row);
    JsonInstanceReader json;
    const auto expected = json.read(row);
    ASSERT_TRUE(expected);
    Instance instance;
    ASSERT_TRUE(read_yaml(row, instance)) << read(row);
    EXPECT_EQ(shown(instance.root()), shown((*expected)->root()));
    std::string places;
    std::string expected_places;
    list_places(instance.root(), row, places);
    list_places((*expected)->root(), row, expected_places);
    EXPECT_EQ(places, expected_places);
  }
}

}  // namespace
}  // namespace gate::load
