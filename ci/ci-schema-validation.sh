#!/usr/bin/env bash
# usage: ci-schema-validation.sh SCHEMA DOCUMENT [strict|warn]
# Validates a document and leaves schema-validation-report.json, with .validation_results, behind.
set -euo pipefail

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
  sed -n '2,3s/^# //p' "$0" >&2
  exit 2
fi
exec "$(dirname "$0")/tool.sh" schema-validate --mode "${3:-strict}" --report schema-validation-report.json "$1" "$2"
