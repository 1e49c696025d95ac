# shellcheck shell=bash disable=SC2154
# Workers that go on: one wake-up is enough for everything that is due, whoever sends it.
many() { # how many, path and query of the origin, which nobody is told of; prints their ids
  quiet || return
  sql "INSERT INTO videos (status, video_url) SELECT 'completed', 'http://127.0.0.1:$origin/$2' || n FROM generate_series(1, $1) AS n RETURNING id"
}
unfinished() { sql "SELECT count(*) FROM videos WHERE thumbnail_generation_status NOT IN ('completed', 'failed') AND video_url LIKE '%$1%'"; }
until_finished() { # part of the URL
  for _ in $(seq 600); do [ "$(unfinished "$1")" != 0 ] || break; sleep 0.1; done
  unfinished "$1"
}
# How many requests the handlers have answered.
answered() { cat "$work"/state/log/auto-generate-thumbnail.log* | grep -c '"message":"request"' || true; }
quiet=$(quiet_row "http://127.0.0.1:$origin/video.mp4?quiet")

ids=$(many 20 'video.mp4?lone')
before=$(answered)
is "one direct request" "$(generate -d "{\"videoId\":\"$quiet\"}")" 200
is "and the workers go on with all that is due" "$(until_finished lone)" 0
is "nobody else has asked" "$(($(answered) - before))" 1
is "each was claimed once" "$(sql "SELECT count(*) FROM thumbnails.events WHERE to_status = 'processing' AND video_id = ANY (string_to_array('$(xargs <<<"$ids")', ' ')::uuid[])")" 20

many 20 'video.mp4?async' >/dev/null
id=$(sql "SELECT id FROM videos WHERE video_url LIKE '%async1'")
is "so they do after an answer in advance" "$(generate -H 'Prefer: respond-async' -d "{\"videoId\":\"$id\"}")" 202
is "until nothing is due" "$(until_finished async)" 0

# What turns out to be no work any more, as after a mass deletion that left the queue out, does not use up the one wake-up.
sql "INSERT INTO thumbnails.jobs (video_id, lane, due_at, source_url) SELECT gen_random_uuid(), 0, now() - interval '1 hour', 'http://x/gone' FROM generate_series(1, 2500)"
many 1 'video.mp4?behind' >/dev/null
id=$(quiet_row "http://127.0.0.1:$origin/video.mp4?waking")
is "a direct request before a thousand that are gone, and more" "$(generate -d "{\"videoId\":\"$id\"}")" 200
is "is enough for the one behind them" "$(until_finished behind)" 0
# Nor does a restart of the database.
many 8 'late.mp4?ms=700&outage' >/dev/null
id=$(quiet_row "http://127.0.0.1:$origin/video.mp4?waking2")
is "a direct request before a restart" "$(generate -d "{\"videoId\":\"$id\"}")" 200
control restart postgresql
is "is enough for what is due after it" "$(until_finished outage)" 0

# What comes of handing in a result and taking the next job in one statement is known, also where it is handed in by itself then.
sql "ALTER FUNCTION thumbnails.complete_and_next RENAME TO complete_and_next_away"
many 3 'video.mp4?halves' >/dev/null
id=$(quiet_row "http://127.0.0.1:$origin/video.mp4?waking3")
is "a direct request where no result comes with the next job" "$(generate -d "{\"videoId\":\"$id\"}")" 200
is "the others are made all the same" "$(until_finished halves)" 0
sql "ALTER FUNCTION thumbnails.complete_and_next_away RENAME TO complete_and_next"
has "and the log says why one after the other" "$(cat "$work"/state/log/auto-generate-thumbnail.log*)" 'complete_and_next.*does not exist'

# No relay, no pg_net: any hourly cron drains a backlog, and whoever looks meanwhile is answered.
rm -f "$work/forbidden.open"
many 30 'gated.mp4?sweep' >/dev/null
is "the hourly call" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/scheduled")" 200
has "says what was due and what comes" "$(body)" '"message":"30 videos were due, [1-9][0-9]* workers were woken; waking goes on after this answer'
is "a report is served meanwhile" "$(call -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails")" 200
is "and a scrape" "$(call -H "Authorization: Bearer $CRON_SECRET" "$base/metrics")" 200
is "while all the work is there" "$(unfinished sweep)" 30
id=$(sql "INSERT INTO videos (status, video_url) VALUES ('completed', 'http://127.0.0.1:$origin/video.mp4?knock') RETURNING id")
curl -s -o "$work/body" -w '%{http_code}' -X POST -H "Authorization: Bearer $SERVICE_ROLE_KEY" -d "{\"videoId\":\"$id\"}" \
  "$base/functions/v1/auto-generate-thumbnail" >"$work/status.knock" &
knock=$!
for _ in $(seq 600); do ! ss -Htnp state established "dport = :$port" | grep -q "pid=$knock," || break; sleep 0.05; done
: >"$work/forbidden.open"
wait "$knock"
is "a direct request is served" "$(cat "$work/status.knock")" 200
is "the backlog drains" "$(until_finished sweep)" 0
is "it was served between two jobs, before the others" "$(sql "SELECT e.id < (SELECT max(o.id) FROM thumbnails.events o JOIN videos v ON v.id = o.video_id
  WHERE o.to_status = 'processing' AND v.video_url LIKE '%sweep%') FROM thumbnails.events e WHERE e.video_id = '$id' AND e.to_status = 'processing'")" t

# So does the sweep itself where there is more to look at than one call has time for.
quiet
patience=$(sql "SELECT pg_get_functiondef('thumbnails.patience()'::regprocedure)")
sql "CREATE OR REPLACE FUNCTION thumbnails.patience() RETURNS interval LANGUAGE sql IMMUTABLE AS \$\$ SELECT interval '0' \$\$"
id=ffffffff-ffff-4fff-8fff-ffffffffffff
sql "SET session_replication_role = replica;
  INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_error_code)
  SELECT format('00000000-0000-4000-8000-%s', lpad(n::text, 12, '0'))::uuid, 'completed', 'http://x/final', 'failed', 'media' FROM generate_series(1, 5000) AS n;
  INSERT INTO videos (id, status, video_url, thumbnail_generation_status, thumbnail_generation_started_at)
  VALUES ('$id', 'completed', 'http://127.0.0.1:$origin/video.mp4?last', 'processing', now() - interval '12 hours')"
is "a sweep with much to look at" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails")" 200
has "goes on after its answer" "$(body)" '"goesOn":true'
is "until it has found the last" "$(wait_for "$id" completed failed)" completed
sql "$patience"
# Two at once: the second one says so.
psql -XAtq "$DATABASE_URL" -c BEGIN -c "SELECT thumbnails.try_lock('sweep')" -c "SELECT pg_sleep(600) AS first_sweep" >/dev/null 2>&1 &
suite_processes+=("$!")
for _ in $(seq 600); do [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600) AS first_sweep'")" = 0 ] || break; sleep 0.1; done
is "a second sweep" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails")" 200
has "is skipped" "$(body)" '"skipped":true.*"message":"another sweep is running","success":true'
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600) AS first_sweep'" >/dev/null
sql "DELETE FROM videos WHERE video_url = 'http://x/final'"

# So are objects that nobody needs, as after a mass deletion: more of them than one request has time for.
doomed() { sql "SELECT count(*) FROM thumbnails.object_deletions WHERE video_id = '00000000-0000-4000-8000-00000000dead'"; }
sql "INSERT INTO thumbnails.object_deletions (key, video_id, not_before) SELECT format('thumbnails/%s/0123456789abcdef-%s.jpg', v.id, n), v.id, now()
  FROM (SELECT uuid '00000000-0000-4000-8000-00000000dead' AS id) AS v, generate_series(1, 40000) AS n"
is "a sweep with much to delete" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails")" 200
is "a report is served meanwhile" "$(call -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails")" 200
for _ in $(seq 600); do [ "$(doomed)" != 0 ] || break; sleep 0.1; done
is "and all of it is deleted" "$(doomed)" 0

# A burst of wake-ups keeps nobody waiting for the videos of all of them.
mapfile -t woken < <(many 12 'late.mp4?ms=800&woken')
asked=$(quiet_row "http://127.0.0.1:$origin/late.mp4?ms=800&asked")
# Of one of them the queue knows nothing, as after a restore that left the inbox out; another is no video at all.
forgotten=${woken[11]}
sql "DELETE FROM thumbnails.inbox WHERE video_id = '$forgotten'"
nobody=00000000-0000-4000-8000-000000000000
mapfile -t workers < <(pgrep -f "^$work/bin/real/auto-generate-thumbnail$")
door=$(sed -n 's,^socket=unix://\(.*/auto-generate-thumbnail.sock\),\1,p' "$work/state/conf/supervisord.conf")
at_the_door() { # how many
  for _ in $(seq 200); do
    [ "$(ss -Hxl | awk -v door="$door" '$5 == door { print $3 }')" -lt "$1" ] || return 0
    sleep 0.05
  done
  return 1
}
kill -STOP "${workers[@]}"
wakers=()
for id in "${woken[@]}" $nobody; do
  curl -s -o "$work/woken.$id" -w '%{http_code}\n' -H "Authorization: Bearer $WEBHOOK_SECRET" -H 'Prefer: respond-async' -d "{\"videoId\":\"$id\"}" \
    "$base/functions/v1/auto-generate-thumbnail" >"$work/status.$id" &
  wakers+=($!)
done
is "thirteen wait at the door" "$(at_the_door 13 && echo yes)" yes
curl -s -o "$work/asked" -w '%{http_code}' -H "Authorization: Bearer $SERVICE_ROLE_KEY" -d "{\"videoId\":\"$asked\"}" \
  "$base/functions/v1/auto-generate-thumbnail" >"$work/status.asked" &
wakers+=($!)
is "and a direct request behind them" "$(at_the_door 14 && echo yes)" yes
kill -CONT "${workers[@]}"
wait "${wakers[@]}"
is "each wake-up is accepted" "$(for id in "${woken[@]}"; do cat "$work/status.$id"; done | sort | uniq -c | xargs)" "12 202"
is "that of no video is told that there is nothing to do" "$(cat "$work/status.$nobody") $(cat "$work/woken.$nobody")" "200 {\"reason\":\"nothing to do\",\"skipped\":true,\"success\":true,\"videoId\":\"$nobody\"}"
is "and one that the queue knew nothing of is found by its claim" "$(sql "SELECT count(*) FROM thumbnails.events WHERE video_id = '$forgotten' AND text = 'found by a claim'")" 1
is "the direct request is served" "$(cat "$work/status.asked")" 200
is "after one job of each worker at most" "$(sql "SELECT count(*) <= ${#workers[@]} FROM thumbnails.events WHERE to_status = 'processing'
  AND video_id = ANY (string_to_array('${woken[*]}', ' ')::uuid[]) AND id < (SELECT id FROM thumbnails.events WHERE to_status = 'processing' AND video_id = '$asked')")" t
is "and all of them are made" "$(until_finished woken)" 0

# Stopped in the middle: the job in hand is finished, and no other one is taken. One that stood still for longer than its lease gives its job
# up instead: it neither renews it, which would hold the row for nobody, nor takes it or another one anew.
taken() { sql "SELECT count(*) FROM thumbnails.events e JOIN videos v ON v.id = e.video_id WHERE e.to_status = 'processing' AND v.video_url LIKE '%&$1%'"; }
in_hand() { sql "SELECT count(*) FROM thumbnails.jobs WHERE token IS NOT NULL AND due_at > clock_timestamp()"; }
for still in stop frozen; do
  mapfile -t workers < <(pgrep -f "^$work/bin/real/auto-generate-thumbnail$")
  many 20 "late.mp4?ms=600&$still" >/dev/null
  id=$(sql "SELECT id FROM videos WHERE video_url LIKE '%&${still}1'")
  is "a worker is woken" "$(generate -H 'Prefer: respond-async' -d "{\"videoId\":\"$id\"}")" 202
  # They stand still while they are told, or it would be chance how many they have taken until then.
  for _ in $(seq 600); do [ "$(taken $still)" = 0 ] || break; sleep 0.05; done
  kill -STOP "${workers[@]}"
  quiet
  taken_before=$(taken $still)
  control stop auto-generate-thumbnail:* &
  stopper=$!
  for _ in $(seq 100); do
    states=$(supervisorctl -c "$work/state/conf/supervisord.conf" status 'auto-generate-thumbnail:*' || true)
    grep -qv STOPPING <<<"$states" || break
  done
  if [ $still = frozen ]; then
    for _ in $(seq 200); do [ "$(in_hand)" != 0 ] || break; sleep 0.1; done
  fi
  kill -CONT "${workers[@]}"
  wait "$stopper"
  is "told to stop ($still), it leaves nothing in hand" "$(in_hand)" 0
  is "and takes no other" "$(taken $still)" "$taken_before"
  control start auto-generate-thumbnail:*
  end_quiet
  is "the relay sees to the rest" "$(until_finished "&$still")" 0
done

# Web servers that wish to keep their connection, and one that has connected and says no more of its request: neither holds a worker for itself.
python3 - "$bin/scheduled" "$work/silent" "$SERVICE_ROLE_KEY" <<'PY' >"$work/status" 2>&1
import signal, socket, struct, subprocess, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[2])
listener.listen()
worker = subprocess.Popen([sys.argv[1]], stdin=listener, stderr=subprocess.DEVNULL, env={
    "SERVICE_ROLE_KEY": sys.argv[3], "SUPABASE_URL": "http://x", "REQUEST_DEADLINE": "1"})
def call():
    caller = socket.socket(socket.AF_UNIX)
    caller.settimeout(60)
    caller.connect(sys.argv[2])
    return caller
record = lambda kind, body: struct.pack(">BBHHBB", 1, kind, 1, len(body), 0, 0) + body
fields = b"".join(bytes([len(name), len(value)]) + name + value for name, value in [(b"REQUEST_METHOD", b"GET"), (b"REQUEST_URI", b"/health")])
try:
    keepers = [call() for _ in range(2)]
    for keeper in keepers:
        keeper.sendall(record(1, struct.pack(">HB5x", 1, 1)) + record(4, fields) + record(4, b"") + record(5, b""))
        answer = b""
        while part := keeper.recv(4096):
            answer += part
        print(b"Status: 200" in answer)
    silent = call()
    silent.sendall(record(1, b"")[:6])
    print(worker.wait(60) == -signal.SIGALRM)
except (TimeoutError, subprocess.TimeoutExpired) as late:
    print(late)
finally:
    worker.kill()
PY
is "no web server holds a worker for itself" "$(cat "$work/status")" $'True\nTrue\nTrue'

# A look that fails when the relay has just fallen asleep wakes it: else it would be told of every change, at the platform's cost, while it is awake.
sql "ALTER FUNCTION thumbnails.due_videos(integer, uuid[]) RENAME TO due_videos_awake"
sql "CREATE FUNCTION thumbnails.due_videos(integer, uuid[]) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER AS \$\$ BEGIN
  IF EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND pid = pg_backend_pid()) THEN RAISE 'no look asleep'; END IF;
  RETURN QUERY SELECT * FROM thumbnails.due_videos_awake(\$1, \$2); END \$\$"
sql "GRANT EXECUTE ON FUNCTION thumbnails.due_videos(integer, uuid[]) TO PUBLIC"
for _ in $(seq 200); do ! grep -q 'no look asleep' "$work"/state/log/webhook-relay.log* || break; sleep 0.1; done
has "a look fails when the relay has fallen asleep" "$(cat "$work"/state/log/webhook-relay.log*)" 'no look asleep'
sql "DROP FUNCTION thumbnails.due_videos(integer, uuid[]); ALTER FUNCTION thumbnails.due_videos_awake(integer, uuid[]) RENAME TO due_videos"
is "afterwards it is awake at times" "$(sql "CREATE FUNCTION pg_temp.is_free() RETURNS boolean LANGUAGE plpgsql AS \$\$ BEGIN
  FOR n IN 1..30000 LOOP
    IF pg_try_advisory_lock_shared(thumbnails.wake_up_key()) THEN RETURN true; END IF;
    PERFORM pg_sleep(0.001);
  END LOOP;
  RETURN false; END \$\$; SELECT pg_temp.is_free()" | tail -n 1)" t

# With all of it at once, and in a burst, nothing is made twice.
many 60 'video.mp4?burst' >/dev/null
end_quiet
for _ in 1 2 3; do call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/scheduled" >/dev/null; done
is "everybody at once" "$(until_finished burst)" 0
is "makes each once" "$(sql "SELECT count(*) || ' ' || count(DISTINCT video_id) FROM thumbnails.events e JOIN videos v ON v.id = e.video_id WHERE to_status = 'completed' AND video_url LIKE '%burst%'")" "60 60"
