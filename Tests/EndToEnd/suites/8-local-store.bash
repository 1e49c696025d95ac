# shellcheck shell=bash disable=SC2154
# The local store: what nginx says of a thumbnail, and a disk that is full or cannot be written.
row=$(insert "http://127.0.0.1:$origin/video.mp4?local")
is "a local thumbnail" "$(wait_for "$row" completed failed)" completed
url=$(url_of "$row")
headers=$(curl -sI "$url" | tr -d '\r')
has "its type" "$headers" '^Content-Type: image/jpeg$'
has "it is immutable" "$headers" '^Cache-Control: public, max-age=31536000, immutable$'
has "it has an ETag" "$headers" '^ETag: ".*"$'
has "browsers do not guess its type" "$headers" '^X-Content-Type-Options: nosniff$'
is "an unchanged one is not sent again" "$(curl -s -o /dev/null -w '%{http_code}' -H "If-None-Match: $(sed -n 's/^ETag: //p' <<<"$headers")" "$url")" 304
is "nothing half-written is left" "$(find "$work/state/public/thumbnails" -name '*.part' | wc -l)" 0
is "no way out of the folder" "$(curl -s --path-as-is -o /dev/null -w '%{http_code}' "$base/thumbnails/../../env")" 400

# Otherwise whoever works next takes it, too.
forget() { # row
  sql "DELETE FROM thumbnails.breakers"
  sql "DELETE FROM videos WHERE id = '$1'"
}
released() { # what expected-reason store
  local row
  row=$(quiet_row "http://127.0.0.1:$origin/video.mp4?$3")
  is "$1: 503" "$(as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$row\"}" THUMBNAILS_DIRECTORY="$work/$3")" 503
  is "$1: class storage" "$(state_of "$row")" "pending storage"
  is "$1: the attempt is given back" "$(sql "SELECT thumbnail_generation_attempts FROM videos WHERE id = '$row'")" 0
  has "$1: the reason" "$(sql "SELECT thumbnail_generation_error FROM videos WHERE id = '$row'")" "$2"
  is "$1: nothing half-written is left" "$(find "$work/$3" -type f ! -name ballast | wc -l)" 0
  forget "$row"
}
mkdir "$work/gone"
released "a folder somebody else owns" 'create a folder: Permission denied (THUMBNAILS_DIRECTORY)' gone
if [ "$(id -u)" = 0 ] && mkdir "$work/tiny" && mount -t tmpfs -o size=64k,mode=777 tmpfs "$work/tiny" 2>/dev/null; then
  head -c 60000 /dev/zero >"$work/tiny/ballast"
  released "a full disk" 'No space left on device' tiny
  mount -o remount,ro "$work/tiny"
  released "a read-only disk" 'Read-only file system' tiny
  umount "$work/tiny"
else
  echo "  (a full and a read-only disk: not tested, mounting a file system needs root)"
fi

# What a file system of another kind refuses: FAULT_PICTURE (Tests/Support/fault.c).
refusing() { # what umask row [setting…]: the status
  (umask "$2"; as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$3\"}" FAULT_PICTURE="$1" THUMBNAILS_DIRECTORY="$work/state/public" "${@:4}")
}
row=$(quiet_row "http://127.0.0.1:$origin/video.mp4?close")
is "a picture that cannot be closed has not arrived" "$(refusing close 022 "$row") $(state_of "$row")" "503 pending storage"
has "and the row says so" "$(sql "SELECT thumbnail_generation_error FROM videos WHERE id = '$row'")" 'close a file: Input/output error (THUMBNAILS_DIRECTORY)'
forget "$row"
row=$(quiet_row "http://127.0.0.1:$origin/video.mp4?answer")
is "a file system whose server is gone holds nobody up" "$(refusing answer 022 "$row" LEASE_SECONDS=4) $(state_of "$row")" "503 pending storage"
is "and uses up no attempt" "$(sql "SELECT thumbnail_generation_attempts FROM videos WHERE id = '$row'")" 0
has "the row says that it is too slow" "$(sql "SELECT thumbnail_generation_error FROM videos WHERE id = '$row'")" 'too slow for the deadline (THUMBNAILS_DIRECTORY)'
forget "$row"
row=$(quiet_row "http://127.0.0.1:$origin/video.mp4?chmod")
is "a file system that changes no modes, and lets nobody else read" "$(refusing chmod 077 "$row") $(state_of "$row")" "503 pending storage"
forget "$row"
row=$(quiet_row "http://127.0.0.1:$origin/video.mp4?chmod2")
is "one that lets others read" "$(refusing chmod 022 "$row") $(state_of "$row")" "200 completed"
is "and they do" "$(served "$(url_of "$row")")" "$(sql "SELECT thumbnail_metadata ->> 'bytes' FROM videos WHERE id = '$row'")"

# Each host has its own breakers: one whose store is at fault stops nobody else.
# What was asked above and still goes on by itself would take these rows, too: the next quiet row waits until nothing stirs.
end_quiet
broken=()
for n in 1 2 3 4 5 6; do broken+=("$(quiet_row "http://127.0.0.1:$origin/video.mp4?host$n")"); done
on_host() { as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$2\"}" WORKER_HOST="$1" THUMBNAILS_DIRECTORY="$3"; }
is "a host whose store is at fault" "$(on_host broken "${broken[0]}" "$work/gone")" 503
taken_on() { sql "SELECT coalesce(string_agg(substring(detail ->> 'worker' FROM '@(.*)'), '+'), 'nowhere') FROM thumbnails.events WHERE video_id = '$1' AND to_status = 'processing'"; }
is "goes on to the next ones, until it pauses itself" "$(for row in "${broken[@]}"; do taken_on "$row"; done | xargs)" "broken broken broken broken broken nowhere"
is "the next it does not begin" "$(on_host broken "${broken[5]}" "$work/gone") $(events_of "${broken[5]}" processing)" "503 0"
has "and says when to come again" "$(cat "$work/headers")" '^Retry-After: [1-9]'
is "another host does" "$(on_host sound "${broken[5]}" "$work/state/public")" 200
is "the breaker is the one host's" "$(sql "SELECT string_agg(concat_ws(' ', host, class, consecutive, open_until IS NOT NULL), ', ') FROM thumbnails.breakers")" "broken storage 5 t"
sql "DELETE FROM thumbnails.breakers"
row=$(quiet_row "http://127.0.0.1:$origin/video.mp4?host")
is "without a name of its own" "$(as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$row\"}" THUMBNAILS_DIRECTORY="$work/gone")" 503
is "a host is called as the machine is" "$(sql "SELECT host FROM thumbnails.breakers")" "$(hostname)"
sql "DELETE FROM thumbnails.breakers"
end_quiet
for row in "${broken[@]}"; do is "and each video has its thumbnail in the end" "$(wait_for "$row" completed failed)" completed; done
