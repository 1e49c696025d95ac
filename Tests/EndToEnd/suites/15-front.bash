# shellcheck shell=bash disable=SC2154
# The front: health, HEAD, spellings of a path, paths there are none of, and what a webhook's secret learns.
bearer=(-H "Authorization: Bearer $SERVICE_ROLE_KEY")
functions=$base/functions/v1
# HEAD as it is on the wire: what curl does not read may be there all the same.
raw_head() { # path [header]
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  printf 'HEAD %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n' "$1" "${2:+$2$'\r\n'}" >&3
  tr -d '\r' <&3 >"$work/raw"
  exec 3>&-
}
is "health, without a secret" "$(call "$base/health")" 200
is "health: nothing else in it" "$(body)" '{"status":"ok"}'
is "health by HEAD" "$(call --head "$base/health")" 200
raw_head /health
is "health by HEAD: the length, no body" "$(sed -n 's/^Content-Length: //p' "$work/raw") $(sed '1,/^$/d' "$work/raw" | wc -c)" "15 0"
is "health by POST" "$(call -X POST "$base/health")" 405
has "health by POST: says which" "$(cat "$work/headers")" '^Allow: GET, OPTIONS, HEAD'
for spelling in /health/ //health /%68ealth /functions/../health; do is "health as $spelling" "$(call --path-as-is "$base$spelling")" 200; done

is "HEAD where GET is" "$(call --head "${bearer[@]}" "$base/metrics")" 200
raw_head /metrics "${bearer[1]}"
has "HEAD where GET is: the length" "$(cat "$work/raw")" '^Content-Length: [1-9][0-9][0-9]'
is "HEAD where GET is: no body" "$(sed '1,/^$/d' "$work/raw" | wc -c)" 0
is "HEAD of the report" "$(call --head "${bearer[@]}" "$functions/retry-stuck-thumbnails")" 200
is "HEAD without a bearer" "$(call --head "$base/metrics")" 401
is "HEAD where GET is not" "$(call --head "${bearer[@]}" "$base/scheduled")" 405

for spelling in /metrics/ //metrics /%6detrics /./metrics; do
  is "metrics as $spelling" "$(call --path-as-is "${bearer[@]}" "$base$spelling")" 200
  has "metrics as $spelling: are metrics" "$(body)" '^# TYPE'
  is "metrics as $spelling, without a bearer" "$(call --path-as-is "$base$spelling")" 401
done
is "metrics by the absolute form" "$(call --request-target "http://videos.example.com/metrics" "${bearer[@]}" "$base/")" 200
has "metrics by the absolute form: are metrics" "$(body)" '^# TYPE'
for path in functions/v1/auto-generate-thumbnail/ functions//v1/auto-generate-thumbnail functions/v1/auto%2dgenerate-thumbnail; do
  is "a function as $path" "$(call --path-as-is -X POST "${bearer[@]}" "$base/$path" -d '{}')" 400
done

for request in "GET /no-such-page" "GET /functions/v1/none" "POST /functions/v1/none" "DELETE /functions/" "GET /app/none.js" "GET /thumbnails/none.jpg"; do
  is "$request" "$(call -X "${request%% *}" "$base${request#* }")" 404
  has "$request: JSON" "$(body)" '^{"success":false,"error":"There is nothing at this path"'
  has "$request: its type" "$(cat "$work/headers")" '^Content-Type: application/json'
done
is "another method for a page" "$(call -X PUT "$base/")" 405
has "another method for a page: JSON" "$(body)" '"error":"Method not allowed"'
is "the page itself" "$(call "$base/") $(head -c 15 "$work/body")" "200 <!doctype html>"

# Whatever there is of a row, the webhook's secret is told the same.
as_webhook() { call -X POST -H "Authorization: Bearer $WEBHOOK_SECRET" "$functions/auto-generate-thumbnail" -d "{\"videoId\":\"$1\"}"; }
done_row=$(insert "http://127.0.0.1:$origin/video.mp4")
is "a row that is done" "$(wait_for "$done_row" completed failed)" completed
failed_row=$(insert "file:///etc/passwd")
is "a row that has failed" "$(wait_for "$failed_row" completed failed)" "failed forbidden"
unfinished=$(sql "INSERT INTO videos (status, video_url) VALUES ('processing', 'http://127.0.0.1:$origin/video.mp4') RETURNING id")
parked=$(quiet_row "http://127.0.0.1:$origin/video.mp4")
sql "UPDATE thumbnails.jobs SET due_at = 'infinity' WHERE video_id = '$parked'"
said=
for row in "$done_row" "$failed_row" "$unfinished" 00000000-0000-4000-8000-0000000000ff; do
  said+="$(as_webhook "$row") $(body | sed "s/$row/ID/") $(grep -ci '^retry-after' "$work/headers" || true)"$'\n'
done
is "a webhook learns that there is nothing to do" "$(sort -u <<<"${said%$'\n'}")" '200 {"reason":"nothing to do","skipped":true,"success":true,"videoId":"ID"} 0'
# The end of time is no number of seconds.
generate -d "{\"videoId\":\"$parked\"}" >/dev/null
is "a parked row stops no worker" "$(call "$base/health")" 200

control stop auto-generate-thumbnail:*
is "health without a worker" "$(call "$base/health")" 502
control start auto-generate-thumbnail:*
for _ in $(seq 100); do [ "$(call "$base/health")" != 200 ] || break; sleep 0.1; done
is "health with one again" "$(call "$base/health")" 200
