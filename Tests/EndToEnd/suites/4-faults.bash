# shellcheck shell=bash disable=SC2154
# Things that break half-way, and the faults of the original that show from outside.
row=$(quiet_row "http://127.0.0.1:$origin/stall.mp4")
is "fault 4: a wait that is too long is over before the caller's" \
  "$(cgi auto-generate-thumbnail "{\"videoId\":\"$row\"}" REQUEST_DEADLINE=2 LEASE_SECONDS=30)" 504
is "fault 4: and the row says failed" "$(state_of "$row")" "failed source"
has "fault 4: with a reason" "$(sql "SELECT thumbnail_generation_error FROM videos WHERE id = '$row'")" 'in time\|deadline'

# An origin that is silent for longer than a lease, and however slow it may be: no other worker takes the video meanwhile.
row=$(quiet_row "http://127.0.0.1:$origin/stall.mp4?silent")
cgi auto-generate-thumbnail "{\"videoId\":\"$row\"}" LEASE_SECONDS=8 SOURCE_MIN_SPEED=0 >"$work/status" &
: >"$work/lapsed"
while kill -0 $! 2>/dev/null; do
  sql "SELECT 'lapsed' FROM thumbnails.jobs WHERE video_id = '$row' AND token IS NOT NULL AND due_at < clock_timestamp()" >>"$work/lapsed"
  sleep 0.1
done
is "a silent origin: the lease is kept" "$(sort -u "$work/lapsed")" ""
is "a silent origin: the row says whose fault it is" "$(cat "$work/status") $(state_of "$row")" "504 failed source"

row=$(quiet_row "$base/videos/demo.mp4")
leave_behind "$row"
psql -XAtq "$DATABASE_URL" -c "BEGIN" -c "SELECT id FROM videos WHERE id = '$row' FOR UPDATE" -c "SELECT pg_sleep(600)" >"$work/locked" 2>&1 &
locker=$!
for _ in $(seq 600); do [ -s "$work/locked" ] && break; sleep 0.1; done
is "fault 8: the sweep answers while a row is locked" "$(call --max-time 30 -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails")" 200
is "fault 8: it sets the row going all the same" "$(sql "SELECT count(*) FROM thumbnails.events WHERE video_id = '$row' AND text = 'found by the sweep'")" 1
is "fault 8: and was not waiting for the lock" "$(sql "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid() AND state = 'active'")" 1
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()" >/dev/null
wait "$locker" 2>/dev/null || true
end_quiet
is "the row is not forgotten" "$(wait_for "$row" completed)" completed

row=$(quiet_row "$base/videos/demo.mp4")
leave_behind "$row"
is "fault 9: scheduled with the cron secret" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/scheduled")" 200
has "its reply" "$(body)" '"success":true,"result":{'
is "its reply is short" "$([ "$(cat "$work/headers" "$work/body" | wc -c)" -lt 8192 ] && echo yes)" yes
is "without the relay, scheduled alone completes" "$(wait_for "$row" completed failed)" completed
row=$(quiet_row "$base/videos/demo.mp4")
is "fault 10: the command a crontab runs, with a crontab's environment" \
  "$(env -i PATH=/usr/bin:/bin SUPABASE_URL="$base" CRON_SECRET="$CRON_SECRET" "$bin/scheduled" run | grep -c '"success":true')" 1
is "fault 10: it did fire" "$(wait_for "$row" completed failed)" completed
has "fault 10: the schedule of make run is running" "$(supervisorctl -c "$work/state/conf/supervisord.conf" status schedule)" RUNNING

# Whoever reads the log stands still, and the pipe to it is full.
mkfifo "$work/unread"
mkdir "$work/unread.store"
exec 7<>"$work/unread"
dd if=/dev/zero of="$work/unread" bs=4096 count=1000 oflag=nonblock 2>/dev/null || true
row=$(quiet_row "$base/videos/demo.mp4")
body="{\"videoId\":\"$row\"}"
printf %s "$body" | env -i PATH="$PATH" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST REQUEST_URI=/cgi CONTENT_LENGTH=${#body} \
  HTTP_AUTHORIZATION="Bearer $SERVICE_ROLE_KEY" SERVICE_ROLE_KEY="$SERVICE_ROLE_KEY" DATABASE_URL="$HANDLERS_DATABASE_URL" SUPABASE_URL="$base" \
  THUMBNAILS_DIRECTORY="$work/unread.store" SOURCE_PRIVATE_HOSTS="${base#http://}" REQUEST_DEADLINE=20 \
  timeout -s KILL 60 "$bin/auto-generate-thumbnail" >"$work/unread.answer" 2>&7 || true
exec 7>&-
has "a log that nobody reads holds nothing up" "$(cat "$work/unread.answer")" '^Status: 200'
end_quiet

# The database has no room for the result, nor for keeping it, as where its disk is full, and then it has.
row=$(quiet_row "$base/videos/demo.mp4")
sql "CREATE SEQUENCE tries"
sql "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
  \$\$ BEGIN IF nextval('public.tries') <= 6 THEN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END IF; RETURN NEW; END \$\$"
sql "CREATE TRIGGER no_room BEFORE UPDATE ON videos FOR EACH ROW WHEN (NEW.thumbnail_url IS DISTINCT FROM OLD.thumbnail_url) EXECUTE FUNCTION no_room()"
sql "CREATE TRIGGER no_room BEFORE UPDATE ON thumbnails.jobs FOR EACH ROW WHEN (NEW.result IS DISTINCT FROM OLD.result) EXECUTE FUNCTION no_room()"
is "no room for a result: it is handed in when there is" "$(generate -d "{\"videoId\":\"$row\"}")" 200
is "no room for a result: it was refused before, and is there" "$(sql "SELECT last_value FROM tries") $(state_of "$row")" "7 completed"
is "no room for a result: it is of the same attempt" "$(events_of "$row" processing)" 1
sql "ALTER SEQUENCE tries MINVALUE -1000 RESTART -1000"
row=$(quiet_row "$base/videos/demo.mp4")
is "still no room: the answer says so" "$(generate -d "{\"videoId\":\"$row\"}")" 503
is "still no room: the attempt is given back" "$(sql "SELECT concat_ws(' ', thumbnail_generation_status, thumbnail_generation_error_code, thumbnail_generation_attempts) FROM videos WHERE id = '$row'")" "pending database 0"
sql "DROP TRIGGER no_room ON videos; DROP TRIGGER no_room ON thumbnails.jobs; DROP FUNCTION no_room; DROP SEQUENCE tries"
end_quiet
is "room again: it gets its thumbnail" "$(wait_for "$row" completed failed)" completed

control stop 'auto-generate-thumbnail:*'
row=$(insert "$base/videos/demo.mp4")
is "no worker: an honest 502" "$(generate -d "{\"videoId\":\"$row\"}")" 502
has "in JSON" "$(body)" '"success":false'
control start 'auto-generate-thumbnail:*'
is "workers stopped and started: nothing lost" "$(wait_for "$row" completed failed)" completed

row=$(insert "http://127.0.0.1:$origin/stall-once.mp4")
wait_for "$row" processing >/dev/null
supervisorctl -c "$work/state/conf/supervisord.conf" status | sed -n 's/^auto-generate-thumbnail.*pid \([0-9]*\),.*/\1/p' | xargs kill -KILL
is "workers killed at work: another one takes over" "$(wait_for "$row" completed failed)" completed
is "as the second attempt" "$(sql "SELECT thumbnail_generation_attempts FROM videos WHERE id = '$row'")" 2

row=$(quiet_row "http://127.0.0.1:$origin/slow.mp4")
curl -s -o "$work/last" -w '%{http_code}' -X POST -H "Authorization: Bearer $SERVICE_ROLE_KEY" -d "{\"videoId\":\"$row\"}" \
  "$base/functions/v1/auto-generate-thumbnail" >"$work/last.status" &
last=$!
wait_for "$row" processing >/dev/null
control stop 'auto-generate-thumbnail:*'
wait "$last"
is "SIGTERM: the request in hand is finished" "$(cat "$work/last.status")" 200
is "SIGTERM: every worker ends by itself" \
  "$(grep -c 'stopped: auto-generate-thumbnail-[0-9]* (exit status 0)' "$work/state/log/supervisord.log" | sed 's/^[1-9].*/yes/')" yes
is "SIGTERM: none had to be killed" "$(grep -c "killing 'auto-generate-thumbnail.*SIGKILL" "$work/state/log/supervisord.log" || true)" 0
control start 'auto-generate-thumbnail:*'

row=$(quiet_row "http://127.0.0.1:$origin/video.mp4")
: >"$work/no-folder"
is "a store that fails" "$(cgi auto-generate-thumbnail "{\"videoId\":\"$row\"}" THUMBNAILS_DIRECTORY="$work/no-folder")" 503
is "gives the attempt back" "$(sql "SELECT thumbnail_generation_attempts FROM videos WHERE id = '$row'")" 0
is "the row waits" "$(state_of "$row")" "pending storage"

# An origin that cannot be reached, and neither can the store: the network of this host is at fault, and not the video.
unreached() { # row endpoint
  cgi auto-generate-thumbnail "{\"videoId\":\"$1\"}" SOURCE_PRIVATE_HOSTS=127.0.0.1:1 S3_ENDPOINT="$2" R2_BUCKET_NAME=thumbs R2_ACCESS_KEY_ID=placeholder-id \
    R2_SECRET_ACCESS_KEY=placeholder-secret R2_PUBLIC_DOMAIN=thumbs.example.com
  echo " $(state_of "$1") $(sql "SELECT thumbnail_generation_attempts FROM videos WHERE id = '$1'")"
}
is "no network" "$(unreached "$(quiet_row http://127.0.0.1:1/video.mp4)" http://127.0.0.1:2 | xargs)" "503 pending storage 0"
has "it says so" "$(body)" 'neither the video.s origin nor the object store can be reached'
is "no origin, and a store that answers" "$(unreached "$(quiet_row http://127.0.0.1:1/video.mp4)" "$base" | xargs)" "502 failed source 1"

row=$(quiet_row "http://127.0.0.1:$origin/video.mp4")
for _ in $(seq 50); do
  curl -s -o /dev/null -w '%{http_code}\n' -X POST -H "Authorization: Bearer $SERVICE_ROLE_KEY" -d "{\"videoId\":\"$row\"}" \
    "$base/functions/v1/auto-generate-thumbnail" >>"$work/many" &
  posts+=($!)
done
wait "${posts[@]}"
is "fault 7: fifty copies of one webhook get polite answers" "$(grep -cv -e 200 -e 409 "$work/many" || true)" 0
is "fault 7: and one claim" "$(sql "SELECT count(*) FROM thumbnails.events WHERE video_id = '$row' AND to_status = 'processing'")" 1
is "fault 7: and one result" "$(sql "SELECT count(*) FROM thumbnails.events WHERE video_id = '$row' AND to_status = 'completed'")" 1

control restart postgresql
for _ in $(seq 600); do sql "SELECT 1" >/dev/null 2>&1 && break; sleep 0.1; done
is "after a database restart" "$(settled "$base/videos/demo.mp4")" completed
control stop postgresql
is "without a database: an honest 503" "$(generate -d "{\"videoId\":\"$row\"}")" 503
has "with the class" "$(body)" '"code":"database"'
is "the sweep without a database" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails")" 503
is "scheduled is not better than what it calls" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/scheduled")" 503
# Those that start without one as well: nobody waits for an answer until there is one.
control restart auto-generate-thumbnail: retry-stuck-thumbnails:
is "started without a database: as honest" "$(generate -d "{\"videoId\":\"$row\"}")" 503
is "and there" "$(call "$base/health")" 200
is "the report, too" "$(call -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails")" 503
# But for those that only tell how many were left out.
is "each line of the log says why" "$(for _ in 1 2 3; do generate -d "{\"videoId\":\"$row\"}" >/dev/null; done
  cat "$work"/state/log/auto-generate-thumbnail*.log | grep '"error":"the database cannot be reached' | grep -cv -e ' failed: ' -e '"repeated":' || true)" 0
control start postgresql
for _ in $(seq 600); do sql "SELECT 1" >/dev/null 2>&1 && break; sleep 0.1; done
is "after a database outage" "$(settled "$base/videos/demo.mp4")" completed
# As of a tablespace that was dropped: the server warns of it whenever somebody connects.
sql "ALTER ROLE ALL SET default_tablespace = 'dropped'" 2>/dev/null
control restart auto-generate-thumbnail: retry-stuck-thumbnails: webhook-relay
is "a server that warns" "$(settled "$base/videos/demo.mp4" 2>/dev/null)" completed
sql "ALTER ROLE ALL RESET default_tablespace" 2>/dev/null

is "fault 12: no secret in logs" "$(cat "$work"/state/log/*.log | grep -c -e "$SERVICE_ROLE_KEY" -e "$CRON_SECRET" -e "$WEBHOOK_SECRET" || true)" 0
is "fault 12: nor in queue rows" "$(sql "SELECT count(*) FROM (SELECT i::text FROM thumbnails.inbox i UNION ALL SELECT j::text FROM thumbnails.jobs j
  UNION ALL SELECT a::text FROM thumbnails.set_aside a UNION ALL SELECT b::text FROM thumbnails.breakers b) AS q (text) WHERE q.text ~ '$SERVICE_ROLE_KEY|$WEBHOOK_SECRET'")" 0
is "fault 12: nor in events" "$(sql "SELECT count(*) FROM thumbnails.events e WHERE e::text ~ '$SERVICE_ROLE_KEY|$WEBHOOK_SECRET'")" 0
# shellcheck disable=SC2009
is "fault 12: nor in process lists" "$(ps -eo args | grep -v grep | grep -c -e "$SERVICE_ROLE_KEY" -e "$CRON_SECRET" || true)" 0
is "every log line of a handler is JSON" "$(grep -hv '^{' "$work"/state/log/{auto-generate-thumbnail,retry-stuck-thumbnails,scheduled,webhook-relay}*.log | head -n 1)" ""
