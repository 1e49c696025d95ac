# shellcheck shell=bash disable=SC2154,SC2034
# Of in-booted-debian: an upgrade, and ones that go wrong.
# An upgrade replaces what runs, and nothing else; what was set stays.
version=$(auto-generate-thumbnail --version)
is "programs and packages have one version" "auto-generate-thumbnail $(dpkg-query -W -f '${Version}\n' 'thumbnail-*' | sort -u)" "$version"
what_is_set() { (cd /etc/thumbnail-handlers && grep -r --exclude='*.dpkg-dist' -v '^#' . && cat common.env) | sort | sha256sum; }
settings=$(what_is_set)
systemctl stop auto-generate-thumbnail@4
before=$(pid_of auto-generate-thumbnail@2)
rm /root/thumbnails/*
cp /next/*.deb /root/thumbnails/
guide 'cd /root/thumbnails'
is "an upgrade replaces the workers that run" "$(another auto-generate-thumbnail@2 "$before") $(systemctl is-active auto-generate-thumbnail@4 || true)" "active inactive"
is "by newer ones" "$(auto-generate-thumbnail --version)" "auto-generate-thumbnail $(dpkg-query -W -f '${Version}\n' 'thumbnail-*' | sort -u)"
is "which are not the old ones" "$(dpkg --compare-versions "$(auto-generate-thumbnail --version | cut -d' ' -f2)" gt "${version#* }" && echo newer)" newer
is "all of them" "$(for unit in auto-generate-thumbnail@{1,2,3,5,6} retry-stuck-thumbnails@1 thumbnail-scheduled@1 thumbnail-webhook-relay; do readlink "/proc/$(pid_of "$unit")/exe"; done | grep -c deleted || true)" 0
is "what was set stays" "$(what_is_set)" "$settings"
is "of nginx too" "$(nginx -t 2>&1 | grep -c -e successful -e warn) $(find /etc/nginx /etc/thumbnail-handlers -name '*.dpkg-*' -printf '%f\n' | sort | xargs)" "1 common.env.dpkg-dist"
row=$(video 4)
is "work goes on, upgraded" "$(until_is completed state "$row")" completed

# Where nginx is stopped, or a setting wrong, an upgrade leaves no package half done.
upgraded() { # what it says
  apt-get "${keep[@]}" install -y --reinstall /root/thumbnails/"$1"_*.deb >/upgrade.log 2>&1 </dev/null || echo "apt-get ended with $?"
  dpkg-query -W -f '${db:Status-Abbrev}\n' "$1"
  grep -o -e "$2" /upgrade.log
}
systemctl stop nginx
# While a system boots, as here, the reload is only asked for.
is "nginx is stopped" "$(upgraded thumbnail-handlers-nginx '^Setting up thumbnail-handlers-nginx')" $'ii \nSetting up thumbnail-handlers-nginx'
systemctl start nginx
mv /etc/thumbnail-handlers/credentials/SERVICE_ROLE_KEY /kept
echo short >/etc/thumbnail-handlers/credentials/SERVICE_ROLE_KEY
is "a secret is wrong" "$(upgraded thumbnail-auto-generate '[^ ]*@1.service does not start, the others are not restarted')" \
  $'ii \nauto-generate-thumbnail@1.service does not start, the others are not restarted'
mv /kept /etc/thumbnail-handlers/credentials/SERVICE_ROLE_KEY
is "the others go on" "$(systemctl is-active auto-generate-thumbnail@{2,3,5,6} | sort -u)" active
systemctl restart auto-generate-thumbnail@{1,2,3,5,6}
