#!/usr/bin/env bash
# usage: large_schema.sh SCHEMA DOCUMENT
# Writes a draft-07 schema of 374 KB, always the same, and a small valid document that reaches eight of its
# 388 definitions. Like the schemas of large configurations: descriptions, enumerations, patterns of their
# own, a tree of objects that refer to others.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: large_schema.sh SCHEMA DOCUMENT" >&2; exit 2; }

awk -v definitions=388 '
  function describe(what) {
    return "\"description\": \"The " what " of this section, as the operator wrote it; empty where the default holds.\""
  }
  function reference(i) { return "{\"$ref\": \"#/definitions/section" i "\"}" }
  function definition(i) {
    printf "    \"section%d\": {\n      \"type\": \"object\",\n      \"required\": [\"name\", \"mode%d\"],\n", i, i
    printf "      \"additionalProperties\": false,\n      \"patternProperties\": {\"^x%d-[a-z]{1,20}$\": {}},\n", i
    printf "      \"properties\": {\n"
    printf "        \"name\": {\"type\": \"string\", \"pattern\": \"^s%d(-[a-z0-9]{1,12}){0,4}$\", %s},\n", i, describe("name")
    printf "        \"timeout\": {\"type\": \"string\", \"pattern\": \"^[0-9]+(ms|s|m|h|d%d)$\", %s},\n", i % 9, describe("timeout")
    printf "        \"limit\": {\"type\": \"integer\", \"minimum\": %d, \"maximum\": %d, %s},\n", i % 5, i + 1000, describe("limit")
    printf "        \"hosts\": {\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"type\": \"string\", \"minLength\": 1}},\n"
    if (3 * i + 1 < definitions) printf "        \"next\": %s,\n", reference(3 * i + 1)
    if (3 * i + 3 < definitions) printf "        \"other\": {\"anyOf\": [{\"type\": \"null\"}, %s, %s]},\n", reference(3 * i + 2), reference(3 * i + 3)
    printf "        \"mode%d\": {\"enum\": [\"off\", \"on\", \"auto\", \"m%d\"]}\n", i, i
    printf "      }\n    }%s\n", i + 1 < definitions ? "," : ""
  }
  BEGIN {
    print "{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n  \"type\": \"object\",\n  \"properties\": {"
    for (i = 0; i < 40; ++i)
      printf "    \"part%d\": %s%s\n", i, reference(i), i < 39 ? "," : ""
    print "  },\n  \"additionalProperties\": false,\n  \"definitions\": {"
    for (i = 0; i < definitions; ++i) definition(i)
    print "  }\n}"
  }' >"$1"

# Section i leads to section 3i + 1.
awk '
  function section(i, depth) {
    printf "{\"name\": \"s%d-main\", \"mode%d\": \"auto\", \"timeout\": \"250ms\", \"limit\": 12, \"hosts\": [\"a\", \"b\"]", i, i
    if (depth > 0) {
      printf ", \"next\": "
      section(3 * i + 1, depth - 1)
    }
    printf "}"
  }
  BEGIN {
    printf "{\"part0\": "
    section(0, 3)
    printf ", \"part3\": "
    section(3, 3)
    print "}"
  }' >"$2"
