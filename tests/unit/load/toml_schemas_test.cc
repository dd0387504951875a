// The published schemas of the TOML files against the code that reads them: both must agree.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <boost/json/value.hpp>

#include "gate/load/exemptions_toml.h"
#include "gate/load/json.h"
#include "gate/load/policy_toml.h"
#include "gate/load/toml.h"
#include "gate/policy/exemption_record.h"
#include "gate/schema/compile.h"
#include "gate/schema/evaluate.h"
#include "tests/support/test_data.h"

namespace gate::load {
namespace {

boost::json::value as_json(const TomlValue& value);

boost::json::value as_json(const TomlTable& table) {
  boost::json::object object;
  for (const TomlMember& member : table) object[member.key] = as_json(member.value);
  return object;
}

// What the file means as JSON: dates are strings.
boost::json::value as_json(const TomlValue& value) {
  if (const auto* table = std::get_if<TomlTable>(&value.data)) return as_json(*table);
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag;
  if (const auto* integer = std::get_if<std::int64_t>(&value.data)) return *integer;
  if (const auto* number = std::get_if<double>(&value.data)) return *number;
  if (const auto* text = std::get_if<std::string>(&value.data)) return boost::json::string(*text);
  if (const auto* day = std::get_if<Date>(&value.data)) return boost::json::string(to_string(*day));
  const auto* array = std::get_if<TomlArray>(&value.data);
  if (array == nullptr) return "10:00:00";
  boost::json::array elements;
  for (const TomlValue& element : *array) elements.push_back(as_json(element));
  return elements;
}

// A schema of schemas/release-gate, compiled.
class PublishedSchema {
 public:
  explicit PublishedSchema(const std::string& name) {
    auto document = parse_json(test::contents_of(test::source_dir() / "schemas/release-gate" / name));
    EXPECT_TRUE(document.has_value()) << document.error().message;
    if (!document) return;
    document_ = std::move(*document);
    compilation_ = schema::compile({&document_.root, &document_.exact, "", name});
    EXPECT_TRUE(compilation_.program.has_value());
    EXPECT_TRUE(compilation_.unknown_keywords.empty());
  }

  bool accepts(const std::string& toml) const {
    const auto table = parse_toml(toml, "f.toml", kRegisterBounds);
    if (!table || !compilation_.program) return false;
    schema::Evaluator evaluator{*compilation_.program};
    return evaluator.evaluate(schema::instance_of(as_json(*table), {}).root()) == schema::Outcome::valid;
  }

 private:
  Document document_;
  schema::Compilation compilation_;
};

struct Row {
  const char* name;
  std::string text;
  bool good;
};

TEST(GateSchema, AgreesWithTheReaderOfTheFile) {
  const PublishedSchema published{"gate.schema.json"};
  const auto check = [](const std::string& rest) { return "version = 1\n[[check]]\nname = 'a'\n" + rest; };
  const Row rows[] = {
      {"the least", "version = 1\n", true},
      {"no version", "mode = 'strict'\n", false},
      {"another version", "version = 2\n", false},
      {"an unknown key", "version = 1\nmod = 'strict'\n", false},
      {"warn", "version = 1\nmode = 'warn'\nwarn_until = 2026-12-01\n", true},
      {"warn for ever", "version = 1\nmode = 'warn'\n", false},
      {"no date", "version = 1\nwarn_until = 'soon'\n", false},
      {"a time", "version = 1\nwarn_until = 10:00:00\n", false},
      {"all of exemptions",
       "version = 1\n[exemptions]\nregister = 'e.toml'\nmax_days = 1\nmax_days_high_severity = "
       "3660\nhigh_severity = "
       "['a']\nrequired_fields = ['owner']\nwarn_days = 0\nunused_error_days = 0\nallow_any_rule = "
       "true\nbudgets = { "
       "'a.*' = 0 }\n",
       true},
      {"no days", "version = 1\n[exemptions]\nmax_days = 0\n", false},
      {"an unknown field", "version = 1\n[exemptions]\nrequired_fields = ['id']\n", false},
      {"a negative budget", "version = 1\n[exemptions]\nbudgets = { 'a' = -1 }\n", false},
      {"all of tests",
       "version = 1\n[tests]\nname = 'n'\nreports = ['a']\nmin_pass_rate = '99.5'\nmax_failed = "
       "0\nmax_skipped = 1\n"
       "max_flaky = 2\nsuites = { 'e2e' = { min_pass_rate = 100 } }\nexpect = ['unit']\nallow_empty = "
       "true\nbaseline "
       "= 'b'\nmax_lost_tests = 3\nsummary = 's'\nctrf = 'c'\nrelease = 'r'\nall_cases = true\nmax_errors = "
       "10\n",
       true},
      {"an inexact rate", "version = 1\n[tests]\nmin_pass_rate = 99.5\n", false},
      {"a rate over 100", "version = 1\n[tests]\nmin_pass_rate = 101\n", false},
      {"a rate over 100 as text", "version = 1\n[tests]\nmin_pass_rate = '100.1'\n", false},
      {"a rate of 100.0", "version = 1\n[tests]\nmin_pass_rate = '100.0'\n", true},
      {"an unknown key of a suite", "version = 1\n[tests]\nsuites = { 'e2e' = { reports = ['a'] } }\n",
       false},
      {"the report", "version = 1\n[report]\nfolder = 'x'\nmax_age = '24h'\n", true},
      {"an age of nothing", "version = 1\n[report]\nmax_age = '0h'\n", false},
      {"an age without a unit", "version = 1\n[report]\nmax_age = '24'\n", false},
      {"an empty text", "version = 1\n[report]\nfolder = ' '\n", false},
      {"schema",
       check("kind = 'schema'\nrequired = false\nafter = []\nschema = 's'\ndocuments = ['d']\n"
             "schema_keywords = ['k']\nresolve = { 'u' = 'f' }\nmax_errors = 1\n"
             "dialect = '2019-09'\nformat_assertion = true\n"),
       true},
      {"schema in no dialect",
       check("kind = 'schema'\nschema = 's'\ndocuments = ['d']\ndialect = 'draft5'\n"), false},
      {"schema without documents", check("kind = 'schema'\nschema = 's'\n"), false},
      {"schema with none", check("kind = 'schema'\nschema = 's'\ndocuments = []\n"), false},
      {"tests", check("kind = 'tests'\nreports = ['a']\nmin_pass_rate = 90\n"), true},
      {"exemptions",
       check("kind = 'exemptions'\nregister = 'e'\nbaseline = 'b'\nreports = ['r']\nfiles = ['f']\n"), true},
      {"report", check("kind = 'report'\nfile = 'f'\nmax_age = '90s'\n"), true},
      {"report without a file", check("kind = 'report'\n"), false},
      {"command", check("kind = 'command'\nrun = ['make']\ndeadline = '10m'\n"), true},
      {"command without one", check("kind = 'command'\nrun = []\n"), false},
      {"a key of another kind", check("kind = 'command'\nrun = ['make']\nschema = 's'\n"), false},
      {"an unknown kind", check("kind = 'slos'\n"), false},
      {"objectives",
       check("kind = 'slo'\nobjectives = ['slo.toml']\nonly = ['a*']\nsamples = ['s.csv']\np95_latency_ms = "
             "'500'\n"
             "error_rate_percent = 1\navailability_percent = '99.9'\ndeadline = '20s'\nmax_errors = 10\n"),
       true},
      {"samples alone", check("kind = 'slo'\nsamples = ['s.csv']\nerror_rate_percent = '1.0'\n"), true},
      {"objectives of nothing", check("kind = 'slo'\n"), false},
      {"no objectives", check("kind = 'slo'\nobjectives = []\n"), false},
      {"samples without a threshold", check("kind = 'slo'\nsamples = ['s.csv']\n"), false},
      {"a threshold without samples", check("kind = 'slo'\nobjectives = ['a']\nerror_rate_percent = 1\n"),
       false},
      {"an inexact threshold", check("kind = 'slo'\nsamples = ['s']\nerror_rate_percent = 1.5\n"), false},
      {"a negative threshold", check("kind = 'slo'\nsamples = ['s']\np95_latency_ms = -1\n"), false},
      {"a rate with a zero in front", "version = 1\n[tests]\nmin_pass_rate = '05'\n", false},
      {"no kind", check(""), false},
      {"no name", "version = 1\n[[check]]\nkind = 'command'\nrun = ['make']\n", false},
      {"a name with a slash", "version = 1\n[[check]]\nname = 'a/b'\nkind = 'command'\nrun = ['make']\n",
       false},
      {"a hidden name", "version = 1\n[[check]]\nname = '.a'\nkind = 'command'\nrun = ['make']\n", false},
      {"a name with a space after it",
       "version = 1\n[[check]]\nname = 'a '\nkind = 'command'\nrun = ['make']\n", false},
      {"a name of words",
       "version = 1\n[[check]]\nname = 'unit tests (linux)'\nkind = 'command'\nrun = ['make']\n", true},
      {"our own", test::contents_of(test::source_dir() / "ci/gate.toml"), true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(parse_gate_config(row.text, "gate.toml").has_value(), row.good);
    EXPECT_EQ(published.accepts(row.text), row.good);
  }
}

// Whether the register is one and none of its records is at fault.
bool is_faultless(const std::string& text) {
  const auto reg = parse_exemptions(text, "exemptions.toml");
  if (!reg || !reg->faults.empty()) return false;
  policy::ExemptionRules rules;
  rules.required_fields.clear();
  rules.allow_any_rule = true;
  return std::all_of(reg->records.begin(), reg->records.end(), [&](const policy::ExemptionRecord& record) {
    return record.faults.empty() && find_record_faults(record, rules, *parse_date("2026-11-20")).empty();
  });
}

TEST(ExemptionsSchema, AgreesWithTheReaderOfTheFile) {
  const PublishedSchema published{"exemptions.schema.json"};
  const auto with = [](const std::string& rest) {
    return "version = 1\n[[exemption]]\nid = 'EX-1'\nrule = 'a.b'\ncreated = 2026-11-01\nexpires = "
           "'2026-12-01'\n" +
           rest;
  };
  const auto scoped = [&](const std::string& scope) { return with("scope = " + scope + "\n"); };
  const std::string paths = "scope = { paths = ['x'] }\n";
  const Row rows[] = {
      {"an empty one", "version = 1\n", true},
      {"no version", "exemption = []\n", false},
      {"an unknown key", "version = 1\nexemptions = []\n", false},
      {"the least", with(paths), true},
      {"everything",
       with("scope = { paths = ['x'], tests = ['t'], fingerprints = ['0123456789abcdef'] }\nreason = 'it "
            "ends with version 3'\nticket = 'OPS-1'\nowner = 'team-a'\napprover = '@team b'\nmax_findings = "
            "1\n"),
       true},
      {"no scope", with(""), false},
      {"an empty scope", scoped("{}"), false},
      {"empty lists", scoped("{ paths = [], tests = [] }"), false},
      {"an unknown list", scoped("{ path = ['x'] }"), false},
      {"every path", scoped("{ paths = ['**/*'] }"), false},
      {"an absolute path", scoped("{ paths = ['/x'] }"), false},
      {"a path that climbs", scoped("{ paths = ['a/../x'] }"), false},
      {"a path from here", scoped("{ paths = ['./x'] }"), false},
      {"dots in a name", scoped("{ paths = ['a..b/.x'] }"), true},
      {"every test", scoped("{ tests = ['*'] }"), false},
      {"a short fingerprint", scoped("{ fingerprints = ['0123'] }"), false},
      {"a path in another script", scoped("{ paths = ['é/*'] }"), true},
      {"an id with a space",
       "version = 1\n[[exemption]]\nid = 'E 1'\nrule = 'a.b'\ncreated = 2026-11-01\nexpires = "
       "2026-12-01\n" +
           paths,
       false},
      {"about the gate",
       "version = 1\n[[exemption]]\nid = 'E'\nrule = 'gate.x'\ncreated = 2026-11-01\nexpires = "
       "2026-12-01\n" +
           paths,
       false},
      {"about missing evidence",
       "version = 1\n[[exemption]]\nid = 'E'\nrule = 'tests.zero'\ncreated = 2026-11-01\nexpires = "
       "2026-12-01\n" +
           paths,
       false},
      {"about the inputs",
       "version = 1\n[[exemption]]\nid = 'E'\nrule = 'inputs.*'\ncreated = 2026-11-01\nexpires = "
       "2026-12-01\n" +
           paths,
       false},
      {"no expiry", "version = 1\n[[exemption]]\nid = 'E'\nrule = 'a.b'\ncreated = 2026-11-01\n" + paths,
       false},
      {"a bad date",
       "version = 1\n[[exemption]]\nid = 'E'\nrule = 'a.b'\ncreated = '2026-13-01'\nexpires = "
       "2026-12-01\n" +
           paths,
       false},
      {"a blank reason", with(paths + "reason = ' '\n"), false},
      {"an owner in letters that look alike", with(paths + "owner = 'm\u0435'\n"), false},
      {"an owner of one letter", with(paths + "owner = '@a'\n"), false},
      {"two approvers", with(paths + "approver = 'team-a, team-b'\n"), false},
      {"a space too many", with(paths + "approver = 'release  manager'\n"), false},
      {"an approver by address", with(paths + "approver = 'gate+release@shop.example'\n"), true},
      {"no ticket", with(paths + "ticket = 'later'\n"), false},
      {"a ticket of another place", with(paths + "ticket = 'owner/repo#3'\n"), true},
      {"a ticket by address", with(paths + "ticket = 'https://tracker.example/1'\n"), true},
      {"for nothing", with(paths + "max_findings = 0\n"), false},
      {"an unknown field", with(paths + "until = 2026-12-01\n"), false},
      {"our own", test::contents_of(test::source_dir() / "ci/exemptions.toml"), true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(is_faultless(row.text), row.good);
    EXPECT_EQ(published.accepts(row.text), row.good);
  }
}

}  // namespace
}  // namespace gate::load
