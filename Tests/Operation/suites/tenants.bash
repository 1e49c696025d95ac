# shellcheck shell=bash disable=SC2154
# One uploader's slow videos never hold up another's, whatever way they come to a worker: there are four of them.
person() { printf '00000000-0000-4000-9000-%012d' "$1"; }
upload() { # person, how many, path and query of the origin: in one transaction
  sql "INSERT INTO videos (user_id, status, video_url) SELECT '$(person "$1")', 'completed', 'http://127.0.0.1:$origin/$3' || n FROM generate_series(1, $2) AS n"
}
of() { # person, condition: how many of their jobs
  sql "SELECT count(*) FROM thumbnails.jobs j JOIN videos v ON v.id = j.video_id WHERE v.user_id = '$(person "$1")' AND $2"
}
until_of() { # person, condition, how many at least
  for _ in $(seq 600); do [ "$(of "$1" "$2")" -lt "$3" ] || break; sleep 0.1; done
  of "$1" "$2"
}
others() { # how often, name: another uploader's video, again and again
  local state n
  for n in $(seq "$1"); do
    state=$(wait_for "$(sql "INSERT INTO videos (user_id, status, video_url) VALUES ('$(person 9)', 'completed', 'http://127.0.0.1:$origin/video.mp4?$2$n') RETURNING id")" completed failed)
    [ "$state" = completed ] || break
  done
  echo "$n $state"
}
# The most jobs of a person that were at work at a time, by the history.
most_at_once() {
  sql "WITH turns AS (SELECT e.id, CASE WHEN e.to_status = 'processing' THEN 1 ELSE -1 END AS step FROM thumbnails.events e JOIN videos v ON v.id = e.video_id
                       WHERE v.user_id = '$(person "$1")' AND e.token IS NOT NULL AND e.to_status IS NOT NULL)
       SELECT max(held) FROM (SELECT sum(step) OVER (ORDER BY id) AS held FROM turns) AS h"
}
forget() { # a person and their videos: what is at work is given up, by workers that end, so that none of them takes what comes next
  sql "DELETE FROM videos WHERE user_id = '$(person "$1")'"
  control restart auto-generate-thumbnail:*
  for _ in $(seq 600); do [ "$(sql "SELECT count(*) FROM thumbnails.inbox")" != 0 ] || break; sleep 0.1; done
}
sql "DELETE FROM videos"
end_quiet

# Fast work: one uploader has all four.
upload 1 30 'late.mp4?ms=150&fast'
for _ in $(seq 600); do [ "$(sql "SELECT count(*) FROM videos WHERE user_id = '$(person 1)' AND thumbnail_generation_status = 'completed'")" != 30 ] || break; sleep 0.1; done
is "one uploader's fast ones are all made" "$(sql "SELECT count(*) FROM videos WHERE user_id = '$(person 1)' AND thumbnail_generation_status = 'completed'")" 30
is "by all four workers" "$(most_at_once 1)" 4

for many in 40 400; do
  upload 2 "$many" "trickle.mp4?many$many-"
  is "$many slow ones of one uploader: two are at work" "$(until_of 2 'token IS NOT NULL' 2)" 2
  is "another's is finished, every time" "$(others 5 "beside$many-")" "5 completed"
  # A webhook or a direct request for those that wait.
  for id in $(sql "SELECT j.video_id FROM thumbnails.jobs j JOIN videos v ON v.id = j.video_id WHERE v.user_id = '$(person 2)' AND j.token IS NULL LIMIT 8"); do
    is "a request for one that waits is answered" "$(generate -H 'Prefer: respond-async' -d "{\"videoId\":\"$id\"}")" 200
    has "with when to ask again" "$(body)" 'retryAfterSeconds'
  done
  # All of them are due at once: their retries, say.
  sql "UPDATE thumbnails.jobs SET due_at = clock_timestamp(), attempts = 1 WHERE token IS NULL AND tenant = (SELECT tenant FROM thumbnails.jobs WHERE token IS NOT NULL LIMIT 1)"
  is "another's is finished still" "$(others 5 "due$many-")" "5 completed"
  is "never were more than two at work" "$(of 2 'token IS NOT NULL') $(most_at_once 2)" "2 2"
  is "and the rest waits" "$([ "$(of 2 'token IS NULL')" -ge $((many - 4)) ] && echo yes)" yes
  forget 2
done

# One after the other, as people upload: each with a wake-up of its own.
for n in $(seq 12); do upload 3 1 "trickle.mp4?single$n-"; done
is "slow ones that come one by one" "$(until_of 3 'token IS NOT NULL' 2)" 2
is "hold up nobody else's" "$(others 5 single)" "5 completed"
is "with two at work" "$(most_at_once 3)" 2
forget 3

# Quick ones have earned them all workers, and then come slow ones.
upload 4 30 'late.mp4?ms=100&earned'
upload 4 30 'trickle.mp4?spent'
is "what quick ones have earned" "$(until_of 4 "token IS NOT NULL AND video_url LIKE '%spent%'" 4)" 4
is "is given back when another's waits" "$(others 5 earned)" "5 completed"
is "by as many as it takes" "$([ "$(of 4 "token IS NOT NULL")" -le 3 ] && echo yes)" yes
is "and no attempt is lost by it" "$(of 4 "token IS NULL AND attempts > 0 AND video_url LIKE '%spent%'")" 0
forget 4

# An origin that sends its last byte just before the deadline: its own video fails, and the store never looks guilty of it.
ends=()
for total in 1 4.5 5 5.5 5.9; do
  row=$(quiet_row "http://127.0.0.1:$origin/shave.mp4?total=$total")
  status=$(as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$row\"}" REQUEST_DEADLINE=6 THUMBNAILS_DIRECTORY="$work/state/public")
  ends+=("$status $(state_of "$row")")
done
is "one that ends in time" "${ends[0]}" "200 completed"
is "one that shaves the deadline is the origin's fault, or still in time" "$(printf '%s\n' "${ends[@]}" | grep -cv -e '^200 completed$' -e '^504 failed source$' -e '^504 pending source$' || true)" 0
is "the last is too late" "$(grep -c ' source$' <<<"${ends[4]}")" 1
is "and no breaker knows of it" "$(sql "SELECT count(*) FROM thumbnails.breakers")" 0
