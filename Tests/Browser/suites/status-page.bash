# shellcheck shell=bash disable=SC2154
# The status page, the element and the metrics, as a browser and Prometheus see them. See ../test_status_page.py.
call -H "Authorization: Bearer $CRON_SECRET" "$base/metrics" >/dev/null
is "promtool finds nothing wrong with the metrics" "$(promtool check metrics <"$work/body" 2>&1)" ""
has "the page may load nothing from elsewhere" "$(curl -sI "$base/")" "Content-Security-Policy: default-src 'none'; script-src 'self'"
has "a type's file is text" "$(curl -sI "$base/elements/video.types.ts")" 'Content-Type: text/plain'
result=0
BASE=$base WORK=$work CONTROL=$work/state/conf/supervisord.conf /usr/bin/python3 "$root/Tests/Browser/test_status_page.py" || result=$?
is "the browser's tests" "$result" 0
