#include "gate/schema/uri.h"

#include <gtest/gtest.h>

namespace gate::schema {
namespace {

// RFC 3986, 5.4: the examples, normal and abnormal.
TEST(ResolveUri, FollowsTheExamplesOfTheStandard) {
  constexpr std::string_view kBase = "http://a/b/c/d;p?q";
  const char* rows[][2] = {
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
  };
  for (const auto& [reference, resolved] : rows)
    EXPECT_EQ(resolve_uri(kBase, reference), resolved) << reference;
}

TEST(ResolveUri, KnowsBasesWithoutAPath) {
  EXPECT_EQ(resolve_uri("http://a", "g"), "http://a/g");
  EXPECT_EQ(resolve_uri("urn:uuid:1", "#/a"), "urn:uuid:1#/a");
  EXPECT_EQ(resolve_uri("document:/s/a.json", "b.json"), "document:/s/b.json");
}

TEST(DocumentUri, LeadsToTheFileAReferenceMeans) {
  const char* rows[][3] = {
      {"s.json", "c.json", "c.json"},
      {"./s.json", "../c.json", "../c.json"},
      {"a/s.json", "../c.json", "c.json"},
      {"a/s.json", "../../../c.json", "../../c.json"},
      {"../a/s.json", "../../c.json", "../../c.json"},
      {"a b#/s?.json", "%63%20d.json", "a b#/c d.json"},
      {"a%20b/s.json", "c.json", "a%20b/c.json"},
      {"caf\u00e9/s.json", "c.json", "caf\u00e9/c.json"},
      {"s.json", "/etc/c.json", "/etc/c.json"},
      {"/a/s.json", "../../../c.json", "/c.json"},
      {"/a/s.json", "b/c.json", "/a/b/c.json"},
  };
  for (const auto& [schema, reference, file] : rows) {
    EXPECT_EQ(document_path(resolve_uri(document_uri(schema), reference)), file)
        << schema << " " << reference;
  }
  EXPECT_EQ(document_uri("a/s.json"), "document:/a/s.json");
  EXPECT_EQ(document_path("https://example.com/a"), std::nullopt);
  EXPECT_EQ(document_path("document:/a%2"), std::nullopt);
}

TEST(WhyIllFormed, LooksAtEveryCharacter) {
  const char* rows[][2] = {
      {"http://a/b%20c?d=e", ""},
      {"", ""},
      {"caf\u00e9/../b", ""},
      {"a b", "a space"},
      {"a\nb", "a control character"},
      {"a\x7F", "a control character"},
      {"a%2", "an ill-formed percent escape"},
      {"a%2g", "an ill-formed percent escape"},
      {"a%", "an ill-formed percent escape"},
      {"a<b", "the character <"},
      {"a\\b", "the character \\"},
  };
  for (const auto& [uri, why] : rows) EXPECT_EQ(why_ill_formed(uri), why) << uri;
}

TEST(SplitFragment, CutsAtTheFirstHash) {
  EXPECT_EQ(split_fragment("a#b#c"), (UriReference{"a", "b#c"}));
  EXPECT_EQ(split_fragment("a"), (UriReference{"a", ""}));
  EXPECT_TRUE(is_absolute_uri("urn:a"));
  EXPECT_FALSE(is_absolute_uri("a/b:c"));
}

}  // namespace
}  // namespace gate::schema
