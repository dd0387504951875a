#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace gate::fuzz {

// What a target claims about every input. An exception is a crash to libFuzzer and a failure to the
// test that runs the corpus.
inline void require(bool holds, const char* claim) {
  if (!holds) throw std::logic_error(claim);
}

// The input as two texts: before and after the first line that says `---`.
inline std::pair<std::string_view, std::string_view> two_texts(std::string_view input) {
  constexpr std::string_view kBetween = "\n---\n";
  const std::size_t at = input.find(kBetween);
  if (at == std::string_view::npos) return {input, {}};
  return {input.substr(0, at), input.substr(at + kBetween.size())};
}

// The targets: each takes any bytes, and throws where a claim of its own does not hold.
void fuzz_canary_state_json(std::string_view input);
void fuzz_compare_json(std::string_view input);
void fuzz_decimal(std::string_view input);
void fuzz_exposition(std::string_view input);
void fuzz_filter(std::string_view input);
void fuzz_format(std::string_view input);
void fuzz_glob(std::string_view input);
void fuzz_gzip(std::string_view input);
void fuzz_http_chunks(std::string_view input);
void fuzz_http_head(std::string_view input);
void fuzz_json(std::string_view input);
void fuzz_json_positions(std::string_view input);
void fuzz_openslo(std::string_view input);
void fuzz_pattern(std::string_view input);
void fuzz_policy(std::string_view input);
void fuzz_prometheus_reply(std::string_view input);
void fuzz_promql(std::string_view input);
void fuzz_register(std::string_view input);
void fuzz_render(std::string_view input);
void fuzz_report_json(std::string_view input);
void fuzz_samples(std::string_view input);
void fuzz_samples_json(std::string_view input);
void fuzz_sarif(std::string_view input);
void fuzz_schema(std::string_view input);
void fuzz_schema_valijson(std::string_view input);
void fuzz_slo_evaluation(std::string_view input);
void fuzz_slo_toml(std::string_view input);
void fuzz_test_report(std::string_view input);
void fuzz_test_report_format(std::string_view input);
void fuzz_tzif(std::string_view input);
void fuzz_yaml(std::string_view input);

}  // namespace gate::fuzz
