#!/usr/bin/env bash
# usage: runbook_pages_test.sh SOURCE_FOLDER
# The commands of the pages for on-call, run verbatim and in their order, with the real curl and jq, against a fresh
# `gate-server --demo` for each page. The line above a block of sh says what it must print, in jq:
#   <!-- runs: EXPRESSION -->    over the JSON that it prints
#   <!-- prints: EXPRESSION -->  over the text that it prints
# A block of json after it is a sample of that JSON: the page shows no member that is not there.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=demo_server.sh
. "$(dirname "$0")/demo_server.sh"
need curl jq
pages=$1/docs/runbooks
PATH=$RELEASE_GATE_BIN_DIR:$PATH
unset CI GITHUB_ACTIONS GITHUB_EVENT_NAME

# Each block of sh of a page as NUMBER.sh, its marker as NUMBER.marker, a sample as NUMBER.json.
take_apart() {
  awk -v folder="$2" '
    /^```/ && inside { inside = 0; close(file); next }
    /^```/ {
      inside = 1
      file = "/dev/null"
      if ($0 == "```sh") {
        number = sprintf("%s/%03d", folder, ++count)
        file = number ".sh"
        print above > (number ".marker")
        close(number ".marker")
      } else if ($0 == "```json" && follows) {
        file = number ".json"
      }
      follows = $0 == "```sh"
      next
    }
    inside { print > file; next }
    { above = $0 }' "$1"
}

fail() {
  echo "$1"
  shift
  cat "$@"
  exit 1
}

# Where members and elements lie, whichever of a list they are in.
shape='def shape: [paths | map(if type == "number" then 0 else . end)] | unique;'

# hold BLOCK: runs it, and holds what it prints to its marker and its sample.
hold() {
  local block=$1 json text
  json=$(sed -n 's/^<!-- runs: \(.*\) -->$/\1/p' "$block.marker")
  text=$(sed -n 's/^<!-- prints: \(.*\) -->$/\1/p' "$block.marker")
  if [ -z "$json$text" ]; then
    ! grep -q curl "$block.sh" || fail "nothing says what this prints:" "$block.sh"
    return 0
  fi
  bash -euo pipefail -c "$(cat "$block.sh")" >"$scratch/output" 2>"$scratch/complaints" ||
    fail "exit $?:" "$block.sh" "$scratch/output" "$scratch/complaints"
  if [ -n "$text" ]; then
    jq -Rse "$text" "$scratch/output" >/dev/null || fail "not as expected, $text:" "$block.sh" "$scratch/output"
  else
    jq -e "$json" "$scratch/output" >/dev/null || fail "not as expected, $json:" "$block.sh" "$scratch/output"
    if [ -f "$block.json" ]; then
      jq -ne --slurpfile real "$scratch/output" --slurpfile shown "$block.json" \
        "$shape"' ($shown[0] | shape) - ($real[0] | shape) == []' >/dev/null ||
        fail "the page shows other members than there are:" "$block.sh" "$block.json" "$scratch/output"
    fi
  fi
  ran=$((ran + 1))
}

# The page, and how many commands it has at least.
try_page() {
  local folder=$scratch/$1
  mkdir -p "$folder/blocks" "$folder/run"
  ! grep -qE 'rgk_(live|demo)_[A-Za-z0-9]{8}_' "$pages/$1.md" || fail "a key stands on a page:" "$pages/$1.md"
  take_apart "$pages/$1.md" "$folder/blocks"
  cd "$folder/run"
  start_demo state
  ran=0
  local block
  for block in "$folder"/blocks/*.sh; do hold "${block%.sh}"; done
  stop_demo
  echo "$1.md: $ran commands ran"
  [ "$ran" -ge "$2" ] || fail "$2 commands were expected at least"
}

try_page exemption-system-failures 12
try_page rate-limiting 12
try_page slo-and-data 13
