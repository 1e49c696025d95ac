# shellcheck shell=bash disable=SC2154
# Slow, poisoned and unlucky videos, lost webhooks, wrong clocks.
# A worker that gets on keeps its claim for as long as it takes, whatever sweeps meanwhile.
row=$(quiet_row "http://127.0.0.1:$origin/drip.mp4")
(as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$row\"}" THUMBNAILS_DIRECTORY="$work/state/public" LEASE_SECONDS=4 SOURCE_MIN_SPEED=1) \
  >"$work/drip.status" &
dripping=$!
is "a slow job" "$(wait_for "$row" processing)" processing
end_quiet

# Meanwhile: a poison video crashes every decoder that sees it, and nobody else.
workers() { supervisorctl -c "$work/state/conf/supervisord.conf" status | sed -n 's/^auto-generate-thumbnail.*pid \([0-9]*\),.*/\1/p'; }
workers_before=$(workers)
poison=$(insert "http://127.0.0.1:$origin/poison.mp4")
neighbours=()
for n in 1 2 3; do neighbours+=("$(insert "http://127.0.0.1:$origin/video.mp4?neighbour$n")"); done
for neighbour in "${neighbours[@]}"; do is "a neighbour of the poison video" "$(wait_for "$neighbour" completed failed)" completed; done
is "the poison video" "$(wait_for "$poison" failed)" "failed media"
is "within one claim" "$(events_of "$poison" processing)" 1
has "with a reason" "$(sql "SELECT thumbnail_generation_error FROM videos WHERE id = '$poison'")" 'crashed its decoder (signal 6)'
is "it was tried once more" "$(grep -c "once more.*$poison\|$poison.*once more" "$work/state/log/auto-generate-thumbnail.log" || true)" 1
is "no worker was lost" "$(workers)" "$workers_before"

# The job of five leases is still going on: the hourly sweep does not take it either.
is "a sweep during a long job" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails")" 200

# An origin that is down for twenty minutes costs no video its thumbnail: the waits are read off the rows, and skipped.
row=$(insert "http://127.0.0.1:$origin/down.mp4")
waited=0
for attempt in 1 2; do
  is "origin down, attempt $attempt" "$(wait_for "$row" failed)" "failed source"
  for _ in $(seq 600); do [ "$(events_of "$row" failed)" = "$attempt" ] && break; sleep 0.1; done
  waited=$((waited + $(sql "SELECT extract(epoch FROM due_at - now())::integer FROM thumbnails.jobs WHERE video_id = '$row'")))
  [ "$attempt" = 1 ] || : >"$work/forbidden.up"
  sql "UPDATE thumbnails.jobs SET due_at = now() WHERE video_id = '$row'"
  for _ in $(seq 600); do [ "$(events_of "$row" processing)" -gt "$attempt" ] && break; sleep 0.1; done
done
is "it waits longer than twenty minutes in all" "$([ "$waited" -gt 1200 ] && [ "$waited" -lt 3600 ] && echo yes)" yes
is "and gets its thumbnail when the origin is back" "$(wait_for "$row" completed)" completed

# Webhooks that are lost: nobody hears them, and the relay that posted them dies. The queue has the videos all the same.
end_quiet
# Whoever is done with a slow job goes on with what is due, and needs no webhook for that.
wait "$dripping"
control stop nginx
lost=()
for n in 1 2 3; do lost+=("$(insert "http://127.0.0.1:$origin/video.mp4?lost$n")"); done
list=$(printf "'%s'," "${lost[@]}")
# Three posts that nobody has heard are what the relay calls trouble.
for _ in $(seq 600); do
  [ "$(sql "SELECT count(*) FROM thumbnails.workers WHERE program = 'webhook-relay' AND trouble IS NOT NULL")" = 0 ] || break
  sleep 0.1
done
is "the relay has made jobs of the hints, which are due" "$(sql "SELECT count(*) FROM thumbnails.jobs WHERE video_id IN (${list%,}) AND token IS NULL AND due_at <= now()")" 3
kill -KILL "$(supervisorctl -c "$work/state/conf/supervisord.conf" pid webhook-relay)"
is "and nobody has begun" "$(sql "SELECT count(*) FROM thumbnails.events WHERE video_id IN (${list%,}) AND to_status = 'processing'")" 0
control start nginx
for row in "${lost[@]}"; do is "without its webhook" "$(wait_for "$row" completed failed)" completed; done

# Hints that are lost, with all that the queue knew of the videos: the sweep finds them.
quiet_row "http://127.0.0.1:$origin/video.mp4?quiet" >/dev/null
# In the transaction that makes them, or a worker that still goes on takes one.
mapfile -t lost < <(sql "INSERT INTO videos (status, video_url) SELECT 'completed', 'http://127.0.0.1:$origin/video.mp4?hint' || n FROM generate_series(1, 3) AS n RETURNING id; DELETE FROM thumbnails.inbox AS i USING videos AS v WHERE v.id = i.video_id AND v.video_url LIKE '%?hint_'")
list=$(printf "'%s'," "${lost[@]}")
is "a sweep just now" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails")" 200
is "leaves what is fresh to those who may be at it" "$(sql "SELECT count(*) FROM videos WHERE id IN (${list%,}) AND thumbnail_generation_status = 'pending'")" 3
sql "UPDATE videos SET created_at = now() - interval '11 minutes' WHERE id IN (${list%,})"
is "a sweep ten minutes later" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails")" 200
has "finds them" "$(body)" '"retriedCount":[3-9]'
for row in "${lost[@]}"; do
  is "without its hint" "$(wait_for "$row" completed failed)" completed
  is "which its history says" "$(sql "SELECT count(*) FROM thumbnails.events WHERE video_id = '$row' AND text = 'found by the sweep'")" 1
done
end_quiet

# Clocks that are wrong. The web server's is another one's, and it may tell by it when the request came, as ours once did.
for seconds in 3600 -3600; do
  row=$(quiet_row "http://127.0.0.1:$origin/video.mp4?clock$seconds")
  is "a worker whose clock is off by $seconds s" "$(as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$row\"}" FAULT_CLOCK="$seconds" \
    REQUEST_STARTED="$(date +%s.%3N)" THUMBNAILS_DIRECTORY="$work/state/public")" 200
  is "its clock is really off" "$(FAULT_CLOCK=$seconds LD_PRELOAD=$work/bin/fault.so date +%s | awk -v now="$(date +%s)" -v off="$seconds" \
    '{ d = $1 - now - off; print (d > -5 && d < 5) ? "yes" : "no" }')" yes
  is "the row's times are the database's" "$(sql "SELECT abs(extract(epoch FROM now() - thumbnail_generated_at)) < 60 FROM videos WHERE id = '$row'")" t
done
end_quiet

# A caller that gives up before a worker is free.
row=$(quiet_row "http://127.0.0.1:$origin/video.mp4?gone")
mapfile -t workers < <(pgrep -f "^$work/bin/real/auto-generate-thumbnail$")
kill -STOP "${workers[@]}"
is "nobody answers in time" "$(call --max-time 1 -X POST -H "Authorization: Bearer $SERVICE_ROLE_KEY" -d "{\"videoId\":\"$row\"}" \
  "$base/functions/v1/auto-generate-thumbnail" || true)" 000
# nginx learns of it a moment later, and tells the workers by closing its own connection.
unnoticed() { awk -v "port=:$(printf '%04X' "${base##*:}")" 'substr($2, length($2) - 4) == port && $4 == "08" { n++ } END { exit !n }' /proc/net/tcp; }
for _ in $(seq 600); do unnoticed || break; sleep 0.1; done
refused() { cat "$work"/state/log/auto-generate-thumbnail*.log | grep -c '"status":503'; }
before=$(refused || true)
kill -CONT "${workers[@]}"
is "afterwards the workers answer" "$(generate -d '{}')" 400
for _ in $(seq 600); do [ "$(refused)" = "$before" ] || break; sleep 0.1; done
is "nothing was claimed for a caller that had gone" "$(events_of "$row" processing)" 0
end_quiet
is "the video is not forgotten" "$(wait_for "$row" completed failed)" completed

is "a job of five leases" "$(cat "$work/drip.status")" 200
row=$(sql "SELECT id FROM videos WHERE video_url LIKE '%/drip.mp4'")
is "lasted so long" "$(sql "SELECT extract(epoch FROM duration) > 20 FROM thumbnails.events WHERE video_id = '$row' AND to_status = 'completed'")" t
is "and was not stolen" "$(events_of "$row" processing)" 1
