#include "gate/load/slo_toml.h"

#include <string>

#include <gtest/gtest.h>

#include "gate/slo/windows.h"

namespace gate::load {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string kProm =
    "version = 1\n[[source]]\nname = \"prom\"\nkind = \"prometheus\"\nurl = \"http://127.0.0.1:9090\"\n";
const std::string kFiles =
    "version = 1\n[[source]]\nname = \"log\"\nkind = \"samples\"\nfiles = [\"a.csv\"]\n";
const std::string kRatio = "[[objective]]\nname = \"a\"\nbad = \"bad_total\"\ntotal = \"all_total\"\n";
const std::string kGood = kProm + kRatio + "target = \"99.9\"\nperiod = \"30d\"\n";

std::string fault_in(const std::string& text) {
  const auto set = parse_slo_toml(text, "slo.toml");
  return set ? "none" : set.error().message;
}

slo::ObjectiveSet read(const std::string& text) {
  const auto set = parse_slo_toml(text, "slo.toml");
  EXPECT_TRUE(set) << (set ? "" : set.error().message);
  return set ? *set : slo::ObjectiveSet{};
}

const std::string kPage =
    "version = 1\n[[source]]\nname = \"page\"\nkind = \"exposition\"\nurl = \"http://127.0.0.1:9090\"\n";

std::string with_queries(const std::string& source, const std::string& bad, const std::string& total) {
  return source + "[[objective]]\nname = \"a\"\nbad = '" + bad + "'\ntotal = '" + total +
         "'\ntarget = 99\nperiod = \"30d\"\n";
}

TEST(SloToml, RefusesQueriesThatTellNothing) {
  const std::string neither = "neither a series selector nor PromQL with {{window}}: ";
  const std::pair<std::string, std::string> rows[] = {
      {with_queries(kProm, "sum((", "all_total"),
       "slo.toml:8:7: bad: " + neither + "at offset 3: a series selector is wanted"},
      {with_queries(kProm, "bad_total offset 5m", "all_total"),
       "slo.toml:8:7: bad: " + neither + "at offset 10: a series selector is wanted"},
      {with_queries(kProm, "bad_total", "sum(rate(all_total[5m]))"),
       "slo.toml:9:9: total: " + neither + "at offset 3: a series selector is wanted"},
      {with_queries(kProm, "sum(increase(x[{{window}}])", "all_total"),
       "slo.toml:8:7: bad: at offset 27: '(' is not closed"},
      {with_queries(kProm, "increase(x{a=\"b}[{{window}}])", "all_total"),
       "slo.toml:8:7: bad: at offset 13: the quote is not closed"},
      {with_queries(kProm, "increase(x[{{window}}]))", "all_total"),
       "slo.toml:8:7: bad: at offset 23: ')' closes nothing"},
      {with_queries(kProm, "all_total", "all_total"),
       "slo.toml:8:7: bad: the same as total: it tells nothing"},
      {with_queries(kPage, "sum(increase(x[{{window}}]))", "all_total"),
       "slo.toml:8:7: bad: a series selector is wanted, for a metrics page knows no PromQL: at offset 3: a "
       "series selector is wanted"},
      {kGood + "freshness = \"nope(\"\n",
       "slo.toml:12:13: freshness: not a series selector: at offset 4: a series selector is wanted"},
      {with_queries(kPage, "bad_total", "all_total") + "freshness = \"up\"\n",
       "slo.toml:12:13: freshness: has no effect: it is for prometheus"},
      {kFiles + "[[objective]]\nname = \"a\"\nerrors = true\ntarget = 99\nperiod = \"30d\"\nfreshness = "
                "\"up\"\n",
       "slo.toml:11:13: freshness: has no effect: it is for prometheus"},
      {with_queries(kProm, "increase(x{a=~\"[(\"}[{{window}}]) # ) of it", "all_total"), "none"},
      {with_queries(kProm, "increase(x[{{ window }}])", "all_total"), "none"},
      {kGood + "freshness = \"up{job=\\\"a\\\"}\"\n", "none"},
  };
  for (const auto& [text, message] : rows) EXPECT_EQ(fault_in(text), message) << text;
}

TEST(SloToml, RefusesWhatIsWrong) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "slo.toml:1:1: version is missing: write version = 1"},
      {"version = 1\n", "slo.toml:1:1: there is no [[objective]]"},
      {"version = 2\n", "slo.toml:1:11: version: 2 is unknown here, only 1 is known"},
      {kGood + "reserv = \"10\"\n", "slo.toml:12:1: unknown key \"reserv\" (did you mean \"reserve\"?)"},
      {kProm + kRatio + "target = 99.9\nperiod = \"30d\"\n",
       "slo.toml:10:10: target: a float is not exact: write the decimal as a string, such as \"99.5\""},
      {kProm + kRatio + "target = 0\nperiod = \"30d\"\n", "slo.toml:10:10: target: 0 is kept by anything"},
      {kProm + kRatio + "target = \"100.0\"\nperiod = \"30d\"\n",
       "slo.toml:10:10: target: 100 leaves no error budget: a single bad event would end all releases"},
      {kProm + kRatio + "target = \"1e2\"\nperiod = \"30d\"\n",
       "slo.toml:10:10: target: expected a percentage from 0 to 100, such as 99 or \"99.5\""},
      {kProm + kRatio + "period = \"30d\"\n", "slo.toml:6:1: target is missing"},
      {kProm + kRatio + "target = 99\n", "slo.toml:6:1: period is missing"},
      {kProm + kRatio + "target = 99\nperiod = \"59m\"\n", "slo.toml:11:10: period: expected 1h to 366d"},
      {kProm + kRatio + "target = 99\nperiod = \"367d\"\n", "slo.toml:11:10: period: expected 1h to 366d"},
      {kGood + "good = \"good_total\"\n", "slo.toml:6:1: good and bad contradict each other: give one"},
      {kProm + "[[objective]]\nname = \"a\"\nbad = \"x\"\ntarget = 99\nperiod = \"30d\"\n",
       "slo.toml:6:1: total is missing"},
      {kProm + "[[objective]]\nname = \"a\"\ntarget = 99\nperiod = \"30d\"\n",
       "slo.toml:6:1: what is measured is missing: give bad or good with total, latency_ms, or one of the "
       "thresholds"},
      {kGood + "latency_ms = 300\n",
       "slo.toml:12:14: latency_ms: contradicts total: an objective measures one thing"},
      {kProm + "[[objective]]\nname = \"a\"\ntarget = 99\nperiod = \"30d\"\nlatency_ms = 300\n",
       "slo.toml:6:1: histogram is missing: name the `_bucket` series"},
      {kProm + "[[objective]]\nname = \"a\"\np95_latency_ms = 300\nhistogram = \"h\"\ntarget = 99\n",
       "slo.toml:10:10: target: p95_latency_ms is a limit without a budget: leave out one of the two"},
      {kProm + "[[objective]]\nname = \"a\"\np95_latency_ms = 300\nerror_rate_percent = 1\n",
       "slo.toml:9:22: error_rate_percent: contradicts p95_latency_ms: an objective measures one thing"},
      {kFiles + "[[objective]]\nname = \"a\"\nerror_rate_percent = \"100\"\n",
       "slo.toml:8:22: error_rate_percent: a limit that everything or nothing keeps decides nothing"},
      {kProm + "[[objective]]\nname = \"a\"\nerrors = true\ntarget = 99\nperiod = \"30d\"\n",
       "slo.toml:6:1: good or bad, and total, are missing: only samples say it themselves"},
      {kFiles + kRatio + "target = 99\nperiod = \"30d\"\n",
       "slo.toml:9:9: total: samples have no metrics: write errors, availability or latency_ms"},
      {kGood + "source = \"pron\"\n",
       "slo.toml:12:10: source: no source is called \"pron\" (did you mean \"prom\"?)"},
      {"version = 1\n" + kRatio + "target = 99\nperiod = \"30d\"\n",
       "slo.toml:2:1: there is no [[source]] to measure it by"},
      {kGood + kRatio + "target = 99\nperiod = \"30d\"\n",
       "slo.toml:13:8: name: \"a\" is taken by the objective in line 7"},
      {kGood + "burn_rates = [{severity = \"page\", long = \"31d\", budget = 2}]\n",
       "slo.toml:12:42: long: longer than the period"},
      {kGood + "burn_rates = [{severity = \"page\", long = \"1h\", short = \"2h\", budget = 2}]\n",
       "slo.toml:12:56: short: longer than long"},
      {kGood + "burn_rates = [{severity = \"page\", long = \"1h\"}]\n",
       "slo.toml:12:15: either budget or factor must be given"},
      {kGood + "histogram = \"h\"\n", "slo.toml:12:13: histogram: is for latency_ms and p95_latency_ms"},
      {kGood + "window = \"1h\"\n", "slo.toml:12:10: window: is for thresholds: a budget has a period"},
      {kGood + "budgeting = \"timeslices\"\n", "slo.toml:6:1: slice_target is missing"},
      {kGood + "min_events = -1\n", "slo.toml:12:14: min_events: -1 is outside 0 to 1000000000000"},
      {kGood + "[objective.canary]\nmax_bad_percent = 0\n",
       "slo.toml:13:19: max_bad_percent: must be above 0"},
      {"version = 1\n[[source]]\nname = \"p\"\nkind = \"prometheus\"\nurl = \"http://user:secret@host\"\n",
       "slo.toml:5:7: url: holds credentials: give user, and name the password's variable in password_env"},
      {"version = 1\n[[source]]\nname = \"p\"\nkind = \"prometeus\"\nurl = \"http://host\"\n",
       "slo.toml:4:8: kind: unknown \"prometeus\" (did you mean \"prometheus\"?); known are prometheus, "
       "samples, "
       "exposition, server"},
      {"version = 1\n[[source]]\nname = \"p\"\nkind = \"prometheus\"\nurl = \"file:///etc/passwd\"\n",
       "slo.toml:5:7: url: expected a URL such as \"http://127.0.0.1:9090\""},
      {kProm + "token_env = \"A\"\ntoken_file = \"b\"\n",
       "slo.toml:2:1: only one of token_env, token_file and user with password_env can be given"},
      {kProm + "headers = {Authorization = \"Bearer x\"}\n",
       "slo.toml:6:28: Authorization: keys do not go into a file: use token_env, token_file or password_env"},
      {kProm + "scrape_interval = \"1500ms\"\n", "slo.toml:6:19: scrape_interval: whole seconds only"},
      {kProm + "scrape_interval = \"61m\"\n", "slo.toml:6:19: scrape_interval: 1h at most"},
      {kProm + "max_age = \"25h\"\n", "slo.toml:6:11: max_age: 24h at most"},
  };
  for (const auto& [text, message] : rows) {
    const std::string fault = fault_in(text);
    EXPECT_EQ(fault.substr(0, fault.find(" (and ")), message) << text;
  }
}

TEST(SloToml, ReadsABudget) {
  const slo::ObjectiveSet set =
      read(kGood +
           "service = \"checkout\"\nreserve = \"10\"\nabsent_is_zero = true\nshadow = true\n"
           "min_events = 50\nfreshness = \"up\"\n"
           "burn_rates = [{severity=\"ticket\", long=\"1h\", budget=\"2.5\"},"
           "{severity=\"page\", long=\"2h\", short=\"10m\", factor=\"9.6\"}]\n"
           "[objective.canary]\nmax_bad_percent = \"1.5\"\nmin_failing_clients = 5\n");
  ASSERT_EQ(set.objectives.size(), 1U);
  const slo::Objective& objective = set.objectives[0];
  EXPECT_EQ(objective.source, "prom");
  EXPECT_EQ(objective.target.to_string(), "0.999");
  EXPECT_EQ(slo::error_budget(objective).to_string(), "0.001");
  EXPECT_EQ(objective.written, "99.9");
  EXPECT_EQ(objective.span,
            (std::variant<slo::Period, slo::Threshold>{slo::Period{hours{720}, std::nullopt}}));
  EXPECT_EQ(objective.reserve.to_string(), "0.1");
  EXPECT_EQ(objective.sli, slo::Sli(slo::RatioSli{"", "bad_total", "all_total", true}));
  EXPECT_TRUE(objective.shadow);
  EXPECT_EQ(objective.min_events, 50);
  EXPECT_EQ(objective.origin, (slo::Origin{"slo.toml", 7, 8}));
  EXPECT_EQ(objective.canary.max_bad_share->to_string(), "0.015");
  EXPECT_EQ(objective.canary.min_failing_clients, 5U);
  ASSERT_EQ(objective.burn_rates->size(), 2U);
  EXPECT_EQ((*objective.burn_rates)[0].short_window, minutes{5});
  EXPECT_EQ(slo::burn_rate_factor((*objective.burn_rates)[0], hours{720}), 18);
  EXPECT_EQ(slo::burn_rate_factor((*objective.burn_rates)[1], hours{720}), 9.6);
}

TEST(SloToml, ReadsSources) {
  const slo::ObjectiveSet set = read(
      "version = 1\n"
      "[[source]]\nname = \"p\"\nkind = \"prometheus\"\nurl = \"https://prom.example/api\"\ntoken_env = "
      "\"T\"\n"
      "headers = {X-Scope-OrgID = \"team\"}\nscrape_interval = \"15s\"\nmax_age = \"1m\"\ntimeout = \"2s\"\n"
      "tolerate_warnings = true\nca_file = \"ca.pem\"\n"
      "[[source]]\nname = \"s\"\nkind = \"samples\"\nfiles = [\"-\"]\n"
      "[[source]]\nname = \"e\"\nkind = \"exposition\"\nbefore = \"a.prom\"\nafter = \"b.prom\"\n"
      "[[objective]]\nname = \"x\"\nsource = \"e\"\nerror_rate_percent = \"1.0\"\ngood = \"g\"\ntotal = "
      "\"t\"\n");
  ASSERT_EQ(set.sources.size(), 3U);
  const auto& prom = std::get<slo::PrometheusSource>(set.sources[0].settings);
  EXPECT_EQ(prom.headers.at("X-Scope-OrgID"), "team");
  EXPECT_EQ(prom.scrape_interval, seconds{15});
  EXPECT_EQ(prom.timeout, std::chrono::milliseconds{2000});
  EXPECT_EQ(std::get<slo::SamplesSource>(set.sources[1].settings).files, std::vector<std::string>{"-"});
  EXPECT_EQ(std::get<slo::ExpositionSource>(set.sources[2].settings).after, "b.prom");
  EXPECT_EQ(set.sources[2].origin.line, 18U);
  // All that two readings of a page have.
  EXPECT_EQ(std::get<slo::Threshold>(set.objectives.at(0).span).window, seconds{0});
}

TEST(SloToml, ReadsThresholdsAsShares) {
  const struct {
    const char* text;
    const char* target;
    slo::Sli sli;
    seconds window;
  } rows[] = {
      {"p95_latency_ms = \"500\"\nhistogram = \"h_bucket\"\nbucket_unit = \"ms\"\n", "0.95",
       slo::LatencySli{"h_bucket", Decimal::of(500.0), Decimal::of(1.0)}, hours{1}},
      {"error_rate_percent = \"1.0\"\nbad = \"b\"\ntotal = \"t\"\nwindow = \"10m\"\n", "0.99",
       slo::RatioSli{"", "b", "t"}, minutes{10}},
      {"availability_percent = \"99.95\"\ngood = \"g\"\ntotal = \"t\"\n", "0.9995",
       slo::RatioSli{"g", "", "t"}, hours{1}},
  };
  for (const auto& row : rows) {
    const slo::ObjectiveSet set = read(kProm + "[[objective]]\nname = \"a\"\n" + row.text);
    ASSERT_EQ(set.objectives.size(), 1U) << row.text;
    EXPECT_EQ(set.objectives[0].target.to_string(), row.target);
    EXPECT_EQ(set.objectives[0].sli, row.sli) << row.text;
    EXPECT_EQ(std::get<slo::Threshold>(set.objectives[0].span).window, row.window);
  }
}

TEST(SloToml, ReadsObjectivesOfSamples) {
  using Kind = slo::RequestSli::Kind;
  const struct {
    const char* text;
    Kind kind;
    const char* threshold;
  } rows[] = {
      {"errors = true\ntarget = 99\nperiod = \"7d\"\n", Kind::errors, "0"},
      {"availability = true\ntarget = 99\nperiod = \"7d\"\n", Kind::availability, "0"},
      {"latency_ms = \"12.5\"\ntarget = 99\nperiod = \"7d\"\n", Kind::latency, "12.5"},
      {"p95_latency_ms = 500\n", Kind::latency, "500"},
      {"error_rate_percent = \"0.1\"\n", Kind::errors, "0"},
      {"availability_percent = 99\n", Kind::availability, "0"},
  };
  for (const auto& row : rows) {
    const slo::ObjectiveSet set = read(kFiles + "[[objective]]\nname = \"a\"\n" + row.text);
    ASSERT_EQ(set.objectives.size(), 1U) << row.text;
    const auto& sli = std::get<slo::RequestSli>(set.objectives[0].sli);
    EXPECT_EQ(sli.kind, row.kind) << row.text;
    EXPECT_EQ(sli.threshold_ms.to_string(), row.threshold);
    if (const auto* threshold = std::get_if<slo::Threshold>(&set.objectives[0].span)) {
      EXPECT_EQ(threshold->window, seconds{0}) << row.text;  // all that the files have
    }
  }
}

TEST(SloToml, ReadsObjectivesOfPostedSamples) {
  const std::string posted = "version = 1\n[[source]]\nname = \"s\"\nkind = \"server\"\n";
  const std::string objective = "[[objective]]\nname = \"a\"\nservice = \"shop\"\np95_latency_ms = 500\n";
  const slo::ObjectiveSet set = read(posted + "max_age = \"2m\"\n" + objective);
  ASSERT_EQ(set.objectives.size(), 1U);
  EXPECT_EQ(std::get<slo::PostedSource>(set.sources.at(0).settings).max_age, minutes{2});
  EXPECT_EQ(std::get<slo::RequestSli>(set.objectives[0].sli).kind, slo::RequestSli::Kind::latency);
  EXPECT_EQ(std::get<slo::Threshold>(set.objectives[0].span).window, hours{1});
  EXPECT_EQ(std::get<slo::PostedSource>(read(posted + objective).sources.at(0).settings).max_age, minutes{5});
  EXPECT_EQ(fault_in(posted + objective + "histogram = \"h_bucket\"\n"),
            "slo.toml:9:13: histogram: samples have no histogram: leave it out");
  EXPECT_EQ(fault_in(posted + "files = [\"a.csv\"]\n" + objective).substr(0, 33),
            "slo.toml:5:1: unknown key \"files\"");
}

TEST(SloToml, ReadsSlices) {
  const slo::ObjectiveSet set =
      read(kGood + "budgeting = \"timeslices\"\nslice = \"5m\"\nslice_target = \"95\"\n");
  ASSERT_EQ(set.objectives.size(), 1U);
  EXPECT_EQ(set.objectives[0].budgeting, slo::Budgeting::timeslices);
  EXPECT_EQ(set.objectives[0].slice, minutes{5});
  EXPECT_EQ(set.objectives[0].slice_target->to_string(), "0.95");
}

}  // namespace
}  // namespace gate::load
