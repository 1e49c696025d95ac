# shellcheck shell=bash disable=SC2154
# The command lines of the four executables.
exit_of() { "$@" >"$work/out" 2>"$work/err" && echo 0 || echo $?; }
mkdir "$work/check"
for name in auto-generate-thumbnail thumbnail-decoder retry-stuck-thumbnails scheduled webhook-relay; do
  is "$name --help" "$(exit_of "$bin/$name" --help)" 0
  has "$name --help names it" "$(cat "$work/out")" "^$name: "
  is "$name --version" "$(exit_of "$bin/$name" --version)" 0
  has "$name --version says which" "$(cat "$work/out")" "^$name [0-9a-z][0-9A-Za-z.+~]*$"
  is "$name with an unknown word" "$(exit_of env -i DATABASE_URL=postgresql:///none SUPABASE_URL=http://x SERVICE_ROLE_KEY="$SERVICE_ROLE_KEY" "$bin/$name" nonsense)" 2
done
for name in auto-generate-thumbnail retry-stuck-thumbnails scheduled; do
  is "fault 11: $name refuses to start without a secret" \
    "$(exit_of env -i GATEWAY_INTERFACE=CGI/1.1 DATABASE_URL=postgresql:///none SUPABASE_URL=http://x "$bin/$name")" 78
  has "$name says which one" "$(cat "$work/err")" 'SERVICE_ROLE_KEY'
  is "$name --check" "$(exit_of env DATABASE_URL="$HANDLERS_DATABASE_URL" THUMBNAILS_DIRECTORY="$work/check" "$bin/$name" --check)" 0
  has "$name --check has a line for each" "$(cat "$work/out")" '^ok    settings: '
done
for name in auto-generate-thumbnail retry-stuck-thumbnails; do
  is "$name --check without a database" "$(exit_of env DATABASE_URL=postgresql://127.0.0.1:1/none THUMBNAILS_DIRECTORY="$work/check" "$bin/$name" --check)" 1
  has "$name --check says what fails, and libpq's reason" "$(cat "$work/out")" '^FAIL  database: the database cannot be reached: .*onnection refused'
  for url in 'postgresql://u:pl@cehold@127.0.0.1/none' 'postgresql://u:pl/cehold@127.0.0.1/none' 'postgresql//u:cehold@127.0.0.1/none'; do
    is "$name with a password that is not encoded" "$(exit_of env GATEWAY_INTERFACE=CGI/1.1 DATABASE_URL="$url" THUMBNAILS_DIRECTORY="$work/check" "$bin/$name")" 78
    has "is told so" "$(cat "$work/err")" 'DATABASE_URL .*percent-encoded'
    is "without a letter of it" "$(cat "$work/out" "$work/err" | grep -c cehold || true)" 0
  done
done
is "scheduled --check with a proxy and a misspelt name" "$(exit_of env https_proxy=http://127.0.0.1:1 SUPABASE_ULR=x "$bin/scheduled" --check)" 0
has "says that the one is not used" "$(cat "$work/out")" '^WARN  settings: https_proxy is set, and not used: .* connected to directly$'
has "and that nobody reads the other" "$(cat "$work/out")" '^WARN  settings: SUPABASE_ULR is set, and nobody reads it: is SUPABASE_URL meant[?]$'
# A connection that closes while TLS writes to it raises SIGPIPE: no program is ended by it, from its first connection on.
python3 - "$bin" "$SERVICE_ROLE_KEY" <<'PY' >"$work/status"
import socket, subprocess, sys
for name in ("auto-generate-thumbnail", "retry-stuck-thumbnails", "scheduled", "webhook-relay"):
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(60)
    at = f"127.0.0.1:{listener.getsockname()[1]}"
    process = subprocess.Popen([f"{sys.argv[1]}/{name}", "--check"], stdout=subprocess.DEVNULL, env={
        "DATABASE_URL": f"postgresql://{at}/none", "SUPABASE_URL": f"http://{at}", "SERVICE_ROLE_KEY": sys.argv[2], "THUMBNAILS_DIRECTORY": "/tmp"})
    listener.accept()
    ignored = next(line for line in open(f"/proc/{process.pid}/status") if line.startswith("SigIgn"))
    print(name, "ignores it" if int(ignored.split()[1], 16) >> 12 & 1 else "is ended")
    process.kill()
PY
is "broken pipes" "$(grep -c 'ignores it' "$work/status")" 4
is "scheduled run" "$(exit_of "$bin/scheduled" run)" 0
has "its answer" "$(cat "$work/out")" '^{"success":true,"result":{.*"timestamp":"'
is "scheduled run with nobody there" "$(exit_of env SUPABASE_URL=http://127.0.0.1:1 "$bin/scheduled" run)" 1
has "it says so, where a crontab does not drop it" "$(cat "$work/err")" '"error":"retry-stuck-thumbnails cannot be reached.*"success":false'
python3 - "$bin/scheduled" "$CRON_SECRET" <<'PY' >"$work/status"
import socket
import subprocess
import sys

with socket.create_server(("127.0.0.1", 0)) as listener:
    call = subprocess.Popen([sys.argv[1], "run"], stdout=subprocess.DEVNULL, env={
        "SUPABASE_URL": f"http://127.0.0.1:{listener.getsockname()[1]}", "CRON_SECRET": sys.argv[2]})
    accepted = listener.accept()
    # Not SIGINT, which the shell ignores in what it starts in the background.
    call.terminate()
    try:
        print("ended by", -call.wait(timeout=5))
    except subprocess.TimeoutExpired:
        call.kill()
        print("goes on")
PY
is "scheduled run with nobody who answers, and SIGTERM" "$(cat "$work/status")" "ended by 15"

is "the worker links no libav" "$(ldd "$bin/real/auto-generate-thumbnail" | grep -oE "lib((av|sw)(codec|format|filter|util|scale|resample)|c)\." | sort -u)" libc.
is "auto-generate-thumbnail --check with its decoder" \
  "$(exit_of env DATABASE_URL="$HANDLERS_DATABASE_URL" THUMBNAILS_DIRECTORY="$work/check" "$bin/auto-generate-thumbnail" --check)" 0
has "it says that the box is closed" "$(cat "$work/out")" '^ok    decoder: FFmpeg .*, in a box, makes jpeg, webp, avif$'
has "it knows the migrations" "$(cat "$work/out")" '^ok    migrations: those of this version$'
applied=$(sql "SELECT pg_get_functiondef('thumbnails.fingerprint'::regproc)")
sql "CREATE OR REPLACE FUNCTION thumbnails.fingerprint() RETURNS text LANGUAGE sql AS \$\$ SELECT 'of another version' \$\$"
is "--check with migrations of another version" \
  "$(exit_of env DATABASE_URL="$HANDLERS_DATABASE_URL" THUMBNAILS_DIRECTORY="$work/check" "$bin/auto-generate-thumbnail" --check)" 0
has "it says so" "$(cat "$work/out")" '^WARN  migrations: another version.s are applied'
sql "$applied"
for off in "3600 ahead of" "-3600 behind"; do
  is "--check with a clock that is off" \
    "$(exit_of env FAULT_CLOCK="${off%% *}" DATABASE_URL="$HANDLERS_DATABASE_URL" THUMBNAILS_DIRECTORY="$work/check" "$bin/auto-generate-thumbnail" --check)" 0
  has "it says so" "$(cat "$work/out")" "^WARN  clock: this host is 3[56][0-9][0-9] s ${off#* } the database: "
done
is "--check without a decoder" \
  "$(exit_of env DECODER_PATH=/none DATABASE_URL="$HANDLERS_DATABASE_URL" THUMBNAILS_DIRECTORY="$work/check" "$bin/auto-generate-thumbnail" --check)" 1
has "it says so" "$(cat "$work/out")" '^FAIL  decoder: the decoder cannot be used: /none: '

render() { exit_of "$bin/auto-generate-thumbnail" render "$@"; }
is "render a file" "$(render "$work/video.mp4" --output "$work/r.jpg" --json)" 0
has "its figures" "$(cat "$work/out")" '"format":"jpeg","height":360.*"timestampSeconds":[1-9]'
is "render of a file loads nothing of the network" "$(LD_DEBUG=files "$bin/real/auto-generate-thumbnail" render "$work/video.mp4" --output "$work/r.jpg" 2>&1 | grep -oE "lib(curl|pq|ssl|c)\." | sort -u)" libc.
mkdir "$work/no-libraries"
for library in libcurl.so.4 libpq.so.5; do
  echo "not a library" >"$work/no-libraries/$library"
  is "without $library" "$(exit_of env LD_LIBRARY_PATH="$work/no-libraries" DATABASE_URL=postgresql://127.0.0.1:1/none THUMBNAILS_DIRECTORY="$work/check" "$bin/real/auto-generate-thumbnail" --check)" 78
  has "the reason" "$(cat "$work/err")" "^auto-generate-thumbnail: .*$library: "
  rm "$work/no-libraries/$library"
done
# What cannot be written is not done.
to_full() { "$@" >/dev/full 2>"$work/err" && echo 0 || echo $?; }
for command in "auto-generate-thumbnail render $work/video.mp4 --output $work/r.jpg --json" "auto-generate-thumbnail --settings" "scheduled --check" \
  "scheduled run" "retry-stuck-thumbnails --version" "webhook-relay --help" "thumbnail-decoder --allowed-calls"; do
  # shellcheck disable=SC2086
  is "$command to a full disk" "$(to_full "$bin/"$command)" 1
  has "says so" "$(cat "$work/err")" "^${command%% *}: standard output cannot be written$"
done
is "render in portrait" "$(render "$work/video.mp4" --output "$work/r.jpg" --aspect 9:16)" 0
is "its size" "$(ffprobe -v error -show_entries stream=width,height -of csv=p=0 "$work/r.jpg")" "202,360"
is "render a URL" "$(SOURCE_PRIVATE_HOSTS=127.0.0.1:$origin render "http://127.0.0.1:$origin/video.mp4" --output "$work/r.jpg" --json)" 0
has "its requests" "$(cat "$work/out")" '"requests":[1-9]'
rm "$work/r.jpg"
is "render what is not there" "$(render "$work/none.mp4" --output "$work/r.jpg" --json)" 1
has "its refusal" "$(cat "$work/out")" '^{"code":"source","error":".*","retryable":true}$'
is "render a private address" "$(render "http://127.0.0.1:$forbidden/a.mp4" --output "$work/r.jpg" --json)" 1
has "is forbidden" "$(cat "$work/out")" '"code":"forbidden"'
is "no output was left" "$([ ! -e "$work/r.jpg" ] && echo none)" none
is "render to a folder that is not there" "$(render "$work/video.mp4" --output "$work/none/r.jpg" --json)" 1
has "is storage" "$(cat "$work/out")" '"code":"storage","error":".*: No such file or directory"'
ln -s linked.jpg "$work/link.jpg"
is "render to a link, as /dev/stdout is one" "$(render "$work/video.mp4" --output "$work/link.jpg")" 0
is "leaves the link, and writes where it leads" "$(readlink "$work/link.jpg") $(head -c 2 "$work/linked.jpg" | od -An -tx1)" "linked.jpg  ff d8"
# A name means the file that it means to the kernel.
mkdir -p "$work/odd/~root" "$work/odd/real/folder"
ln -s real/folder "$work/odd/link"
for name in '~root/r.jpg' 'link/../r.jpg' 'a b%41?#.jpg' $'line\nend.jpg'; do
  is "render to $name" "$(cd "$work/odd" && render ../video.mp4 --output "$name")" 0
  is "is written there" "$(head -c 2 "$work/odd/$name" | od -An -tx1)" " ff d8"
done
chmod 600 "$work/odd/~root/r.jpg"
is "render to a file again" "$(cd "$work/odd" && render "../video.mp4" --output '~root/r.jpg')" 0
is "keeps its mode, and leaves nothing else" "$(stat -c %a "$work/odd/~root/r.jpg") $(ls -A "$work/odd/~root")" "600 r.jpg"
cp "$work/video.mp4" "$work/caf"$'\351'.mp4
is "render a file whose name is no UTF-8" "$(render "$work/caf"$'\351'.mp4 --output "$work/r.jpg")" 2
has "says so" "$(cat "$work/err")" 'caf.*[.]mp4 is not UTF-8: rename the file'
is "nor is a setting" "$(exit_of env THUMBNAILS_DIRECTORY="$work/caf"$'\351' "$bin/auto-generate-thumbnail" --check)" 1
has "which is said, too" "$(cat "$work/out")" '^  - THUMBNAILS_DIRECTORY is not UTF-8$'
is "render without --output" "$(render "$work/video.mp4")" 2
is "render with a wrong shape" "$(render "$work/video.mp4" --output x --aspect 4:3)" 2
is "WebP" "$(THUMBNAIL_FORMATS=webp render "$work/video.mp4" --output "$work/r.webp" --json)" 0
is "is WebP" "$(ffprobe -v error -show_entries stream=codec_name -of csv=p=0 "$work/r.webp")" webp
is "several sizes and formats" "$(THUMBNAIL_SIZES=1920,480,640 THUMBNAIL_FORMATS=webp,avif,jpeg render "$work/video.mp4" --output "$work/r.d.jpg" --json)" 0
is "never enlarged, each once, the main one JPEG" "$(cd "$work" && for file in r.d*; do
  echo "$file $(ffprobe -v error -show_entries stream=codec_name,width,height -of csv=p=0 "$file")"; done | paste -sd' ')" \
  'r.d-480.avif av1,480,270 r.d-480.jpg mjpeg,480,270 r.d-480.webp webp,480,270 r.d-640.avif av1,640,360 r.d-640.webp webp,640,360 r.d.jpg mjpeg,640,360'
is "and told" "$(python3 -c 'import json, sys; r = json.load(sys.stdin); print(r["width"], r["format"], len(r["sizes"]), min(s["bytes"] for s in r["sizes"]) > 500)' <"$work/out")" '640 jpeg 5 True'
# A wrong matrix or range moves saturated colours by ten and more.
ffmpeg -v error -y -f lavfi -i smptebars=size=640x360:duration=1 -pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 "$work/bars.mp4"
is "bars in every format" "$(THUMBNAIL_FORMATS=webp,avif,jpeg render "$work/bars.mp4" --output "$work/bars.jpg")" 0
tones() { ffmpeg -v error -i "$1" -vf scale=14:8:flags=area -pix_fmt rgb24 -f rawvideo - | od -An -v -tu1 -w1; }
for format in webp avif; do
  is "the colours of $format are the JPEG's" "$(paste <(tones "$work/bars.jpg") <(tones "$work/bars-640.$format") |
    awk '{ d = $1 > $2 ? $1 - $2 : $2 - $1; if (d > 8) n++ } END { print NR, n + 0 }')" "336 0"
done
for wrong in 63 960,960 "," 100,200,300,400,500,600,700; do
  is "THUMBNAIL_SIZES=$wrong is refused" "$(THUMBNAIL_SIZES=$wrong render "$work/video.mp4" --output "$work/r.png" --json)" 1
done
is "a format twice is refused" "$(THUMBNAIL_FORMATS=webp,webp render "$work/video.mp4" --output "$work/r.png" --json)" 1
is "THUMBNAIL_FORMATS has three words" "$(THUMBNAIL_FORMATS=png render "$work/video.mp4" --output "$work/r.png" --json)" 1
# A password is no argument of psql, which everybody can read.
# shellcheck source=scripts/database/connection.bash
split() { (unset PGPASSWORD; . "$root/scripts/database/connection.bash"; connect_to "$1"; printf '%s %s' "$connection" "${PGPASSWORD-}"); }
is "password of a URL" "$(split 'postgresql://me:s%40cr%3Aet@db.example.com:5432/videos?sslmode=require')" 'postgresql://me@db.example.com:5432/videos?sslmode=require s@cr:et'
is "as its parameter" "$(split 'postgresql:///videos?user=me&password=s%20ecret&host=/tmp')" 'postgresql:///videos?user=me&host=/tmp s ecret'
is "of key and value" "$(split 'host=/tmp password=secret dbname=videos')" 'host=/tmp  dbname=videos secret'
is "in quotes" "$(split "host=/tmp password = 'a \\'b\\' \\\\c' dbname=videos")" "host=/tmp  dbname=videos a 'b' \\c"
is "with a backslash, in a URL, too" "$(split 'postgresql://me:a\tb%5Cc%25@/videos')" 'postgresql://me@/videos a\tb\c%'
for wrong in 'postgresql://me:s@cret@db.example.com/videos' 'postgresql://me:sec/ret@db.example.com/videos'; do
  is "one that no program understands is not passed on" "$(DATABASE_URL=$wrong "$root/scripts/migrate" 2>&1; echo $?)" $'in a password @, / and : are percent-encoded: %40, %2F and %3A\n1'
done
is "where there is none" "$(split 'postgresql://me@db.example.com/videos')" 'postgresql://me@db.example.com/videos '

# The hourly call where there is no crontab: it goes on.
every() { SUPABASE_URL=$base CRON_SECRET=$CRON_SECRET "$bin/scheduled" run "$@" 2>&1; }
for wrong in "--every" "--every 59" "--every 86401" "--every hourly" "60" "--every 60 60"; do
  # shellcheck disable=SC2086
  has "run $wrong is refused" "$(every $wrong; echo "exit $?")" 'exit 2'
done
every --every 60 >"$work/every" &
process=$!
suite_processes+=("$process")
wait_file "$work/every"
has "run --every 60 calls at once" "$(cat "$work/every")" '"success":true'
is "and goes on" "$(kill -0 "$process" && echo running)" running
pkill -TERM -P "$process"
status=0
wait "$process" || status=$?
is "until it is told to stop" "$status" 0
