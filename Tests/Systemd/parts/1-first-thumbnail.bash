# shellcheck shell=bash disable=SC2154,SC2034
# Of in-booted-debian: from nothing to the first thumbnail.
# From nothing to the first thumbnail.
guide 'cd /root/thumbnails'
guide 'apt-get install -y ./thumbnail-*.deb'
is "nothing runs yet" "$(systemctl list-units --no-legend '*thumbnail*' | wc -l)" 0
is "no example is active" "$(cat /etc/thumbnail-handlers/*.env | grep -cv -e '^#' -e '^$' || true)" 0
is "but nginx has the door of its own callers open" "$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:9180/health)" 502
guide 'cd /'
guide 'cd /'
# Where the packages are missing, no secret is left elsewhere.
mv /etc/thumbnail-handlers /kept
mkdir /nowhere
# shellcheck disable=SC1090
(cd /nowhere && . "${blocks[done_blocks]}") >/dev/null 2>&1 || true
is "no secret but in its folder" "$(ls /nowhere)" ""
rmdir /nowhere
mv /kept /etc/thumbnail-handlers
guide '('
guide 'cat >>/etc/thumbnail-handlers/common.env'
guide 'sed -i'
is "nginx has nothing to warn of" "$(nginx -t 2>&1 | grep -c -e successful -e warn)" 1
guide 'systemctl enable --now'
is "all units are up" "$(systemctl is-active auto-generate-thumbnail.socket auto-generate-thumbnail@{1..4} retry-stuck-thumbnails@1 thumbnail-scheduled@1 thumbnail-webhook-relay thumbnail-sweep.timer | sort -u)" active
is "the check has only the certificate to warn of" "$(grep -e '^[a-z-]* *\(FAIL\|WARN\)' /guide.log | tr -s ' ' | sed 's#https:[^ ]*#…#')" \
  "auto-generate-thumbnail WARN public URL: … cannot be fetched from here: TLS: self-signed certificate"
is "none has failed" "$(systemctl --failed --no-legend --plain | grep -c -e thumbnail || true)" 0
is "the timer has its next time" "$(systemctl list-timers --no-legend thumbnail-sweep.timer | grep -c thumbnail-sweep.service)" 1
guide 'su postgres'
last() { sql "SELECT thumbnail_generation_status FROM videos ORDER BY created_at DESC LIMIT 1"; }
is "the first video gets its thumbnail" "$(until_is completed last)" completed
guide 'su postgres'
is "the guide's look shows it" "$(grep -c '^thumbnail_url *| https://videos.example.com/thumbnails/' /guide.log)" 1
curl -fsSk -o /picture "$(sql "SELECT thumbnail_url FROM videos")" || true
is "which everybody can see" "$(head -c 3 /picture | od -An -tx1)" " ff d8 ff"
is "and nobody but the handlers wrote" "$(find /var/lib/thumbnail-handlers/public -type f -printf '%u %m\n')" "thumbnail-handlers 644"
