# shellcheck shell=bash disable=SC2154
# A worker killed at each point of its work, and one that sleeps past its lease: the video gets one thumbnail all the same. It makes two
# sizes in two formats, so that it can die between any two of four uploads.
store=$work/state/public
install -d -m 777 "$work/notes"
faulty() { # row point [NAME=value…]: one request by CGI, stopped at the point
  local row=$1 point=$2
  shift 2
  as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$row\"}" FAULT_AT="$point" FAULT_NOTE="$work/notes/$row.$point" \
    THUMBNAILS_DIRECTORY="$store" LEASE_SECONDS=2 THUMBNAIL_SIZES=640,320 THUMBNAIL_FORMATS=webp,jpeg \
    "$@" >"$work/$row.status"
}

points="before-claim after-claim mid-download mid-decode before-put-1 after-put-1 after-put-2 after-put-3 after-put-4 before-complete during-complete after-complete"
declare -A rows=()
for point in $points; do
  name=video; [ "$point" != mid-download ] || name=stall-once
  rows[$point]=$(quiet_row "http://127.0.0.1:$origin/$name.mp4?$point")
done
for point in $points; do
  row=${rows[$point]}
  locker=''
  if [ "$point" = mid-download ]; then
    # The origin stalls in the middle of the first answer; nothing has to stop the process.
    (cd "$work" && as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$row\"}" THUMBNAILS_DIRECTORY="$store" LEASE_SECONDS=2 \
      FAULT_NOTE=none) >/dev/null 2>&1 &
    wait_for "$row" processing >/dev/null
    process=$(pgrep -f "^$work/bin/real/auto-generate-thumbnail" | while read -r p; do
      ! tr '\0' '\n' <"/proc/$p/environ" | grep -q '^FAULT_NOTE=none$' || echo "$p"; done)
  else
    if [ "$point" = during-complete ]; then
      # Another session holds the row, so that the statement is being executed when its sender dies.
      faulty "$row" before-complete >/dev/null 2>&1 &
      wait_file "$work/notes/$row.before-complete"
      process=$(cat "$work/notes/$row.before-complete")
      wait_stopped "$process"
      psql -XAtq "$DATABASE_URL" -c BEGIN -c "SELECT 'held' FROM videos WHERE id = '$row' FOR UPDATE" -c "SELECT pg_sleep(600)" >"$work/held" 2>&1 &
      locker=$!
      wait_file "$work/held"
      kill -CONT "$process"
      for _ in $(seq 1200); do
        [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%thumbnails.complete(%' AND wait_event_type = 'Lock'")" = 1 ] && break
        sleep 0.05
      done
    else
      faulty "$row" "$point" >/dev/null 2>&1 &
      wait_file "$work/notes/$row.$point"
      process=$(cat "$work/notes/$row.$point")
      wait_stopped "$process"
    fi
  fi
  kill -KILL "$process"
  if [ -n "$locker" ]; then
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()" >/dev/null
    wait "$locker" 2>/dev/null || true
  fi
done
end_quiet
for point in $points; do
  row=${rows[$point]}
  is "killed $point: the video gets its thumbnail" "$(wait_for "$row" completed failed)" completed
  case $point in before-claim | during-complete | after-complete) attempts=1 ;; *) attempts=2 ;; esac
  is "killed $point: attempts" "$(sql "SELECT thumbnail_generation_attempts FROM videos WHERE id = '$row'")" $attempts
  is "killed $point: one result" "$(events_of "$row" completed)" 1
  is "killed $point: its bytes are there" "$([ "$(served "$(url_of "$row")")" -gt 1000 ] && echo yes)" yes
  is "killed $point: nothing is left to do" "$(queued "$row")" 0
done

# SIGSTOP past the lease, another one finishes, SIGCONT.
stopped=()
for point in before-complete after-put-4 after-put-2 mid-decode; do
  row=$(quiet_row "http://127.0.0.1:$origin/video.mp4?stopped-$point")
  faulty "$row" "$point" &
  sleeper=$!
  wait_file "$work/notes/$row.$point"
  process=$(cat "$work/notes/$row.$point")
  wait_stopped "$process"
  end_quiet
  stopped+=("$row")
  is "stopped $point: another worker finishes" "$(wait_for "$row" completed failed)" completed
  url=$(url_of "$row")
  token=$(sql "SELECT token FROM thumbnails.events WHERE video_id = '$row' AND to_status = 'completed'")
  kill -CONT "$process"
  wait "$sleeper"
  is "stopped $point: it is told that the claim is lost" "$(cat "$work/$row.status")" 409
  is "stopped $point: the winner's URL stands" "$(url_of "$row")" "$url"
  is "stopped $point: and serves its bytes" "$([ "$(served "$url")" -gt 1000 ] && echo yes)" yes
  is "stopped $point: the winner is the later claim" "$(sql "SELECT max(token) = $token FROM thumbnails.events WHERE video_id = '$row'")" t
  is "stopped $point: one result" "$(events_of "$row" completed)" 1
done
is "results that came too late leave their objects to the collector" \
  "$(sql "SELECT count(*) FROM thumbnails.object_deletions WHERE key LIKE 'thumbnails/%' AND video_id IN (SELECT video_id FROM thumbnails.events WHERE text LIKE 'a late result%')")" 2

# The garbage collector: of each video exactly those objects are left that its row names.
sql "UPDATE thumbnails.object_deletions SET not_before = now()"
all=("${rows[@]}" "${stopped[@]}")
named() { # row: the URLs of all pictures its row names
  sql "SELECT thumbnail_url FROM videos WHERE id = '$1'
       UNION SELECT s ->> 'url' FROM videos CROSS JOIN jsonb_array_elements(thumbnail_metadata -> 'sizes') AS s WHERE id = '$1' ORDER BY 1"
}
files() { for row in "${all[@]}"; do find "$store/thumbnails/$row" -type f; done | wc -l; }
collect() { as_stack env_of_handlers "$bin/auto-generate-thumbnail" gc "$@"; }
env_of_handlers() {
  "${as_handlers[@]}" env DATABASE_URL="$HANDLERS_DATABASE_URL" THUMBNAILS_DIRECTORY="$store" PUBLIC_BASE_URL="$base" GC_ORPHAN_SECONDS=0 "$@"
}
before=$(files)
is "there is garbage" "$([ "$before" -gt "${#all[@]}" ] && echo yes)" yes
listed=$(collect --dry-run 2>"$work/gc" | sort -u)
is "a dry run deletes nothing" "$(files)" "$before"
has "and says what it would" "$(cat "$work/gc")" 'would be deleted'
is "gc" "$(collect 2>"$work/gc"; echo $?)" 0
for row in "${all[@]}"; do
  is "those that the row names are left" "$(cd "$store" && find "thumbnails/$row" -type f | sort)" "$(named "$row" | sed 's|.*/thumbnails/|thumbnails/|')"
  for url in $(named "$row"); do
    is "and served" "$(curl -fsS "$url" | sha256sum)" "$(sha256sum "$store/thumbnails/${url##*/thumbnails/}" | sed 's/ .*/  -/')"
  done
done
row=${rows[during-complete]}
is "a claim that died when it had handed them in has four" "$(named "$row" | wc -l)" 4
is "of the sizes and bytes told" "$(sql "SELECT s ->> 'url', s ->> 'width', s ->> 'height', s ->> 'bytes' FROM videos
    CROSS JOIN jsonb_array_elements(thumbnail_metadata -> 'sizes') AS s WHERE id = '$row'" | while IFS='|' read -r url width height bytes; do
  curl -fsS -o "$work/picture" "$url"
  [ "$(ffprobe -v error -show_entries stream=width,height -of csv=p=0 "$work/picture")/$(wc -c <"$work/picture")" = "$width,$height/$bytes" ] || echo "$url"
done)" ''
# A row that goes takes all of its pictures with it, though only one of them is named where it is put down.
sql "DELETE FROM videos WHERE id = '$row'"
for _ in $(seq 600); do [ "$(sql "SELECT count(*) FROM thumbnails.object_deletions WHERE video_id = '$row'")" = 1 ] && break; sleep 0.1; done
sql "UPDATE thumbnails.object_deletions SET not_before = now() WHERE video_id = '$row'"
# That fails only once something has been taken.
sql "REVOKE EXECUTE ON FUNCTION thumbnails.unneeded_objects FROM thumbnail_handlers"
has "gc says that it is the database that fails, and why" "$(collect 2>&1 || true)" '^auto-generate-thumbnail gc: the database .*: permission denied'
sql "GRANT EXECUTE ON FUNCTION thumbnails.unneeded_objects TO thumbnail_handlers"
sql "UPDATE thumbnails.object_deletions SET not_before = now() WHERE video_id = '$row'"
is "the dry run lists what goes with a row" "$(collect --dry-run 2>/dev/null | grep -c "/$row/")" 4
is "gc, behind a deleted row" "$(collect 2>"$work/gc"; echo $?)" 0
is "nothing of a deleted row is left" "$(find "$store/thumbnails/$row" -type f 2>/dev/null | wc -l)" 0
is "the dry run had listed what went" "$(for key in $listed; do [ ! -e "$store/$key" ] || echo "$key"; done | wc -l)" 0
is "a second run finds nothing" "$(collect 2>&1 | grep -c ' 0 left behind by workers that died; 0 deleted, 0 could not be')" 1
# As a step of the hourly sweep.
row=${rows[before-put-1]}
sql "INSERT INTO thumbnails.object_deletions (key, video_id, not_before) VALUES ('thumbnails/$row/0123456789abcdef-1.jpg', '$row', now())"
cp "$(find "$store/thumbnails/$row" -type f)" "$store/thumbnails/$row/0123456789abcdef-1.jpg"
is "the sweep collects" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/retry-stuck-thumbnails")" 200
has "and says how many" "$(body)" '"collected":[1-9]'
is "it is gone" "$(find "$store/thumbnails/$row" -type f | wc -l)" 1
# What no row names yet may be named in a moment: only what is older than a day was left behind.
young=$store/thumbnails/$row/0123456789abcdef-1.jpg
cp "$(find "$store/thumbnails/$row" -type f)" "$young"
has "make gc" "$(STATE=$work/state "$root/scripts/gc" 2>&1)" ' 0 deleted, 0 could not be$'
is "what is young is left" "$([ -e "$young" ] && echo yes)" yes
touch -d '25 hours ago' "$young"
has "make gc, a day later" "$(STATE=$work/state "$root/scripts/gc" 2>&1)" ' 1 left behind by workers that died; 1 deleted, 0 could not be$'
has "make gc, with nothing started" "$(STATE=$work/none "$root/scripts/gc" 2>&1 || true)" 'make gc: nothing has been started with this state'
