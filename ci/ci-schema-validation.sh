#!/usr/bin/env bash
# usage: ci-schema-validation.sh SCHEMA DOCUMENT [strict|warn]
# Validates a document and leaves schema-validation-report.json, with .validation_results, behind.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tool.sh
. "$(dirname "$0")/tool.sh"

[ $# -eq 2 ] || [ $# -eq 3 ] || usage
run_tool schema-validate --mode "${3:-strict}" --report "$(from_root schema-validation-report.json)" \
  "$(from_root "$1")" "$(from_root "$2")"
