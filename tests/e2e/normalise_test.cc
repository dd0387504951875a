#include "tests/e2e/normalise.h"

#include <gtest/gtest.h>

namespace gate::e2e {
namespace {

Surroundings surroundings() {
  const Timestamp start = *parse_timestamp("2026-11-20T05:00:00.500Z");
  return {"/scratch/case", "/checkout", "0.1.0", start, start + std::chrono::seconds{2}};
}

TEST(Normalised, ReplacesWhatDiffersFromRunToRun) {
  struct Row {
    const char* name;
    const char* text;
    const char* normal;
  };
  const Row rows[] = {
      {"nothing to replace", "failed: 1 finding\n", "failed: 1 finding\n"},
      {"the case's folder", "/scratch/case/a.json", "<case>/a.json"},
      {"the checkout", "/checkout/schemas/x", "<source>/schemas/x"},
      {"a run id", "019a9f2e-7c1e-7a2b-8c3d-000102030405", "<uuid>"},
      {"a commit", "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "<sha>"},
      {"a digest stays", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
       "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"the version", "gate 0.1.0", "gate <version>"},
      {"a moment of the run", "\"2026-11-20T05:00:01.250Z\"", "\"<now>\""},
      {"a moment before the run", "2026-11-20T04:59:58.000Z", "2026-11-20T04:59:58.000Z"},
      {"a moment after the run", "2026-11-20T05:00:04.000Z", "2026-11-20T05:00:04.000Z"},
      {"two moments", "2026-11-20T05:00:01Z 2026-01-01T00:00:00Z", "<now> 2026-01-01T00:00:00Z"},
      {"a measured time", "\"took_ms\": 17,", "\"took_ms\": <ms>,"},
      {"a settings hash",
       "\"config_hash\": \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"",
       "\"config_hash\": <hash>"},
      {"the last column", "unit  passed     12 ms\n", "unit  passed <duration>\n"},
      {"its heading", "CHECK VERDICT    TIME\n", "CHECK VERDICT TIME\n"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(normalised(row.text, surroundings()), row.normal);
  }
}

}  // namespace
}  // namespace gate::e2e
