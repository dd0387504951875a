#!/usr/bin/env bash
# usage: generate-test-summary.sh NAME RELEASE SUMMARY [generate|validate]
# generate: reads the reports of $TEST_REPORTS (paths and globs), else of [tests] in gate.toml, and writes SUMMARY.
# validate: checks the SUMMARY that is there against test-summary-schema.json.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tool.sh
. "$(dirname "$0")/tool.sh"

[ $# -eq 3 ] || [ $# -eq 4 ] || usage
case "${4:-generate}" in
  generate)
    reports=()
    read -ra words <<<"${TEST_REPORTS:-}"
    for word in "${words[@]}"; do reports+=("$(from_root "$word")"); done
    run_tool test-summary --policy "$(from_root "${GATE_POLICY:-$here/gate.toml}")" --name "$1" --release "$2" \
      --summary "$(from_root "$3")" "${reports[@]}"
    ;;
  validate) run_tool schema-validate "$(from_root "$here/test-summary-schema.json")" "$(from_root "$3")" ;;
  *) usage ;;
esac
