# shellcheck shell=bash disable=SC2154
# Restarts, reloads and crashes under a steady load: nobody is told anything unexpected, and no work is lost.
seconds=${ROLLING_SECONDS:-20}
row=$(sql "SELECT id FROM videos WHERE thumbnail_generation_status = 'completed' LIMIT 1")
printf '{"videoId":"%s"}' "$row" >"$work/again.json"
load() { # seconds: 200 requests a second, ten at once
  # A connection each: nginx closes idle ones when it is reloaded, and a client that uses one at that moment has to ask again (RFC 9112, 9.3.1).
  hey -disable-keepalive -z "$1s" -c 10 -q 20 -t 30 -m POST -D "$work/again.json" -H "Authorization: Bearer $SERVICE_ROLE_KEY" -T application/json \
    "$base/functions/v1/auto-generate-thumbnail"
}
# How many were told what, and how many nothing.
told() { sed -n 's/^ *\[\([0-9]*\)\]\t\([0-9]*\) responses.*/\1: \2/p' "$1" | paste -sd' '; }
unanswered() { sed -n '/^Error distribution/,$p' "$1" | sed -n 's/^ *\[\([0-9]*\)\].*/\1/p' | paste -sd+ | grep . || echo 0; }

end_quiet
load "$seconds" >"$work/load" 2>&1 &
loader=$!
restarts=0
inserted=0
: >"$work/rows"
until ! kill -0 "$loader" 2>/dev/null; do
  control restart "auto-generate-thumbnail:auto-generate-thumbnail-$((restarts % 4))"
  restarts=$((restarts + 1))
  [ $((restarts % 3)) != 0 ] || control signal HUP nginx
  [ $((restarts % 5)) != 0 ] || control restart webhook-relay
  sql "INSERT INTO videos (status, video_url) VALUES ('completed', '$base/videos/demo.mp4') RETURNING id" >>"$work/rows"
  inserted=$((inserted + 1))
  sleep 0.8
done
wait "$loader"
printf '  %s restarts, %s videos, answers %s\n' "$restarts" "$inserted" "$(told "$work/load")"
is "a restart a second: nobody is told anything but 200" "$(told "$work/load" | sed 's/: .*//')" 200
sed -n '/^Error distribution/,$p' "$work/load"
is "and everybody is answered" "$(unanswered "$work/load")" 0
is "and it was asked all the time" "$([ "$(told "$work/load" | sed -n 's/^200: //p')" -ge $((seconds * 20)) ] && echo yes)" yes
list=$(paste -sd, "$work/rows" | sed "s/[^,]*/'&'/g")
for _ in $(seq 600); do [ "$(sql "SELECT count(*) FROM videos WHERE id IN ($list) AND thumbnail_generation_status <> 'completed'")" = 0 ] && break; sleep 0.1; done
is "every video of that time has its thumbnail" "$(sql "SELECT count(*) FROM videos WHERE id IN ($list) AND thumbnail_generation_status = 'completed'")" "$inserted"
is "and none took more attempts than it has" "$(sql "SELECT count(*) FROM videos WHERE id IN ($list) AND thumbnail_generation_attempts > thumbnails.max_attempts()")" 0

# A hundred crashes, of a worker that others stand beside: nobody but whoever it served notices.
supervisor=$(supervisorctl -c "$work/state/conf/supervisord.conf" pid)
crashes=0
for _ in $(seq 2000); do
  pid=$(pgrep -P "$supervisor" -x auto-generate-t | shuf -n 1)
  if [ -n "$pid" ]; then
    # The one before may just have been cleared away.
    kill -KILL "$pid" 2>/dev/null || continue
    crashes=$((crashes + 1))
    [ "$crashes" -lt 100 ] || break
  fi
  sleep 0.02
done
is "a hundred crashes" "$crashes" 100
is "and it answers" "$(generate -d @"$work/again.json")" 200

# SIGTERM during work: what is in hand is finished first.
row=$(insert "http://127.0.0.1:$origin/slow.mp4")
is "a video that takes its time" "$(wait_for "$row" processing)" processing
control restart "auto-generate-thumbnail:*"
is "is finished by the worker that was told to stop" "$(wait_for "$row" completed failed)" completed
is "in its first attempt" "$(sql "SELECT thumbnail_generation_attempts || ' ' || (SELECT count(*) FROM thumbnails.events WHERE video_id = v.id AND to_status = 'processing') FROM videos v WHERE id = '$row'")" "1 1"
