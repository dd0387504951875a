#!/usr/bin/env bash
# usage: playbook_test.sh SOURCE_FOLDER
# The script lines of the operations playbook, taken from its page, run verbatim in a copy of ci/.
set -euo pipefail

source=$1
playbook=${RELEASE_GATE_RUNBOOKS:-$RELEASE_GATE_TEST_DATA/../runbooks}/operations-playbooks.md
if [ ! -f "$playbook" ]; then
  echo "skipped: no operations-playbooks.md in \$RELEASE_GATE_RUNBOOKS"
  if [ "${CI:-}" = true ]; then exit 1; fi
  exit 77
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -rL "$source/ci" "$scratch/ci"
cd "$scratch/ci"
export RELEASE_GATE_BIN=$RELEASE_GATE_BIN_DIR TEST_REPORTS=$source/tests/integration/playbook.xml
unset CI GITHUB_ACTIONS

# The commands in the bash blocks of a section.
commands_of() {
  awk -v section="## $1" '
    /^## / { here = ($0 == section) }
    /^```/ { block = here && $0 == "```bash"; next }
    block && !/^ *(#|$)/' "$playbook"
}

# Who a command belongs to where it is not ours.
others() {
  case "$1" in
    gh\ *) echo "GitHub's own client, against GitHub" ;;
    git\ *) echo "the author's commit" ;;
    vi\ *) echo "an editor, by hand" ;;
  esac
}

run=0
try() {
  local command=$1 reason
  reason=$(others "$command")
  if [ -n "$reason" ]; then
    echo "not ours ($reason): $command"
    return
  fi
  bash -euo pipefail -c "$command" >"$scratch/output" 2>&1 || { echo "exit $?: $command"; cat "$scratch/output"; exit 1; }
  [ -s "$scratch/output" ] || [[ $command == "jq empty "* ]] || { echo "printed nothing: $command"; exit 1; }
  if grep -qx null "$scratch/output"; then echo "printed null: $command"; exit 1; fi
  echo "ran: $command"
  run=$((run + 1))
}

# Stands for the artefact that the playbook downloads first.
./ci-schema-validation.sh test-summary-schema.json test-summary.json strict >/dev/null

mapfile -t lines < <(commands_of "Schema Validation Failures")
for line in "${lines[@]}"; do try "$line"; done
[ "$run" -eq 11 ] || { echo "11 commands were expected to be ours, $run ran"; exit 1; }
[ "$(jq 'has("test_metadata") and has("test_results")' test-summary.json)" = true ]
[ "$(jq -r .test_metadata.name test-summary.json)" = "Test Name" ]

mapfile -t lines < <(commands_of "Exemption System Failures" | grep '^\./')
for line in "${lines[@]}"; do try "$line"; done
[ "$run" -eq 12 ] || { echo "the exemption report did not run"; exit 1; }

mapfile -t lines < <({ commands_of "Auto-Rollback Incidents"; commands_of "Chaos Test Failures"; } | grep '^\./test-slo-breach-simulation')
for line in "${lines[@]}"; do try "$line"; done
[ "$run" -eq 14 ] || { echo "two simulations were expected, $((run - 12)) ran"; exit 1; }
grep -q '^SIMULATED latency mild' "$scratch/output"

# What the scripts do beside the lines of the page.
expect_exit() {
  local wanted=$1 code=0
  shift
  "$@" >"$scratch/output" 2>&1 || code=$?
  [ "$code" -eq "$wanted" ] || { echo "expected exit $wanted, got $code: $*"; cat "$scratch/output"; exit 1; }
}
expect_exit 0 ./generate-test-summary.sh "Test Name" 1.0.0 test-summary.json validate
expect_exit 2 ./test-slo-breach-simulation.sh latency
expect_exit 2 ./test-slo-breach-simulation.sh latency terrible 10
echo '{}' >broken.json
expect_exit 1 ./ci-schema-validation.sh test-summary-schema.json broken.json strict
[ "$(jq '.validation_results | length > 0' schema-validation-report.json)" = true ]
expect_exit 0 ./ci-schema-validation.sh test-summary-schema.json broken.json warn
expect_exit 1 ./generate-test-summary.sh "Test Name" 1.0.0 broken.json validate
expect_exit 2 ./ci-schema-validation.sh test-summary-schema.json
expect_exit 2 ./generate-test-summary.sh "Test Name" 1.0.0 test-summary.json invent
printf 'version = 1\n' >empty.toml
TEST_REPORTS="" GATE_POLICY=empty.toml expect_exit 2 ./generate-test-summary.sh "Test Name" 1.0.0 new.json generate
[ ! -e new.json ]
