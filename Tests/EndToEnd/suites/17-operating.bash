# shellcheck shell=bash disable=SC2154
# What an operator sees of the processes: their first line, the report, the metrics, the logs, the checks.
rm -f "$work/quiet"
control start all 2>/dev/null || true
logs=$work/state/log
version=$("$bin/scheduled" --version | sed 's/.* //')
# The last start of a program, as its log tells it.
started() { grep -h '"message":"started"' "$logs/$1.log" | tail -n 1; }
for name in auto-generate-thumbnail retry-stuck-thumbnails scheduled; do
  for _ in $(seq 600); do [ -z "$(started "$name")" ] || break; sleep 0.1; done
  has "$name says what it is when it starts" "$(started "$name")" "\"mode\":\"FastCGI\".*\"version\":\"$version\""
done
has "a worker says where its thumbnails go, and whether it has a box" "$(started auto-generate-thumbnail)" '"decoder":"FFmpeg .*"host":".*"sandbox":"required".*"store":".*thumbnails'
has "the sweep says whom it wakes" "$(started retry-stuck-thumbnails)" '"handlers":"http://127.0.0.1:.*"store":"'
has "so does the relay" "$(started webhook-relay)" "\"handlers\":\"http://.*\"mode\":\"service\".*\"version\":\"$version\""
cgi auto-generate-thumbnail '{}' >/dev/null
has "and what a CGI server starts" "$(cat "$work/cgi.log")" '"message":"started","mode":"CGI"'

# The report, looked at until it says what is asked for: it may be ten seconds old, and processes tell of themselves when they have time.
reported() { # python expression over the report r; prints what it comes to
  curl -s -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails?limit=200" >"$work/report"
  python3 -c 'import json, sys; r = json.load(open(sys.argv[1]))["data"]; print(eval(sys.argv[2]))' "$work/report" "$1"
}
becomes() { # what, wanted, command…
  local what=$1 wanted=$2 got=
  shift 2
  for _ in $(seq 300); do
    got=$("$@")
    [ "$got" != "$wanted" ] || break
    sleep 0.2
  done
  is "$what" "$got" "$wanted"
}
comes_to() { becomes "$1" "$3" reported "$2"; } # what, expression, wanted
metric() { curl -s -H "Authorization: Bearer $CRON_SECRET" "$base/metrics" | sed -n "s/^$1 //p"; }
# Two processes answer, each with what it has seen within ten seconds.
metric_comes_to() { becomes "$1" "$3" metric "$2"; } # what, metric, wanted
pids() { supervisorctl -c "$work/state/conf/supervisord.conf" status | sed -n "s/^$1.*pid \([0-9]*\),.*/\1/p" | sort -n | paste -sd' '; }
listed="lambda p: ' '.join(str(w['pid']) for w in sorted(r['workers']['list'], key=lambda w: w['pid'] or 0) if w['program'] == p and w['mode'] != 'CGI' and w['pid'] in living)"
for name in auto-generate-thumbnail retry-stuck-thumbnails webhook-relay; do
  comes_to "the report names each process of $name" "(living := [$(pids "$name" | tr ' ' ,)]) and ($listed)('$name')" "$(pids "$name")"
done
comes_to "with its version and its box" "sorted({(w['version'], w['sandbox']) for w in r['workers']['list'] if w['program'] == 'auto-generate-thumbnail' and w['mode'] == 'FastCGI'})" "[('$version', 'required')]"
comes_to "the relay listens" "r['relay']['state'], r['relay']['reason'], r['relay']['trouble']" "('listening', None, None)"

# What a worker has in hand, since when, and who it was afterwards.
row=$(insert "http://127.0.0.1:$origin/trickle.mp4?in-hand")
held="[(w['program'], w['pid'], h['attempt']) for w in r['workers']['list'] for h in w['inHand'] if h['videoId'] == '$row']"
for _ in $(seq 300); do worker=$(reported "$held"); [ "$worker" = '[]' ] || break; sleep 0.2; done
has "a worker has a video in hand" "$worker" "^\[('auto-generate-thumbnail', [0-9]*, 1)\]$"
has "it is one of them" " $(pids auto-generate-thumbnail) " " $(grep -o '[0-9]\{2,\}' <<<"$worker" | head -n 1) "
is "the video's life says who took it" "$(curl -s -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails?videoId=$row" |
  python3 -c 'import json, sys; print(next(e["worker"] for e in json.load(sys.stdin)["data"]["events"] if e["to"] == "processing").split(":")[0])')" auto-generate-thumbnail
sql "DELETE FROM videos WHERE id = '$row'"

# Decoders that are brought down are counted where it outlives the workers, also those after which it is tried once more.
before=$(metric 'thumbnails_decoder_ends_total{kind="crash"}')
row=$(insert "http://127.0.0.1:$origin/poison.mp4?counted")
is "a video crashes its decoders" "$(wait_for "$row" completed failed)" "failed media"
is "its history has each of them" "$(sql "SELECT count(*) || ' ' || min(text) FROM thumbnails.events WHERE video_id = '$row' AND class = 'decoder'")" \
  "2 the video crashed its decoder (signal 6)"
metric_comes_to "the metrics count them" 'thumbnails_decoder_ends_total{kind="crash"}' $((before + 2))
ends() { sql "SELECT count(*) FROM thumbnails.events WHERE video_id = '$row' AND class = 'decoder'"; }
is "moments to choose from crash them, too" "$(generate -d "{\"videoId\":\"$row\",\"candidates\":3}")" 422
is "which is in the history" "$(ends)" 4
is "and so does a storyboard" "$(generate -d "{\"videoId\":\"$row\",\"storyboard\":true}")" 202
for _ in $(seq 300); do [ "$(ends)" -lt 6 ] || break; sleep 0.2; done
is "which is there, too" "$(ends)" 6
comes_to "so does the report, of a day" "r['decoderEnds']['lastDay']['crash'] >= 2 and r['decoderEnds']['total']['crash'] >= r['decoderEnds']['lastDay']['crash']" True

# The same figures in the report and the metrics.
is "the metrics' version" "$(metric "thumbnails_build_info{version=\"$version\"}")" 1
metric_comes_to "no host is without a box" thumbnails_unboxed_hosts 0
for state in listening=1 polling=0 silent=0; do metric_comes_to "the relay: $state" "thumbnails_relay{state=\"${state%=*}\"}" "${state#*=}"; done
has "workers by host" "$(curl -s -H "Authorization: Bearer $CRON_SECRET" "$base/metrics")" \
  "^thumbnails_host_processes{program=\"auto-generate-thumbnail\",host=\".*\",version=\"$version\",state=\"\(idle\|busy\)\"} [0-9]"
has "what each has done" "$(curl -s -H "Authorization: Bearer $CRON_SECRET" "$base/metrics")" \
  '^thumbnails_worker_attempts_total{host=".*",worker="auto-generate-thumbnail:[0-9]*@.*",outcome="completed"} [0-9]'
comes_to "rates with and without bad uploads" \
  "0 < r['health']['successRatePercent'] < r['health']['successRateWithoutBadUploadsPercent'] <= 100 and 0 < r['health']['lastDay']['badUploads'] <= r['health']['lastDay']['failed'] and r['health']['lastDay']['successRatePercent'] < r['health']['lastDay']['successRateWithoutBadUploadsPercent']" True

# Every metric is in the guide, and what the guide has is there.
curl -s -H "Authorization: Bearer $CRON_SECRET" "$base/metrics" | sed -n 's/^# TYPE \([a-z0-9_]*\) .*/\1/p' | sort -u >"$work/metrics.told"
sed -n '/^| `thumbnails_/s/ | .*//p' "$root/docs/monitoring.md" | grep -o 'thumbnails_[a-z0-9_]*' | sort -u >"$work/metrics.written"
is "the metrics are those of the guide" "$(diff "$work/metrics.told" "$work/metrics.written" >"$work/out"; cat "$work/out")" ""

# Without a box.
mkdir -p "$work/cgi-store"
cgi auto-generate-thumbnail "{\"videoId\":\"$(quiet_row "http://127.0.0.1:$origin/video.mp4?unboxed")\"}" MEDIA_SANDBOX=off WORKER_HOST=unboxed.example >"$work/status"
end_quiet
is "a host that has no box makes thumbnails" "$(cat "$work/status")" 200
comes_to "which the report says" "r['workers']['unboxedHosts'], [p for p in r['processProblems'] if 'box' in p]" \
  "(['unboxed.example'], ['videos are decoded without a box, because MEDIA_SANDBOX is off, on unboxed.example'])"
metric_comes_to "and the metrics" thumbnails_unboxed_hosts 1
has "and its first line" "$(cat "$work/cgi.log")" '"sandbox":"off"'
sql "DELETE FROM thumbnails.workers WHERE host = 'unboxed.example'"
comes_to "no longer" "r['workers']['unboxedHosts'], r['processProblems']" "([], [])"

# Nobody hears the relay.
control stop nginx
unheard=()
for n in 1 2 3; do unheard+=("$(insert "http://127.0.0.1:$origin/video.mp4?unheard$n")"); done
for _ in $(seq 600); do
  [ "$(sql "SELECT count(*) FROM thumbnails.workers WHERE program = 'webhook-relay' AND trouble IS NOT NULL")" = 0 ] || break
  sleep 0.1
done
has "the database knows of it" "$(sql "SELECT thumbnails.look() ->> 'processProblems'")" 'the relay on .* wakes nobody: auto-generate-thumbnail cannot be reached: '
is "the check of the relay finds it" "$(STATE=$work/state "$root/scripts/check" >"$work/out" 2>&1; echo $?)" 1
has "in words" "$(cat "$work/out")" '^webhook-relay  *FAIL  handlers: http://127.0.0.1:.* cannot be reached'
has "and says how many need somebody" "$(tail -n 1 "$work/out")" '^programs checked: 4, with failures: 3$'
control start nginx
for row in "${unheard[@]}"; do is "once it is heard again" "$(wait_for "$row" completed failed)" completed; done
comes_to "nothing is said of it any more" "r['relay']['trouble'], r['processProblems']" "(None, [])"

# nginx answers, and no worker does: its own answer, which has the handlers' form, is not taken for theirs.
control stop auto-generate-thumbnail:*
row=$(insert "http://127.0.0.1:$origin/video.mp4?no-worker")
for _ in $(seq 600); do
  [ "$(sql "SELECT count(*) FROM thumbnails.workers WHERE program = 'webhook-relay' AND trouble IS NOT NULL")" = 0 ] || break
  sleep 0.1
done
has "no worker: the report says so" "$(sql "SELECT thumbnails.look() ->> 'processProblems'")" 'the relay on .* wakes nobody: auto-generate-thumbnail answers 502'
has "and the relay's log" "$(grep -h 'not delivered' "$logs/webhook-relay.log" | tail -n 1)" '"error":"the answer is 502"'
is "the sweep's answer" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails")" 200
has "counts nobody as woken" "$(body)" '"delivered":0,"message":"[1-9][0-9]* videos were due, 0 workers were woken'
is "the check of the relay finds it" "$(env WEBHOOK_SECRET="$WEBHOOK_SECRET" DATABASE_URL="$HANDLERS_DATABASE_URL" SUPABASE_URL="$base" "$bin/webhook-relay" --check >"$work/out"; echo $?)" 1
has "in words" "$(cat "$work/out")" '^FAIL  handlers: auto-generate-thumbnail, at http://127.0.0.1:.*, answers 502'
control start auto-generate-thumbnail:*
is "it is made when they are back" "$(wait_for "$row" completed failed)" completed

# A web server without the handlers: one that answers everything with a page, and nginx where there is nothing.
python3 - "$work/page.port" <<'PY' &
import http.server, os, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>a page</html>")
    do_POST = do_GET
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
with open(sys.argv[1] + ".new", "w") as file:
    file.write(str(server.server_port))
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()
PY
suite_processes+=("$!")
wait_file "$work/page.port"
elsewhere() { # program, base URL: what its check says of the handlers
  env WEBHOOK_SECRET="$WEBHOOK_SECRET" CRON_SECRET="$CRON_SECRET" DATABASE_URL="$HANDLERS_DATABASE_URL" SUPABASE_URL="$2" "$bin/$1" --check | grep -v '^ok' || true
}
page=http://127.0.0.1:$(cat "$work/page.port")
has "a page is not taken for the sweep" "$(elsewhere scheduled "$page")" "^FAIL  handlers: what answers at $page is not retry-stuck-thumbnails"
has "nor for a worker" "$(elsewhere webhook-relay "$page")" "^FAIL  handlers: what answers at $page is not auto-generate-thumbnail"
has "nor is nginx where it has no handler" "$(elsewhere webhook-relay "$base/functions")" "^FAIL  handlers: auto-generate-thumbnail, at $base/functions, answers 404"
kill "${suite_processes[-1]}"
suite_processes=()
# A proxy that keeps secrets to itself, as Squid does by default.
keeping=$(free_port)
printf 'daemon off; pid %s/front.pid; error_log stderr; events {} http { access_log off; client_body_temp_path %s/front; proxy_temp_path %s/front;
  server { listen 127.0.0.1:%s; location / { proxy_pass %s; proxy_set_header Authorization ""; } } }' "$work" "$work" "$work" "$keeping" "$base" >"$work/front.conf"
nginx -c "$work/front.conf" -p "$work" 2>"$work/front.log" &
suite_processes+=("$!")
until curl -sf -o "$work/out" "http://127.0.0.1:$keeping/health"; do kill -0 "${suite_processes[-1]}"; sleep 0.05; done
has "no secret that arrives is not a wrong one" "$(elsewhere scheduled "http://127.0.0.1:$keeping")" '^FAIL  handlers: no secret arrives at retry-stuck-thumbnails: what is in front of it at .* removes the Authorization header'
has "nor for a worker" "$(elsewhere webhook-relay "http://127.0.0.1:$keeping")" '^FAIL  handlers: no secret arrives at auto-generate-thumbnail: '
has "and by who calls it from cron" "$(env CRON_SECRET="$CRON_SECRET" SUPABASE_URL="http://127.0.0.1:$keeping" "$bin/scheduled" run 2>&1 || true)" \
  '"code":"configuration","error":"retry-stuck-thumbnails answered 401: no secret arrives, [^:"]*","retryable"'
kill "${suite_processes[-1]}"
suite_processes=()

# One that is ended by hand has a successor.
before=$(pids auto-generate-thumbnail)
# shellcheck disable=SC2046,SC2086 # lists of numbers
kill -TERM $before $(pids retry-stuck-thumbnails) $(pids webhook-relay)
there() { echo "$(pids auto-generate-thumbnail | wc -w) $(pids retry-stuck-thumbnails | wc -w) $(pids webhook-relay | wc -w)"; }
for _ in $(seq 600); do
  [ "$(there)" != "4 2 1" ] || [ "$(pids auto-generate-thumbnail)" = "$before" ] || break
  sleep 0.1
done
is "workers, the sweep's and the relay are there again" "$(there)" "4 2 1"
is "and work" "$(settled "http://127.0.0.1:$origin/video.mp4?after-the-ends")" completed

# The check of all of them.
is "make check" "$(STATE=$work/state "$root/scripts/check" >"$work/out" 2>&1; echo $?)" 0
is "a line for each thing of each program" "$(grep -c ' ok    ' "$work/out")" "$(grep -vc '^programs checked' "$work/out")"
for line in 'auto-generate-thumbnail  ok    decoder: ' 'auto-generate-thumbnail  ok    storage: ' 'retry-stuck-thumbnails   ok    database: ' \
  'retry-stuck-thumbnails   ok    handlers: ' 'scheduled                ok    handlers: ' 'webhook-relay            ok    notifications: come through' 'webhook-relay            ok    handlers: '; do
  has "such as: $line" "$(cat "$work/out")" "^$line"
done
is "it shows no secret" "$(grep -c -e "$SERVICE_ROLE_KEY" -e "$CRON_SECRET" -e "$WEBHOOK_SECRET" "$work/out" || true)" 0
is "a secret that the handlers do not know" "$(env WEBHOOK_SECRET="$(openssl rand -hex 32)" DATABASE_URL="$HANDLERS_DATABASE_URL" "$bin/webhook-relay" --check >"$work/out"; echo $?)" 1
has "is said" "$(cat "$work/out")" '^FAIL  handlers: auto-generate-thumbnail does not know the secret'
is "nor by the schedule" "$(env CRON_SECRET="$(openssl rand -hex 32)" "$bin/scheduled" --check >"$work/out"; echo $?)" 1
has "is said, too" "$(cat "$work/out")" '^FAIL  handlers: retry-stuck-thumbnails does not know the secret'
checked() { env CRON_SECRET="$CRON_SECRET" WEBHOOK_SECRET="$WEBHOOK_SECRET" DATABASE_URL="$HANDLERS_DATABASE_URL" SUPABASE_URL="$base" "$bin/retry-stuck-thumbnails" --check | grep -v '^ok' || true; }
sql "ALTER FUNCTION thumbnails.list_orphans RENAME TO left_out"
has "a migration that was left half-way is said" "$(checked)" '^FAIL  database: .* apply the migrations and grants: missing or not to be executed in the schema thumbnails: list_orphans$'
sql "ALTER FUNCTION thumbnails.left_out RENAME TO list_orphans"
has "a database that takes no writes is said" "$(PGOPTIONS='-c default_transaction_read_only=on' checked)" '^FAIL  database: .*session is read-only.* default_transaction_read_only is on'
handlers=$(psql -XAtq "$HANDLERS_DATABASE_URL" -c 'SELECT current_user')
# From PostgreSQL 16 on, it is the grant that is inherited or not, as the role was when it was granted.
sql "ALTER ROLE $handlers NOINHERIT; REVOKE thumbnail_handlers FROM $handlers; GRANT thumbnail_handlers TO $handlers"
inherits=" is a member of thumbnail_handlers and does not inherit its rights: "
said=$(checked)
has "a role that inherits nothing is said" "$said" "^FAIL  database: .*$handlers$inherits"
sql "$(sed -n "s/^FAIL  database: .*$inherits//p" <<<"$said")"
is "what is said to do helps" "$(checked | grep -c "$inherits")" 0
sql "ALTER ROLE $handlers INHERIT"
sql "UPDATE system_config SET value = '$base/functions/v1' WHERE key = 'supabase_url'"
has "what is wrong in system_config is, too" "$(checked)" '^FAIL  system_config: Wrong configuration in system_config: supabase_url is the base URL, without /functions/v1$'
sql "UPDATE system_config SET value = '$base' WHERE key = 'supabase_url'"
sql "UPDATE system_config SET value = 'false' WHERE key = 'auto_thumbnail_enabled'"
has "and that generation is off" "$(checked)" '^WARN  generation: system_config.auto_thumbnail_enabled is off: no thumbnail is made$'
sql "UPDATE system_config SET value = 'true' WHERE key = 'auto_thumbnail_enabled'"
sql "UPDATE thumbnails.positions SET last_sweep = jsonb_build_object('at', '2026-01-31T12:00:00.000Z', 'epoch', 0)"
has "and that nobody sweeps" "$(checked)" '^WARN  processes and sweep: the hourly sweep last ran at 2026-01-31T12:00:00.000Z: is its timer or cron service on[?]$'
sql "UPDATE thumbnails.positions SET last_sweep = NULL"
waiting=$(sql "INSERT INTO videos (status) VALUES ('processing') RETURNING id")
sql "SELECT thumbnails.pause(NULL, NULL, 'Ann', 'the store moves'); SELECT thumbnails.pause('one', NULL, 'Ben', ''); SELECT thumbnails.pause(NULL, 'host-7', 'Ben', '');
  INSERT INTO thumbnails.breakers (class, host, consecutive, video_ids, open_until, last_error) VALUES ('storage', 'host-8', 5, '{}', '2099-01-31T12:00:00Z', 'NoSuchBucket'),
    ('storage', 'host-9', 5, '{}', '2026-01-31T12:00:00Z', 'NoSuchBucket');
  INSERT INTO thumbnails.jobs (video_id, lane, due_at, source_url) VALUES ('$waiting', 9, 'infinity', 'http://x/kept')" >"$work/null"
said=$(checked)
for sentence in 'everything is paused since .*: paused by Ann: the store moves' 'the uploader [0-9a-f]* is paused since .*: paused by Ben' 'the host host-7 is paused' \
  'the host host-8 takes no video until 2099-01-31T12:00:00.000Z, because of faults of class storage: NoSuchBucket' 'finished results are kept (1)'; do
  has "so is what keeps videos waiting" "$said" "^WARN  pauses and refusals: .*$sentence"
done
is "and what no longer does, is not" "$(grep -c host-9 <<<"$said")" 0
for _ in $(seq 300); do
  call -H "Authorization: Bearer $STATUS_SECRET" "$base/metrics" >"$work/null"
  [ "$(sed -n 's/^thumbnails_paused{what="everything"} //p' "$work/body")" != 1 ] || break
  sleep 0.1
done
is "the metrics tell of it" "$(sed -n 's/^thumbnails_paused//p' "$work/body" | paste -sd' ')" '{what="everything"} 1 {what="hosts"} 1 {what="uploaders"} 1'
sql "DELETE FROM thumbnails.breakers; DELETE FROM videos WHERE id = '$waiting'; DELETE FROM thumbnails.jobs WHERE video_id = '$waiting'"
is "nothing else is" "$(checked)" ""
is "where nothing runs" "$(STATE=$work/none "$root/scripts/check" >/dev/null 2>&1; echo $?)" 2
is "the units' check needs systemd" "$([ -d /run/systemd/system ] || "$root/packaging/thumbnail-handlers-check" >/dev/null 2>"$work/err" || echo $?)" "$([ -d /run/systemd/system ] || echo 2)"

# A process that is told to stop is not shown any more; one that is started is.
pid=$(pids retry-stuck-thumbnails:retry-stuck-thumbnails-1)
control stop retry-stuck-thumbnails:retry-stuck-thumbnails-1
is "one that has stopped takes its row along" "$(sql "SELECT count(*) FROM thumbnails.workers WHERE pid = $pid")" 0
control start retry-stuck-thumbnails:retry-stuck-thumbnails-1
comes_to "another one is there" "(living := [$(pids retry-stuck-thumbnails | tr ' ' ,)]) and ($listed)('retry-stuck-thumbnails')" "$(pids retry-stuck-thumbnails)"

# A database that is away: one line, and later the number of those that were left out.
relays=()
away() { # name NAME=value…
  local name=$1
  shift
  env DATABASE_URL=postgresql://127.0.0.1:1/none SUPABASE_URL="$base" "$@" "$bin/webhook-relay" 2>"$work/away.$name" &
  relays+=("$!")
  suite_processes+=("$!")
}
lines() { grep -c '"message":"polling failed"' "$work/away.$1" || true; }
away each LOG_REPEAT_SECONDS=0
away seldom
away often LOG_REPEAT_SECONDS=1
for _ in $(seq 600); do
  if [ "$(lines each)" -gt 10 ] && grep -q '"repeated":[1-9]' "$work/away.often"; then break; fi
  sleep 0.1
done
is "each failure, where each is asked for" "$([ "$(lines each)" -gt 10 ] && echo yes)" yes
is "one line of the same cause" "$(lines seldom)" 1
has "which is named" "$(cat "$work/away.seldom")" '"error":"the database cannot be reached: .*"message":"polling failed"'
has "once its time is over, the number left out" "$(cat "$work/away.often")" '"message":"polling failed".*"repeated":[1-9]'
kill -TERM "${relays[@]}"
wait "${relays[@]}" || true
suite_processes=()
is "a time that is none is refused" "$(env LOG_REPEAT_SECONDS=4000 DATABASE_URL=postgresql:///none SUPABASE_URL="$base" "$bin/webhook-relay" 2>"$work/err"; echo $?)" 78
has "by its name" "$(cat "$work/err")" 'LOG_REPEAT_SECONDS is "4000"'

# A connection does not become old; if the server gives no other one, the old one stays.
env DATABASE_URL="$HANDLERS_DATABASE_URL" PGAPPNAME=short-lived DATABASE_LIFETIME=1 SUPABASE_URL="$base" WEBHOOK_SECRET="$WEBHOOK_SECRET" \
  "$bin/webhook-relay" 2>"$work/short-lived" &
process=$!
suite_processes+=("$process")
lived() { sql "SELECT coalesce(string_agg(pid::text, ','), 'none') FROM pg_stat_activity WHERE application_name = 'short-lived'"; }
until_other() { for _ in $(seq 200); do now=$(lived); [[ $now = none || $now = *,* || $now = "$1" ]] || break; sleep 0.1; done; echo "$now"; }
first=$(until_other none)
second=$(until_other "$first")
is "an old connection is replaced" "$(if [ "$second" != "$first" ] && [[ $second =~ ^[0-9]+$ ]]; then echo yes; fi)" yes
sql "ALTER ROLE handlers CONNECTION LIMIT 0"
for _ in $(seq 200); do ! grep -q 'an old database connection stays' "$work/short-lived" || break; sleep 0.1; done
has "one that cannot be replaced is kept" "$(cat "$work/short-lived")" '"error":"the database cannot be reached: .*53300.*"message":"an old database connection stays"'
held=$(lived)
is "and used" "$([[ $held =~ ^[0-9]+$ ]] && echo yes)" yes
sql "ALTER ROLE handlers CONNECTION LIMIT -1"
is "until it can be" "$([ "$(until_other "$held")" != "$held" ] && echo yes)" yes
kill -TERM "$process"
wait "$process" || true
suite_processes=()
