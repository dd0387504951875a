#!/usr/bin/env bash
# Mann-Whitney with its estimate and interval beside R's wilcox.test, on the same points in one run: prints
# one table in Markdown.
#   usage: mann_whitney_peers.sh [BUILD_FOLDER]
# Without a folder it builds the release preset. Where Rscript is absent its rows say so.
# RELEASE_GATE_BENCH_ROUNDS (5) rounds, the best counts; times are in process, without start-up and reading.
set -euo pipefail
cd "$(dirname "$0")/../.."

rounds=${RELEASE_GATE_BENCH_ROUNDS:-5}
points=${RELEASE_GATE_BENCH_POINTS:-10000}
work=out/bench
mkdir -p "$work"

if [ $# -gt 0 ]; then
  bin=$1/bin
else
  bin=build/release/bin
  cmake --preset release -DRELEASE_GATE_BENCH=ON >"$work/build.log"
  cmake --build --preset release --target mann_whitney_bench >>"$work/build.log"
fi

# Prints what mann_whitney_bench prints: milliseconds, p value, estimate, ends of the interval.
in_r() {
  Rscript --vanilla - "$1" "$rounds" <<'END'
arguments <- commandArgs(trailingOnly = TRUE)
points <- read.table(arguments[1])
best <- Inf
for (round in seq_len(as.integer(arguments[2]))) {
  took <- system.time(test <- suppressWarnings(
    wilcox.test(points$V1, points$V2, conf.int = TRUE, conf.level = 0.98, exact = FALSE)))
  best <- min(best, took[["elapsed"]] * 1000)
}
cat(sprintf("%.3f %.6g %.6g %.6g %.6g\n", best, test$p.value, test$estimate, test$conf.int[1], test$conf.int[2]))
END
}

row() {
  printf '| %s | %s | %s | %s | %s | %s to %s |\n' "$@"
}

echo "| points | program | ms | p value | estimate | interval, 98 % |"
echo "|---|---|---:|---:|---:|---|"
for kind in normal lognormal counts; do
  file=$work/mann_whitney.$kind.txt
  "$bin/mann_whitney_bench" make "$kind" "$points" >"$file"
  read -r -a ours < <("$bin/mann_whitney_bench" run "$file" "$rounds")
  row "$points × $points $kind" "ours, exact" "${ours[@]}"
  if ! command -v Rscript >/dev/null; then
    echo "| $points × $points $kind | R's wilcox.test: absent (r-base-core) | | | | |"
    continue
  fi
  read -r -a theirs < <(in_r "$file")
  row "$points × $points $kind" "R's wilcox.test" "${theirs[@]}"
done
! command -v Rscript >/dev/null || Rscript --version
