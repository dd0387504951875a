#!/usr/bin/env bash
# Writes the table of IDNA2008 (RFC 5892, 2 and 3) to gate/schema/format_idna_table.cc from the Unicode
# Character Database of Debian's package unicode-data. With --check it compares instead; where the
# package is absent, or of another Unicode version than the table, it says so and exits with 77.
set -euo pipefail
cd "$(dirname "$0")/.."
table=gate/schema/format_idna_table.cc
database=/usr/share/unicode

skip() {
  echo "skipped: $*"
  exit 77
}

absent() {
  local why="unicode-data is not installed (ci/setup.sh test)"
  [ "${1:-}" != --check ] || [ "${CI:-}" = true ] || skip "$why"
  echo "idna-table: $why" >&2
  exit 2
}

version() { awk 'match($0, /-[0-9.]+\.txt/) {print substr($0, 2 + RSTART - 1, RLENGTH - 5); exit}' "$database/PropList.txt"; }

derive() {
  local file
  local files=()
  for file in UnicodeData PropList DerivedCoreProperties DerivedNormalizationProps HangulSyllableType \
    ArabicShaping Scripts; do
    files+=("$database/$file.txt")
  done
  LC_ALL=C awk -v version="$(version)" -f ci/idna-table.awk "${files[@]}"
}

[ -f "$database/UnicodeData.txt" ] || absent "$@"
if [ "${1:-}" = --check ]; then
  grep -qF "kUnicodeVersion = \"$(version)\"" "$table" || skip "unicode-data is of Unicode $(version), the table is not"
  derive | diff -u "$table" - >&2 || { echo "the table is not what ci/idna-table.sh writes" >&2; exit 1; }
else
  derive >"$table.new"
  mv "$table.new" "$table"
fi
