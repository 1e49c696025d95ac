# shellcheck shell=bash disable=SC2154,SC2034
# Of in-booted-debian: restarts, crashes, hangs and wrong settings.
# Restarts, one worker after the other, under requests: nobody is turned away.
inner() { curl -sS -o /answer -w '%{http_code}' -H @<(bearer CRON_SECRET) http://127.0.0.1:9180/functions/v1/retry-stuck-thumbnails; }
: >/statuses
(while [ ! -e /enough ]; do inner >>/statuses; echo >>/statuses; done) &
asking=$!
for unit in retry-stuck-thumbnails@1 retry-stuck-thumbnails@1 retry-stuck-thumbnails@1; do systemctl restart "$unit"; done
systemctl reload nginx
seen=$(wc -l </statuses)
until [ "$(wc -l </statuses)" -gt $((seen + 20)) ]; do sleep 0.1; done
touch /enough
wait "$asking"
is "restarts and a reload under requests" "$(sort -u /statuses)" 200
is "there were some" "$([ "$(wc -l </statuses)" -gt 20 ] && echo yes)" yes

# A worker that dies comes back, and the socket stays; one that hangs is ended by its watchdog.
kill -KILL "$worker"
another() { [ "$(pid_of "$1")" != "$2" ] && [ "$(pid_of "$1")" != 0 ] && systemctl is-active "$1"; }
is "a killed worker comes back" "$(until_is active another auto-generate-thumbnail@1 "$worker")" active
for _ in $(seq 60); do
  # 0 while it is not there: that would be this script's own group.
  process=$(pid_of retry-stuck-thumbnails@1)
  [ "$process" = 0 ] || kill -KILL "$process" 2>/dev/null || true
  sleep 0.1
done
is "after a loop of crashes the socket is there" "$(systemctl is-active retry-stuck-thumbnails.socket)" active
is "and is answered" "$(until_is 200 report)" 200
hung=$(pid_of thumbnail-scheduled@1)
kill -STOP "$hung"
is "a worker that hangs is ended and started again" "$(until_is active another thumbnail-scheduled@1 "$hung")" active
row=$(video 2)
is "work goes on" "$(until_is completed state "$row")" completed

# A setting that is wrong: it says so, ends with 78, and is not started over and over.
mv /etc/thumbnail-handlers/credentials/CRON_SECRET /kept
echo short >/etc/thumbnail-handlers/credentials/CRON_SECRET
systemctl restart thumbnail-scheduled@1 2>/dev/null || true
sleep 2
is "a secret that is too short is refused" "$(systemctl show -p ExecMainStatus --value thumbnail-scheduled@1) $(systemctl show -p NRestarts --value thumbnail-scheduled@1)" "78 0"
is "its journal says which" "$(journalctl -o cat -u thumbnail-scheduled@1 | grep -c 'CRON_SECRET' | awk '{print ($1 > 0)}')" 1
mv /kept /etc/thumbnail-handlers/credentials/CRON_SECRET
systemctl restart thumbnail-scheduled@1
is "put right, it is back" "$(until_is active systemctl is-active thumbnail-scheduled@1)" active

# The pictures' folder is on a volume of its own, and that is not there: nothing is written where it would be hidden later.
volume='var-lib-thumbnail\x2dhandlers-public.mount'
keep_pictures_on() { # type of file system
  printf '[Mount]\nWhat=pictures\nWhere=/var/lib/thumbnail-handlers/public\nType=%s\nOptions=mode=755,uid=thumbnail-handlers\n' "$1" >"/run/systemd/system/$volume"
  systemctl daemon-reload
}
keep_pictures_on none-such
systemctl restart auto-generate-thumbnail@1 2>/dev/null || true
is "without its volume no worker starts" "$(systemctl is-active auto-generate-thumbnail@1)" inactive
is "its journal says why" "$(journalctl -o cat -u auto-generate-thumbnail@1 | grep -c 'Dependency failed')" 1
keep_pictures_on tmpfs
systemctl restart auto-generate-thumbnail@{1..4} retry-stuck-thumbnails@1
is "with its volume they do" "$(systemctl is-active auto-generate-thumbnail@{1..4} retry-stuck-thumbnails@1 | sort -u)" active
row=$(video volume)
is "and there is work" "$(until_is completed state "$row")" completed
is "whose picture is there" "$(find /var/lib/thumbnail-handlers/public -name '*.jpg' | wc -l)" 1
systemctl stop "$volume"
is "they end with it" "$(systemctl is-active auto-generate-thumbnail@{1..4} retry-stuck-thumbnails@1 | sort -u)" inactive
rm "/run/systemd/system/$volume"
systemctl daemon-reload
systemctl start auto-generate-thumbnail@{1..4} retry-stuck-thumbnails@1
sql "DELETE FROM videos WHERE id = '$row'"
