#!/usr/bin/env bash
# Shows the exemption register beside this script: what is in force, expiring, expired, unused, over
# budget. Arguments go to exemption-report.
set -euo pipefail

here=$(dirname "$0")
exec "$here/tool.sh" exemption-report --policy "$here/gate.toml" "$@" "$here/exemptions.toml"
