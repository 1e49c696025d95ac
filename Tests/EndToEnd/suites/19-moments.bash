# shellcheck shell=bash disable=SC2154
# Moments to choose from, and storyboards: asked for, made, kept, killed between two uploads, collected.
board() { sql "SELECT thumbnail_metadata #>> '{storyboard,$2}' FROM videos WHERE id = '$1'"; } # row name
until_board() { # row [url it had before]: the URL of its list
  for _ in $(seq 600); do
    [ "$(board "$1" url)" != "${2-}" ] && break
    sleep 0.1
  done
  board "$1" url
}

told() { python3 -c "import base64, json, sys; r = json.load(open('$work/body')); c = r['data']['candidates']; $1"; } # Python of the answer
row=$(insert "http://127.0.0.1:$origin/video.mp4?moments")
is "a video with a thumbnail" "$(wait_for "$row" completed failed)" completed
before=$(sql "SELECT v::text FROM videos AS v WHERE id = '$row'")
is "candidates" "$(generate -d "{\"videoId\":\"$row\",\"candidates\":3}")" 200
is "as many as were asked for, small, in a JSON of one form" \
  "$(told 'print(r["success"], r["data"]["videoId"], len(c), {(p["width"], p["height"]) for p in c})')" "True $row 3 {(320, 180)}"
is "of different seconds, best first, none of them the black beginning" \
  "$(told 'scores = [p["score"] for p in c]; print(len({p["timeSeconds"] for p in c}), scores == sorted(scores, reverse=True), all(p["timeSeconds"] >= 1 for p in c))')" "3 True True"
for number in 0 1 2; do
  told "sys.stdout.buffer.write(base64.b64decode(c[$number]['image'].removeprefix('data:image/jpeg;base64,'), validate=True))" >"$work/candidate.jpg"
  is "picture $number is one" "$(ffprobe -v error -show_entries stream=codec_name,width,height -of csv=p=0 "$work/candidate.jpg")" mjpeg,320,180
done
is "nothing of the row has changed" "$(sql "SELECT v::text FROM videos AS v WHERE id = '$row'")" "$before"
second=$(told 'print(c[2]["timeSeconds"])')
is "the one that was chosen" "$(generate -d "{\"videoId\":\"$row\",\"regenerate\":true,\"timeSeconds\":$second}")" 200
is "is that picture" "$(sql "SELECT abs((thumbnail_metadata ->> 'timestampSeconds')::numeric - $second) <= 0.001 FROM videos WHERE id = '$row'")" t
curl -fsS -o "$work/chosen.jpg" "$(url_of "$row")"
has "to the eye" "$(ffmpeg -v info -i "$work/candidate.jpg" -i "$work/chosen.jpg" -lavfi '[1]scale=320:180[a];[0][a]ssim' -f null - 2>&1)" 'All:0\.9'
is "twelve are asked for" "$(generate -d "{\"videoId\":\"$row\",\"candidates\":12}")" 200
is "the black beginning is not among them" "$(told 'print(len(c) > 3, all(p["timeSeconds"] >= 1 for p in c))')" "True True"
is "no candidates" "$(generate -d "{\"videoId\":\"$row\",\"candidates\":0}")" 400
is "too many" "$(generate -d "{\"videoId\":\"$row\",\"candidates\":13}")" 400
is "two things at once" "$(generate -d "{\"videoId\":\"$row\",\"candidates\":3,\"storyboard\":true}")" 400
is "of a video that is not there" "$(generate -d '{"videoId":"00000000-0000-4000-8000-00000000dead","candidates":3}')" 404
unfinished=$(sql "INSERT INTO videos (status, video_url) VALUES ('processing', 'http://127.0.0.1:$origin/video.mp4') RETURNING id")
is "of one that is not finished" "$(generate -d "{\"videoId\":\"$unfinished\",\"candidates\":3}")" 200
has "there are none" "$(body)" '"reason":"the video is not finished (processing)".*"skipped":true'
for ask in '"candidates":3' '"storyboard":true'; do
  is "a webhook may not ask for $ask" "$(call -X POST -H "Authorization: Bearer $WEBHOOK_SECRET" "$base/functions/v1/auto-generate-thumbnail" \
    -d "{\"videoId\":\"$row\",$ask}")" 403
done
bad=$(insert "http://127.0.0.1:$origin/none.mp4?moments")
wait_for "$bad" completed failed >/dev/null
is "of a video that cannot be read" "$(generate -d "{\"videoId\":\"$bad\",\"candidates\":3}")" 502

# A storyboard of a video in which every picture has to be decoded.
ffmpeg -v error -y -f lavfi -i testsrc2=s=160x90:r=5:d=110 -c:v libx264 -preset ultrafast -g 9999 -sc_threshold 0 -pix_fmt yuv420p -f mp4 "$work/board.ts" </dev/null
lone=$(insert "http://127.0.0.1:$origin/board.ts?lone")
wait_for "$lone" completed failed >/dev/null
is "a storyboard of a lone keyframe is queued" "$(generate -d "{\"videoId\":\"$lone\",\"storyboard\":true}")" 202
until_board "$lone" >/dev/null
is "it has a hundred pictures" "$(board "$lone" tiles)" 100

# A storyboard.
is "a storyboard is queued" "$(generate -d "{\"videoId\":\"$row\",\"storyboard\":true}")" 202
list=$(until_board "$row")
curl -fsS -D "$work/headers" -o "$work/board.vtt" "$list"
has "its list is WebVTT" "$(head -1 "$work/board.vtt")" '^WEBVTT$'
has "and told to be" "$(cat "$work/headers")" '^Content-Type: text/vtt'
# Not every FFmpeg makes the clip the same length to the frame.
duration=$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$work/video.mp4")
seconds=${duration%.*}
is "a picture for each of its $seconds seconds" "$(board "$row" tiles)" "$seconds"
is "each is in the list" "$(grep -c -- '-->' "$work/board.vtt")" "$(board "$row" tiles)"
is "the first from the beginning" "$(grep -m1 -- '-->' "$work/board.vtt" | cut -d' ' -f1)" 00:00:00.000
is "the last to the end" "$(grep -- '-->' "$work/board.vtt" | tail -1 | cut -d' ' -f3)" "00:00:0$(printf '%.3f' "$duration")"
is "without a gap" "$(grep -- '-->' "$work/board.vtt" | awk 'NR > 1 && $1 != end { print } { end = $3 }')" ''
name=$(grep -m1 '#xywh' "$work/board.vtt" | cut -d'#' -f1)
is "which are on the sheet the row names" "${list%/*}/$name" "$(sql "SELECT thumbnail_metadata #>> '{storyboard,sheets,0}' FROM videos WHERE id = '$row'")"
curl -fsS -o "$work/sheet.jpg" "${list%/*}/$name"
rows=$(((seconds + 4) / 5))
is "five beside each other" "$(ffprobe -v error -show_entries stream=width,height -of csv=p=0 "$work/sheet.jpg")" "800,$((rows * 90))"
level() { # xywh: mean luma
  IFS=, read -r x y w h <<<"$1"
  ffmpeg -v error -i "$work/sheet.jpg" -vf "crop=$w:$h:$x:$y,signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-" -f null - | sed -n 's/.*YAVG=\([0-9]*\).*/\1/p'
}
tile() { sed -n 's/.*#xywh=//p' "$work/board.vtt" | sed -n "$1p"; }
is "the first is black" "$([ "$(level "$(tile 1)")" -lt 10 ] && echo yes)" yes
is "the third is not" "$([ "$(level "$(tile 3)")" -gt 30 ] && echo yes)" yes
is "the thumbnail is as it was" "$(sql "SELECT thumbnail_generation_status || ' ' || (thumbnail_metadata ->> 'method') FROM videos WHERE id = '$row'")" 'completed keyframe'
is "a new thumbnail" "$(generate -d "{\"videoId\":\"$row\",\"regenerate\":true}")" 200
is "leaves the storyboard" "$(board "$row" url)" "$list"
# As one whose retry is due: no request comes for it, and no video.
sql "SELECT thumbnails.request_storyboard('$row')" >/dev/null
is "the relay wakes somebody for one that is due" "$([ "$(until_board "$row" "$list")" != "$list" ] && echo yes)" yes

# A transport stream has no index, and is searched for a time. A frame more than ten seconds: FFmpeg from 6 on takes half a frame off the end, and
# there is a picture for each whole second.
ffmpeg -v error -y -f lavfi -i testsrc2=s=640x360:r=25:d=10.04 -c:v libx264 -pix_fmt yuv420p -g 25 -sc_threshold 0 "$work/board.ts" </dev/null
chmod 644 "$work/board.ts"
stream=$(insert "http://127.0.0.1:$origin/board.ts")
wait_for "$stream" completed failed >/dev/null
is "a storyboard of a transport stream" "$(generate -d "{\"videoId\":\"$stream\",\"storyboard\":true}")" 202
streamed=$(until_board "$stream")
is "has all its ten keyframes" "$(board "$stream" tiles)" 10
is "each for what is nearest to it" "$(curl -fsS "$streamed" | sed -n 's/^00:00:0\([0-9.]*\) --> .*/\1/p' | tr '\n' ' ')" \
  '0.000 0.500 1.500 2.500 3.500 4.500 5.500 6.500 7.500 8.500 '

# One that fails says so in the history, and the thumbnail stands.
sql "UPDATE videos SET thumbnail_url = 'http://elsewhere/a.jpg' WHERE id = '$bad'"
is "a storyboard of what cannot be read" "$(generate -d "{\"videoId\":\"$bad\",\"storyboard\":true}")" 202
for _ in $(seq 600); do [ "$(sql "SELECT count(*) FROM thumbnails.events WHERE video_id = '$bad' AND text LIKE 'storyboard: %'")" = 0 ] || break; sleep 0.1; done
has "says why in the history" "$(sql "SELECT text FROM thumbnails.events WHERE video_id = '$bad' AND text LIKE 'storyboard: %'")" '^storyboard: .*404'
is "and its row stays completed" "$(state_of "$bad")" completed
sql "DELETE FROM thumbnails.jobs WHERE video_id = '$bad'"

# With STORYBOARD=on each new thumbnail has one made after it, by the worker itself.
quiet=$(quiet_row "http://127.0.0.1:$origin/video.mp4?board-on")
as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$quiet\"}" THUMBNAILS_DIRECTORY="$work/state/public" STORYBOARD=on >"$work/status"
is "a thumbnail, with STORYBOARD=on" "$(cat "$work/status")" 200
is "and its storyboard" "$(curl -fsS "$(board "$quiet" url)" | head -1)" WEBVTT

# Twenty large pictures, each of which takes a third of a second: both do with what they have after a time.
ffmpeg -v error -f lavfi -i testsrc2=s=8000x4400:d=1:r=1 -pix_fmt rgb24 "$work/large.png" </dev/null
ffmpeg -v error -y -stream_loop 19 -f png_pipe -framerate 1 -i "$work/large.png" -c copy -f mov "$work/board.ts" </dev/null
large=$(quiet_row "http://127.0.0.1:$origin/board.ts?large")
is "candidates of a video of which each picture takes long" \
  "$(as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$large\",\"candidates\":8}" MEDIA_SEARCH_SECONDS=1)" 200
is "are fewer" "$(told 'print(0 < len(c) < 8)')" True
as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$large\"}" THUMBNAILS_DIRECTORY="$work/state/public" STORYBOARD=on MEDIA_SEARCH_SECONDS=2 >/dev/null
is "its storyboard has fewer pictures" "$([ "$(board "$large" tiles)" -lt 15 ] && echo yes)" yes
has "over the whole length" "$(curl -fsS "$(board "$large" url)" | grep -- '-->' | tail -1)" '^00:00:1[5-9]'

mkdir -m 777 "$work/moments"
# A worker that is told to stop gives it back, and no attempt is used up.
given=$(quiet_row "http://127.0.0.1:$origin/held.mp4?given-back")
as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$given\"}" THUMBNAILS_DIRECTORY="$work/state/public" >/dev/null
sql "SELECT thumbnails.request_storyboard('$given')" >/dev/null
(as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$given\"}" FAULT_AT=mid-decode FAULT_NOTE="$work/moments/given" \
  THUMBNAILS_DIRECTORY="$work/state/public" LEASE_SECONDS=60) >/dev/null 2>&1 &
ended=$!
wait_file "$work/moments/given"
process=$(cat "$work/moments/given")
wait_stopped "$process"
kill -TERM "$process"
kill -CONT "$process"
wait "$ended"
is "a storyboard is given back" "$(sql "SELECT token IS NULL, attempts FROM thumbnails.jobs WHERE video_id = '$given' AND kind = 'storyboard'")" "t|0"
as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$given\"}" THUMBNAILS_DIRECTORY="$work/state/public" >/dev/null
is "and made by the next" "$(curl -fsS "$(board "$given" url)" | head -1)" WEBVTT
# Killed between two uploads: another worker makes it, and nothing is left.
for point in before-put-1 after-put-1 after-put-2; do
  sql "SELECT thumbnails.request_storyboard('$quiet')" >/dev/null
  old=$(board "$quiet" url)
  rm -f "$work/moments/board"
  (as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$quiet\"}" FAULT_AT="$point" FAULT_NOTE="$work/moments/board" \
    THUMBNAILS_DIRECTORY="$work/state/public" LEASE_SECONDS=2) >/dev/null 2>&1 &
  wait_file "$work/moments/board"
  process=$(cat "$work/moments/board")
  wait_stopped "$process"
  kill -KILL "$process"
  is "killed $point: the old one is on the row" "$(board "$quiet" url)" "$old"
  is "killed $point: and served" "$(curl -fsS "$old" | head -1)" WEBVTT
  as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$quiet\"}" THUMBNAILS_DIRECTORY="$work/state/public" >/dev/null
  for _ in $(seq 300); do
    [ "$(board "$quiet" url)" = "$old" ] || break
    sleep 0.2
    as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$quiet\"}" THUMBNAILS_DIRECTORY="$work/state/public" >/dev/null
  done
  is "killed $point: another worker makes it" "$([ "$(board "$quiet" url)" != "$old" ] && echo yes)" yes
done
collect() { as_stack gc_of_handlers; }
gc_of_handlers() {
  "${as_handlers[@]}" env DATABASE_URL="$HANDLERS_DATABASE_URL" THUMBNAILS_DIRECTORY="$work/state/public" \
    PUBLIC_BASE_URL="$base" GC_ORPHAN_SECONDS=0 "$bin/auto-generate-thumbnail" gc 2>"$work/gc"
}
sql "UPDATE thumbnails.object_deletions SET not_before = now()"
collect
is "what is left is what the row names" "$(find "$work/state/public/thumbnails/$quiet" -type f | sed 's|.*/||' | sort)" \
  "$(sql "SELECT regexp_replace(u, '.*/', '') FROM videos, LATERAL (SELECT thumbnail_url AS u UNION SELECT thumbnail_metadata #>> '{storyboard,url}'
     UNION SELECT jsonb_array_elements_text(thumbnail_metadata #> '{storyboard,sheets}')) AS n WHERE id = '$quiet' ORDER BY 1" | LC_ALL=C sort)"
sql "DELETE FROM videos WHERE id = '$quiet'"
end_quiet
for _ in $(seq 600); do [ "$(sql "SELECT count(*) FROM thumbnails.inbox WHERE video_id = '$quiet'")" != 0 ] || break; sleep 0.1; done
sql "UPDATE thumbnails.object_deletions SET not_before = now()"
collect
is "a deleted row takes them with it" "$(find "$work/state/public/thumbnails/$quiet" -type f 2>/dev/null | wc -l)" 0
