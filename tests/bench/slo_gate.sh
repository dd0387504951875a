#!/usr/bin/env bash
# How long the whole of `slo-evaluate gate` takes against a real Prometheus: prints a table in Markdown.
#   usage: slo_gate.sh [BUILD_FOLDER]
# Starts Prometheus on a free loopback port over thirty days of made history of twenty services (a total, errors
# and a latency histogram each, a sample a minute for a day and every ten minutes before it), and runs the gate
# over twenty objectives, RELEASE_GATE_BENCH_ROUNDS (10) times. Beside it: curl asking for one answer, the cost
# of a round trip. Data and logs lie in out/bench/slo_gate/.
set -euo pipefail
cd "$(dirname "$0")/../.."

rounds=${RELEASE_GATE_BENCH_ROUNDS:-10}
work=out/bench/slo_gate
services=20
tool=${1:-build/release}/bin/slo-evaluate
now=$(($(date +%s) / 600 * 600))

say() { echo "slo_gate: $*" >&2; }
for program in prometheus promtool curl; do
  command -v "$program" >/dev/null || {
    say "$program is not installed"
    exit 77
  }
done
[ -x "$tool" ] || {
  say "$tool is not built"
  exit 2
}

# OpenMetrics: counters that grow by 50 requests/s, one error in 10,000, latencies in three buckets.
history() {
  awk -v services="$services" -v now="$now" '
    function sample(name, labels, value, at) { printf "%s{job=\"s%02d\"%s} %d %d\n", name, s, labels, value, at }
    BEGIN {
      start = now - 31 * 86400
      split("requests errors latency", families, " ")
      for (f = 1; f <= 3; ++f) {
        print "# TYPE " families[f] (f == 3 ? " histogram" : " counter")
        for (s = 1; s <= services; ++s)
          for (at = start; at <= now; at += at >= now - 86400 ? 60 : 600) {
            total = (at - start) * 50
            if (f == 1) sample("requests_total", "", total, at)
            if (f == 2) sample("errors_total", "", total / 10000, at)
            if (f == 3) {
              sample("latency_bucket", ",le=\"0.1\"", total * 0.9, at)
              sample("latency_bucket", ",le=\"0.3\"", total * 0.99, at)
              sample("latency_bucket", ",le=\"+Inf\"", total, at)
              sample("latency_count", "", total, at)
              sample("latency_sum", "", total * 0.05, at)
            }
          }
      }
      print "# EOF"
    }'
}

objectives() {
  printf 'version = 1\n[[source]]\nname = "prometheus"\nkind = "prometheus"\nurl = "%s"\nscrape_interval = "60s"\nmax_age = "1h"\n' "$1"
  for s in $(seq -f %02g 1 "$services"); do
    printf '[[objective]]\nname = "s%s"\nperiod = "30d"\n' "$s"
    if [ $((10#$s % 4)) -eq 0 ]; then
      printf 'target = "95"\nlatency_ms = "300"\nhistogram = '"'"'latency_bucket{job="s%s"}'"'"'\n' "$s"
    else
      printf 'target = "99.9"\nbad = '"'"'errors_total{job="s%s"}'"'"'\ntotal = '"'"'requests_total{job="s%s"}'"'"'\n' "$s" "$s"
    fi
  done
}

rm -rf "$work"
mkdir -p "$work/data"
say "making thirty days of history"
history >"$work/history.om"
promtool tsdb create-blocks-from openmetrics "$work/history.om" "$work/data" >"$work/promtool.log"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
echo 'global: {}' >"$work/prometheus.yml"
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" --storage.tsdb.retention.time=60d \
  --web.listen-address="127.0.0.1:$port" >"$work/prometheus.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
  curl -fs "http://127.0.0.1:$port/-/ready" >/dev/null && break
  sleep 0.1
done
objectives "http://127.0.0.1:$port" >"$work/slo.toml"

# Seconds of each run of a command, best, median, worst.
measure() {
  local times=() from to
  for _ in $(seq "$rounds"); do
    from=$(date +%s%N)
    "$@" >"$work/output" 2>&1 || true
    to=$(date +%s%N)
    times+=($(((to - from) / 1000)))
  done
  printf '%s\n' "${times[@]}" | sort -n | awk '{ t[NR] = $1 / 1e6 } END { printf "%.3f | %.3f | %.3f", t[1], t[int((NR + 1) / 2)], t[NR] }'
}

as_of=$(date -u -d "@$now" +%Y-%m-%dT%H:%M:%SZ)
gate=$(measure "$tool" gate "$work/slo.toml" --as-of "$as_of" --no-github)
verdict=$(tail -n 1 "$work/output")
queries=$("$tool" gate "$work/slo.toml" --as-of "$as_of" --no-github --format json | jq '[.objectives[].queries | length] | add')
one=$(measure curl -fs "http://127.0.0.1:$port/api/v1/query?query=sum(increase(requests_total%7Bjob%3D%22s01%22%7D%5B30d%5D))&time=$now")
cat <<END
| what | best, s | median, s | worst, s |
|---|---:|---:|---:|
| slo-evaluate gate, $services objectives, $queries queries ($verdict) | $gate |
| curl, one query over 30 d | $one |
END
