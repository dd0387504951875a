#!/usr/bin/env bash
# usage: test-exemption-report-manual.sh [OPTION...]
# Shows the exemption register: what is in force, expiring, expired, unused, over budget. Options go to
# exemption-report.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tool.sh
. "$(dirname "$0")/tool.sh"

run_tool exemption-report --policy "$(from_root "$here/gate.toml")" "$@"
