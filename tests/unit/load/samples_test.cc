#include "gate/load/samples.h"

#include <chrono>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gate/load/sample_json.h"
#include "tests/support/read_samples.h"

namespace gate::load {
namespace {

using slo::Track;
using test::read_samples;
using test::ReadSamples;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Timestamp at(std::string_view text) {
  return *parse_timestamp(text);
}

constexpr const char* kGoodLine =
    R"({"timestamp":"2026-11-20T05:01:23Z","latency_ms":12.5,"status":200,"track":"canary","client":"c-1"})"
    "\n";
constexpr const char* kCsvHeader = "timestamp,latency_ms,status,track,client\n";

// The one fault of a text, "line:column: message".
std::string fault_of(std::string_view text) {
  const ReadSamples read = read_samples(text);
  if (read.faults.size() != 1) return fmt::format("{} faults", read.fault_count);
  const SampleFault& fault = read.faults.front();
  return fmt::format("{}:{}: {}", fault.line, fault.column, fault.message);
}

ReadSamples::Row only_row(std::string_view text) {
  const ReadSamples read = read_samples(text);
  EXPECT_THAT(read.faults, IsEmpty()) << (read.faults.empty() ? "" : read.faults.front().message);
  EXPECT_THAT(read.rows, SizeIs(1));
  return read.rows.empty() ? ReadSamples::Row{} : read.rows.front();
}

TEST(SamplesJson, AreReadWhateverTheirShape) {
  const ReadSamples::Row expected{at("2026-11-20T05:01:23.123Z"), 12.5, 200, Track::canary, "c-1"};
  struct Row {
    const char* name;
    const char* line;
  };
  const Row rows[] = {
      {"usual",
       R"({"timestamp":"2026-11-20T05:01:23.123Z","latency_ms":12.5,"status":200,"track":"canary","client":"c-1"})"},
      {"other order",
       R"({"client":"c-1","track":"experiment","status":200,"latency_ms":12.5,"timestamp":"2026-11-20T05:01:23.123Z"})"},
      {"spaces",
       " { \"timestamp\" : \"2026-11-20T05:01:23.123Z\" ,\t\"latency_ms\" : 12.5 , \"status\" : 200, "
       "\"track\":\"canary\", \"client\":\"c-1\" } \r"},
      {"offset",
       R"({"timestamp":"2026-11-20T06:01:23.123+01:00","latency_ms":12.5,"status":200,"track":"canary","client":"c-1"})"},
      {"nanoseconds",
       R"({"timestamp":"2026-11-20T05:01:23.123999999Z","latency_ms":12.5,"status":200,"track":"canary","client":"c-1"})"},
      {"seconds",
       R"({"timestamp":1795150883.123,"latency_ms":12.5,"status":200,"track":"canary","client":"c-1"})"},
      {"milliseconds",
       R"({"timestamp":1795150883123,"latency_ms":12.5,"status":200,"track":"canary","client":"c-1"})"},
      {"exponents",
       R"({"timestamp":1795150883123e0,"latency_ms":1.25e1,"status":2e2,"track":"canary","client":"c-1"})"},
      {"escapes",
       R"({"time\u0073tamp":"2026-11-20T05:01:23.123Z","latency_ms":12.5,"status":200,"track":"c\u0061nary","client":"c\u002d1"})"},
      {"others",
       R"({"a":{"status":9,"x":[1,{"track":2}]},"b":null,"c":true,"d":"\n","timestamp":"2026-11-20T05:01:23.123Z","latency_ms":12.5,"status":200,"track":"canary","client":"c-1"})"},
      {"many others",
       R"({"0":0,"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0,"timestamp":"2026-11-20T05:01:23.123Z","latency_ms":12.5,"status":200,"track":"canary","client":"c-1"})"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(only_row(row.line), expected);
  }
}

TEST(SamplesJson, MayLackTrackAndClient) {
  const ReadSamples::Row expected{at("2026-11-20T05:01:23Z"), 0, 0, Track::none, ""};
  EXPECT_EQ(only_row(R"({"timestamp":"2026-11-20T05:01:23Z","latency_ms":0,"status":0})"), expected);
  EXPECT_EQ(
      only_row(
          R"({"timestamp":"2026-11-20T05:01:23Z","latency_ms":-0.0,"status":0,"track":null,"client":null})"),
      expected);
}

TEST(SamplesJson, ClientsAreTextsOrNumbers) {
  struct Row {
    const char* written;
    const char* read;
  };
  const Row rows[] = {{"42", "42"},
                      {"-7", "-7"},
                      {"-0", "0"},
                      {"1.0", "1"},
                      {"1e3", "1000"},
                      {"12345678901234567890123", "12345678901234567890123"},
                      {R"("ü\ud83d\ude00")", "ü😀"},
                      {R"("")", ""}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.written);
    const std::string line = fmt::format(
        R"({{"timestamp":"2026-11-20T05:01:23Z","latency_ms":1,"status":200,"client":{}}})", row.written);
    EXPECT_EQ(only_row(line).client, row.read);
  }
}

TEST(SamplesJson, NothingMalformedIsGuessed) {
  struct Row {
    const char* line;
    const char* fault;
  };
  const Row rows[] = {
      {R"({"latency_ms":1,"status":200})", "1:1: timestamp is missing"},
      {R"({"timestamp":1,"status":200})", "1:1: latency_ms is missing"},
      {R"({"timestamp":1,"latency_ms":1})", "1:1: status is missing"},
      {R"({"timestamp":1,"latency_ms":1,"status":200)", "1:43: "},
      {R"({"timestamp":1,"latency_ms":1,"status":200}})", "1:44: "},
      {R"({"timestamp":1,"latency_ms":1,"status":200,})", ""},
      {R"({"timestamp":1,"latency_ms":1,"status":200,"status":200})", "status"},
      {R"({"timestamp":1,"latency_ms":1,"status":200,"x":1,"\u0078":2})", "x"},
      {R"({"timestamp":1,"latency_ms":1,"status":"200"})",
       "1:40: status is \"200\", not 0 or a number from 100 to 599"},
      {R"({"timestamp":1,"latency_ms":1,"status":99})", "1:40: status is 99, not"},
      {R"({"timestamp":1,"latency_ms":1,"status":600})", "status is 600, not"},
      {R"({"timestamp":1,"latency_ms":1,"status":200.5})", "status is 200.5, not"},
      {R"({"timestamp":1,"latency_ms":1,"status":-1})", "status is -1, not"},
      {R"({"timestamp":1,"latency_ms":1,"status":null})", "status is null, not"},
      {R"({"timestamp":1,"latency_ms":1,"status":1e999})", "status is 1e999, not"},
      {R"({"timestamp":1,"latency_ms":-1,"status":200})", "1:29: latency_ms is -1, not"},
      {R"({"timestamp":1,"latency_ms":1e999,"status":200})", "latency_ms is 1e999, not"},
      {R"({"timestamp":1,"latency_ms":1e13,"status":200})", "latency_ms is 1e13, not"},
      {R"({"timestamp":1,"latency_ms":NaN,"status":200})", "1:29: "},
      {R"({"timestamp":1,"latency_ms":+1,"status":200})", "1:29: "},
      {R"({"timestamp":1,"latency_ms":01,"status":200})", "1:30: "},
      {R"({"timestamp":1,"latency_ms":1.,"status":200})", ""},
      {R"({"timestamp":1,"latency_ms":[1],"status":200})", "latency_ms is [, not"},
      {R"({"timestamp":-1,"latency_ms":1,"status":200})", "1:14: timestamp is -1, not a moment"},
      {R"({"timestamp":1e-30,"latency_ms":1,"status":200})", "timestamp is 1e-30, not"},
      {R"({"timestamp":253402300800000,"latency_ms":1,"status":200})", "timestamp is 253402300800000, not"},
      {R"({"timestamp":1795150883123.5,"latency_ms":1,"status":200})", "timestamp is 1795150883123.5, not"},
      {R"({"timestamp":"10000-01-01T00:00:00Z","latency_ms":1,"status":200})", "timestamp is"},
      {R"({"timestamp":"1969-12-31T23:59:59Z","latency_ms":1,"status":200})", "timestamp is"},
      {R"({"timestamp":"9999-12-31T23:59:59-01:00","latency_ms":1,"status":200})", "timestamp is"},
      {R"({"timestamp":"2026-11-31T05:01:23Z","latency_ms":1,"status":200})", "timestamp is"},
      {R"({"timestamp":"2026-11-20T24:00:00Z","latency_ms":1,"status":200})", "timestamp is"},
      {R"({"timestamp":"2026-11-20T05:01:23","latency_ms":1,"status":200})", "timestamp is"},
      {R"({"timestamp":"2026-11-20T05:01:23.Z","latency_ms":1,"status":200})", "timestamp is"},
      {R"({"timestamp":"1795150883","latency_ms":1,"status":200})", "timestamp is"},
      {R"({"timestamp":1,"latency_ms":1,"status":200,"track":"blue"})",
       "1:52: track is \"blue\", not canary"},
      {R"({"timestamp":1,"latency_ms":1,"status":200,"track":1})", "track is 1, not"},
      {R"({"timestamp":1,"latency_ms":1,"status":200,"track":"Canary"})", "track is \"Canary\", not"},
      {R"({"timestamp":1,"latency_ms":1,"status":200,"client":true})",
       "client is true, not a text or a number"},
      {R"({"timestamp":1,"latency_ms":1,"status":200,"client":"\ud800"})", "1:"},
      {"{\"timestamp\":1,\"latency_ms\":1,\"status\":200,\"client\":\"\xff\"}", "1:"},
      {"{\"timestamp\":1,\"latency_ms\":1,\"status\":200,\"client\":\"\x01\"}", "1:"},
      {"\xEF\xBB\xBF{\"timestamp\":1,\"latency_ms\":1,\"status\":200}", "1:1: "},
      {"{\"ü\":0,\"timestamp\":1,\"latency_ms\":1,\"status\":99}", "1:46: status is 99"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.line);
    EXPECT_THAT(fault_of(row.line), HasSubstr(row.fault));
    EXPECT_THAT(read_samples(row.line).rows, IsEmpty());
  }
}

TEST(SamplesJson, TheShortCutReadsAsTheStrictReader) {
  const std::string_view values[] = {"1",
                                     "200",
                                     "0",
                                     "-0",
                                     "12.5",
                                     "1e2",
                                     "1E400",
                                     "\"x\"",
                                     "\"canary\"",
                                     "\"2026-11-20T05:01:23.5Z\"",
                                     "\"2026-06-30T23:59:60Z\"",
                                     "null",
                                     "true",
                                     "[]",
                                     "{}",
                                     "\"\\u0041\"",
                                     "99999999999999999999",
                                     "1795150883",
                                     "\"\x7f\""};
  const std::string_view names[] = {"timestamp", "latency_ms", "status", "track", "client", "other"};
  const std::string_view usual[] = {"1795150883", "12.5", "200", "\"canary\"", "\"x\"", "0"};
  JsonSampleReader reader;
  std::size_t accepted = 0;
  for (std::size_t odd = 0; odd < std::size(names); ++odd) {
    for (const std::string_view value : values) {
      std::string line = "{";
      for (std::size_t i = 0; i < std::size(names); ++i)
        line += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", names[i], i == odd ? value : usual[i]);
      line += "}";
      SCOPED_TRACE(line);
      slo::Sample quick;
      slo::Sample strict;
      std::deque<std::string> texts;
      const auto quick_fault = reader.read(line, quick, texts);
      const auto strict_fault = reader.read_strictly(line, strict, texts);
      EXPECT_EQ(quick_fault, strict_fault);
      if (!strict_fault) {
        EXPECT_EQ(quick, strict);
      }
      accepted += strict_fault ? 0U : 1U;
    }
  }
  EXPECT_GT(accepted, 30U);
}

TEST(SamplesCsv, AreReadWhateverTheirShape) {
  const ReadSamples::Row expected{at("2026-11-20T05:01:23.123Z"), 12.5, 200, Track::canary, "c-1"};
  struct Row {
    const char* name;
    const char* text;
  };
  const Row rows[] = {
      {"usual", "timestamp,latency_ms,status,track,client\n2026-11-20T05:01:23.123Z,12.5,200,canary,c-1\n"},
      {"no line feed at the end",
       "timestamp,latency_ms,status,track,client\n2026-11-20T05:01:23.123Z,12.5,200,canary,c-1"},
      {"CRLF, other order, unknown column",
       "client,extra,track,status,latency_ms,timestamp\r\nc-1,x,canary,200,12.5,1795150883.123\r\n"},
      {"quoted",
       "\"timestamp\",\"latency_ms\",\"status\",\"track\",\"client\"\n"
       "\"1795150883123\",\"12.5\",\"200\",\"experiment\",\"c-1\"\n"},
      {"quoted line feeds, commas and quotes",
       "note,timestamp,latency_ms,status,track,client\n"
       "\"a,\"\"b\"\"\r\nc\",2026-11-20T05:01:23.123Z,12.5,200,canary,c-1\n"},
      {"byte order mark",
       "\xEF\xBB\xBFtimestamp,latency_ms,status,track,client\n2026-11-20T05:01:23.123Z,12.5,200,canary,c-"
       "1\n"},
      {"blank lines",
       "\n \r\ntimestamp,latency_ms,status,track,client\n\n2026-11-20T05:01:23.123Z,12.5,200,canary,c-1\n\n"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(only_row(row.text), expected);
  }
  const auto plain = only_row("timestamp,latency_ms,status,track,client\n1,1,0,,\n");
  EXPECT_EQ(plain.track, Track::none);
  EXPECT_EQ(plain.client, "");
  EXPECT_EQ(only_row("timestamp,latency_ms,status,client\n1,1,0,\"a\"\"b\"\n").client, "a\"b");
}

TEST(SamplesCsv, NothingMalformedIsGuessed) {
  struct Row {
    const char* text;
    const char* fault;
  };
  const Row rows[] = {
      {"timestamp,status\n1,200\n", "1:1: the header names no column latency_ms"},
      {"timestamp,status,latency_ms,status\n1,200,1,200\n", "1:29: two columns are named status"},
      {"timestamp, status,latency_ms\n1,200,1\n", "1:1: the header names no column status"},
      {"timestamp;latency_ms;status\n1;1;200\n", "1:1: neither a JSON object"},
      {"timestamp,latency_ms,status\n1,1\n", "2:1: 2 fields, where the header names 3"},
      {"timestamp,latency_ms,status\n1,1,200,\n", "2:1: more fields, where the header names 3"},
      {"timestamp,latency_ms,status\n1,1,\n", "2:5: status is \"\", not 0 or"},
      {"timestamp,latency_ms,status\n1, 1,200\n", "2:3: latency_ms is \" 1\", not"},
      {"timestamp,latency_ms,status\n1,1e999,200\n", "2:3: latency_ms is"},
      {"timestamp,latency_ms,status\n1,nan,200\n", "2:3: latency_ms is"},
      {"timestamp,latency_ms,status\n1,-0.5,200\n", "2:3: latency_ms is"},
      {"timestamp,latency_ms,status\n1,0x10,200\n", "2:3: latency_ms is"},
      {"timestamp,latency_ms,status\n,1,200\n", "2:1: timestamp is \"\", not"},
      {"timestamp,latency_ms,status\n01,1,200\n", "2:1: timestamp is"},
      {"timestamp,latency_ms,status\n2026-11-20 05:01:23,1,200\n", "2:1: timestamp is"},
      {"timestamp,latency_ms,status,track\n1,1,200,green\n", "2:9: track is \"green\", not"},
      {"timestamp,latency_ms,status\n1,1,2\"00\"\n", "2:6: a quote in a field that does not begin with one"},
      {"timestamp,latency_ms,status\n1,1,\"200\"x\n", "2:10: text behind a quoted field"},
      {"timestamp,latency_ms,status\n1,1,\"200\n", "2:5: a quoted field that is not closed"},
      {"timestamp,latency_ms,status,client\n1,1,200,\xff\n", "2:9: bytes that are not UTF-8"},
      {"timestamp,latency_ms,status,client\n1,1,200,a\x01\n", "2:10: a control character"},
      {"timestamp,status,latency_ms\n1,200,12",
       "2:7: no line feed ends the line: its last number may be cut off"},
      {"timestamp,latency_ms,status\n1,1,20", "2:5: status is \"20\""},
      {"timestamp,latency_ms,status\n{\"timestamp\":1,\"latency_ms\":1,\"status\":200}\n", "2:2: a quote in"},
      {"a,timestamp,latency_ms,status\n\"\n\n\",1,1,999\n", "4:7: status is \"999\""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_THAT(fault_of(row.text), HasSubstr(row.fault));
    EXPECT_THAT(read_samples(row.text).rows, IsEmpty());
  }
}

TEST(SamplesCsv, ACutUnixTimestampAtTheEndIsAFault) {
  const char* header = "latency_ms,status,timestamp\n";
  EXPECT_THAT(fault_of(fmt::format("{}1,200,17951", header)), HasSubstr("may be cut off"));
  EXPECT_EQ(only_row(fmt::format("{}1,200,\"17951\"", header)).status, 200);
  EXPECT_EQ(only_row(fmt::format("{}1,200,2026-11-20T05:01:23Z", header)).status, 200);
}

TEST(SampleReader, AnyCuttingIntoPiecesReadsTheSame) {
  std::string text = kCsvHeader;
  text += "\"1795150883\",1,200,canary,\"a\"\"b\n c\"\r\n";
  text += "1795150884,1,2x0,canary,b\n\n";
  text += "1795150885,1,200,\"stable\",ü\n";
  text += "1795150886,1,500,stable,\"never closed";
  const ReadSamples whole = read_samples(text);
  EXPECT_THAT(whole.rows, SizeIs(2));
  EXPECT_THAT(whole.faults, SizeIs(2));
  for (std::size_t piece = 1; piece < text.size(); ++piece)
    EXPECT_EQ(read_samples(text, piece), whole) << piece;
}

TEST(SampleReader, TakesNoLineBeyondItsLimit) {
  const std::string header = kCsvHeader;
  const std::string good = "1,1,200,,\n";
  const std::string long_line = std::string(SampleReader::kMaxLine + 1, 'x') + "\n";
  const std::string long_quote = "\"" + std::string(SampleReader::kMaxLine, '\n') + "\n";
  for (const std::string& bad : {long_line, long_quote}) {
    const std::string text = header + bad + good + "x\n";
    const ReadSamples read = read_samples(text);
    ASSERT_THAT(read.faults, SizeIs(2));
    EXPECT_EQ(read.faults[0], (SampleFault{2, 1, "longer than 64 KiB"}));
    const auto feeds = static_cast<std::size_t>(std::count(bad.begin(), bad.end(), '\n'));
    EXPECT_EQ(read.faults[1].line, 3 + feeds);
    EXPECT_THAT(read.rows, SizeIs(1));
    EXPECT_EQ(read_samples(text, 1000), read);
  }
  const std::string padded = kGoodLine + std::string(1, '\n');
  std::string longest = padded.substr(0, padded.find('\n'));
  longest.append(SampleReader::kMaxLine - longest.size(), ' ');
  EXPECT_THAT(read_samples(longest + "\n").rows, SizeIs(1));
  EXPECT_THAT(read_samples(longest + " \n").faults, SizeIs(1));
}

TEST(SampleReader, TellsTheFormatByTheFirstLineAlone) {
  struct Row {
    const char* name;
    std::string text;
    std::size_t rows;
    std::uint64_t faults;
  };
  const std::string good = kGoodLine;
  const std::string record = "1,1,200,,\n";
  const Row rows[] = {
      {"JSON, then CSV", good + kCsvHeader + record + good, 2, 2},
      {"CSV, then JSON", kCsvHeader + record + good + record, 2, 1},
      {"half a last line", good + good.substr(0, 30), 1, 1},
      {"half a last line that ends at a brace", good + R"({"timestamp":1,"x":{})", 1, 1},
      {"an array", "[" + good + "]\n", 0, 1},
      {"a NUL", std::string("\0", 1) + good, 0, 1},
      {"binary",
       "\x7f"
       "ELF\x02\x01\x01\n" +
           good,
       0, 1},
      {"prose", "hello\n" + good, 0, 1},
      {"a million columns", "timestamp," + std::string(1'000'000, ',') + "\n" + record, 0, 1},
      {"nothing", "", 0, 0},
      {"blank lines", "\n \n\t\r\n", 0, 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    const ReadSamples read = read_samples(row.text);
    EXPECT_EQ(read.rows.size(), row.rows);
    EXPECT_EQ(read.fault_count, row.faults);
  }
}

TEST(SampleReader, GivesUpWhereTooMuchIsMalformed) {
  std::string text = kGoodLine;
  for (std::uint64_t i = 0; i < SampleReader::kMaxFaults; ++i) text += "{}\n";
  const ReadSamples read = read_samples(text + kGoodLine);
  EXPECT_TRUE(read.gave_up);
  EXPECT_EQ(read.fault_count, SampleReader::kMaxFaults);
  EXPECT_THAT(read.faults, SizeIs(SampleReader::kMaxKept));
  EXPECT_THAT(read.rows, SizeIs(1));
}

TEST(SampleReader, ATrackThatContradictsTheAssignedOneIsAFault) {
  const std::string plain = R"({"timestamp":1,"latency_ms":1,"status":200})";
  EXPECT_EQ(read_samples(plain, 100, Track::baseline).rows.at(0).track, Track::baseline);
  EXPECT_EQ(read_samples(kGoodLine, 100, Track::canary).rows.at(0).track, Track::canary);
  const ReadSamples wrong = read_samples(kGoodLine, 100, Track::baseline);
  EXPECT_THAT(wrong.rows, IsEmpty());
  ASSERT_THAT(wrong.faults, SizeIs(1));
  EXPECT_EQ(wrong.faults[0].message, "a sample of the canary in a file of the baseline");
}

TEST(SampleReader, LeapSecondsCountAsTheNextOne) {
  EXPECT_EQ(only_row(R"({"timestamp":"2026-06-30T23:59:60Z","latency_ms":1,"status":200})").at,
            at("2026-07-01T00:00:00Z"));
}

}  // namespace
}  // namespace gate::load
