# shellcheck shell=bash disable=SC2154
# A worker with nothing to do gives back the memory of program text, and serves as before.
text_of() { # process: resident KiB of text
  awk '/^[0-9a-f]+-/ { is_text = $2 == "r-xp" } /^Rss:/ && is_text { sum += $2 } END { print sum }' "/proc/$1/smaps"
}
process_of() { supervisorctl -c "$work/state/conf/supervisord.conf" pid "$1"; }
scheduled=$(process_of scheduled)
refused() { call -X POST -H "Authorization: Bearer wrong" "$base/scheduled"; }
is "scheduled answers" "$(refused)" 401
busy=$(text_of "$scheduled")
idle=$busy
for _ in $(seq 80); do
  idle=$(text_of "$scheduled")
  [ $((idle * 2)) -ge "$busy" ] || break
  sleep 0.5
done
is "an idle worker lets go of most of its text ($busy, $idle KiB)" "$([ $((idle * 2)) -lt "$busy" ] && echo yes)" yes
is "and answers as before" "$(refused)" 401
is "as the same process" "$(process_of scheduled)" "$scheduled"
