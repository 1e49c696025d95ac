# shellcheck shell=bash disable=SC2154
# The status page, the element and the metrics, as a browser and Prometheus see them. See ../test_status_page.py.
call -H "Authorization: Bearer $CRON_SECRET" "$base/metrics" >/dev/null
is "promtool finds nothing wrong with the metrics" "$(promtool check metrics <"$work/body" 2>&1)" ""
has "the page may load nothing from elsewhere" "$(curl -sI "$base/")" "Content-Security-Policy: default-src 'none'; script-src 'self'"
has "a type's file is text" "$(curl -sI "$base/elements/video.types.ts")" 'Content-Type: text/plain'
has "text is sent compressed" "$(curl -s --compressed -D - -o /dev/null "$base/elements/video-thumbnail.js")" 'Content-Encoding: gzip'
is "its package says so" "$(curl -s "$base/elements/package.json" | python3 -c 'import json, sys; print(json.load(sys.stdin)["name"])')" video-thumbnail
# As on a Supabase database, where the publication is there before the table is in it.
sql "SET client_min_messages = error; CREATE PUBLICATION supabase_realtime"
for _ in 1 2; do psql -XAtq "$DATABASE_URL" -v ON_ERROR_STOP=1 -f "$root/nginx/www/elements/supabase-realtime.sql"; done
is "realtime tells of videos" "$(sql "SELECT schemaname || '.' || tablename FROM pg_publication_tables WHERE pubname = 'supabase_realtime'")" public.videos
sql "DROP PUBLICATION supabase_realtime"
# Only those of TESTS, by class, where it is given. The operators leave tens of thousands of videos behind.
for file in browsers status_page operators; do
  case $file in status_page) class=Page ;; *) class=${file^} ;; esac
  tests=()
  for test in ${TESTS:-$class}; do case $test in "$class" | "$class".*) tests+=("$test") ;; esac; done
  [ ${#tests[@]} -gt 0 ] || continue
  result=0
  # WebKit has no way to do without a display.
  BASE=$base WORK=$work CONTROL=$work/state/conf/supervisord.conf xvfb-run -a /usr/bin/python3 "$root/Tests/Browser/test_$file.py" "${tests[@]}" || result=$?
  is "the browser's tests, $class" "$result" 0
done
