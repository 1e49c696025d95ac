# shellcheck shell=bash disable=SC2154
# The main job: a finished video gets its thumbnail, and it is the right picture.
url=$(sql "SELECT thumbnail_url FROM videos ORDER BY created_at LIMIT 1")
id=$(sql "SELECT id FROM videos ORDER BY created_at LIMIT 1")
is "the demo is completed" "$(state_of "$id")" completed
is "its thumbnail is served" "$(curl -s -o "$work/a.jpg" -w '%{http_code} %{content_type}' "$url")" "200 image/jpeg"
is "it has the right size" "$(ffprobe -v error -show_entries stream=width,height -of csv=p=0 "$work/a.jpg")" "960,540"
luma=$(ffprobe -v error -f lavfi "movie=$work/a.jpg,signalstats" -show_entries frame_tags=lavfi.signalstats.YAVG -of csv=p=0 | cut -d. -f1)
is "it is not black" "$([ "${luma:-0}" -gt 20 ] && echo yes)" yes
has "it is immutable" "$(curl -sI "$url")" "Cache-Control: public, max-age=31536000, immutable"
is "a second row needs no further action" "$(settled "$base/videos/demo.mp4")" completed
is "a repeated webhook does no work" "$(generate -d "{\"videoId\":\"$id\"}")" 200
has "and says so" "$(body)" '"skipped":true'

is "regenerate makes a new one" "$(generate -d "{\"videoId\":\"$id\",\"regenerate\":true,\"timeSeconds\":5}")" 200
has "with milliseconds and Z" "$(body)" '"generatedAt":"[0-9-]*T[0-9:]*\.[0-9]\{3\}Z"'
new=$(sql "SELECT thumbnail_url FROM videos WHERE id = '$id'")
is "fault 13: a regenerated thumbnail has a URL of its own" "$([ "$new" != "$url" ] && echo yes)" yes
is "fault 13: and the old one still shows the old bytes" "$(curl -s "$url" | cmp - "$work/a.jpg" && echo same)" same
is "it is from the second asked for" "$(sql "SELECT round((thumbnail_metadata->>'timestampSeconds')::numeric) FROM videos WHERE id = '$id'")" 5
row=$(quiet_row "$base/videos/demo.mp4")
is "an asynchronous request is accepted" "$(generate -H 'Prefer: respond-async' -d "{\"videoId\":\"$row\",\"aspectRatio\":\"9:16\"}")" 202
is "and worked on after the answer" "$(wait_for "$row" completed failed)" completed
is "in the shape asked for, not enlarged" "$(sql "SELECT thumbnail_metadata->>'width' FROM videos WHERE id = '$row'")" 404
