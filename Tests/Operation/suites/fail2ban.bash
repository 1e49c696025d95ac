# shellcheck shell=bash disable=SC2154
# The fail2ban example reads what nginx writes: those who guess are found, and nobody else.
log=$work/state/tmp/nginx/access.log
# The address is the one a proxy names, so that there are several.
sed -i "s#access_log off;#access_log $log thumbnail_handlers; set_real_ip_from 127.0.0.1; real_ip_header X-Real-IP;#" "$work/state/conf/nginx.conf"
# Not a reload: for a moment workers that do not log yet would answer, too.
control restart nginx
for _ in $(seq 600); do call "$base/" >/dev/null; [ -s "$log" ] && break; sleep 0.1; done
lines=$(wc -l <"$log")
guess() { call --path-as-is -X POST -H "Authorization: Bearer $(openssl rand -hex 16)" "$@" >/dev/null; }
for path in /scheduled /functions/v1/auto-generate-thumbnail "/functions/v1/retry-stuck-thumbnails?limit=3" //scheduled /%73cheduled /scheduled/; do
  guess "$base$path"
done
guess --request-target http://videos.example.com/scheduled "$base/"
call "$base/metrics" >/dev/null
call --head "$base/metrics" >/dev/null
# Of one /64, and beside it.
networks="2001:db8:1:2::/64 2001:db8:1:2::/64 2001:db8:1:2::/64 2001:db8:1::/64 2001:db8::/64 2001:db8::/64 2001:0:0:d::/64 2001::/64 203.0.113.9"
for address in 2001:db8:1:2::5 2001:db8:1:2:ffff:0:1:2 2001:db8:1:2:0:0:0:0 2001:db8:1::9 2001:db8::9 2001:db8:0:0:9::1 2001:0:0:d:e:f:1:2 2001::9 ::ffff:203.0.113.9; do
  guess -H "X-Real-IP: $address" "$base/scheduled"
done
call "$base/" >/dev/null
call "$base/no-such-page" >/dev/null
call -X POST -H "Authorization: Bearer $CRON_SECRET" "$base/scheduled" >/dev/null
generate -d '{}' >/dev/null
for _ in $(seq 600); do [ "$(wc -l <"$log")" -ge $((lines + 22)) ] && break; sleep 0.1; done
said=$(fail2ban-regex --print-all-matched "$log" "$root/nginx/fail2ban/filter.conf" 2>&1)
is "guesses are found, however the path is spelled" "$(grep -c '" 401 ' <<<"$(sed -n '/Matched line/,/Lines/p' <<<"$said")")" 18
has "and nothing else" "$said" "18 matched"
is "IPv6 is counted by the /64" "$(grep '" 401 ' "$log" | tail -n 9 | cut -d' ' -f1 | paste -sd' ')" "$networks"
said=$(fail2ban-regex --print-all-matched "$log" "$root/nginx/fail2ban/filter.conf" --out ip 2>&1)
has "and found by it" "$said" "2001:db8:1:2::/64"
cp -r /etc/fail2ban "$work/fail2ban"
rm -f "$work"/fail2ban/jail.d/*
cp "$root/nginx/fail2ban/filter.conf" "$work/fail2ban/filter.d/thumbnail-handlers.conf"
sed "s#/var/log/nginx/thumbnail-handlers.log#$log#" "$root/nginx/fail2ban/jail.conf" >"$work/fail2ban/jail.d/thumbnail-handlers.conf"
is "fail2ban understands filter and jail" "$(fail2ban-client -c "$work/fail2ban" --test 2>/dev/null)" "OK: configuration test is successful"
