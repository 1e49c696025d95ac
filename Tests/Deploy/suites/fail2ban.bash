# shellcheck shell=bash disable=SC2154
# The fail2ban example reads what nginx writes: those who guess are found, and nobody else.
log=$work/state/log/access.log
sed -i "s#access_log off;#access_log $log;#" "$work/state/conf/nginx.conf"
# Not a reload: for a moment workers that do not log yet would answer, too.
control restart nginx
for _ in $(seq 100); do call "$base/" >/dev/null; [ -s "$log" ] && break; sleep 0.1; done
lines=$(wc -l <"$log")
guess() { call -X POST -H "Authorization: Bearer $(openssl rand -hex 16)" "$base$1" >/dev/null; }
for path in /scheduled /functions/v1/auto-generate-thumbnail "/functions/v1/retry-stuck-thumbnails?limit=3"; do guess "$path"; done
call "$base/metrics" >/dev/null
call "$base/" >/dev/null
call "$base/no-such-page" >/dev/null
call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/scheduled" >/dev/null
generate -d '{}' >/dev/null
for _ in $(seq 100); do [ "$(wc -l <"$log")" -ge $((lines + 8)) ] && break; sleep 0.1; done
said=$(fail2ban-regex --print-all-matched "$log" "$root/nginx/fail2ban/filter.conf" 2>&1)
is "four guesses are found" "$(grep -c '" 401 ' <<<"$(sed -n '/Matched line/,/Lines/p' <<<"$said")")" 4
has "and nothing else" "$said" "4 matched"
cp -r /etc/fail2ban "$work/fail2ban"
rm -f "$work"/fail2ban/jail.d/*
cp "$root/nginx/fail2ban/filter.conf" "$work/fail2ban/filter.d/thumbnail-handlers.conf"
sed "s#/var/log/nginx/thumbnail-handlers.log#$log#" "$root/nginx/fail2ban/jail.conf" >"$work/fail2ban/jail.d/thumbnail-handlers.conf"
is "fail2ban understands filter and jail" "$(fail2ban-client -c "$work/fail2ban" --test 2>/dev/null)" "OK: configuration test is successful"
