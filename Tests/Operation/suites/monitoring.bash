# shellcheck shell=bash disable=SC2154
# A real Prometheus scrapes the stack: the rules of the alerts, and every expression of the dashboard, whose figures are those of the report.
prometheus=$(free_port)
printf '%s' "$CRON_SECRET" >"$work/cron-secret"
cat >"$work/prometheus.yml" <<EOF2
global:
  scrape_interval: 1s
  evaluation_interval: 1s
rule_files:
  - $root/monitoring/alerts.yml
scrape_configs:
  - job_name: thumbnails
    authorization:
      credentials_file: $work/cron-secret
    static_configs:
      - targets: ["${base#http://}"]
EOF2
is "its configuration" "$(promtool check config "$work/prometheus.yml" >"$work/out" 2>&1; echo $?)" 0
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/prometheus" --web.listen-address="127.0.0.1:$prometheus" >"$work/prometheus.log" 2>&1 &
suite_processes+=("$!")
ask() { curl -s --get "http://127.0.0.1:$prometheus/api/v1/$1" "${@:2}"; }
value() { ask query --data-urlencode "query=$1" | python3 -c 'import json, sys; print(" ".join(r["value"][1] for r in json.load(sys.stdin)["data"]["result"]))'; }
for _ in $(seq 300); do [ "$(value up 2>/dev/null)" != 1 ] || break; sleep 0.2; done
is "it scrapes the stack" "$(value up)" 1

# Something of each kind that a figure counts, while it looks.
is "one that succeeds" "$(settled "http://127.0.0.1:$origin/video.mp4?monitored")" completed
is "a bad upload" "$(settled "http://127.0.0.1:$forbidden/private.mp4")" "failed forbidden"
is "one whose decoder is brought down" "$(settled "http://127.0.0.1:$origin/poison.mp4?monitored")" "failed media"
is "a sweep" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/scheduled")" 200
for _ in $(seq 300); do [ "$(value 'thumbnails_decoder_ends_total{kind="crash"} >= 2')" = "" ] || break; sleep 0.2; done
is "every rule can be evaluated" "$(ask rules | python3 -c 'import json, sys
rules = [r for g in json.load(sys.stdin)["data"]["groups"] for r in g["rules"]]
print(len(rules) > 20, [r["name"] for r in rules if r["health"] != "ok" or r.get("lastError")])')" "True []"
is "no alert wakes anybody" "$(value 'ALERTS{alertstate="firing"}')" ""
schema=$("$root/scripts/packages/fetch" grafana-schema)
result=0
PYTHONPATH=$schema /usr/bin/python3 "$root/Tests/Operation/dashboard.py" "$root/monitoring/grafana.json" "http://127.0.0.1:$prometheus" \
  "$base/functions/v1/retry-stuck-thumbnails?limit=200" "$CRON_SECRET" >"$work/dashboard" 2>&1 || result=$?
[ "$result" = 0 ] || cat "$work/dashboard"
is "the dashboard: its schema, its expressions, its figures" "$result" 0
