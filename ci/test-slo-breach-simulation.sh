#!/usr/bin/env bash
# usage: test-slo-breach-simulation.sh latency|errors|availability mild|moderate|severe MINUTES
# Simulates a breach of that kind and checks that the canary judge stops it in time. Passes where it does.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tool.sh
. "$(dirname "$0")/tool.sh"

[ $# -eq 3 ] || usage
run_tool slo-evaluate simulate "$1" "$2" "$3"
