# Derives the table of IDNA2008 from the Unicode Character Database; ci/idna-table.sh names its files.

BEGIN {
  FS = " *[;#] *"
  for (i = 0; i < 16; ++i) digit[substr("0123456789ABCDEF", i + 1, 1)] = i
  split("L R AL AN EN ES CS ET ON BN NSM", names, " ")
  for (i in names) known_bidi[names[i]] = 1
  joining_name["L"] = "left"; joining_name["R"] = "right"; joining_name["D"] = "dual"
  joining_name["T"] = "transparent"; joining_name["C"] = "causing"; joining_name["U"] = "none"
  script_name["Greek"] = "greek"; script_name["Hebrew"] = "hebrew"
  script_name["Hiragana"] = script_name["Katakana"] = script_name["Han"] = "kana_or_han"
  exceptions()
}

function number(hex,    i, value) {
  value = 0
  for (i = 1; i <= length(hex); ++i) value = value * 16 + digit[substr(hex, i, 1)]
  return value
}

# RFC 5892, 2.6: those that the rules would decide otherwise.
function exceptions() {
  allow("00DF 03C2 06FD 06FE 0F0B 3007 00B7 0375 05F3 05F4 30FB")
  allow("0660 0661 0662 0663 0664 0665 0666 0667 0668 0669 06F0 06F1 06F2 06F3 06F4 06F5 06F6 06F7 06F8 06F9")
  refuse("0640 07FA 302E 302F 3031 3032 3033 3034 3035 303B")
}
function allow(list,    hexes, i) {
  split(list, hexes, " ")
  for (i in hexes) verdict[number(hexes[i])] = 1
}
function refuse(list,    hexes, i) {
  split(list, hexes, " ")
  for (i in hexes) verdict[number(hexes[i])] = 0
}

# The first and the last code point of a line's first field.
function range(field,    parts, n) {
  n = split(field, parts, /\.\./)
  low = number(parts[1])
  high = number(parts[n])
}

/^ *#/ || NF < 2 { next }

FILENAME ~ /UnicodeData/ {
  # Empty fields count here, so it is not cut at FS.
  split($0, field, ";")
  c = number(field[1])
  start = field[2] ~ /, Last>$/ ? pending : c
  pending = c
  for (; start <= c; ++start) {
    category[start] = field[3]
    class[start] = field[4] + 0
    bidi[start] = field[5]
  }
  if (field[6] ~ /^[0-9A-F]+ [0-9A-F]+$/) pair[c] = field[6]
  next
}

{ range($1) }
FILENAME ~ /PropList/ && $2 ~ /^(White_Space|Noncharacter_Code_Point)$/ { mark(ignorable) }
FILENAME ~ /PropList/ && $2 == "Join_Control" { mark(join_control) }
FILENAME ~ /DerivedCoreProperties/ && $2 == "Default_Ignorable_Code_Point" { mark(ignorable) }
# With Default_Ignorable_Code_Point, which is refused anyhow, this is the rule of the unstable (2.2).
FILENAME ~ /DerivedNormalizationProps/ && $2 == "Changes_When_NFKC_Casefolded" { mark(unstable) }
FILENAME ~ /DerivedNormalizationProps/ && $2 == "Full_Composition_Exclusion" { mark(excluded) }
FILENAME ~ /HangulSyllableType/ && $2 ~ /^[LVT]$/ { mark(jamo) }
FILENAME ~ /ArabicShaping/ && $3 in joining_name { joining[low] = joining_name[$3] }
FILENAME ~ /Scripts/ && $2 in script_name { for (c = low; c <= high; ++c) script[c] = script_name[$2] }

function mark(set,    c) {
  for (c = low; c <= high; ++c) set[c] = 1
}

# RFC 5892, 2.4 and 2.9 to 2.10.
function is_in_ignorable_block(c) {
  return (c >= 8400 && c <= 8447) || (c >= 119040 && c <= 119375)
}

# RFC 5892, 3: PVALID, CONTEXTJ or CONTEXTO.
function is_allowed(c) {
  if (c in verdict) return verdict[c]
  if (!(c in category)) return 0
  if (c == 45 || (c >= 48 && c <= 57) || (c >= 97 && c <= 122)) return 1
  if (c in join_control) return 1
  if (c in unstable || c in ignorable || c in jamo || is_in_ignorable_block(c)) return 0
  return category[c] ~ /^(Ll|Lu|Lo|Nd|Lm|Mn|Mc)$/
}

function joining_of(c) {
  if (c in joining) return joining[c]
  return category[c] ~ /^(Mn|Me|Cf)$/ ? "transparent" : "none"
}

function properties(c) {
  if (!is_allowed(c)) return "false, false, 0, BidiClass::ON, Joining::none, Script::other"
  if (!(bidi[c] in known_bidi)) { print "unknown Bidi_Class " bidi[c] > "/dev/stderr"; exit 1 }
  return sprintf("true, %s, %d, BidiClass::%s, Joining::%s, Script::%s",
                 category[c] ~ /^M/ ? "true" : "false", class[c], bidi[c], joining_of(c),
                 c in script ? script[c] : "other")
}

function wrap(text) {
  if (length(line) + length(text) > 108) { print line; line = "   " }
  line = line " " text
}

function write_runs(    c, next_row, last_row) {
  line = "   "
  last_row = -1
  for (c = 0; c <= 1114112; ++c) {
    row = c <= 1114111 && (c in category || c in verdict) ? properties(c) : nothing
    if (!(row in index_of)) {
      index_of[row] = rows
      row_text[rows++] = row
    }
    if (index_of[row] == last_row || (c > 1114111)) continue
    last_row = index_of[row]
    wrap(sprintf("0x%x,", c * 2048 + last_row))
    ++runs
  }
  print line
}

# Insertion into order: a few hundred, nearly in order.
function sort(keys, values, n,    i, j, key, value) {
  for (i = 1; i < n; ++i) {
    key = keys[i]; value = values[i]
    for (j = i - 1; j >= 0 && keys[j] > key; --j) { keys[j + 1] = keys[j]; values[j + 1] = values[j] }
    keys[j + 1] = key; values[j + 1] = value
  }
}

function write_compositions(    c, parts, i, n) {
  n = 0
  for (c = 0; c <= 1114111; ++c) {
    if (!(c in pair) || c in excluded || !is_allowed(c)) continue
    split(pair[c], parts, " ")
    first[c] = number(parts[1]); second[c] = number(parts[2])
    if (second[c] in pair && !(second[c] in excluded)) { print "a second part with parts" > "/dev/stderr"; exit 1 }
    by_parts[n] = first[c] * 1114112 + second[c]
    whole[n++] = c
  }
  sort(by_parts, whole, n)
  line = "   "
  for (i = 0; i < n; ++i) wrap(sprintf("{0x%x, 0x%x, 0x%x},", first[whole[i]], second[whole[i]], whole[i]))
  print line
  print "};\n\nconstexpr std::uint16_t kWholes[] = {"
  for (i = 0; i < n; ++i) place[i] = i
  sort(whole, place, n)
  line = "   "
  for (i = 0; i < n; ++i) wrap(place[i] ",")
  print line
}

END {
  nothing = "false, false, 0, BidiClass::ON, Joining::none, Script::other"
  print "// Written by ci/idna-table.sh; not to be edited. Derived from the Unicode Character Database, which is"
  print "// copyright Unicode, Inc. (https://www.unicode.org/terms_of_use.html)."
  print "#include <iterator>\n\n#include \"gate/schema/format_idna.h\"\n"
  print "// clang-format off"
  print "namespace gate::schema::idna_table {\nnamespace {\n"
  print "constexpr std::uint32_t kRunStarts[] = {"
  write_runs()
  print "};\n\nconstexpr IdnaProperties kRows[] = {"
  for (i = 0; i < rows; ++i) print "    {" row_text[i] "},"
  print "};\n\nconstexpr Composition kPairs[] = {"
  write_compositions()
  print "};\n\n}  // namespace\n"
  print "extern const std::string_view kUnicodeVersion = \"" version "\";"
  print "extern const Runs kRuns = {kRunStarts, std::size(kRunStarts)};"
  print "extern const IdnaProperties* const kProperties = kRows;"
  print "extern const Compositions kCompositions = {kPairs, std::size(kPairs)};"
  print "extern const std::uint16_t* const kByComposite = kWholes;"
  print "\n}  // namespace gate::schema::idna_table"
}
