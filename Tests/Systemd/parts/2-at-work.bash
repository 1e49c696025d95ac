# shellcheck shell=bash disable=SC2154,SC2034
# Of in-booted-debian: it works, and with as little as it needs.
# It works.
origin=https://origin.example.net/first.mp4
video() { sql "INSERT INTO videos (title, status, video_url) VALUES ('t', 'completed', '$origin?$1') RETURNING id"; }
state() { sql "SELECT thumbnail_generation_status FROM videos WHERE id = '$1'"; }
report() { curl -sSk -o /answer -w '%{http_code}' -H @<(bearer CRON_SECRET) "https://videos.example.com/functions/v1/retry-stuck-thumbnails"; }
is "the report" "$(report)" 200
setpriv --reuid thumbnail-handlers --regid thumbnail-handlers --clear-groups ln -s /etc/hostname /var/lib/thumbnail-handlers/public/thumbnails/link.jpg
is "no link among the pictures leads elsewhere" "$(curl -sSk -o /dev/null -w '%{http_code}' https://videos.example.com/thumbnails/link.jpg)" 403
rm /var/lib/thumbnail-handlers/public/thumbnails/link.jpg
is "the status page" "$(curl -sSk -o /dev/null -w '%{http_code}' https://videos.example.com/)" 200
is "the plain name leads there" "$(curl -sS -o /dev/null -w '%{http_code} %{redirect_url}' http://videos.example.com/)" "301 https://videos.example.com/"
systemctl start thumbnail-sweep.service
is "the timer's service sweeps" "$(systemctl show -p Result --value thumbnail-sweep.service) $(sql "SELECT count(*) FROM thumbnails.positions WHERE last_sweep IS NOT NULL")" "success 1"
sql "INSERT INTO videos (title, status, video_url) SELECT 't', 'completed', '$origin?many=' || n FROM generate_series(1, 100) AS n"
missing() { sql "SELECT count(*) FROM videos WHERE thumbnail_generation_status IS DISTINCT FROM 'completed'"; }
is "a hundred at once" "$(until_is 0 missing)" 0
is "the relay and the sweep did not come by the public name" "$(grep -c -e '"POST' /var/log/nginx/thumbnail-handlers.log || true)" 0

# As little as they need.
worker=$(pid_of auto-generate-thumbnail@1)
is "no privileges, a system-call filter, no capabilities" \
  "$(awk '/^(NoNewPrivs|Seccomp|CapEff):/ {printf "%s%s ", $1, $2}' "/proc/$worker/status")" "CapEff:0000000000000000 NoNewPrivs:1 Seccomp:2 "
is "a user of its own" "$(stat -c %U "/proc/$worker")" thumbnail-handlers
is "no core dumps, whoever collects them" "$(for unit in auto-generate-thumbnail@1 retry-stuck-thumbnails@1 thumbnail-scheduled@1 thumbnail-webhook-relay; do
  sed -n 's/^Max core file size *//p' "/proc/$(pid_of "$unit")/limits"; done | tr -s ' ' | sort -u)" "1 1 bytes "
inside() { nsenter -t "$worker" -m setpriv --reuid thumbnail-handlers --regid thumbnail-handlers --clear-groups "$@"; }
is "it sees a file system it cannot write" "$(nsenter -t "$worker" -m touch /etc/written /var/written /usr/written 2>&1 | grep -c 'Read-only file system')" 3
is "nor shared memory, queues and locks" "$(inside touch /dev/shm/written /dev/mqueue/written /run/lock/written /run/written 2>&1 | grep -c -e 'Permission denied' -e 'Read-only')" 4
is "but the pictures" "$(inside touch /var/lib/thumbnail-handlers/public/written && rm /var/lib/thumbnail-handlers/public/written && echo yes)" yes
is "D-Bus and the journal's sockets are there" "$(find /run/dbus/system_bus_socket /run/systemd/journal/socket /run/systemd/journal/dev-log -type s | wc -l)" 3
is "but out of its reach" "$(inside ls /run/dbus/system_bus_socket /run/systemd/journal/socket /run/systemd/journal/dev-log 2>&1 | grep -c 'Permission denied')" 3
is "its log arrives all the same" "$(journalctl -o cat -u 'auto-generate-thumbnail@*' | grep -c '"level":"info"' | awk '{ print ($1 > 0) }')" 1
is "no secret is in its environment or arguments" "$(tr '\0' '\n' <"/proc/$worker/environ" | cat - "/proc/$worker/cmdline" | grep -c -F -e "$(secret SERVICE_ROLE_KEY)" -e "$password" || true)" 0
is "only nginx's user may connect" "$(stat -c '%U %a' /run/thumbnail-handlers/auto-generate-thumbnail.sock)" "www-data 600"

# The handlers have one user; what one was handed is still its own. A look from inside the unit of another, with all that its unit may.
cat >/look <<'LOOK'
#!/bin/bash
# look PROCESS: what can be opened of it, and whose credentials are to be seen
of() {
  for name in environ mem maps; do ! head -c 0 "/proc/$1/$name" 2>/dev/null || printf '%s ' "$name"; done
  ! readlink "/proc/$1/fd/0" >/dev/null 2>&1 || printf 'fd '
  ! ls "/proc/$1/root/" >/dev/null 2>&1 || printf 'root '
}
sleep 10 &
echo "its own: $(of $!)"
kill $!
echo "another: $(of "$1")"
[ -e "/proc/$1" ] || echo "which is not even there"
ls /run/credentials
LOOK
chmod 755 /look
mkdir -p /etc/systemd/system/retry-stuck-thumbnails@1.service.d
printf '[Service]\nExecStartPre=/bin/bash -c "/look %s >/var/lib/thumbnail-handlers/public/seen"\n' "$worker" >/etc/systemd/system/retry-stuck-thumbnails@1.service.d/look.conf
systemctl daemon-reload
systemctl restart retry-stuck-thumbnails@1
is "one handler sees nothing of another" "$(cat /var/lib/thumbnail-handlers/public/seen)" "its own: environ mem maps fd root 
another: 
which is not even there
retry-stuck-thumbnails@1.service"
is "though it runs, and as the same user" "$(stat -c %U "/proc/$worker" "/proc/$(pid_of retry-stuck-thumbnails@1)" | sort -u)" thumbnail-handlers
rm -r /etc/systemd/system/retry-stuck-thumbnails@1.service.d /look /var/lib/thumbnail-handlers/public/seen
systemctl daemon-reload
systemctl restart retry-stuck-thumbnails@1

# A database that is reached by its socket alone, without a password.
sql 'CREATE ROLE "thumbnail-handlers" LOGIN; GRANT thumbnail_handlers TO "thumbnail-handlers"'
cp -p /etc/thumbnail-handlers/credentials/DATABASE_URL /kept
echo 'postgresql:///videos?host=/run/postgresql' >/etc/thumbnail-handlers/credentials/DATABASE_URL
again() { systemctl restart 'auto-generate-thumbnail@*' 'retry-stuck-thumbnails@*' thumbnail-webhook-relay; }
again
row=$(video socket)
is "a thumbnail by the database's socket" "$(until_is completed state "$row")" completed
is "as the handlers' own user" "$(sql "SELECT count(*) > 3 FROM pg_stat_activity WHERE usename = 'thumbnail-handlers'")" t
mv /kept /etc/thumbnail-handlers/credentials/DATABASE_URL
again
sql 'DROP ROLE "thumbnail-handlers"'
worker=$(pid_of auto-generate-thumbnail@1)
