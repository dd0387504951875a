# The measurements of schema_peers.sh as a table in Markdown. A line is group, program, documents, bytes,
# wall seconds, processor seconds and kilobytes, separated by tabs; a row is the best of its lines. Ratios
# are to the first row of a group, by wall time where it was taken.
function time(seconds) {
  if (seconds == 0) return "–"
  return seconds < 0.1 ? sprintf("%.2f ms", seconds * 1e3) : sprintf("%.2f s", seconds)
}

function print_row(group, program,    row, elapsed, cost, many) {
  row = group FS program
  if (documents[row] == 0) {
    printf "| %s | %s | not installed | – | – | – | – | – |\n", group, program
    return
  }
  elapsed = wall[row] > 0 ? wall[row] : cpu[row]
  many = documents[row] > 1
  cost = elapsed / documents[row]
  if (!(group in first)) first[group] = cost
  printf("| %s | %s | %s | %s | %s | %s | %s | %.2f |\n", group, program, time(wall[row]), time(cpu[row]),
    many ? sprintf("%d", documents[row] / elapsed) : "–",
    many && bytes[row] > 0 && cpu[row] > 0 ? sprintf("%.0f", bytes[row] / cpu[row] / 1e6) : "–",
    kilobytes[row] > 0 ? sprintf("%.1f MB", kilobytes[row] / 1024) : "–", cost / first[group])
}

BEGIN {
  FS = "\t"
  print "| what | program | wall | CPU | documents/s | MB/s a core | memory | times ours |"
  print "|---|---|---|---|---|---|---|---|"
}

{
  row = $1 FS $2
  if (!($1 in programs)) group_of[++groups] = $1
  if (!(row in cpu)) {
    program_of[$1, ++programs[$1]] = $2
    cpu[row] = most[row] = $6
    wall[row] = $5
    documents[row] = $3
    bytes[row] = $4
  }
  if ($6 < cpu[row]) cpu[row] = $6
  if ($6 > most[row]) most[row] = $6
  if ($5 < wall[row]) wall[row] = $5
  if ($7 > kilobytes[row]) kilobytes[row] = $7
}

END {
  for (g = 1; g <= groups; ++g)
    for (p = 1; p <= programs[group_of[g]]; ++p) print_row(group_of[g], program_of[group_of[g], p])
  for (row in cpu) {
    if (cpu[row] == 0 || most[row] / cpu[row] <= spread) continue
    spread = most[row] / cpu[row]
    unsteady = row
  }
  sub(FS, ", ", unsteady)
  printf "\nThe rounds of a row differ by %.0f %% of processor time at most (%s).\n", (spread - 1) * 100, unsteady
}
