# shellcheck shell=bash disable=SC2154
# The front: health, HEAD, spellings of a path, paths there are none of, and what a webhook's secret learns.
bearer=(-H "Authorization: Bearer $SERVICE_ROLE_KEY")
functions=$base/functions/v1
# HEAD as it is on the wire: what curl does not read may be there all the same.
raw_head() { # path [header]
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  printf 'HEAD %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n' "$1" "${2:+$2$'\r\n'}" >&3
  tr -d '\r' <&3 >"$work/raw"
  exec 3>&-
}
is "health, without a secret" "$(call "$base/health")" 200
is "health: nothing else in it" "$(body)" '{"status":"ok"}'
is "health by HEAD" "$(call --head "$base/health")" 200
raw_head /health
is "health by HEAD: the length, no body" "$(sed -n 's/^Content-Length: //p' "$work/raw") $(sed '1,/^$/d' "$work/raw" | wc -c)" "15 0"
is "health by POST" "$(call -X POST "$base/health")" 405
has "health by POST: says which" "$(cat "$work/headers")" '^Allow: GET, OPTIONS, HEAD'
for spelling in /health/ //health /%68ealth /functions/../health; do is "health as $spelling" "$(call --path-as-is "$base$spelling")" 200; done

is "HEAD where GET is" "$(call --head "${bearer[@]}" "$base/metrics")" 200
raw_head /metrics "${bearer[1]}"
has "HEAD where GET is: the length" "$(cat "$work/raw")" '^Content-Length: [1-9][0-9][0-9]'
is "HEAD where GET is: no body" "$(sed '1,/^$/d' "$work/raw" | wc -c)" 0
is "HEAD of the report" "$(call --head "${bearer[@]}" "$functions/retry-stuck-thumbnails")" 200
is "HEAD without a bearer" "$(call --head "$base/metrics")" 401
is "HEAD where GET is not" "$(call --head "${bearer[@]}" "$base/scheduled")" 405

for spelling in /metrics/ //metrics /%6detrics /./metrics; do
  is "metrics as $spelling" "$(call --path-as-is "${bearer[@]}" "$base$spelling")" 200
  has "metrics as $spelling: are metrics" "$(body)" '^# TYPE'
  is "metrics as $spelling, without a bearer" "$(call --path-as-is "$base$spelling")" 401
done
is "metrics by the absolute form" "$(call --request-target "http://videos.example.com/metrics" "${bearer[@]}" "$base/")" 200
has "metrics by the absolute form: are metrics" "$(body)" '^# TYPE'
for path in functions/v1/auto-generate-thumbnail/ functions//v1/auto-generate-thumbnail functions/v1/auto%2dgenerate-thumbnail; do
  is "a function as $path" "$(call --path-as-is -X POST "${bearer[@]}" "$base/$path" -d '{}')" 400
done

for request in "GET /no-such-page" "GET /functions/v1/none" "POST /functions/v1/none" "DELETE /functions/" "GET /app/none.js" "GET /thumbnails/none.jpg"; do
  is "$request" "$(call -X "${request%% *}" "$base${request#* }")" 404
  has "$request: JSON" "$(body)" '^{"success":false,"error":"There is nothing at this path"'
  has "$request: its type" "$(cat "$work/headers")" '^Content-Type: application/json'
done
for folder in /thumbnails/ /app/; do
  is "the folder $folder" "$(call "$base$folder")" 403
  has "the folder $folder: JSON" "$(body)" '^{"success":false,"error":"The web server lets nobody look here"'
done
# Plain HTTP at a port that speaks TLS, and a folder that takes no body any more: what nginx says by itself there.
mkdir -p "$work/tls/thumbnail-handlers"
cp "$work/state/conf/thumbnail-handlers"/*.conf "$work/tls/thumbnail-handlers/"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -keyout "$work/tls/key" -out "$work/tls/pem" 2>/dev/null
read -r tls own < <(free_ports 2)
sed -i "s/127.0.0.1:9180/127.0.0.1:$own/" "$work/tls/thumbnail-handlers/own-callers.conf"
sed -i "s#/var/lib/thumbnail-handlers/public#$work/state/public#" "$work/tls/thumbnail-handlers/pictures.conf"
# The http block is one of a site with PHP and habits of its own.
cat >"$work/tls/nginx.conf" <<EOF
$([ "$(id -u)" != 0 ] || echo "user www-data;") pid $work/tls/pid; error_log $work/tls/error; daemon off; worker_processes 1; events { worker_connections 64; }
http {
  access_log off; client_body_temp_path $work/tls/body; fastcgi_temp_path $work/tls/f; proxy_temp_path $work/tls/p; uwsgi_temp_path $work/tls/u; scgi_temp_path $work/tls/s;
  fastcgi_cache_path $work/tls/cache keys_zone=php:1m; fastcgi_cache php; fastcgi_cache_key \$uri; fastcgi_cache_valid any 1h; fastcgi_ignore_headers Cache-Control Expires;
  expires 7d; autoindex on; deny all; auth_basic site; auth_basic_user_file $work/tls/nobody;
  include thumbnail-handlers/http.conf;
  include thumbnail-handlers/own-callers.conf;
  server {
    listen 127.0.0.1:$tls ssl; ssl_certificate $work/tls/pem; ssl_certificate_key $work/tls/key; allow all;
    include thumbnail-handlers/handlers.conf; include thumbnail-handlers/errors.conf;
    location / { auth_basic off; root $work/state/www; }
    location /below/ { rewrite ^/below(/.*)\$ \$1 last; }
    include thumbnail-handlers/pictures.conf;
  }
}
EOF
printf 'nobody:{PLAIN}placeholder\n' >"$work/tls/nobody"
/usr/sbin/nginx -p "$work/tls" -c "$work/tls/nginx.conf" -e "$work/tls/error" &
suite_processes+=("$!")
for _ in $(seq 1200); do ! curl -sk -o "$work/page" "https://127.0.0.1:$tls/" || break; sleep 0.05; done
in_site=https://127.0.0.1:$tls
head -c 1100000 /dev/zero >"$work/long"
is "in a site with habits of its own" "$(call -k "${bearer[@]}" "$in_site/metrics")" 200
is "in such a site: to be kept by nobody" "$(sed -n 's/\r$//; s/^Cache-Control: //p; /^Expires/p' "$work/headers")" no-store
is "in such a site: without a secret afterwards" "$(call -k "$in_site/metrics")" 401
is "in such a site: an error of nginx's own is to be kept by nobody" "$(call -k "$in_site/metrics" --data-binary "@$work/long") $(sed -n 's/\r$//; s/^Cache-Control: //p' "$work/headers")" "413 no-store"
is "in such a site: metrics below a path" "$(call -k "${bearer[@]}" "$in_site/below/metrics")" 200
has "in such a site: metrics below a path: are metrics" "$(body)" '^# TYPE'
is "in such a site: health below a path" "$(call -k "$in_site/below/health") $(body)" '200 {"status":"ok"}'
is "in such a site: a query below a path" "$(call -k "${bearer[@]}" "$in_site/below/functions/v1/retry-stuck-thumbnails?history=24h")" 200
has "in such a site: a query below a path: is heeded" "$(body)" '"hour"'
is "in such a site: the door of callers on this machine" "$(call "${bearer[@]}" "http://127.0.0.1:$own/metrics")" 200
is "in such a site: a folder of pictures" "$(call -k -u nobody:placeholder "$in_site/thumbnails/")" 403
: >"$work/state/public/thumbnails/of-nobody.jpg"
is "in such a site: a picture" "$(call -k -u nobody:placeholder "$in_site/thumbnails/of-nobody.jpg")" 200
is "in such a site: how long a picture is kept" "$(sed -n 's/\r$//; s/^Cache-Control: //p; /^Expires/p' "$work/headers")" "public, max-age=31536000, immutable"
rm "$work/state/public/thumbnails/of-nobody.jpg"
is "HTTP where HTTPS is spoken" "$(call -X POST "http://127.0.0.1:$tls/functions/v1/auto-generate-thumbnail" -d '{}')" 400
has "HTTP where HTTPS is spoken: says so" "$(body)" '^{"success":false,"error":"The request is malformed, is HTTP where HTTPS is spoken'
rm -rf "$work/tls/body"
head -c 40000 /dev/zero >"$work/zeroes"
is "a body that nginx cannot keep" "$(call -k -X POST "https://127.0.0.1:$tls/functions/v1/auto-generate-thumbnail" --data-binary "@$work/zeroes")" 502
has "a body that nginx cannot keep: says so" "$(body)" '^{"success":false,"error":"The web server has failed'
# Here: a suite that comes later forgets what it did not start.
kill "${suite_processes[-1]}"
unset 'suite_processes[-1]'
is "a folder without its slash, which a proxy in front asks for by its own name" \
  "$(call -H 'Host: videos.example.com' "$base/elements") $(sed -n 's/\r$//; s/^Location: //p' "$work/headers")" "301 /elements/"
is "another method for a page" "$(call -X PUT "$base/")" 405
has "another method for a page: JSON" "$(body)" '"error":"Method not allowed"'
# nginx refuses these methods before it looks for a location.
for method in TRACE CONNECT; do
  for path in functions/v1/auto-generate-thumbnail scheduled functions/v1/retry-stuck-thumbnails metrics health none; do
    allowed=$(call -X DELETE "$base/$path" >"$work/null"; sed -n 's/\r$//; s/^Allow: //p' "$work/headers")
    is "$method of $path" "$(call -X $method --request-target "/$path" "$base/$path") $(sed -n 's/\r$//; s/^Allow: //p' "$work/headers")" "405 ${allowed:-GET, HEAD}"
  done
done
is "the page itself" "$(call "$base/") $(head -c 15 "$work/body")" "200 <!doctype html>"

# Whatever there is of a row, the webhook's secret is told the same.
as_webhook() { call -X POST -H "Authorization: Bearer $WEBHOOK_SECRET" "$functions/auto-generate-thumbnail" -d "{\"videoId\":\"$1\"}"; }
done_row=$(insert "http://127.0.0.1:$origin/video.mp4")
is "a row that is done" "$(wait_for "$done_row" completed failed)" completed
failed_row=$(insert "file:///etc/passwd")
is "a row that has failed" "$(wait_for "$failed_row" completed failed)" "failed forbidden"
unfinished=$(sql "INSERT INTO videos (status, video_url) VALUES ('processing', 'http://127.0.0.1:$origin/video.mp4') RETURNING id")
parked=$(quiet_row "http://127.0.0.1:$origin/video.mp4")
sql "UPDATE thumbnails.jobs SET due_at = 'infinity' WHERE video_id = '$parked'"
said=
for row in "$done_row" "$failed_row" "$unfinished" 00000000-0000-4000-8000-0000000000ff; do
  said+="$(as_webhook "$row") $(body | sed "s/$row/ID/") $(grep -ci '^retry-after' "$work/headers" || true)"$'\n'
done
is "a webhook learns that there is nothing to do" "$(sort -u <<<"${said%$'\n'}")" '200 {"reason":"nothing to do","skipped":true,"success":true,"videoId":"ID"} 0'
# The end of time is no number of seconds.
generate -d "{\"videoId\":\"$parked\"}" >/dev/null
is "a parked row stops no worker" "$(call "$base/health")" 200

control stop auto-generate-thumbnail:*
is "health without a worker" "$(call "$base/health")" 502
control start auto-generate-thumbnail:*
for _ in $(seq 600); do [ "$(call "$base/health")" != 200 ] || break; sleep 0.1; done
is "health with one again" "$(call "$base/health")" 200

control stop retry-stuck-thumbnails:*
is "the cron services' URL where nothing sweeps" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/scheduled")" 503
has "the cron services' URL where nothing sweeps: says why, in a class" "$(body)" \
  '^{"code":"lost","error":"retry-stuck-thumbnails answered 502: The handler is not running or broke off","retryable":true,"success":false,'
control start retry-stuck-thumbnails:*
