# shellcheck shell=bash disable=SC2154,SC2034
# Of in-booted-debian: a store elsewhere, the check of all programs, more workers.
# A store elsewhere instead of the folder, and more workers.
guide "sed -i '/^THUMBNAILS_DIRECTORY"
row=$(video 3)
is "a thumbnail in the store" "$(until_is completed state "$row")" completed
curl -fsS -o /picture "$(sql "SELECT thumbnail_url FROM videos WHERE id = '$row'")" || true
is "which is served" "$(head -c 3 /picture | od -An -tx1)" " ff d8 ff"
# The check of all programs, each inside its own unit's sandbox, with its credentials: it starts nothing, and nothing of it stays.
checked() { thumbnail-handlers-check "$@" >/checked 2>&1 && echo 0 || echo $?; }
is "thumbnail-handlers-check" "$(checked)" 0
is "it looks at all four" "$(cut -d' ' -f1 /checked | sort -u | grep -c -e auto-generate-thumbnail -e retry-stuck-thumbnails -e scheduled -e webhook-relay)" 4
is "nothing is amiss" "$(grep -c -e FAIL -e WARN /checked || true)" 0
[ "$(tail -n 1 /checked)" = "programs checked: 4, all in order" ] || cat /checked
is "the decoder has its box there" "$(grep -c '^auto-generate-thumbnail  *ok    decoder: .*, in a box, makes jpeg, webp, avif$' /checked)" 1
# The units of the check alone: systemd lists the mounts of running units' credentials when it comes to it, so that two full lists differ by themselves.
is "it leaves no unit and no file" "$(systemctl list-units --all --plain --no-legend | cut -d' ' -f1 | grep -F -e thumbnail-check -e 'thumbnail\x2dcheck'; ls -d /run/thumbnail-handlers-check-* /run/systemd/system/thumbnail-check-* 2>/dev/null || true)" ""
mkdir -p /etc/systemd/system/auto-generate-thumbnail@.service.d
printf '[Service]\nEnvironment=MEDIA_SANDBOX=off\n' >/etc/systemd/system/auto-generate-thumbnail@.service.d/box.conf
systemctl daemon-reload
is "what an operator has changed of the unit counts" "$(checked auto-generate-thumbnail) $(grep -c 'NOT in a box' /checked)" "0 1"
rm -r /etc/systemd/system/auto-generate-thumbnail@.service.d
systemctl daemon-reload
mv /etc/thumbnail-handlers/credentials/WEBHOOK_SECRET /kept
echo another-placeholder-of-the-test >/etc/thumbnail-handlers/credentials/WEBHOOK_SECRET
is "a secret that was changed for one only is found" "$(checked webhook-relay) $(grep -c '^webhook-relay  *FAIL  handlers: .*does not know the secret' /checked)" "1 1"
echo short >/etc/thumbnail-handlers/credentials/WEBHOOK_SECRET
is "so is one that is refused" "$(checked webhook-relay) $(grep -c '^webhook-relay  *- WEBHOOK_SECRET is shorter' /checked)" "1 1"
mv /kept /etc/thumbnail-handlers/credentials/WEBHOOK_SECRET
touch /etc/thumbnail-handlers/retry-stuck.env /etc/thumbnail-handlers/credentials/WEBHOK_SECRET
is "files that nobody reads are warned of" "$(checked) $(sed -n 's/^thumbnail-handlers  *WARN  //p' /checked | paste -sd' ')" \
  "0 /etc/thumbnail-handlers/retry-stuck.env: no unit here reads it /etc/thumbnail-handlers/credentials/WEBHOK_SECRET: no unit here reads it"
rm /etc/thumbnail-handlers/retry-stuck.env /etc/thumbnail-handlers/credentials/WEBHOK_SECRET
is "an unknown program" "$(checked nonsense)" 2
systemctl mask -q auto-generate-thumbnail@.service
is "a unit that is masked is not looked at without its sandbox" "$(checked auto-generate-thumbnail) $(cat /checked)" \
  "1 auto-generate-thumbnail  FAIL  its unit auto-generate-thumbnail@.service is masked, so it cannot start
programs checked: 1, with failures: 1"
systemctl unmask -q auto-generate-thumbnail@.service
mkdir -p /etc/systemd/system/thumbnail-webhook-relay.service.d
printf '[Unit]\nRefuseManualStart=yes\n' >/etc/systemd/system/thumbnail-webhook-relay.service.d/refused.conf
systemctl daemon-reload
is "nor is one that systemd refuses to start, with its words" "$(checked webhook-relay) $(grep -c 'Operation refused' /checked)" "1 1"
rm -r /etc/systemd/system/thumbnail-webhook-relay.service.d
systemctl daemon-reload
thumbnail-handlers-check >/checked.beside 2>&1 &
beside=$!
is "two checks at once" "$(checked)" 0
wait "$beside" || true
is "have an answer each" "$(grep -c ' ok ' /checked.beside)" "$(grep -c ' ok ' /checked)"
rm /checked.beside
is "whoever is not root" "$(setpriv --reuid nobody --regid nogroup --clear-groups thumbnail-handlers-check >/dev/null 2>&1 && echo 0 || echo $?)" 2

guide 'systemctl enable --now auto-generate-thumbnail@{'
is "more workers" "$(systemctl is-active auto-generate-thumbnail@{1..6} | sort -u)" active
