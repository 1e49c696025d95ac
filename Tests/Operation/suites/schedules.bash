# shellcheck shell=bash disable=SC2154
# Every way to call the sweep once an hour, as its guide (docs/installing.md) gives them: each must set a stuck video going.
stuck() { # a video whose worker was the original's, half a day ago
  local row
  row=$(quiet_row "$base/videos/demo.mp4")
  leave_behind "$row"
  printf '%s' "$row"
}
# The command of the systemd timer and of a crontab.
row=$(stuck)
is "the command prints the answer" "$(env -i PATH="$PATH" SUPABASE_URL="$base" CRON_SECRET="$CRON_SECRET" "$bin/scheduled" run | grep -c '"retriedCount":1')" 1
is "and the video gets its thumbnail" "$(wait_for "$row" completed failed)" completed
is "without a server it ends with 1" "$(env -i PATH="$PATH" SUPABASE_URL=http://127.0.0.1:9 CRON_SECRET="$CRON_SECRET" "$bin/scheduled" run 2>/dev/null; echo $?)" 1

# A crontab line, run by cron itself would take a minute: run as cron does, by /bin/sh with its environment.
row=$(stuck)
# shellcheck disable=SC2016
# (backticks of Markdown)
line=$(sed -n 's/^| root.s crontab | `\([^`]*\)` |$/\1/p' "$root/docs/installing.md")
mkdir "$work/credentials"
printf '%s\n' "$CRON_SECRET" >"$work/credentials/CRON_SECRET"
line=${line/http:\/\/127.0.0.1:9180/"$base"}
line=${line/\/etc\/thumbnail-handlers\/credentials/"$work/credentials"}
line=${line/thumbnail-scheduled/"$bin/scheduled"}
is "a crontab line" "$(cd / && env -i HOME=/ LOGNAME=nobody PATH=/usr/bin:/bin SHELL=/bin/sh /bin/sh -c "$(cut -d' ' -f6- <<<"$line")"; echo $?)" 0
is "gives it, too" "$(wait_for "$row" completed failed)" completed
has "if it fails, cron has something to mail" "$(env -i PATH=/usr/bin:/bin /bin/sh -c "$(cut -d' ' -f6- <<<"${line/"$base"/http://127.0.0.1:9}")" 2>&1)" '"error":"retry-stuck-thumbnails cannot be reached: '

# cron-job.org and EasyCron: POST or whatever body and type, an answer within 30 s and 8192 bytes, 2xx only, IPv4.
row=$(stuck)
for arguments in "-X POST" "-X POST -d a=b" "-X POST -H Content-Type:text/plain -d ping" "-X POST -H Content-Type:application/json -d {}"; do
  # shellcheck disable=SC2086
  is "a cron service, $arguments" "$(call -4 --max-time 30 $arguments -H "Authorization: Bearer $CRON_SECRET" "$base/scheduled")" 200
  is "a short answer" "$([ "$(cat "$work/headers" "$work/body" | wc -c)" -lt 8192 ] && echo yes)" yes
done
is "gives it as well" "$(wait_for "$row" completed failed)" completed

# A Cloudflare Worker: the example as it is, started by node as Cloudflare's runtime would.
row=$(stuck)
worker() { SUPABASE_URL=$base CRON_SECRET=$1 node --input-type=module -e "
  const { default: worker } = await import('$root/docs/examples/cloudflare-worker.mjs');
  await worker.scheduled({ cron: '17 * * * *' }, process.env, {});" 2>&1; }
is "a Cloudflare Worker" "$(worker "$CRON_SECRET"; echo $?)" 0
is "gives it as the others do" "$(wait_for "$row" completed failed)" completed
has "with a wrong secret its run fails and says why" "$(worker "$(openssl rand -hex 16)")" "the sweep answered 401: .*Unauthorized"

# pg_cron: inside PostgreSQL, without any HTTP.
row=$(stuck)
cat >>"$work/state/pg/postgresql.conf" <<EOF
shared_preload_libraries = 'pg_cron'
cron.database_name = 'videos'
cron.use_background_workers = on
max_worker_processes = 20
EOF
control restart postgresql
for _ in $(seq 600); do sql "SELECT 1" >/dev/null 2>&1 && break; sleep 0.1; done
sql "CREATE EXTENSION pg_cron" >/dev/null
# As in the guide, but every few seconds instead of once an hour.
sql "SELECT cron.schedule('thumbnails', '2 seconds', 'SELECT public.auto_retry_stuck_thumbnails()')" >/dev/null 2>&1 ||
  sql "SELECT cron.schedule('thumbnails', '* * * * *', 'SELECT public.auto_retry_stuck_thumbnails()')" >/dev/null
end_quiet
for _ in $(seq 700); do [ "$(state_of "$row")" = completed ] && break; sleep 0.1; done
is "pg_cron and the relay" "$(state_of "$row")" completed
noted() { sql "SELECT status FROM cron.job_run_details ORDER BY runid LIMIT 1"; }
for _ in $(seq 600); do case $(noted) in starting | running | sending | connecting) sleep 0.1 ;; *) break ;; esac; done
is "its run is noted as a success" "$(noted)" succeeded
sql "SELECT cron.unschedule('thumbnails')" >/dev/null

# Where the extension is in a database of its own, as by default.
sql "DROP EXTENSION pg_cron"
row=$(stuck)
printf "cron.database_name = 'postgres'\n" >>"$work/state/pg/postgresql.conf"
control restart postgresql
for _ in $(seq 600); do sql "SELECT 1" >/dev/null 2>&1 && break; sleep 0.1; done
# shellcheck disable=SC2016
# (backticks of Markdown)
line=$(grep -o 'SELECT cron.schedule_in_database([^`]*' "$root/docs/installing.md")
psql -XAtq "${DATABASE_URL/\/videos\?//postgres?}" -c "CREATE EXTENSION pg_cron" -c "${line/\*\/10 \* \* \* \*/* * * * *}" >"$work/null"
end_quiet
for _ in $(seq 700); do [ "$(state_of "$row")" = completed ] && break; sleep 0.1; done
is "pg_cron in a database of its own" "$(state_of "$row")" completed
psql -XAtq "${DATABASE_URL/\/videos\?//postgres?}" -c "SELECT cron.unschedule('thumbnails')" >"$work/null"
