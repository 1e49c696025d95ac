# shellcheck shell=bash disable=SC2154
# The decoder's processes: what they hold, and what becomes of a video whose decoder is killed.
# Status 3 says that something else is stopped: an earlier suite may have left the relay so.
workers() { { supervisorctl -c "$work/state/conf/supervisord.conf" status || [ $? = 3 ]; } | sed -n 's/^auto-generate-thumbnail.*pid \([0-9]*\),.*/\1/p'; }
# Without those that have ended and are not cleared away yet. Not by pgrep, which reads all processes of a busy machine first.
children_of() {
  local process child
  for process in "$@"; do
    for child in $(cat "/proc/$process"/task/*/children 2>/dev/null || true); do
      if grep -q '^State:.[^Z]' "/proc/$child/status" 2>/dev/null; then echo "$child"; fi
    done
  done
}
# They stay the same until one is killed, and supervisorctl is slow beside a video that is held for a moment.
# shellcheck disable=SC2086 # a list of numbers
decoders() { children_of $workers_before; }
# shellcheck disable=SC2046
decoding() { children_of $(decoders); }
# Those that have ended by themselves meanwhile need no signal.
signal() { # NAME PROCESS…
  local process name=$1
  shift
  for process in "$@"; do kill -"$name" "$process" 2>/dev/null || [ ! -e "/proc/$process" ]; done
}
wait_decoding() { for _ in $(seq 200); do [ -z "$(decoding)" ] || break; sleep 0.05; done; }
workers_before=$(workers)
is "each worker has its decoder" "$(decoders | wc -l)" "$(workers | wc -l)"

# One that is at work: the origin lets it wait, but not for long, so that on a busy machine it may be gone before all has been looked at: then
# another one is.
password=${HANDLERS_DATABASE_URL#*handlers:}
password=${password%%@*}
worker=$(workers | sed -n 1p)
look_at() { # process name
  local file=$work/decoder-$2
  find "/proc/$1/fd" -type l -printf '%f %l\n' 2>/dev/null | sed 's/:.*//' | sort | tr '\n' ',' >"$file.fd" || true
  "$root/Tests/Support/memory-search" "$1" "$SERVICE_ROLE_KEY" "$WEBHOOK_SECRET" "$password" "http://127.0.0.1:$origin" >"$file.secrets" 2>/dev/null || true
  tr '\0' '\n' 2>/dev/null <"/proc/$1/environ" | grep -vc -e ^FAULT_POISON= -e ^LD_PRELOAD= -e ^PWD= >"$file.environ" || true
  cat "/proc/$1/status" "/proc/$1/limits" >"$file.status" 2>/dev/null || true
  cat "/proc/$1/oom_score_adj" >"$file.oom" 2>/dev/null || true
  awk '/^[0-9a-f]+-/ { heap = /\[heap\]$/ } /^VmFlags:.* hg( |$)/ && heap { print "huge" }' "/proc/$1/smaps" >"$file.heap" 2>/dev/null || true
  grep -oE 'lib(av|sw)(codec|format|filter|util|scale)[.]so' "/proc/$1/maps" 2>/dev/null | sort -u | wc -l >"$file.ffmpeg" || true
}
for number in $(seq 10); do
  # What served another video before it ends by itself.
  for _ in $(seq 600); do [ -n "$(decoding)" ] || break; sleep 0.1; done
  row=$(insert "http://127.0.0.1:$origin/held.mp4?looked-at$number")
  wait_decoding
  child=$(decoding | sed -n 1p)
  parent=$(awk '/^PPid:/ { print $2 }' "/proc/$child/status" 2>/dev/null || true)
  look_at "$child" child
  # One that has ended and is not cleared away yet has no descriptors.
  [ ! -e "/proc/$child/fd/3" ] || break
done
look_at "$parent" parent
for process in parent child; do
  is "the $process has its socket, the null device, and nothing else open" "$(cat "$work/decoder-$process.fd")" '0 /dev/null,1 /dev/null,2 /dev/null,3 socket,'
  is "the $process: no secret is in its memory" "$(cat "$work/decoder-$process.secrets")" 0
  is "the $process: nor in its environment" "$(cat "$work/decoder-$process.environ")" 0
done
is "in the worker's they are found" "$("$root/Tests/Support/memory-search" "$worker" "$SERVICE_ROLE_KEY" "$password")" 2
look_at "$worker" worker
is "FFmpeg is in the decoder and its child, not in the worker" "$(cat "$work"/decoder-{parent,child,worker}.ffmpeg | tr '\n' ' ')" '5 5 0 '
is "the child filters its system calls" "$(awk '/^Seccomp:|^NoNewPrivs:/ { printf "%s ", $2 }' "$work/decoder-child.status")" '1 2 '
is "is the first to go where memory is short" "$(cat "$work/decoder-child.oom")" 1000
is "and has limits" "$(grep -c -e '^Max data size  *805306368  *805306368' -e '^Max cpu time  *75 ' -e '^Max open files  *4 ' -e '^Max core file size  *[01]  *[01] ' \
  "$work/decoder-child.status")" 4
# A kernel without huge pages knows none of them.
[ ! -d /sys/kernel/mm/transparent_hugepage ] || is "its heap is of huge pages, its parent's is not" "$(sort -u "$work/decoder-child.heap") $(cat "$work/decoder-parent.heap")" 'huge '
is "the video that was held" "$(wait_for "$row" completed failed)" completed
for _ in $(seq 600); do [ -n "$(decoding)" ] || break; sleep 0.1; done
is "a child nobody asks any more leaves nothing in the process table" "$(decoding)" ''

# One that crashes while nobody asks it anything was broken by a video before: its siblings, which share its addresses, get another parent.
owner=$(sql "SELECT gen_random_uuid()")
owned() { sql "INSERT INTO videos (status, video_url, user_id) VALUES ('completed', 'http://127.0.0.1:$origin/video.mp4?$1', '$owner') RETURNING id"; }
child=
for number in $(seq 10); do
  wait_for "$(owned "kept$number")" completed failed >/dev/null
  child=$(decoding | sed -n 1p)
  parent=$(awk '/^PPid:/ { print $2 }' "/proc/${child:-none}/status" 2>/dev/null || true)
  [ -z "$parent" ] || ! kill -SEGV "$child" || break
done
runs() { grep -qs '^State:.[^Z]' "/proc/$1/status" && echo runs || echo gone; }
is "a child is there that nobody asks anything, and its parent" "$(runs "$parent")" runs
for number in $(seq 40); do
  is "another video of the same uploader" "$(wait_for "$(owned "after$number")" completed failed)" completed
  [ "$(runs "$parent")" = runs ] || break
done
is "it crashes: the parent is replaced" "$(runs "$parent")" gone
has "and the log says so" "$(cat "$work/state/log/auto-generate-thumbnail.log"*)" 'signal 11.*a decoder broke after its video'

# A child is started while the worker asks the origin. Where that has no video it waits for the next one, and ends where none comes.
child=
for number in $(seq 10); do
  row=$(insert "http://127.0.0.1:$origin/none.mp4?ahead$number")
  for _ in $(seq 3000); do
    [ "$(sql "SELECT count(*) FROM thumbnails.events WHERE video_id = '$row' AND from_status = 'processing'")" = 0 ] || break
    sleep 0.02
  done
  child=$(decoding | sed -n 1p)
  sql "DELETE FROM videos WHERE id = '$row'"
  [ -z "$child" ] || break
done
is "a child is there before its video" "$([ -n "$child" ] && echo yes)" yes
for _ in $(seq 600); do [ -n "$(decoding)" ] || break; sleep 0.1; done
is "it ends by itself" "$(decoding)" ''
for number in 1 2 3 4; do is "and leaves the way free" "$(settled "http://127.0.0.1:$origin/video.mp4?behind$number")" completed; done

# Killed from outside, again and again: nothing is lost, nobody else notices.
killed=() other=()
for n in 1 2 3 4; do
  killed+=("$(insert "http://127.0.0.1:$origin/held.mp4?killed$n")")
  other+=("$(insert "http://127.0.0.1:$origin/video.mp4?beside$n")")
  wait_decoding
  # shellcheck disable=SC2046 # Numbers.
  if [ $((n % 2)) = 0 ]; then signal KILL $(decoding); else signal KILL $(decoders); fi
  wait_for "${killed[-1]}" completed failed >/dev/null
done
for row in "${killed[@]}" "${other[@]}"; do
  is "a decoder was killed: the video gets its picture" "$(wait_for "$row" completed failed)" completed
  is "within its first attempt" "$(sql "SELECT thumbnail_generation_attempts FROM videos WHERE id = '$row'")" 1
done
has "it was noticed" "$(grep -h 'once more' "$work/state/log/auto-generate-thumbnail.log" | tail -n 1)" 'the decoder was \(killed\|lost\)'

# Stopped, it neither works nor ends: it is given up before the lease is over. (The only one there is, for what served the videos before has
# ended by itself.)
for _ in $(seq 600); do [ -n "$(decoding)" ] || break; sleep 0.1; done
row=$(insert "http://127.0.0.1:$origin/held.mp4?stopped")
wait_decoding
# shellcheck disable=SC2046
signal STOP $(decoding)
is "a decoder stands still: the video gets its picture" "$(wait_for "$row" completed failed)" completed
is "and the history says so" "$(sql "SELECT count(*) > 0 FROM thumbnails.events WHERE video_id = '$row' AND class = 'decoder' AND text LIKE '%stood still%'")" t

# So does the process that forks them: it is replaced, and the video does not lose its lease over that.
for _ in $(seq 600); do [ -n "$(decoding)" ] || break; sleep 0.1; done
decoders | xargs -r kill -STOP
row=$(insert "http://127.0.0.1:$origin/video.mp4?their-parent-stopped")
is "decoders' parents stand still: the video gets its picture" "$(wait_for "$row" completed failed)" completed
is "within its first attempt" "$(sql "SELECT thumbnail_generation_attempts FROM videos WHERE id = '$row'")" 1
is "and the history says so" "$(sql "SELECT string_agg(text, '') FROM thumbnails.events WHERE video_id = '$row' AND class = 'decoder'")" \
  'the decoder was lost while it had the video'
decoders | xargs -r kill -CONT

# Sample tables of constant size that name 85 million samples in 1,092 bytes: libavformat wants gigabytes for them.
python3 - "$work/state/public/videos/bomb.mp4" <<'PY'
import struct, sys
def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body
def full(kind, *parts): return box(kind, bytes(4), *parts)
def numbers(*values): return struct.pack(f">{len(values)}I", *values)
samples = 85_000_000
matrix = numbers(1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
def track(number):
    picture = bytes(6) + b"\0\1" + bytes(16) + struct.pack(">HH", 640, 360) + numbers(72 << 16, 72 << 16, 0) + b"\0\1" + bytes(32) + b"\0\x18\xff\xff"
    table = box(b"stbl", full(b"stsd", numbers(1), box(b"jpeg", picture)), full(b"stts", numbers(1, samples, 1)),
                full(b"stsc", numbers(1, 1, samples, 1)), full(b"stsz", numbers(1, samples)), full(b"stco", numbers(1, 40)))
    data = box(b"dinf", full(b"dref", numbers(1), box(b"url ", b"\0\0\0\1")))
    media = box(b"mdia", full(b"mdhd", numbers(0, 0, 1000, 90000, 0)), full(b"hdlr", b"\0\0\0\0vide", bytes(12), b"v\0"),
                box(b"minf", box(b"vmhd", b"\0\0\0\1", bytes(8)), data, table))
    return box(b"trak", box(b"tkhd", b"\0\0\0\7", numbers(0, 0, number, 0, 90000), bytes(16), matrix, numbers(640 << 16, 360 << 16)), media)
head = full(b"mvhd", numbers(0, 0, 1000, 90000, 1 << 16), b"\1\0", bytes(10), matrix, bytes(24), numbers(3))
open(sys.argv[1], "wb").write(box(b"ftyp", b"isom\0\0\2\0isomiso2") + box(b"moov", head, track(1), track(2)) + box(b"mdat", b"\xff" * 64))
PY
chmod 644 "$work/state/public/videos/bomb.mp4"
bombs=()
for n in 1 2 3 4; do bombs+=("$(insert "$base/videos/bomb.mp4?$n")"); done
row=$(insert "http://127.0.0.1:$origin/video.mp4?after-the-bombs")
is "a video beside them" "$(wait_for "$row" completed failed)" completed
for bomb in "${bombs[@]}"; do
  is "a bomb of sample tables is the video's fault" "$(wait_for "$bomb" completed failed)" "failed media"
  has "and has a sentence" "$(sql "SELECT thumbnail_generation_error FROM videos WHERE id = '$bomb'")" 'more memory than its decoder may use'
  is "after one claim" "$(events_of "$bomb" processing)" 1
done
is "no worker was lost by all of this" "$(workers)" "$workers_before"

# A worker that dies takes its decoder along, and what it was decoding.
row=$(insert "http://127.0.0.1:$origin/held.mp4?orphan")
wait_decoding
child=$(decoding | sed -n 1p)
parent=$(awk '/^PPid:/ { print $2 }' "/proc/$child/status")
kill -KILL "$(awk '/^PPid:/ { print $2 }' "/proc/$parent/status")"
# Ended is ended: clearing away what a killed process leaves is up to process 1, which in a container need not do it.
left() { for process in "$child" "$parent"; do grep -qs '^State:.[^Z]' "/proc/$process/status" && echo "$process"; done; true; }
for _ in $(seq 1200); do [ -n "$(left)" ] || break; sleep 0.05; done
is "of a killed worker's decoder nothing is left" "$(left)" ""
is "another worker makes the picture" "$(wait_for "$row" completed failed)" completed

# Where there is no box, nothing is served.
cgi auto-generate-thumbnail "{\"videoId\":\"$(quiet_row "http://127.0.0.1:$origin/video.mp4")\"}" DECODER_PATH=/none >"$work/status"
is "no decoder: the attempt is given back" "$(cat "$work/status") $(body | grep -c '"code":"configuration"')" "503 1"
python3 - "$bin/real/auto-generate-thumbnail" "$work/listen" "$SERVICE_ROLE_KEY" <<'PY' >"$work/status" 2>"$work/err"
import socket, subprocess, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[2])
listener.listen()
print(subprocess.run([sys.argv[1]], stdin=listener, timeout=60, env={
    "DECODER_PATH": "/none", "SERVICE_ROLE_KEY": sys.argv[3], "DATABASE_URL": "postgresql:///none", "SUPABASE_URL": "http://x", "THUMBNAILS_DIRECTORY": "/tmp"}).returncode)
PY
is "a service does not even start" "$(cat "$work/status")" 78
has "and says why" "$(cat "$work/err")" 'the decoder cannot be used: /none'
end_quiet
