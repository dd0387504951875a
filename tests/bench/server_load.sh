#!/usr/bin/env bash
# usage: server_load.sh BIN_FOLDER [SECONDS]
# gate-server under load on loopback: authenticated reads and durable writes, with limits and metrics on; beside
# it nginx (a constant answer) and etcd (serializable reads and durable puts over its HTTP gateway), where they are
# installed. Prints a Markdown table. Everything runs on this machine, wrk too.
set -euo pipefail

bin=$1
seconds=${2:-10}
command -v wrk >/dev/null || { echo "wrk is not there: apt-get install wrk" >&2; exit 2; }
scratch=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT

free_port() { # a port that nothing listens on now
  local port
  while :; do
    port=$((20000 + RANDOM % 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# name, connections, wrk's arguments … -> a row of the table
row() {
  local name=$1 connections=$2 pid=$3
  shift 3
  wrk -t2 -c"$connections" -d"${seconds}s" --latency "$@" >"$scratch/wrk"
  awk -v name="$name" -v connections="$connections" -v rss="$(awk '/VmHWM/ { printf "%.0f", $2 / 1024 }' "/proc/$pid/status")" '
    /Requests\/sec/ { rate = $2 }
    $1 == "50%" { p50 = $2 }
    $1 == "99%" { p99 = $2 }
    /Non-2xx/ { bad = $NF }
    END { printf "| %s | %d | %.0f | %s | %s | %s | %s |\n", name, connections, rate, p50, p99, bad + 0, rss }' "$scratch/wrk"
}

cat >"$scratch/server.toml" <<'END'
version = 1
[http]
connections_per_address = 2000
END
"$bin/gate-server" --data "$scratch/data" --config "$scratch/server.toml" --listen 127.0.0.1:0 --demo \
  --first-key-file "$scratch/key" >"$scratch/said" 2>"$scratch/log" &
server=$!
pids+=("$server")
for _ in $(seq 100); do grep -q '^ready' "$scratch/said" && break; sleep 0.05; done
url=$(grep -o 'http://127[^ ,]*' "$scratch/said" | head -n 1)
key=$("$bin/gate-server" keys create --data "$scratch/data" --owner load --role admin \
  --rate read=100000/1s --rate ingest=100000/1s --rate write=100000/1s 2>/dev/null)

cat >"$scratch/post.lua" <<'END'
local n = 0
local threads = 0
function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
  thread:set("run", tostring(os.time()) .. tostring(os.clock()))
end
function request()
  n = n + 1
  local body = string.format('{"service":"demo","samples":[{"timestamp":%d,"latency_ms":12,"status":200}]}', os.time())
  return wrk.format("POST", nil, {["X-API-Key"] = wrk.headers["X-API-Key"], ["Content-Type"] = "application/json",
    ["Idempotency-Key"] = run .. "-" .. id .. "-" .. n}, body)
end
END
cat >"$scratch/put.lua" <<'END'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"key":"Zm9v","value":"YmFyYmFyYmFyYmFyYmFyYmFyYmFyYmFyYmFyYmFyYmFy"}'
END
cat >"$scratch/range.lua" <<'END'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"key":"Zm9v","serializable":true}'
END

echo "| server and load | connections | requests/s | p50 | p99 | not 2xx | memory, MB |"
echo "|---|---|---|---|---|---|---|"
row "gate-server, GET /api/v1/slo/status" 64 "$server" -H "X-API-Key: $key" "$url/api/v1/slo/status"
row "gate-server, GET /api/v1/exemptions/health" 64 "$server" -H "X-API-Key: $key" "$url/api/v1/exemptions/health"
row "gate-server, 401" 64 "$server" "$url/api/v1/slo/status"
row "gate-server, durable POST /api/v1/slo/samples" 32 "$server" -H "X-API-Key: $key" -s "$scratch/post.lua" "$url/api/v1/slo/samples"
row "gate-server, durable POST /api/v1/slo/samples" 64 "$server" -H "X-API-Key: $key" -s "$scratch/post.lua" "$url/api/v1/slo/samples"

if command -v nginx >/dev/null; then
  port=$(free_port)
  cat >"$scratch/nginx.conf" <<END
worker_processes 2;
daemon off;
pid $scratch/nginx.pid;
error_log $scratch/nginx.log;
events { worker_connections 1024; }
http {
  access_log off;
  server { listen 127.0.0.1:$port; location / { default_type application/json; return 200 '{"status":"ok"}'; } }
}
END
  nginx -c "$scratch/nginx.conf" -p "$scratch" 2>/dev/null &
  pids+=($!)
  sleep 0.5
  row "nginx, a constant answer" 64 "${pids[-1]}" "http://127.0.0.1:$port/"
fi
if command -v etcd >/dev/null; then
  port=$(free_port)
  etcd --data-dir "$scratch/etcd" --listen-client-urls "http://127.0.0.1:$port" --advertise-client-urls "http://127.0.0.1:$port" \
    --listen-peer-urls "http://127.0.0.1:$(free_port)" >"$scratch/etcd.log" 2>&1 &
  pids+=($!)
  sleep 2
  row "etcd, POST /v3/kv/put" 32 "${pids[-1]}" -s "$scratch/put.lua" "http://127.0.0.1:$port/v3/kv/put"
  row "etcd, POST /v3/kv/range, serializable" 64 "${pids[-1]}" -s "$scratch/range.lua" "http://127.0.0.1:$port/v3/kv/range"
fi
