# shellcheck shell=bash disable=SC2154
# The report, the metrics, and starting videos again by hand.
retry=$base/functions/v1/retry-stuck-thumbnails
# What is shown to those who poll may be ten seconds old: here they ask until it is new, where the answer tells its time.
look() {
  local since status at
  since=$(sql "SELECT thumbnails.iso(clock_timestamp())")
  for _ in $(seq 300); do
    status=$(call -H "Authorization: Bearer $CRON_SECRET" "$@")
    at=$(field data.at 2>/dev/null || true)
    if [ -z "$at" ] || ! [[ $at < $since ]]; then break; fi
    sleep 0.2
  done
  printf %s "$status"
}
order() { call -X POST -H "Authorization: Bearer $CRON_SECRET" "$retry" -d "$1"; }
field() { python3 -c 'import json, sys
value = json.load(open(sys.argv[1]))
for name in sys.argv[2].split("."): value = value[int(name)] if isinstance(value, list) else value[name]
print(value if isinstance(value, str) else json.dumps(value))' "$work/body" "$1"; }

row=$(quiet_row "http://127.0.0.1:$forbidden/none.mp4")
is "a video whose URL may not be fetched" "$(generate -d "{\"videoId\":\"$row\"}")" 422
is "GET reports" "$(look "$retry")" 200
is "as JSON" "$(sed -n 's/^[Cc]ontent-[Tt]ype: \([^;]*\).*/\1/p' "$work/headers")" application/json
is "in less than 8 KB" "$([ "$(cat "$work/headers" "$work/body" | wc -c)" -lt 8192 ] && echo yes)" yes
shown() { echo "$(field data.health.completedCount) $(field data.health.failedCount) $(field data.health.needsGenerationCount)"; }
in_view() { sql "SELECT completed_count || ' ' || failed_count || ' ' || needs_generation_count FROM thumbnail_generation_health"; }
# Something of the suites before may still be on its way.
for _ in $(seq 120); do [ "$(shown)" != "$(in_view)" ] || break; sleep 0.5; look "$retry" >/dev/null; done
is "its figures are those of the view" "$(shown)" "$(in_view)"
has "with the reason of each failure" "$(body)" '"class": "forbidden"'
has "and whom they concern" "$(body)" "$row"
is "the platform's key may look, too" "$(call -H "Authorization: Bearer $SERVICE_ROLE_KEY" "$retry?limit=1")" 200
is "as long as asked for" "$(field data.failures | grep -o '"count"' | wc -l)" 1
is "nobody else may" "$(call "$retry")" 401
is "nor with the webhook's secret" "$(call -H "Authorization: Bearer $WEBHOOK_SECRET" "$retry")" 401
is "a field that is unknown" "$(look "$retry?limi=5")" 400
has "is named" "$(body)" 'limi is not known'
is "a limit out of range" "$(look "$retry?limit=100000")" 400
is "a query that cannot be read" "$(look "$retry?a=%zz")" 400
is "other methods" "$(look -X DELETE "$retry")" 405
has "with those that there are" "$(cat "$work/headers")" '^Allow: GET, POST, OPTIONS'

unchanged=$(sql "SELECT md5(string_agg(v::text, '' ORDER BY id)) FROM videos v; SELECT count(*) FROM thumbnails.events")
look "$retry" >/dev/null
is "a report changes nothing" "$(sql "SELECT md5(string_agg(v::text, '' ORDER BY id)) FROM videos v; SELECT count(*) FROM thumbnails.events")" "$unchanged"
# What the suites before left at work, or with a lease that ends, comes to its end first; then nothing is due in between.
insert "$base/videos/demo.mp4" >/dev/null # starts the relay again where it was stopped
for _ in $(seq 600); do
  [ "$(sql "SELECT count(*) || ' ' || (thumbnails.next_sweep(0) ->> 'count') FROM videos WHERE thumbnail_generation_status = 'processing'")" = "0 0" ] && break
  sleep 0.1
done
sql "UPDATE thumbnails.jobs SET due_at = now() + interval '1 hour' WHERE due_at > now()"
lost=$(quiet_row "$base/videos/demo.mp4")
leave_behind "$lost"
look "$retry" >/dev/null
is "a dry run: what the next sweep would start" "$(field data.nextSweep.count) $(field data.nextSweep.videos.0.videoId) $(field data.nextSweep.videos.0.reason)" "1 $lost left_behind"
order '{}' >/dev/null
is "and that is what it starts" "$(field data.retriedCount)" 1
is "to the end, without a relay" "$(wait_for "$lost" completed failed)" completed
look "$retry" >/dev/null
is "then there is nothing more" "$(field data.nextSweep.count)" 0
is "the sweep is noted" "$(field data.lastSweep.retriedCount)" 1

is "one video's life" "$(look "$retry?videoId=$lost")" 200
is "ends with its thumbnail" "$(field data.events.0.to)" completed
has "each attempt with what it cost" "$(field data.events.0.detail)" '"timestampSeconds"'
is "is shown without its URL" "$(grep -c demo.mp4 "$work/body")" 0
is "a video there is none of" "$(look "$retry?videoId=00000000-0000-4000-8000-00000000dead")" 404
is "what is no id" "$(look "$retry?videoId=x%27--")" 400
is "a list of the latest" "$(look "$retry?videos=recent&limit=1")" 200
is "begins with it" "$(field data.videos.0.id)" "$lost"
is "a list by its id's first digits" "$(look "$retry?videos=recent&text=${lost:0:13}&order=newest")" 200
is "has it" "$(field data.videos.0.id)" "$lost"
is "and how many there are" "$(field data.total)" "$(sql "SELECT count(*) FROM videos WHERE id::text LIKE '${lost:0:13}%' AND thumbnail_generation_status IS NOT NULL")"
is "a page" "$(look "$retry?videos=recent&order=oldest&limit=1")" 200
first=$(field data.videos.0.id)
is "and the next one" "$(look "$retry?videos=recent&order=oldest&limit=1&after=$(field data.next.at)~$(field data.next.id)")" 200
is "begin with different videos" "$([ "$(field data.videos.0.id)" != "$first" ] && echo yes)" yes
is "a list of what is none" "$(look "$retry?videos=recent&order=upward")" 400
is "a list of the failed" "$(look "$retry?videos=failed")" 200
has "has the one that failed" "$(body)" "$row"
is "the last day by the hour" "$(look "$retry?history=24h")" 200
is "24 of them" "$(field data | grep -o '"hour"' | wc -l)" 24

is "one video, by hand" "$(order "{\"videoId\":\"$row\"}")" 200
is "is tried anew" "$(wait_for "$row" failed)" "failed forbidden"
is "with its first attempt" "$(sql "SELECT thumbnail_generation_attempts FROM videos WHERE id = '$row'")" 1
is "that is in its life" "$(sql "SELECT count(*) FROM thumbnails.events WHERE video_id = '$row' AND class = 'manual'")" 1
is "one that has its thumbnail" "$(order "{\"videoId\":\"$lost\"}")" 409
has "is left alone, which is said" "$(body)" 'Thumbnail already exists'
is "one there is none of" "$(order '{"videoId":"00000000-0000-4000-8000-00000000dead"}')" 404
is "what is no id" "$(order '{"videoId":"x"}')" 400
is "too large a batch" "$(order '{"batch":1001}')" 400
# In one transaction: a worker is asked to make what has another URL, and may be faster than the next statement.
sql "UPDATE videos SET video_url = '$base/videos/demo.mp4' WHERE id = '$row';
     UPDATE videos SET thumbnail_generation_status = 'failed', thumbnail_generation_error = 'planted', thumbnail_generation_error_code = 'media' WHERE id = '$row';
     DELETE FROM thumbnails.inbox WHERE video_id = '$row'"
is "one that failed for good is in no queue" "$(queued "$row")" 0
is "all that failed for a reason" "$(order '{"batch":10,"status":"failed","error":"planted"}')" 200
is "and nothing else" "$(field data.processed) $(field data.remaining)" "1 0"
is "the next batch goes on from there" "$(order "{\"batch\":10,\"status\":\"failed\",\"error\":\"planted\",\"before\":\"$(field data.before)\"}")" 200
is "gets its thumbnail" "$(wait_for "$row" completed failed)" completed
is "a batch of those that wait" "$(order '{"batch":1000}')" 200
# What failed for good is dismissed, and brought back; what waits is cancelled; and all of it paused.
sql "ALTER TABLE videos DISABLE TRIGGER USER;
  UPDATE videos SET thumbnail_url = NULL, thumbnail_generation_status = 'failed', thumbnail_generation_error = 'planted', thumbnail_generation_error_code = 'media' WHERE id = '$row';
  ALTER TABLE videos ENABLE TRIGGER USER"
is "dismissed" "$(order "{\"operation\":\"dismiss\",\"videoIds\":[\"$row\"],\"by\":\"Ann\"}")" 200
is "one" "$(field data.processed)" 1
is "out of the list" "$(look "$retry?videos=failed"; grep -c "$row" "$work/body")" 2000
is "into that of the dismissed" "$(look "$retry?videos=dismissed" && field data.videos.0.id)" "200$row"
is "and by whom" "$(sql "SELECT text FROM thumbnails.events WHERE video_id = '$row' ORDER BY id DESC LIMIT 1")" "dismissed by Ann"
is "brought back" "$(order "{\"operation\":\"restore\",\"batch\":10,\"filter\":{\"state\":\"dismissed\"}}" && field data.processed)" "2001"
is "by whoever has the secret" "$(sql "SELECT text FROM thumbnails.events WHERE video_id = '$row' ORDER BY id DESC LIMIT 1")" "brought back by whoever has CRON_SECRET"
is "counted, and nothing done" "$(order '{"operation":"retry","batch":0,"filter":{"state":"failed","reason":"planted"}}' && field data.processed && field data.remaining)" $'2000\n1'
is "what cannot be done" "$(order '{"operation":"destroy"}')" 400
is "paused" "$(order '{"operation":"pause","by":"Ann","reason":"the store moves"}')" 200
has "which the report says" "$(look "$retry" && field data.paused.0.text)" "paused by Ann: the store moves"
waits=$(sql "INSERT INTO videos (status, video_url) VALUES ('completed', '$base/videos/demo.mp4') RETURNING id")
is "and whoever asks for one" "$(call -X POST -H "Authorization: Bearer $SERVICE_ROLE_KEY" "$base/functions/v1/auto-generate-thumbnail" -d "{\"videoId\":\"$waits\"}")" 503
has "with the reason" "$(body)" "paused by Ann: the store moves"
is "and its class: no fault of the store's" "$(field code)" manual
is "a sweep" "$(order '')" 200
has "wakes nobody, and says why" "$(field message)" 'due and wait: everything is paused'
is "cancelled" "$(order "{\"operation\":\"cancel\",\"videoIds\":[\"$waits\"]}" && field data.processed)" "2001"
is "it is failed for good" "$(sql "SELECT thumbnail_generation_status, thumbnail_generation_error_code FROM videos WHERE id = '$waits'")" "failed|request"
is "resumed" "$(order '{"operation":"resume"}' && field data.processed)" "2001"
# Who may only look.
onlooker() { call -H "Authorization: Bearer $STATUS_SECRET" "$@"; }
is "an onlooker sees the report" "$(onlooker "$retry" && field data.caller)" "200status"
is "and lists" "$(onlooker "$retry?videos=failed")" 200
is "and metrics" "$(onlooker "$base/metrics")" 200
for path in functions/v1/retry-stuck-thumbnails scheduled functions/v1/auto-generate-thumbnail; do
  is "an onlooker does nothing at $path" "$(onlooker -X POST "$base/$path" -d "{\"videoId\":\"$waits\"}")" 403
  has "which is said" "$(body)" "This secret may look, and do nothing else"
done
is "a URL is shown" "$(call -H "Authorization: Bearer $SERVICE_ROLE_KEY" "$retry?videoId=$waits&url=full" && field data)" "200$base/videos/demo.mp4"
is "to the service key alone" "$(look "$retry?videoId=$waits&url=full")" 403
sql "UPDATE system_config SET value = 'false' WHERE key = 'auto_thumbnail_enabled'"
is "switched off" "$(order "{\"videoId\":\"$row\"}")" 503
has "which is said" "$(body)" 'Auto thumbnail generation is disabled'
sql "UPDATE system_config SET value = 'true' WHERE key = 'auto_thumbnail_enabled'"
has "a body of a cron service's own is a sweep" "$(order 'job=17&source=cron' && body)" '"retriedCount"'

is "metrics need a bearer" "$(call "$base/metrics")" 401
metric() { sed -n "s/^$1 //p" "$work/body"; }
# Videos with a thumbnail, attempts, and jobs by what they wait for: as the metrics tell them, which may be ten seconds old, and as they are.
told() { for name in 'videos{state="completed"}' attempts_total 'jobs{state="due"}' 'jobs{state="later"}' 'jobs{state="leased"}' 'jobs{state="kept"}'; do metric "thumbnails_$name"; done | paste -sd' '; }
there() {
  sql "SELECT concat_ws(' ', (SELECT completed_count FROM thumbnail_generation_health), (SELECT count(*) FROM thumbnails.events WHERE to_status = 'processing' AND token IS NOT NULL),
    count(*) FILTER (WHERE lane < 9 AND due_at <= now()), count(*) FILTER (WHERE lane < 9 AND due_at > now() AND token IS NULL),
    count(*) FILTER (WHERE due_at > now() AND token IS NOT NULL), count(*) FILTER (WHERE lane = 9)) FROM thumbnails.jobs"
}
for _ in $(seq 300); do
  status=$(look "$base/metrics")
  there=$(there)
  [ "$(told)" != "$there" ] || break
  sleep 0.2
done
is "metrics" "$status" 200
is "in Prometheus' format" "$(sed -n 's/^[Cc]ontent-[Tt]ype: //p' "$work/headers" | tr -d '\r')" "text/plain; version=0.0.4; charset=utf-8"
is "videos, attempts and jobs are those of the database" "$(told)" "$there"
is "the histogram is complete" "$(metric thumbnails_generation_seconds_count)" "$(metric 'thumbnails_generation_seconds_bucket{le="+Inf"}')"
is "failures by class" "$([ "$(metric 'thumbnails_failures_total{class="forbidden"}')" -ge 2 ] && echo yes)" yes
is "bytes" "$([ "$(metric thumbnails_fetched_bytes_total)" -gt 10000 ] && echo yes)" yes
is "the last sweep" "$(sql "SELECT $(metric thumbnails_last_sweep_timestamp_seconds) BETWEEN extract(epoch FROM now()) - 600 AND extract(epoch FROM now())")" t
is "metrics only answer GET" "$(look -X POST "$base/metrics")" 405
has "and say so" "$(cat "$work/headers")" '^Allow: GET, OPTIONS'
is "no secret and no URL of a video in any of it" "$(grep -c -e "$CRON_SECRET" -e "$SERVICE_ROLE_KEY" -e demo.mp4 "$work/body")" 0
end_quiet
