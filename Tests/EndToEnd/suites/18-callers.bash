# shellcheck shell=bash disable=SC2154
# Callers as they are: what other clients, languages and gateways make of one and the same request. An unfinished video tells that its id was read.
row=$(sql "INSERT INTO videos (status, video_url) VALUES ('processing', '$base/videos/demo.mp4') RETURNING id")
understood() { # name argument…
  local name=$1
  shift
  is "$name" "$(generate "$@")" 200
  has "$name: its video" "$(body)" "\"reason\":\"the video is not finished (processing)\".*\"videoId\":\"$row\""
}
refused() { # status sentence name argument…
  local status=$1 sentence=$2 name=$3
  shift 3
  is "$name" "$(generate "$@")" "$status"
  has "$name: says so" "$(body)" "\"error\":\"[^\"]*$sentence"
}
text="{\"videoId\":\"$row\"}"
understood "chunks" -H 'Transfer-Encoding: chunked' -d "$text"
understood "a client that waits for 100 Continue" -H 'Expect: 100-continue' -d "$text"
understood "HTTP/1.0" --http1.0 -d "$text"
understood "a charset" -H 'Content-Type: application/json; charset=utf-8' -d "$text"
understood "no content type" -H 'Content-Type:' -d "$text"
understood "plain text" -H 'Content-Type: text/plain;charset=UTF-8' -d "$text"
understood "blanks and line ends" -d "  $text"$'\r\n'
is "a scheme in small letters" "$(call -X POST -H "Authorization: bearer $SERVICE_ROLE_KEY" "$base/functions/v1/auto-generate-thumbnail" -d "$text")" 200
understood "headers of gateways" -H "apikey: $SERVICE_ROLE_KEY" -H 'X-Forwarded-For: 203.0.113.9, 10.0.0.1' -H 'X-Client-Info: supabase-js/2' -H 'X-Retry-Count: 1' -d "$text"
understood "a query nobody asked for" --url-query 'source=pg_net' -d "$text"
understood "capitals" -d "{\"videoId\":\"${row^^}\"}"
understood "what else may be in it" -d "{\"videoUrl\":null,\"event\":[1,{\"a\":[]}],\"videoId\":\"$row\",\"aspectRatio\":7}"
printf '\xef\xbb\xbf%s' "$text" >"$work/bom"
understood "a byte order mark" --data-binary "@$work/bom"
for type in INSERT UPDATE; do
  understood "a database webhook, $type" -d "{\"type\":\"$type\",\"table\":\"videos\",\"schema\":\"public\",\"record\":{\"id\":\"$row\",\"aspect_ratio\":null},\"old_record\":null}"
done
python3 - "$row" <<'PY' >"$work/transcript"
import json, sys
row = {"id": sys.argv[1], "transcript": [{"at": second, "text": "words that somebody said"} for second in range(8000)]}
print(json.dumps({"type": "UPDATE", "table": "videos", "schema": "public", "record": row, "old_record": row}))
PY
understood "a database webhook of a row with a long transcript" --data-binary "@$work/transcript"
is "a slash too many" "$(call -X POST -H "Authorization: Bearer $SERVICE_ROLE_KEY" -d "$text" "$base//functions/v1/auto-generate-thumbnail")" 200

printf %s "$text" | iconv -t UTF-16 >"$work/wide"
refused 400 'not UTF-8' "UTF-16" --data-binary "@$work/wide"
printf %s "$text" | gzip >"$work/small.gz"
refused 400 'is compressed' "a compressed body" -H 'Content-Encoding: gzip' --data-binary "@$work/small.gz"
# The other handler takes any body of a cron service for the sweep: but one whose words it cannot see may ask for something else.
restarted() { call -X POST -H "Authorization: Bearer $SERVICE_ROLE_KEY" "$base/functions/v1/retry-stuck-thumbnails" "$@"; }
is "a restart in UTF-16" "$(restarted --data-binary "@$work/wide")" 400
has "a restart in UTF-16: says so" "$(body)" '"error":"The body is not UTF-8'
printf %s "$text" | iconv -t UTF-16BE | sed '1s/^/\xfe\xff/' >"$work/wide"
is "a restart in UTF-16, the other way round" "$(restarted --data-binary "@$work/wide")" 400
printf '\x8b\x0f\x80%s\x03' "$text" >"$work/small.br"
for coded in gzip br; do
  is "a restart in $coded" "$(restarted -H "Content-Encoding: $coded" --data-binary "@$work/small.${coded/gzip/gz}")" 400
  has "a restart in $coded: says so" "$(body)" '"error":"The body is compressed'
done
is "a restart in gzip, which nobody says" "$(restarted --data-binary "@$work/small.gz")" 400
is "a restart in plain text, which is said to be coded" "$(restarted -H 'Content-Encoding: gzip' -d "$text")" 409
is "no body, in gzip" "$(restarted -H 'Content-Encoding: gzip')" 200
is "what is no text, and asks for nothing" "$(restarted --data-binary $'caf\xe9')" 200
refused 400 'is compressed' "brotli" -H 'Content-Encoding: br' --data-binary "@$work/small.br"
understood "a charset in place of a coding" -H 'Content-Encoding: utf-8' -d "$text"
refused 400 'not a JSON object' "nested without end" -d "{\"x\":$(printf '[%.0s' {1..20000})"
refused 400 'not a JSON object' "a form" -d "videoId=$row"
refused 400 'not a UUID' "an id in braces" -d "{\"videoId\":\"{$row}\"}"
refused 400 'not a UUID' "an id with its kind" -d "{\"videoId\":\"urn:uuid:$row\"}"
refused 400 'videoId and videoUrl are required' "a database webhook of a table without ids" -d '{"type":"INSERT","table":"x","record":{},"old_record":null}'
refused 404 'Video not found' "the database webhook of a deletion" \
  -d '{"type":"DELETE","table":"videos","schema":"public","record":null,"old_record":{"id":"00000000-0000-4000-8000-0000000000fe"}}'
head -c 10000000 /dev/zero | tr '\0' ' ' >"$work/long"
refused 413 'too long' "ten million bytes" --data-binary "@$work/long"
is "a redirect that was followed by GET" "$(call -H "Authorization: Bearer $SERVICE_ROLE_KEY" "$base/functions/v1/auto-generate-thumbnail")" 405
has "it says what to do" "$(cat "$work/headers")" '^Allow: POST'
is "a connection for several" "$(curl -s -o /dev/null -w '%{num_connects}' -d "$text" -H "Authorization: Bearer $SERVICE_ROLE_KEY" "$base/functions/v1/auto-generate-thumbnail" \
  --next -s -o /dev/null -w '%{num_connects}' -d "$text" -H "Authorization: Bearer $SERVICE_ROLE_KEY" "$base/functions/v1/auto-generate-thumbnail")" 10

# Other web servers at the worker's socket: of a body in chunks they tell no length, or a wrong one; records come in any pieces.
python3 - "$(sed -n 's#^socket=unix://\(.*/auto-generate-thumbnail.sock\)$#\1#p' "$work/state/conf/supervisord.conf")" "$SERVICE_ROLE_KEY" "$text" <<'PY' >"$work/servers" 2>&1
import socket, struct, sys
text = sys.argv[3].encode()
record = lambda kind, body: struct.pack(">BBHHBB", 1, kind, 1, len(body), 0, 0) + body
def call(length, pieces, method="POST", secret=sys.argv[2]):
    told = [("REQUEST_METHOD", method), ("REQUEST_URI", "/functions/v1/auto-generate-thumbnail"), ("HTTP_AUTHORIZATION", "Bearer " + secret)]
    fields = b"".join(struct.pack(">BB", len(name), len(value)) + (name + value).encode() for name, value in told + [("CONTENT_LENGTH", length)][length is None:])
    caller = socket.socket(socket.AF_UNIX)
    caller.settimeout(60)
    caller.connect(sys.argv[1])
    for part in [record(1, struct.pack(">HB5x", 1, 1)), *[record(4, fields[at:at + 7]) for at in range(0, len(fields), 7)], record(4, b""), *[record(5, piece) for piece in pieces or []], *[record(5, b"")][pieces is None:]]:
        caller.sendall(part)
    answer = b""
    while more := caller.recv(65536):
        answer += more
    return answer[16:19].decode()
print(*[call(length, [text[:9], text[9:]]) for length in (None, "", "-1", f" {len(text)} ")])
print(call(str(len(text) + 1), [text]), call(None, [b" " * 60000] * 18), call(None, []), call(None, [], "GET"))
print(*[call(length, None, secret="0123456789abcdef0123456789abcdef") for length in ("1000", "2000000", None)])
PY
is "a body whose length nobody tells is read to its end" "$(sed -n 1p "$work/servers")" "200 200 200 200"
is "and is neither cut nor too long" "$(sed -n 2p "$work/servers")" "400 413 400 405"
is "without a secret nobody is waited for until a body is there" "$(sed -n 3p "$work/servers")" "401 401 401"
cgi_in_chunks() { printf %s "$1" | cgi auto-generate-thumbnail "$1" CONTENT_LENGTH= HTTP_TRANSFER_ENCODING=chunked; }
is "by CGI, too" "$(cgi_in_chunks "$text")" 200
is "by CGI: nor too long" "$(cgi_in_chunks "$(head -c 1100000 "$work/long")")" 413

due=$(quiet_row "$base/videos/demo.mp4")
is "a header on two lines" "$(generate -H 'Prefer: respond-async' -H 'Prefer: return=minimal' -d "{\"videoId\":\"$due\"}")" 202
is "the work follows" "$(wait_for "$due" completed)" completed

# They are wake-ups, too: whatever else is due is made after the answer.
waiting=$(quiet_row "$base/videos/demo.mp4")
understood "chunks, while another video waits" -H 'Transfer-Encoding: chunked' -d "$text"
is "it is made" "$(wait_for "$waiting" completed)" completed
end_quiet
sql "DELETE FROM videos WHERE id = '$row'" >"$work/null"
