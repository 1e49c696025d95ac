# shellcheck shell=bash disable=SC2154
# What malformed requests and unusable videos get.
allowed_methods='Access-Control-Allow-Methods: GET, POST, OPTIONS'
allowed_headers='Access-Control-Allow-Headers: authorization, x-client-info, apikey, content-type, prefer, x-requested-with, x-retry-count, traceparent, tracestate, baggage'
for path in functions/v1/auto-generate-thumbnail functions/v1/retry-stuck-thumbnails scheduled; do
  post() { call -X POST "$base/$path" "$@"; }
  is "$path: no bearer" "$(post)" 401
  has "$path: says Unauthorized" "$(body)" '"error":"Unauthorized","success":false'
  is "$path: wrong bearer" "$(post -H 'Authorization: Bearer 0123456789abcdef0123456789abcdef')" 401
  is "$path: beginning of the bearer" "$(post -H "Authorization: Bearer ${SERVICE_ROLE_KEY:0:20}")" 401
  is "$path: bearer with something before it" "$(post -H "Authorization: Bearer x$SERVICE_ROLE_KEY")" 401
  is "$path: bearer with something after it" "$(post -H "Authorization: Bearer ${SERVICE_ROLE_KEY}x")" 401
  is "$path: another scheme" "$(post -H "Authorization: Basic $SERVICE_ROLE_KEY")" 401
  is "$path: wrong method" "$(call -X DELETE -H "Authorization: Bearer $SERVICE_ROLE_KEY" "$base/$path")" 405
  has "$path: says which are allowed" "$(cat "$work/headers")" '^Allow: .*POST, OPTIONS'
  is "$path: preflight without a bearer" "$(call -X OPTIONS "$base/$path")" 200
  has "$path: with CORS" "$(cat "$work/headers")" 'Access-Control-Allow-Origin: \*'
  has "$path: the methods" "$(cat "$work/headers")" "$allowed_methods"
  has "$path: the headers" "$(cat "$work/headers")" "$allowed_headers"
done
is "the cron secret may not generate" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/functions/v1/auto-generate-thumbnail" -d '{}')" 401
is "the webhook secret may not regenerate" "$(call -X POST -H "Authorization: Bearer $WEBHOOK_SECRET" "$base/functions/v1/auto-generate-thumbnail" \
  -d '{"videoId":"00000000-0000-4000-8000-0000000000ff","regenerate":true}')" 403

is "empty body" "$(generate)" 400
has "its sentence" "$(body)" 'videoId and videoUrl are required'
is "body without videoId" "$(generate -d '{"videoUrl":"https://example.com/a.mp4"}')" 400
has "the same sentence" "$(body)" 'videoId and videoUrl are required'
is "malformed body" "$(generate -d '{')" 400
is "a body that is no object" "$(generate -d '[1]')" 400
printf '{"videoId":"\xff\xfe"}' >"$work/latin"
is "body that is not UTF-8" "$(generate --data-binary "@$work/latin")" 400
has "it says so" "$(body)" 'not UTF-8'
is "id that is no UUID" "$(generate -d '{"videoId":"1; DROP TABLE videos"}')" 400
head -c 1100000 /dev/zero | tr '\0' x >"$work/huge"
is "huge body" "$(generate --data-binary "@$work/huge")" 413
has "nginx answers JSON" "$(body)" '"success":false'
for line in 'Access-Control-Allow-Origin: \*' "$allowed_methods" "$allowed_headers"; do has "with CORS" "$(cat "$work/headers")" "$line"; done
# What nginx cannot read never gets to a handler.
python3 - "$port" "$SERVICE_ROLE_KEY" <<'PY' >"$work/malformed"
import socket, sys
head = b"POST /functions/v1/auto-generate-thumbnail HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
bearer = b"Authorization: Bearer " + sys.argv[2].encode()
for name, request in [("two bearers", head + (bearer + b"\r\n") * 2), ("a folded line", head + bearer.replace(b" ", b"\r\n ", 1) + b"\r\n"),
                      ("64 kB of a header", head + b"X: " + bytes(65536).replace(b"\0", b"x") + b"\r\n"), ("a length below 0", head + b"Content-Length: -5\r\n"),
                      ("a length, and chunks", head + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), ("a method in small letters", head.replace(b"POST", b"post")),
                      ("a coding nobody knows", head + b"Transfer-Encoding: gzip\r\n"), ("no path", head.replace(b"/functions/v1/auto-generate-thumbnail", b"*")), ("a NUL in the path", head.replace(b"/v1", b"%00")),
                      ("a long path", head.replace(b"/v1", b"/v1" * 9000)), ("TLS", b"\x16\x03\x01\r\n")]:
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 20) as caller:
        caller.sendall(request + b"\r\n")
        answer = b""
        try:
            while part := caller.recv(65536):
                answer += part
        except ConnectionResetError:
            pass
    told, _, body = answer.partition(b"\r\n\r\n")
    print(name, told.split()[1:2] == [b"414" if name == "a long path" else b"400"], b"\r\nAccess-Control-Allow-Origin: *" in told, body.startswith(b'{"success":false,"error":"The request is malformed'))
PY
is "eleven requests that nginx cannot read" "$(wc -l <"$work/malformed")" 11
is "are answered as the handlers would" "$(grep -v 'True True True$' "$work/malformed" || true)" ""
is "the handler's own limit" "$(cgi auto-generate-thumbnail "$(head -c 2000 "$work/huge")" REQUEST_MAX_BODY=1024)" 413
is "unknown id" "$(generate -d '{"videoId":"00000000-0000-4000-8000-0000000000ff"}')" 404
row=$(sql "INSERT INTO videos (status, video_url) VALUES ('processing', '$base/videos/demo.mp4') RETURNING id")
is "a video that is not finished" "$(generate -d "{\"videoId\":\"$row\"}")" 200
has "is skipped" "$(body)" '"reason":"the video is not finished (processing)".*"skipped":true'
end_quiet
row=$(sql "INSERT INTO videos (status) VALUES ('completed') RETURNING id")
is "a row without URL" "$(wait_for "$row" failed)" "failed media"
is "its text" "$(sql "SELECT thumbnail_generation_error FROM videos WHERE id = '$row'")" "Video URL is null"

echo '<html>no video</html>' | tee "$work/state/public/videos/page.html" >"$work/state/public/videos/page.mp4"
: >"$work/state/public/videos/empty.mp4"
head -c 3000 "$work/state/public/videos/demo.mp4" >"$work/state/public/videos/cut.mp4"
printf '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n' >"$work/state/public/videos/playlist.mp4"
ffmpeg -v error -f lavfi -i sine=d=1 "$work/state/public/videos/audio.mp3"
chmod 644 "$work"/state/public/videos/*
while read -r url want name; do is "$name" "$(settled "$url")" "failed $want"; done <<EOF
$base/videos/none.mp4 source a file that is not there
http://127.0.0.1:$origin/gone.mp4 source a file that is gone
http://127.0.0.1:$origin/denied.mp4 source a file that may not be read
http://127.0.0.1:$origin/changing.mp4 source a file that changes while it is read
$base/videos/page.html source a web page
$base/videos/page.mp4 media a web page that is stored as a video
$base/videos/empty.mp4 media an empty file
$base/videos/cut.mp4 media a file cut off in the middle
$base/videos/playlist.mp4 media a playlist that names local files
$base/videos/audio.mp3 media an audio file
file:///etc/passwd forbidden a file: URL
data:video/mp4,x forbidden a data: URL
ftp://example.com/a.mp4 forbidden an ftp: URL
http://127.0.0.1:$forbidden/a.mp4 forbidden a private address
http://2130706433:$forbidden/a.mp4 forbidden a private address in decimal
http://[::ffff:127.0.0.1]:$forbidden/a.mp4 forbidden a private address in IPv6
http://127.0.0.1:$origin/loop.mp4 forbidden an endless redirect
http://127.0.0.1:$origin/to-private.mp4 forbidden a redirect to a private address
http://127.0.0.1:$origin/to-file.mp4 forbidden a redirect to a local file
EOF
is "every failure has a text" "$(sql "SELECT count(*) FROM videos WHERE thumbnail_generation_status = 'failed' AND coalesce(thumbnail_generation_error, '') = ''")" 0
is "an origin without ranges" "$(settled "http://127.0.0.1:$origin/no-ranges.mp4")" completed
is "an origin that breaks off now and then" "$(settled "http://127.0.0.1:$origin/flaky.mp4")" completed
row=$(quiet_row "http://127.0.0.1:$origin/video.mp4")
is "fault 17: the URL in the body is not fetched" \
  "$(generate -d "{\"videoId\":\"$row\",\"videoUrl\":\"http://127.0.0.1:$forbidden/secret.mp4\"}")" 200
is "fault 17: no forbidden address was contacted" "$(cat "$work/forbidden")" ""
row=$(quiet_row "http://127.0.0.1:$origin/none.mp4?signature=placeholder-signature")
is "a missing file" "$(generate -d "{\"videoId\":\"$row\"}")" 502
has "its answer has class and retryable" "$(body)" '"code":"source","error":".*","retryable":true,"success":false'
is "no query string in the reply" "$(body | grep -c placeholder-signature || true)" 0
is "nor on the row" "$(sql "SELECT count(*) FROM videos WHERE thumbnail_generation_error LIKE '%placeholder-signature%'")" 0
# Somebody listens and says nothing: the request has its answer before it is ended for taking too long.
python3 - "$work/silent.port" <<'PY' &
import os, socket, sys, time
listener = socket.create_server(("127.0.0.1", 0))
with open(sys.argv[1] + ".new", "w") as file:
    file.write(str(listener.getsockname()[1]))
os.rename(sys.argv[1] + ".new", sys.argv[1])
time.sleep(600)
PY
suite_processes+=("$!")
wait_file "$work/silent.port"
is "a sweep that does not answer" "$(cgi scheduled '' HANDLERS_URL="http://127.0.0.1:$(cat "$work/silent.port")" SCHEDULED_TIMEOUT=60 REQUEST_DEADLINE=1)" 503
has "is said in time" "$(body)" 'retry-stuck-thumbnails cannot be reached'
