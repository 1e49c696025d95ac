# shellcheck shell=bash disable=SC2154
# One uploader does not hurt the others: many videos on an origin that gives two kilobytes a second, and four workers.
end_quiet
upload() { # uploader, how many, path and query of the origin; prints the ids
  sql "INSERT INTO videos (user_id, status, video_url) SELECT '$1', 'completed', 'http://127.0.0.1:$origin/$3' || n FROM generate_series(1, $2) AS n RETURNING id"
}
slow=11111111-0000-4000-8000-000000000001
other=11111111-0000-4000-8000-000000000002
in_hand() { sql "SELECT count(*) FROM thumbnails.jobs j JOIN videos v ON v.id = j.video_id WHERE j.token IS NOT NULL AND j.due_at > clock_timestamp() AND v.user_id = '$1'"; }
ended() { sql "SELECT count(*) FROM videos WHERE user_id = '$1' AND thumbnail_generation_status IN ('completed', 'failed')"; }
await() { # what it shall be, command…
  local want=$1
  shift
  for _ in $(seq 300); do [ "$("$@")" != "$want" ] || break; sleep 0.1; done
  "$@"
}

for many in 40 400; do
  upload $slow $many "trickle.mp4?slow$many-" >/dev/null
  is "$many slow ones of an uploader: two are at work" "$(await 2 in_hand $slow)" 2
  for number in 1 2 3; do
    id=$(upload $other 1 "video.mp4?other$many-$number")
    is "another's video is made at once" "$(wait_for "$id" completed failed)" completed
    is "while the slow ones go on" "$(ended $slow) $(in_hand $slow)" "0 2"
  done
  # A video that is deleted lets its worker go at its next sign of life.
  sql "DELETE FROM videos WHERE user_id = '$slow'"
done

# One uploader alone gets every worker for what is quick.
upload $other 60 "late.mp4?ms=150&quick" >/dev/null
most=0
while [ "$(ended $other)" -lt 66 ] && [ $((polls = ${polls:-0} + 1)) -lt 600 ]; do
  now=$(in_hand $other)
  [ "$now" -le "$most" ] || most=$now
  sleep 0.05
done
is "one alone has all that is quick made" "$(sql "SELECT count(*) FROM videos WHERE user_id = '$other' AND thumbnail_generation_status = 'completed'")" 66
is "by every worker" "$most" 4

# An origin that sends its last byte just before the deadline: its own video fails, and the store never looks guilty of it.
ends=()
for total in 3 4.5 5 5.5 5.9; do
  row=$(quiet_row "http://127.0.0.1:$origin/shave.mp4?total=$total")
  status=$(as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$row\"}" REQUEST_DEADLINE=6 THUMBNAILS_DIRECTORY="$work/state/public")
  ends+=("$status $(state_of "$row")")
done
is "one that ends in time" "${ends[0]}" "200 completed"
is "one that shaves the deadline is the origin's fault, or still in time" "$(printf '%s\n' "${ends[@]}" | grep -cv -e '^200 completed$' -e '^504 failed source$' -e '^504 pending source$' || true)" 0
is "the last is too late" "$(grep -c ' source$' <<<"${ends[4]}")" 1
is "and no breaker knows of it" "$(sql "SELECT count(*) FROM thumbnails.breakers")" 0
