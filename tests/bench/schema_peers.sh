#!/usr/bin/env bash
# schema-validate beside its peers, in one run: prints one table in Markdown.
#   usage: schema_peers.sh [BUILD_FOLDER]
# Without a folder it builds the release preset. Needs the generator of events in RELEASE_GATE_TEST_DATA
# (default: ../shared/data beside the checkout) and python3 for it; a peer that is absent is a row that
# says so. RELEASE_GATE_BENCH_ROUNDS (3) rounds go over all rows in turn, so that a machine that slows down
# slows them all; a row is the best of its rounds. Data and logs lie in out/bench/.
set -euo pipefail
cd "$(dirname "$0")/../.."

rounds=${RELEASE_GATE_BENCH_ROUNDS:-3}
documents=${RELEASE_GATE_BENCH_DOCUMENTS:-180000}
sampled=20000 # documents held in memory at once by what is measured in process
small_files=10000
data=${RELEASE_GATE_TEST_DATA:-../shared/data}/events
schema=$data/trading-event.schema.json
work=out/bench
peers=tests/bench/peers
measures=$work/measures.tsv
tab=$'\t'
often="evaluate, each document 20 times in turn" # the only way that the sourcemeta CLI measures

say() { echo "schema_peers: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

build() {
  if [ $# -gt 0 ]; then
    bin=$1/bin
    return
  fi
  bin=build/release/bin
  cmake --preset release -DRELEASE_GATE_BENCH=ON >"$work/build.log"
  cmake --build --preset release --target schema-validate schema_bench process_bench >>"$work/build.log"
  cmake --build --preset release --target valijson_bench >>"$work/build.log" 2>&1 || say "no valijson_bench: libvalijson-dev is not installed"
}

# Makes a file of events once: name, how many, and the share that is broken.
events() {
  [ ! -s "$work/$1" ] || return 0
  say "making $1"
  python3 "$data/generate.py" "$2" "$work/$1.part" "$3"
  mv "$work/$1.part" "$work/$1"
}

make_data() {
  [ -r "$schema" ] || fail "RELEASE_GATE_TEST_DATA has no events"
  events "events.$documents.jsonl" "$documents" 0
  events broken.jsonl "$sampled" 0.03
  all=$work/events.$documents.jsonl
  sample=$work/sample.jsonl
  head -n "$sampled" "$all" >"$sample"
  rm -rf "$work/files"
  mkdir "$work/files"
  head -n "$small_files" "$all" | split -l 1 -a 5 -d --additional-suffix=.json - "$work/files/event"
  tests/bench/large_schema.sh "$work/large.schema.json" "$work/large.json"
  cat >"$work/tiny.schema.json" <<'END'
{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "required": ["a"]}
END
  echo '{"a": 1}' >"$work/tiny.json"
}

install_peers() {
  node=$(command -v node || true)
  if [ -n "$node" ] && command -v npm >/dev/null && [ ! "$peers/node_modules/.package-lock.json" -nt "$peers/package-lock.json" ]; then
    npm ci --prefix "$peers" --no-audit --no-fund --silent >"$work/npm.log" 2>&1 || say "npm ci failed: see $work/npm.log"
  fi
  [ -d "$peers/node_modules/ajv" ] || node=
  # The binary itself: the npm package's own script would add the start of node.
  cli=$peers/node_modules/@sourcemeta/jsonschema/build/github-releases/jsonschema-linux-$(uname -m | sed 's/aarch64/arm64/')
  [ -x "$cli" ] || cli=
}

# One measurement of a row: group, program, documents, bytes, wall seconds, processor seconds, kilobytes.
record() { (IFS=$tab && echo "$*") >>"$measures"; }
absent() { record "$1" "$2" 0 0 0 0 0; }

# What a program accepted must be what was expected: program, accepted, expected.
agree() { [ "$2" = "$3" ] || fail "$1: $2 are valid, not $3"; }

# A whole process: group, program, documents, what it reads, times in a round, command.
process() {
  local group=$1 program=$2 count=$3 path=$4 times=$5 wall cpu kilobytes status
  shift 5
  if [ -z "$1" ]; then
    absent "$group" "$program"
    return
  fi
  IFS=$tab read -r wall cpu kilobytes status < <("$bin/process_bench" "$times" "$@" 2>>"$work/stderr.log")
  [ "${status:-1}" -eq 0 ] || fail "$program: exit ${status:-none}: see $work/stderr.log"
  record "$group" "$program" "$count" "$(du -bsL "$path" | cut -f1)" "$wall" "$cpu" "$kilobytes"
}

bytes_of() { stat -c %s "$1"; }

# The lines of schema_bench as rows: what it prints, and the group it belongs to.
in_process_ours() {
  local report rate valid
  report=$("$bin/schema_bench" "$schema" "$sample" 3)
  valid=$(awk '/ valid$/ {gsub(",", ""); print $1}' <<<"$report")
  agree schema_bench "$valid" "$sampled"
  while IFS='|' read -r line group program; do
    rate=$(awk -v line="$line " 'index($0, line) == 1 && /documents\/s/ {sub(line, ""); gsub(",", ""); print $1; exit}' <<<"$report")
    [ -n "$rate" ] || continue
    record "$group" "$program" "$sampled" "$(bytes_of "$sample")" 0 "$(awk -v n="$sampled" -v rate="$rate" 'BEGIN {print n / rate}')" 0
  done <<END
decide  |evaluate|ours
decide, each 20 times|$often|ours
read  |parse|ours
read and decide|parse and evaluate|ours
END
}

in_process_blaze() {
  local group=$often mode program seconds passed
  for mode in --fast ""; do
    program="Blaze, ${mode:-exhaustive}"
    if [ -z "$cli" ]; then
      absent "$group" "$program"
      continue
    fi
    # shellcheck disable=SC2086 # no mode is no argument
    "$cli" validate --benchmark --loop 20 $mode "$schema" "$sample" >"$work/blaze.log"
    read -r passed seconds < <(awk '/: PASS / {++n; us += $3} END {print n, us / 1e6}' "$work/blaze.log")
    agree "$program" "$passed" "$sampled"
    record "$group" "$program" "$sampled" "$(bytes_of "$sample")" 0 "$seconds" 0
  done
}

in_process_javascript() {
  local program=$1 what seconds count valid
  if [ -z "$node" ]; then
    absent evaluate "$program"
    return
  fi
  while IFS=$tab read -r what seconds count valid; do
    agree "$program" "$valid" "$sampled"
    case "$what" in
      evaluate) record evaluate "$program" "$count" "$(bytes_of "$sample")" 0 "$seconds" 0 ;;
      often) record "$often" "$program" "$count" "$(bytes_of "$sample")" 0 "$seconds" 0 ;;
      parse) record parse "JSON.parse" "$count" "$(bytes_of "$sample")" 0 "$seconds" 0 ;;
      both) record "parse and evaluate" "$program" "$count" "$(bytes_of "$sample")" 0 "$seconds" 0 ;;
    esac
  done < <("$node" "$peers/in_process.mjs" "$program" "$schema" "$sample" 8)
}

in_process_valijson() {
  local seconds count valid
  if [ ! -x "$bin/valijson_bench" ]; then
    absent evaluate valijson
    return
  fi
  IFS=$tab read -r _ seconds count valid < <("$bin/valijson_bench" "$schema" "$sample" 1)
  agree valijson "$valid" "$sampled"
  record evaluate valijson "$count" "$(bytes_of "$sample")" 0 "$seconds" 0
}

whole_processes() {
  local group="whole process, JSON Lines" ours=$bin/schema-validate
  process "$group" "ours, \`--jobs 1\`" "$documents" "$all" 1 "$ours" --no-github --jobs 1 "$schema" "$all"
  process "$group" "ours, \`--jobs 2\`" "$documents" "$all" 1 "$ours" --no-github --jobs 2 "$schema" "$all"
  process "$group" "sourcemeta CLI, --fast" "$documents" "$all" 1 "$cli" validate --fast "$schema" "$all"
  process "$group" "sourcemeta CLI" "$documents" "$all" 1 "$cli" validate "$schema" "$all"
  process "$group" "node, ajv, streaming" "$documents" "$all" 1 "$node" "$peers/whole_process.mjs" ajv "$schema" "$all"
  process "$group" "node, schemasafe, streaming" "$documents" "$all" 1 "$node" "$peers/whole_process.mjs" schemasafe "$schema" "$all"
}

small_processes() {
  local ours=$bin/schema-validate group
  group="one document, schema of $(($(bytes_of "$work/large.schema.json") / 1000)) KB"
  process "$group" ours 1 "$work/large.schema.json" 20 "$ours" --no-github "$work/large.schema.json" "$work/large.json"
  process "$group" "sourcemeta CLI, --fast" 1 "$work/large.schema.json" 2 "$cli" validate --fast "$work/large.schema.json" "$work/large.json"
  process "$group" "sourcemeta CLI" 1 "$work/large.schema.json" 2 "$cli" validate "$work/large.schema.json" "$work/large.json"
  process "$group" "node, ajv" 1 "$work/large.schema.json" 2 "$node" "$peers/whole_process.mjs" ajv "$work/large.schema.json" "$work/large.json"
  group="start to exit, tiny schema and document"
  process "$group" ours 1 "$work/tiny.json" 100 "$ours" --no-github "$work/tiny.schema.json" "$work/tiny.json"
  process "$group" /bin/true 1 "$work/tiny.json" 100 /bin/true
  process "$group" "sourcemeta CLI, --fast" 1 "$work/tiny.json" 50 "$cli" validate --fast "$work/tiny.schema.json" "$work/tiny.json"
  process "$group" "node, ajv" 1 "$work/tiny.json" 5 "$node" "$peers/whole_process.mjs" ajv "$work/tiny.schema.json" "$work/tiny.json"
  group="$small_files files of one document"
  process "$group" ours "$small_files" "$work/files" 1 "$ours" --no-github "$schema" "$work/files"
  process "$group" "ours, \`--jobs 1\`" "$small_files" "$work/files" 1 "$ours" --no-github --jobs 1 "$schema" "$work/files"
  process "$group" "sourcemeta CLI, --fast" "$small_files" "$work/files" 1 "$cli" validate --fast "$schema" "$work/files"
}

# How many documents of a file with broken ones each program accepts: all say the same number. They exit
# with an error of their own, as they should.
verdicts() {
  local broken=$work/broken.jsonl program accepted expected
  expected=$(accepted_by "$bin/schema-validate" --no-github --format json --max-errors 1 "$schema" "$broken" | awk '/^    "valid":/ {sub(",", ""); print $2}')
  [ -n "$expected" ] || fail "schema-validate told no verdict on broken.jsonl"
  accepted=("ours $expected")
  if [ -n "$cli" ]; then
    accepted+=("sourcemeta $(accepted_by "$cli" validate --fast --continue "$schema" "$broken" | awk '/ validated, / {print $3}')")
  fi
  if [ -n "$node" ]; then
    for program in ajv schemasafe; do
      accepted+=("$program $(accepted_by "$node" "$peers/whole_process.mjs" "$program" "$schema" "$broken" | awk '{print $1}')")
    done
  fi
  if [ -x "$bin/valijson_bench" ]; then
    accepted+=("valijson $(accepted_by "$bin/valijson_bench" "$schema" "$broken" 1 | awk '{print $4}')")
  fi
  for program in "${accepted[@]}"; do
    agree "${program% *}, broken.jsonl" "${program##* }" "$expected"
  done
  echo "Every program accepts all of the documents above, and $expected of $sampled where 3 % are broken: $(printf '%s\n' "${accepted[@]% *}" | paste -sd, | sed 's/,/, /g')."
}

accepted_by() { "$@" 2>&1 || true; }

mkdir -p "$work"
: >"$measures"
: >"$work/stderr.log"
build "$@"
make_data
install_peers
for ((round = 1; round <= rounds; ++round)); do
  say "round $round of $rounds"
  in_process_ours
  in_process_blaze
  in_process_javascript ajv
  in_process_javascript schemasafe
  in_process_valijson
  whole_processes
  small_processes
done
awk -f tests/bench/schema_peers_table.awk "$measures"
verdicts
echo "Versions: sourcemeta $(if [ -n "$cli" ]; then "$cli" version; else echo absent; fi), node $(if [ -n "$node" ]; then "$node" --version; else echo absent; fi)."
