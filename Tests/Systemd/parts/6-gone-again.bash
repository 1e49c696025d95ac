# shellcheck shell=bash disable=SC2154,SC2034
# Of in-booted-debian: removed and installed again; no secret anywhere; purged, nothing is left.
# The hourly call as a crontab has it.
is "the crontab's line" "$(env -i HOME=/root PATH=/usr/bin:/bin /bin/sh -c 'HANDLERS_URL=http://127.0.0.1:9180 CRON_SECRET_FILE=/etc/thumbnail-handlers/credentials/CRON_SECRET thumbnail-scheduled run' | cut -c1-15)" '{"success":true'

# Removed, nothing runs, nginx goes on; installed again, it works as before.
processes() { ps -u thumbnail-handlers -o pid= | wc -l; }
nginx_is_well() { nginx -t -q && systemctl reload nginx && sleep 0.5 && systemctl is-active nginx; }
guide 'apt-get remove'
is "removed, nothing runs" "$(processes) $(systemctl list-units --all --no-legend --plain '*thumbnail*' | grep -cv not-found || true)" "0 0"
is "removed, nginx goes on" "$(nginx_is_well)" active
is "removed, nginx says so" "$(curl -sSk -o /dev/null -w '%{http_code}' -X POST https://videos.example.com/scheduled)" 502
is "removed, what was set stays" "$(what_is_set)" "$settings"
apt-get install -y /root/thumbnails/*.deb >/remove.log 2>&1
is "installed again, what was enabled runs as it did" "$(systemctl is-active auto-generate-thumbnail@{1..6} retry-stuck-thumbnails@1 thumbnail-scheduled@1 thumbnail-sweep.timer thumbnail-webhook-relay | sort -u) $(ls /run/*.again 2>/dev/null)" "active "
row=$(video 5)
is "installed again it works" "$(until_is completed state "$row")" completed

# Not a word of the secrets anywhere.
secrets=(-e "$(secret SERVICE_ROLE_KEY)" -e "$(secret CRON_SECRET)" -e "$(secret WEBHOOK_SECRET)" -e "$STORE_SECRET" -e "$password")
is "no secret is in the journal" "$(journalctl -o cat | grep -c -F "${secrets[@]}" || true)" 0
is "commands were written down" "$(grep -c '^+* *curl ' /guide.trace)" 2
is "none but the shell's own had a secret in its arguments" \
  "$(grep -F "${secrets[@]}" /guide.trace | sed -E "s/^\++ +//" | grep -v -e '^echo ' -e '^printf ' -e '^password=' || true)" ""

# Purged, nothing is left.
systemctl edit --stdin auto-generate-thumbnail@.service <<<$'[Service]\nMemoryMax=900M' 2>/dev/null || {
  mkdir -p /etc/systemd/system/auto-generate-thumbnail@.service.d && printf '[Service]\nMemoryMax=900M\n' >/etc/systemd/system/auto-generate-thumbnail@.service.d/override.conf; }
guide 'database='
cd /
is "the guide is done" "$done_blocks" "${#blocks[@]}"
rm -f /answer /statuses /checked /enough /picture /remove.log /upgrade.log /guide.log /guide.trace
is "purged, nginx goes on" "$(nginx_is_well)" active
# systemd forgets a unit nobody names any more by and by.
ours() { systemctl list-units --all --no-legend --plain '*thumbnail*'; }
is "no unit of ours is known" "$(until_is "" ours)" ""
look /after
for what in files run settings users groups processes unit-files units nginx; do
  is "what is left: $what" "$(diff /before/$what /after/$what | grep '^[<>]' | head -n 20 || true)" ""
done
is "and in the database" "$(sql "SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'thumbnails' OR p.proname LIKE '%thumbnail%'")" 0
is "nginx had no error in all that" "$(journalctl -o cat -u nginx | grep -c -e emerg -e '\[error\]' || true)" 0
