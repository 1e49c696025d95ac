# shellcheck shell=bash disable=SC2154
# The handlers as plain CGI programs, under fcgiwrap, Apache and cgi-fcgi: the same exchanges as under FastCGI.
printf 'export %s\n' "DATABASE_URL='$HANDLERS_DATABASE_URL'" "SERVICE_ROLE_KEY=$SERVICE_ROLE_KEY" "CRON_SECRET=$CRON_SECRET" "WEBHOOK_SECRET=$WEBHOOK_SECRET" \
  "SUPABASE_URL=$base" "PUBLIC_BASE_URL=$base" "THUMBNAILS_DIRECTORY=$work/cgi-store" "SOURCE_PRIVATE_HOSTS=127.0.0.1:$port,127.0.0.1:$origin" >"$work/cgi.env"
mkdir -p "$work/cgi-bin" "$work/cgi-store" "$work/cgi-nginx/thumbnail-handlers"
chmod 777 "$work/cgi-store"
chmod 644 "$work/cgi.env"
for handler in auto-generate-thumbnail retry-stuck-thumbnails scheduled; do
  # What a CGI server passes on of its environment is its own affair: the settings come from a file.
  printf '#!/bin/sh\n. %s\nexec %s\n' "$work/cgi.env" "$bin/$handler" >"$work/cgi-bin/$handler"
  chmod 755 "$work/cgi-bin/$handler"
done
wrapped=$(free_port)
spawn-fcgi -n -s "$work/wrap.sock" -M 0777 -F 2 -- /usr/sbin/fcgiwrap >/dev/null 2>&1 &
wrap=$!
wait_file_exists() { for _ in $(seq 1200); do [ -S "$1" ] && return; sleep 0.05; done; return 1; }
wait_file_exists "$work/wrap.sock"
cat >"$work/cgi-nginx/nginx.conf" <<EOF
pid $work/cgi-nginx/pid; error_log $work/cgi-nginx/error; daemon off; worker_processes 1;
events { worker_connections 64; }
http {
  access_log off; client_body_temp_path $work/cgi-nginx/b; fastcgi_temp_path $work/cgi-nginx/f; proxy_temp_path $work/cgi-nginx/p;
  uwsgi_temp_path $work/cgi-nginx/u; scgi_temp_path $work/cgi-nginx/s;
  server {
    listen 127.0.0.1:$wrapped;
    client_max_body_size 2m;
    location ~ ^/(?:functions/v1/)?(?<handler>auto-generate-thumbnail|retry-stuck-thumbnails|scheduled|metrics)\$ {
      set \$program \$handler;
      if (\$handler = metrics) { set \$program retry-stuck-thumbnails; }
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME $work/cgi-bin/\$program;
      fastcgi_pass unix:$work/wrap.sock;
    }
  }
}
EOF
/usr/sbin/nginx -p "$work/cgi-nginx" -c "$work/cgi-nginx/nginx.conf" -e "$work/cgi-nginx/error" &
cgi_nginx=$!
for _ in $(seq 1200); do curl -s -o /dev/null "http://127.0.0.1:$wrapped/" && break; sleep 0.05; done
# Status, headers and body of one exchange at both, without what differs by its nature.
exchange() { # base path curl-arguments…
  local from=$1 path=$2
  shift 2
  call "$@" "$from/$path"
  echo
  sed -E '/^(HTTP|Server|Date|Connection|Content-Length|Transfer-Encoding)/d; /^(X-Content-Type|Access-Control-Allow-[MH]|Cache-Control|Thumbnail-Worker)/d; s/; charset=utf-8//' "$work/headers" | tr -d '\r' | sort
  sed -E 's/"(timestamp|collected)": ?"?[^",}]*"?,?//g; s/^thumbnails_.*//' "$work/body"
}
same() { # what path curl-arguments…
  local what=$1
  shift
  is "fcgiwrap, $what" "$(exchange "http://127.0.0.1:$wrapped" "$@")" "$(exchange "$base" "$@")"
}
id=$(sql "SELECT id FROM videos LIMIT 1")
service=(-H "Authorization: Bearer $SERVICE_ROLE_KEY")
for path in functions/v1/auto-generate-thumbnail functions/v1/retry-stuck-thumbnails scheduled; do
  same "$path: preflight" "$path" -X OPTIONS
  same "$path: no bearer" "$path" -X POST -d '{}'
  same "$path: another method" "$path" -X PUT "${service[@]}" -d '{}'
  same "$path: an empty body" "$path" -X POST "${service[@]}"
done
same "a video that has its thumbnail" functions/v1/auto-generate-thumbnail -X POST "${service[@]}" -d "{\"videoId\":\"$id\"}"
same "a body that is no JSON" functions/v1/auto-generate-thumbnail -X POST "${service[@]}" -d 'nonsense'
head -c 2000000 /dev/zero | tr '\0' x >"$work/long"
is "a body that is too long" "$(call -X POST "${service[@]}" --data-binary "@$work/long" "http://127.0.0.1:$wrapped/functions/v1/auto-generate-thumbnail")" 413
has "is answered by the handler itself" "$(body)" 'longer than 1048576 bytes'
same "no such video" functions/v1/auto-generate-thumbnail -X POST "${service[@]}" -d '{"videoId":"00000000-0000-4000-8000-00000000dead"}'
same "a wrong limit" "functions/v1/retry-stuck-thumbnails?limit=x" "${service[@]}"
same "metrics" metrics "${service[@]}"
row=$(quiet_row "$base/videos/demo.mp4")
is "fcgiwrap makes a thumbnail" "$(call -X POST "${service[@]}" "http://127.0.0.1:$wrapped/functions/v1/auto-generate-thumbnail" -d "{\"videoId\":\"$row\"}")" 200
is "to its end" "$(state_of "$row")" completed
has "an answer that comes before the work ends with it" "$(call -X POST "${service[@]}" -H 'Prefer: respond-async' "http://127.0.0.1:$wrapped/functions/v1/auto-generate-thumbnail" \
  -d "{\"videoId\":\"$(quiet_row "$base/videos/demo.mp4")\"}")" '20[02]'
kill -QUIT "$cgi_nginx"
kill -TERM "$wrap"
wait "$cgi_nginx" "$wrap" 2>/dev/null || true

# Apache: mod_cgid hands over one socket as input and output, and mod_cgi waits for the log as well, which therefore goes into a file. With both, an
# answer ends before the work that follows it.
mkdir "$work/apache"
# It is never root, whom the ones before may have been.
chmod -R a+rwX "$work/cgi-store"
for module in cgid cgi; do
  web=$(free_port)
  mpm=event
  [ $module = cgid ] || mpm=prefork
  cat >"$work/apache/$module.conf" <<EOF
ServerRoot $work/apache
ServerName localhost
PidFile $work/apache/$module.pid
Mutex file:$work/apache
ErrorLog $work/apache/$module.log
Listen 127.0.0.1:$web
$([ "$(id -u)" != 0 ] || printf '%s\n' "User www-data" "Group www-data")
$(for name in mpm_$mpm authz_core alias $module; do echo "LoadModule ${name}_module /usr/lib/apache2/modules/mod_$name.so"; done)
$([ $module != cgid ] || echo "ScriptSock $work/apache/socket")
ScriptAlias /$module/ $work/cgi-bin/
<Directory $work/cgi-bin>
  Require all granted
  CGIPassAuth On
</Directory>
EOF
  [ $module = cgid ] || sed -i "s#^exec .*#& 2>>$work/apache/handlers.log#" "$work/cgi-bin"/*
  : >"$work/apache/handlers.log"
  chmod 666 "$work/apache/handlers.log"
  /usr/sbin/apache2 -X -f "$work/apache/$module.conf" &
  apache=$!
  for _ in $(seq 1200); do curl -s -o /dev/null "http://127.0.0.1:$web/" && break; sleep 0.05; done
  rm -f "$work/forbidden.open"
  row=$(quiet_row "http://127.0.0.1:$origin/gated.mp4?$module")
  is "mod_$module: an answer before the work" "$(call -m 60 -X POST "${service[@]}" -H 'Prefer: respond-async' "http://127.0.0.1:$web/$module/auto-generate-thumbnail" \
    -d "{\"videoId\":\"$row\"}") $(body | cut -c-16)" '202 {"accepted":true'
  is "mod_$module: which goes on" "$(state_of "$row")" processing
  : >"$work/forbidden.open"
  is "mod_$module: to its end" "$(wait_for "$row" completed failed)" completed
  kill -TERM "$apache"
  wait "$apache" 2>/dev/null || true
done

# cgi-fcgi: from the command line to a FastCGI socket.
by_socket() { # socket method body
  printf %s "$3" | REQUEST_METHOD=$2 REQUEST_URI=/ CONTENT_LENGTH=$(printf %s "$3" | wc -c) HTTP_AUTHORIZATION="Bearer $SERVICE_ROLE_KEY" \
    cgi-fcgi -bind -connect "$1" | tr -d '\r'
}
sockets=$(sed -n 's#.*unix:\(.*\)/scheduled.sock.*#\1#p' "$work/state/conf/thumbnail-handlers/http.conf")
has "cgi-fcgi asks a handler" "$(by_socket "$sockets/auto-generate-thumbnail.sock" POST "{\"videoId\":\"$id\"}")" '"skipped":true'
has "and gets its status" "$(by_socket "$sockets/scheduled.sock" POST '')" '^Status: 200'
