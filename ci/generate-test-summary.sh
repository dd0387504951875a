#!/usr/bin/env bash
# usage: generate-test-summary.sh NAME RELEASE SUMMARY [generate|validate]
# generate: reads the reports of $TEST_REPORTS (paths and globs), else of [tests] in gate.toml, and writes SUMMARY.
# validate: checks a SUMMARY that is there against test-summary-schema.json.
set -euo pipefail

here=$(dirname "$0")
case "$#-${4:-generate}" in
  [34]-generate)
    # Unquoted on purpose: one word a report; the tool expands the globs.
    set -f
    # shellcheck disable=SC2086
    exec "$here/tool.sh" test-summary --policy "${GATE_POLICY:-gate.toml}" --name "$1" --release "$2" --summary "$3" ${TEST_REPORTS:-}
    ;;
  4-validate) exec "$here/tool.sh" schema-validate "$here/test-summary-schema.json" "$3" ;;
esac
sed -n '2,4s/^# //p' "$0" >&2
exit 2
