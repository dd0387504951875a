#include "gate/schema/unicode_properties.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include <fmt/format.h>

namespace gate::schema {
namespace {

// All tables are of Unicode 14, which is what PCRE2 10.42 has, and sorted. That PCRE2 matches what the
// Unicode Character Database says was tried with every name here and every code point.

using Category = std::pair<std::string_view, std::string_view>;

// General categories (PropertyValueAliases), each with the name that PCRE2 knows.
constexpr auto kCategories = std::to_array<Category>({
    {"C", "C"},
    {"Cased_Letter", "L&"},
    {"Cc", "Cc"},
    {"Cf", "Cf"},
    {"Close_Punctuation", "Pe"},
    {"Cn", "Cn"},
    {"Co", "Co"},
    {"Combining_Mark", "M"},
    {"Connector_Punctuation", "Pc"},
    {"Control", "Cc"},
    {"Cs", "Cs"},
    {"Currency_Symbol", "Sc"},
    {"Dash_Punctuation", "Pd"},
    {"Decimal_Number", "Nd"},
    {"Enclosing_Mark", "Me"},
    {"Final_Punctuation", "Pf"},
    {"Format", "Cf"},
    {"Initial_Punctuation", "Pi"},
    {"L", "L"},
    {"LC", "L&"},
    {"Letter", "L"},
    {"Letter_Number", "Nl"},
    {"Line_Separator", "Zl"},
    {"Ll", "Ll"},
    {"Lm", "Lm"},
    {"Lo", "Lo"},
    {"Lowercase_Letter", "Ll"},
    {"Lt", "Lt"},
    {"Lu", "Lu"},
    {"M", "M"},
    {"Mark", "M"},
    {"Math_Symbol", "Sm"},
    {"Mc", "Mc"},
    {"Me", "Me"},
    {"Mn", "Mn"},
    {"Modifier_Letter", "Lm"},
    {"Modifier_Symbol", "Sk"},
    {"N", "N"},
    {"Nd", "Nd"},
    {"Nl", "Nl"},
    {"No", "No"},
    {"Nonspacing_Mark", "Mn"},
    {"Number", "N"},
    {"Open_Punctuation", "Ps"},
    {"Other", "C"},
    {"Other_Letter", "Lo"},
    {"Other_Number", "No"},
    {"Other_Punctuation", "Po"},
    {"Other_Symbol", "So"},
    {"P", "P"},
    {"Paragraph_Separator", "Zp"},
    {"Pc", "Pc"},
    {"Pd", "Pd"},
    {"Pe", "Pe"},
    {"Pf", "Pf"},
    {"Pi", "Pi"},
    {"Po", "Po"},
    {"Private_Use", "Co"},
    {"Ps", "Ps"},
    {"Punctuation", "P"},
    {"S", "S"},
    {"Sc", "Sc"},
    {"Separator", "Z"},
    {"Sk", "Sk"},
    {"Sm", "Sm"},
    {"So", "So"},
    {"Space_Separator", "Zs"},
    {"Spacing_Mark", "Mc"},
    {"Surrogate", "Cs"},
    {"Symbol", "S"},
    {"Titlecase_Letter", "Lt"},
    {"Unassigned", "Cn"},
    {"Uppercase_Letter", "Lu"},
    {"Z", "Z"},
    {"Zl", "Zl"},
    {"Zp", "Zp"},
    {"Zs", "Zs"},
    {"cntrl", "Cc"},
    {"digit", "Nd"},
    {"punct", "P"},
});

// Long and short (PropertyValueAliases).
// clang-format off
constexpr auto kScripts = std::to_array<std::string_view>({
    "Adlam", "Adlm", "Aghb", "Ahom", "Anatolian_Hieroglyphs", "Arab", "Arabic", "Armenian", "Armi", "Armn",
    "Avestan", "Avst", "Bali", "Balinese", "Bamu", "Bamum", "Bass", "Bassa_Vah", "Batak", "Batk", "Beng",
    "Bengali", "Bhaiksuki", "Bhks", "Bopo", "Bopomofo", "Brah", "Brahmi", "Brai", "Braille", "Bugi",
    "Buginese", "Buhd", "Buhid", "Cakm", "Canadian_Aboriginal", "Cans", "Cari", "Carian",
    "Caucasian_Albanian", "Chakma", "Cham", "Cher", "Cherokee", "Chorasmian", "Chrs", "Common", "Copt",
    "Coptic", "Cpmn", "Cprt", "Cuneiform", "Cypriot", "Cypro_Minoan", "Cyrillic", "Cyrl", "Deseret", "Deva",
    "Devanagari", "Diak", "Dives_Akuru", "Dogr", "Dogra", "Dsrt", "Dupl", "Duployan", "Egyp",
    "Egyptian_Hieroglyphs", "Elba", "Elbasan", "Elym", "Elymaic", "Ethi", "Ethiopic", "Geor", "Georgian",
    "Glag", "Glagolitic", "Gong", "Gonm", "Goth", "Gothic", "Gran", "Grantha", "Greek", "Grek", "Gujarati",
    "Gujr", "Gunjala_Gondi", "Gurmukhi", "Guru", "Han", "Hang", "Hangul", "Hani", "Hanifi_Rohingya", "Hano",
    "Hanunoo", "Hatr", "Hatran", "Hebr", "Hebrew", "Hira", "Hiragana", "Hluw", "Hmng", "Hmnp", "Hung",
    "Imperial_Aramaic", "Inherited", "Inscriptional_Pahlavi", "Inscriptional_Parthian", "Ital", "Java",
    "Javanese", "Kaithi", "Kali", "Kana", "Kannada", "Katakana", "Kayah_Li", "Khar", "Kharoshthi",
    "Khitan_Small_Script", "Khmer", "Khmr", "Khoj", "Khojki", "Khudawadi", "Kits", "Knda", "Kthi", "Lana",
    "Lao", "Laoo", "Latin", "Latn", "Lepc", "Lepcha", "Limb", "Limbu", "Lina", "Linb", "Linear_A",
    "Linear_B", "Lisu", "Lyci", "Lycian", "Lydi", "Lydian", "Mahajani", "Mahj", "Maka", "Makasar",
    "Malayalam", "Mand", "Mandaic", "Mani", "Manichaean", "Marc", "Marchen", "Masaram_Gondi", "Medefaidrin",
    "Medf", "Meetei_Mayek", "Mend", "Mende_Kikakui", "Merc", "Mero", "Meroitic_Cursive",
    "Meroitic_Hieroglyphs", "Miao", "Mlym", "Modi", "Mong", "Mongolian", "Mro", "Mroo", "Mtei", "Mult",
    "Multani", "Myanmar", "Mymr", "Nabataean", "Nand", "Nandinagari", "Narb", "Nbat", "New_Tai_Lue", "Newa",
    "Nko", "Nkoo", "Nshu", "Nushu", "Nyiakeng_Puachue_Hmong", "Ogam", "Ogham", "Ol_Chiki", "Olck",
    "Old_Hungarian", "Old_Italic", "Old_North_Arabian", "Old_Permic", "Old_Persian", "Old_Sogdian",
    "Old_South_Arabian", "Old_Turkic", "Old_Uyghur", "Oriya", "Orkh", "Orya", "Osage", "Osge", "Osma",
    "Osmanya", "Ougr", "Pahawh_Hmong", "Palm", "Palmyrene", "Pau_Cin_Hau", "Pauc", "Perm", "Phag",
    "Phags_Pa", "Phli", "Phlp", "Phnx", "Phoenician", "Plrd", "Prti", "Psalter_Pahlavi", "Qaac", "Qaai",
    "Rejang", "Rjng", "Rohg", "Runic", "Runr", "Samaritan", "Samr", "Sarb", "Saur", "Saurashtra", "Sgnw",
    "Sharada", "Shavian", "Shaw", "Shrd", "Sidd", "Siddham", "SignWriting", "Sind", "Sinh", "Sinhala",
    "Sogd", "Sogdian", "Sogo", "Sora", "Sora_Sompeng", "Soyo", "Soyombo", "Sund", "Sundanese", "Sylo",
    "Syloti_Nagri", "Syrc", "Syriac", "Tagalog", "Tagb", "Tagbanwa", "Tai_Le", "Tai_Tham", "Tai_Viet",
    "Takr", "Takri", "Tale", "Talu", "Tamil", "Taml", "Tang", "Tangsa", "Tangut", "Tavt", "Telu", "Telugu",
    "Tfng", "Tglg", "Thaa", "Thaana", "Thai", "Tibetan", "Tibt", "Tifinagh", "Tirh", "Tirhuta", "Tnsa",
    "Toto", "Ugar", "Ugaritic", "Unknown", "Vai", "Vaii", "Vith", "Vithkuqi", "Wancho", "Wara",
    "Warang_Citi", "Wcho", "Xpeo", "Xsux", "Yezi", "Yezidi", "Yi", "Yiii", "Zanabazar_Square", "Zanb",
    "Zinh", "Zyyy", "Zzzz",
});
// clang-format on

// Binary properties of ECMA-262 (22.2.2.4). Missing: Assigned and Changes_When_NFKC_Casefolded, which PCRE2
// does not have, and Bidi_Mirrored, which there leaves out characters like U+2140.
// clang-format off
constexpr auto kBinary = std::to_array<std::string_view>({
    "AHex", "ASCII", "ASCII_Hex_Digit", "Alpha", "Alphabetic", "Any", "Bidi_C", "Bidi_Control", "CI",
    "CWCF", "CWCM", "CWL", "CWT", "CWU", "Case_Ignorable", "Cased", "Changes_When_Casefolded",
    "Changes_When_Casemapped", "Changes_When_Lowercased", "Changes_When_Titlecased",
    "Changes_When_Uppercased", "DI", "Dash", "Default_Ignorable_Code_Point", "Dep", "Deprecated", "Dia",
    "Diacritic", "EBase", "EComp", "EMod", "EPres", "Emoji", "Emoji_Component", "Emoji_Modifier",
    "Emoji_Modifier_Base", "Emoji_Presentation", "Ext", "ExtPict", "Extended_Pictographic", "Extender",
    "Gr_Base", "Gr_Ext", "Grapheme_Base", "Grapheme_Extend", "Hex", "Hex_Digit", "IDC", "IDS", "IDSB",
    "IDST", "IDS_Binary_Operator", "IDS_Trinary_Operator", "ID_Continue", "ID_Start", "Ideo", "Ideographic",
    "Join_C", "Join_Control", "LOE", "Logical_Order_Exception", "Lower", "Lowercase", "Math", "NChar",
    "Noncharacter_Code_Point", "Pat_Syn", "Pat_WS", "Pattern_Syntax", "Pattern_White_Space", "QMark",
    "Quotation_Mark", "RI", "Radical", "Regional_Indicator", "SD", "STerm", "Sentence_Terminal",
    "Soft_Dotted", "Term", "Terminal_Punctuation", "UIdeo", "Unified_Ideograph", "Upper", "Uppercase", "VS",
    "Variation_Selector", "White_Space", "XIDC", "XIDS", "XID_Continue", "XID_Start", "space",
});
// clang-format on

static_assert(std::is_sorted(kCategories.begin(), kCategories.end()));
static_assert(std::is_sorted(kScripts.begin(), kScripts.end()));
static_assert(std::is_sorted(kBinary.begin(), kBinary.end()));

std::string_view category(std::string_view name) {
  const auto* const found =
      std::lower_bound(kCategories.begin(), kCategories.end(), name,
                       [](const Category& row, std::string_view wanted) { return row.first < wanted; });
  return found != kCategories.end() && found->first == name ? found->second : std::string_view{};
}

// To PCRE2 a character that has extensions stays with the script that it has without.
bool differs_with_extensions(std::string_view script) {
  constexpr auto kSuch = std::to_array<std::string_view>({"Common", "Inherited", "Qaai", "Zinh", "Zyyy"});
  return std::binary_search(kSuch.begin(), kSuch.end(), script);
}

std::string script(std::string_view prefix, std::string_view name) {
  if (!std::binary_search(kScripts.begin(), kScripts.end(), name)) return {};
  return fmt::format("{}{}", prefix, name);
}

}  // namespace

std::string pcre2_property(std::string_view ecma) {
  const std::size_t equals = ecma.find('=');
  if (equals == std::string_view::npos) {
    const bool binary = std::binary_search(kBinary.begin(), kBinary.end(), ecma);
    return std::string{binary ? ecma : category(ecma)};
  }
  const std::string_view key = ecma.substr(0, equals);
  const std::string_view value = ecma.substr(equals + 1);
  if (key == "General_Category" || key == "gc") return std::string{category(value)};
  if (key == "Script" || key == "sc") return script("sc:", value);
  if (key != "Script_Extensions" && key != "scx") return {};
  return differs_with_extensions(value) ? std::string{} : script("scx:", value);
}

}  // namespace gate::schema
