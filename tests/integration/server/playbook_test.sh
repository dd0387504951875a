#!/usr/bin/env bash
# usage: playbook_test.sh
# The curls of the operations playbook for exemptions, rate limits, objectives and data, taken from its page and
# run verbatim, with the real curl and jq, against a fresh `gate-server --demo`.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR source=demo_server.sh
. "$(dirname "$0")/demo_server.sh"

playbook=${RELEASE_GATE_RUNBOOKS:-$RELEASE_GATE_TEST_DATA/../runbooks}/operations-playbooks.md
if [ ! -f "$playbook" ]; then
  echo "skipped: no operations-playbooks.md in \$RELEASE_GATE_RUNBOOKS"
  if [ "${CI:-}" = true ]; then exit 1; fi
  exit 77
fi
need curl jq
start_demo "$scratch/data"

# The commands of the page's bash blocks, a paragraph each: what stands between comments and blank lines.
paragraphs() {
  awk '
    function give() { if (text != "") printf "%s%c", text, 0; text = "" }
    /^```/ { give(); block = $0 == "```bash"; next }
    block && /^ *(#|$)/ { give(); next }
    block { text = text $0 "\n" }' "$playbook"
}

# What a paragraph must print, as a jq expression over all of it.
expected() {
  case "$1" in
    *exemptions/health*) echo '.status == "ok" and .counts.in_force >= 1' ;;
    *exemptions/validate*) echo '.verdict == "valid" and (.covering | length) >= 1' ;;
    *exemptions/report*) echo '(.records | length) >= 1' ;;
    *exemptions/expired*) echo '.expired | type == "array"' ;;
    *exemptions/cleanup*) echo '.processed | type == "array"' ;;
    *exemptions/revalidate*) echo '.verdict != null' ;;
    *exemptions/reset*) echo '.generation >= 1' ;;
    *rate-limit/status*) echo '.classes | length >= 5' ;;
    *rate-limit/events*) echo '.minutes | type == "array"' ;;
    *rate-limit/config*) echo '.override.expires_at != null' ;;
    *rate-limit/clear*) echo '.cleared >= 0' ;;
    *rate-limit/reset*) echo '.user == "username"' ;;
    *slo/status*) echo '.verdict != null and (.objectives | length) >= 1' ;;
    *slo/breaches*) echo '.breaches | type == "array"' ;;
    *data/health*) echo '.status == "ok"' ;;
    *"data[:3]"*) echo 'length == 3' ;;
    *data/symbols*) echo '.version == "v42" and (.data | length) >= 3' ;;
    # The status codes come without line feeds, on one line: it is counted where it holds a 429.
    *'{1..60}'*) echo '. == 1' ;;
    *) echo false ;;
  esac
}

run=0
while IFS= read -r -d '' paragraph; do
  case "$paragraph" in
    *gh\ *) continue ;;
    */api/v1/exemptions/* | */api/v1/rate-limit/* | */api/v1/slo/* | */api/v1/data/* | *'{1..60}'*) ;;
    *) continue ;;
  esac
  bash -euo pipefail -c "$paragraph" >"$scratch/output" 2>"$scratch/complaints" || {
    echo "exit $?: $paragraph"
    cat "$scratch/output" "$scratch/complaints"
    exit 1
  }
  jq -e "$(expected "$paragraph")" "$scratch/output" >/dev/null || {
    echo "not as expected, $(expected "$paragraph"): $paragraph"
    cat "$scratch/output"
    exit 1
  }
  echo "ran: ${paragraph%%$'\n'*} …"
  run=$((run + 1))
done < <(paragraphs)
[ "$run" -eq 19 ] || { echo "19 commands were expected to be ours, $run ran"; exit 1; }

# The limit that the playbook raised on its way: the loop of 60 is not refused any more.
refused=$(paragraphs | grep -zF '{1..60}' | tr '\0' '\n' | { bash || true; })
[ "$refused" = 0 ] || { echo "after the limit was raised some of 60 were refused"; exit 1; }
# Nothing of it is lost on the record.
"$RELEASE_GATE_BIN_DIR/gate-server" audit verify --data "$scratch/data"
