# shellcheck shell=bash disable=SC2154,SC2034
# docs/supabase.md: moving over from the platform's own functions without a gap, step by step, in a database as Supabase sets one up: an owner
# who is no superuser, its roles, default privileges, time limits, row level security and auth.uid(). pg_net's background worker and the
# platform's function are played by Tests/Support (Debian has neither); the handlers answer behind an nginx of their own.
moved=${DATABASE_URL/\/videos\?//moved?}
owner=$(sed -E 's#//[^@]*@#//sb_owner:placeholder@#' <<<"$moved")
handlers_moved=$(sed -E 's#//[^@]*@#//sb_handlers:placeholder@#' <<<"$moved")
in_moved() { psql -XAtq -v ON_ERROR_STOP=1 "$owner" "$@"; }
until_moved() { # how many videos may be unfinished, which
  for _ in $(seq 600); do [ "$(in_moved -c "SELECT count(*) FROM videos WHERE $2 AND thumbnail_generation_status IS DISTINCT FROM 'completed'")" -gt "$1" ] || break; sleep 0.1; done
  in_moved -c "SELECT count(*) FROM videos WHERE $2 AND thumbnail_generation_status IS DISTINCT FROM 'completed'"
}
# The guide's blocks for the SQL editor, as they stand there, in their order: what stands for the world's names is put in their place.
page=$root/docs/supabase.md
# shellcheck disable=SC2016 # (backticks of Markdown)
blocks_of() { python3 -c 'import re, sys; print(*re.findall(rf"^```{sys.argv[2]}\n(.*?)^```$", open(sys.argv[1]).read(), re.M | re.S), sep="\0", end="")' "$page" "$1"; }
mapfile -d '' -t blocks < <(blocks_of sql)
done_blocks=0
guide() { # the next block, which begins so
  local block=${blocks[done_blocks]}
  done_blocks=$((done_blocks + 1))
  is "the guide's block $done_blocks" "${block:0:${#1}}" "$1"
  block=$(sed -E "s#\bhandlers\b#sb_handlers#g; s#'https://videos\.example\.com'#'$moved_base'#; s#your-password#placeholder#; s#your-webhook-secret#$WEBHOOK_SECRET#" <<<"$block")
  is "block $done_blocks is run as it stands" "$(in_moved -c "$block" 2>&1)" ""
}
finish() { in_moved -c "INSERT INTO videos (user_id, status, video_url) VALUES ('aaaaaaaa-0000-4000-8000-000000000001', 'completed', 'http://127.0.0.1:$origin/video.mp4?$1') RETURNING id"; }

# The platform as it is.
superuser=$DATABASE_URL
psql -XAtq -v ON_ERROR_STOP=1 "$superuser" >/dev/null <<SQL
CREATE ROLE sb_owner LOGIN CREATEROLE PASSWORD 'placeholder';
GRANT thumbnail_handlers TO sb_owner WITH ADMIN OPTION;
DO \$\$ BEGIN CREATE ROLE anon; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$;
DO \$\$ BEGIN CREATE ROLE authenticated; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$;
DO \$\$ BEGIN CREATE ROLE service_role BYPASSRLS; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$;
GRANT anon, authenticated, service_role TO sb_owner;
ALTER ROLE anon SET statement_timeout = '3s';
ALTER ROLE authenticated SET statement_timeout = '8s';
CREATE DATABASE moved OWNER sb_owner;
SQL
psql -XAtq -v ON_ERROR_STOP=1 "${superuser/\/videos\?//moved?}" -f "$root/Tests/Support/pg_net.sql" -c "GRANT SELECT ON ALL TABLES IN SCHEMA net TO sb_owner"
original_port=$work/original.port
"$root/Tests/Support/original-function" "$owner" "$SERVICE_ROLE_KEY" >"$original_port" &
original_process=$!
wait_file "$original_port"
original=http://127.0.0.1:$(cat "$original_port")
in_moved >/dev/null <<SQL
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated, service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON FUNCTIONS TO anon, authenticated, service_role;
CREATE SCHEMA auth;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS
  \$\$ SELECT nullif(current_setting('request.jwt.claims', true)::json ->> 'sub', '')::uuid \$\$;
GRANT USAGE ON SCHEMA public, auth TO anon, authenticated, service_role;
CREATE TABLE videos (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title text, status text, video_url text, thumbnail_url text,
  created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(), thumbnail_generation_status text);
ALTER TABLE videos ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON videos FOR ALL TO authenticated USING (user_id = auth.uid()) WITH CHECK (user_id = auth.uid());
CREATE TABLE system_config (key text PRIMARY KEY, value text NOT NULL);
INSERT INTO system_config VALUES ('supabase_url', '$original'), ('service_role_key', '$SERVICE_ROLE_KEY');
CREATE FUNCTION trigger_auto_thumbnail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
  \$\$ BEGIN PERFORM net.http_post('$original/functions/v1/auto-generate-thumbnail', '{}'::jsonb); RETURN NEW; END \$\$;
CREATE TRIGGER trigger_auto_thumbnail AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION trigger_auto_thumbnail();
INSERT INTO videos (title, status, video_url) VALUES ('left behind', 'completed', 'http://127.0.0.1:$origin/video.mp4?left');
SQL
in_hand=$(in_moved -c "INSERT INTO videos (status, video_url, thumbnail_generation_status) VALUES ('completed', 'http://127.0.0.1:$origin/video.mp4?hand', 'processing') RETURNING id")
"$root/Tests/Support/pg-net" "${superuser/\/videos\?//moved?}" &
pg_net_process=$!

# The handlers of this database, behind an nginx of their own.
moved_port=$(free_port)
moved_base=http://127.0.0.1:$moved_port
user=$(stat -c %U "$work/state/public/thumbnails")
drop=()
[ "$(id -u)" != 0 ] || drop=(setpriv --reuid "$user" --regid "$user" --clear-groups)
mkdir -p "$work/moved/thumbnail-handlers"
cp "$root"/nginx/*.conf "$work/moved/thumbnail-handlers/"
[ "$(id -u)" != 0 ] || chown -R "$user" "$work/moved"
sed -i "s#/run/thumbnail-handlers/#$work/moved/#" "$work/moved/thumbnail-handlers/http.conf"
cat >"$work/moved/nginx.conf" <<EOF
pid $work/moved/pid; error_log $work/moved/error; daemon off; worker_processes 1; master_process off;
events { worker_connections 512; }
http { access_log $work/moved/access; client_body_temp_path $work/moved; fastcgi_temp_path $work/moved; proxy_temp_path $work/moved; scgi_temp_path $work/moved; uwsgi_temp_path $work/moved;
  include thumbnail-handlers/http.conf;
  server { listen 127.0.0.1:$moved_port; include thumbnail-handlers/handlers.conf; } }
EOF
suite_processes+=("$original_process" "$pg_net_process")
as_moved=("${drop[@]}" env -i PATH="$PATH" SERVICE_ROLE_KEY="$SERVICE_ROLE_KEY" WEBHOOK_SECRET="$WEBHOOK_SECRET" CRON_SECRET="$CRON_SECRET" DATABASE_URL="$handlers_moved"
  SUPABASE_URL="$moved_base" PUBLIC_BASE_URL="$base" THUMBNAILS_DIRECTORY="$work/state/public" SOURCE_PRIVATE_HOSTS="127.0.0.1:$origin" LEASE_SECONDS=2)
# Units that commands of the page name and the packages do not have. They run on a booted Debian only, as `make test-systemd` does.
missing_units() {
  local word
  for word in $1; do
    [[ $word = *thumbnail* ]] || continue
    word=${word//\'/}
    [[ $word = *.* || $word = *\** ]] || word+=.service
    [ -n "$(find "$root"/handlers/*/deploy "$root"/Sources/*/deploy -name "$word")" ] || echo "$word"
  done
}
start_handlers() {
  local handler count
  for handler in auto-generate-thumbnail:2 retry-stuck-thumbnails:2 scheduled:1; do
    count=${handler#*:}
    handler=${handler%:*}
    "${as_moved[@]}" "$root/Tests/Support/fastcgi-processes" "$work/moved/$handler.sock" "$count" "$bin/$handler" >>"$work/moved/$handler.log" 2>&1 &
    suite_processes+=("$!")
  done
  "${drop[@]}" /usr/sbin/nginx -p "$work/moved" -c "$work/moved/nginx.conf" -e "$work/moved/error" &
  suite_processes+=("$!")
}
asked_handlers() { grep -c auto-generate-thumbnail "$work/moved/access" 2>/dev/null || true; }

# Step 1: each file pasted into the SQL editor, which sends it as one query; 027 statement by statement.
for file in "$root"/migrations/0*.sql; do
  case $file in
    */001_* | */027_*) ;;
    *) is "$(basename "$file" | cut -c1-3) as one query of the SQL editor" "$(PGCLIENTENCODING=UTF8 psql -XAtq -v ON_ERROR_STOP=1 "$owner" -c "$(cat "$file")" >"$work/migrate" 2>&1; echo $?)" 0 ;;
  esac
done
is "027 statement by statement" "$(psql -XAtq -v ON_ERROR_STOP=1 "$owner" -f "$root/migrations/027_thumbnail_generation_indexes.sql" >"$work/migrate" 2>&1; echo $?)" 0
guide 'CREATE ROLE handlers'
# Step 2, where systemctl starts what this suite does.
start_handlers
for _ in $(seq 600); do [ ! -S "$work/moved/scheduled.sock" ] || break; sleep 0.1; done
is "only our triggers are left" "$(in_moved -c "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'videos'::regclass AND tgname = 'trigger_auto_thumbnail'")" 0
rows=(); for n in 1 2 3 4 5 6 7 8; do rows+=("$(finish "$n")"); done
is "the platform's function goes on to make the thumbnails" "$(until_moved 0 "id = ANY (string_to_array('${rows[*]}', ' ')::uuid[])")" 0
is "of many in one statement, too" "$(in_moved -c "INSERT INTO videos (status, video_url) SELECT 'completed', 'http://127.0.0.1:$origin/many.mp4?' || n FROM generate_series(1, 30) AS n"; until_moved 0 "video_url LIKE '%many%'")" 0
is "the results are its own" "$(in_moved -c "SELECT count(*) FROM videos WHERE thumbnail_url LIKE 'https://cdn.example/%'")" 38
is "nothing has reached the handlers" "$(asked_handlers)" 0
in_moved -c "SELECT thumbnails.merge(1000)" >/dev/null
is "and nothing is left in the queue" "$(in_moved -c "SELECT count(*) FROM thumbnails.jobs WHERE video_id IN (SELECT id FROM videos WHERE thumbnail_generation_status = 'completed')")" 0
kill "$original_process"
wait "$original_process" 2>/dev/null || true
row=$(finish lost)
in_moved -c "SELECT thumbnails.merge(1000)" >/dev/null
is "what it loses is in the queue" "$(in_moved -c "SELECT count(*) FROM thumbnails.jobs WHERE video_id = '$row' AND due_at <= clock_timestamp()")" 1

# Step 3: the handlers are called.
guide 'INSERT INTO system_config'
other=$(finish 9)
is "the handlers make the next one" "$(until_moved 0 "id = '$other'")" 0
is "and what the platform's function lost" "$(until_moved 0 "id = '$row'")" 0
is "with the low-privilege secret" "$(in_moved -c "SELECT count(*) FROM net.http_request_queue")" 0
in_moved -c "INSERT INTO videos (user_id, status, video_url) SELECT ('aaaaaaaa-0000-4000-8000-00000000000' || n % 5)::uuid, 'completed', 'http://127.0.0.1:$origin/video.mp4?one-transaction' || n FROM generate_series(1, 60) AS n"
is "sixty of one transaction are made by four wake-ups" "$(until_moved 0 "video_url LIKE '%one-transaction%'")" 0
is "each once" "$(in_moved -c "SELECT count(*) FROM thumbnails.events e JOIN videos v ON v.id = e.video_id WHERE e.to_status = 'completed' AND v.video_url LIKE '%one-transaction%'" 2>&1)" 60

# pg_net as it is out there: half of what it takes is lost; a crash empties its queue.
kill "$pg_net_process"
wait "$pg_net_process" 2>/dev/null || true
"$root/Tests/Support/pg-net" "${superuser/\/videos\?//moved?}" --lose 2 &
pg_net_process=$!
suite_processes+=("$pg_net_process")
in_moved -c "INSERT INTO videos (status, video_url) SELECT 'completed', 'http://127.0.0.1:$origin/video.mp4?half' || n FROM generate_series(1, 200) AS n"
is "with every second webhook lost all two hundred of one transaction are made" "$(until_moved 0 "video_url LIKE '%half%'")" 0
kill "$pg_net_process"
wait "$pg_net_process" 2>/dev/null || true
for n in $(seq 10); do finish "crash$n" >/dev/null; done
psql -XAtq "${superuser/\/videos\?//moved?}" -c "TRUNCATE net.http_request_queue"
is "what a crash of pg_net's lost waits" "$(sleep 1; in_moved -c "SELECT count(*) FROM videos WHERE video_url LIKE '%crash%' AND thumbnail_generation_status = 'pending'")" 10
"$root/Tests/Support/pg-net" "${superuser/\/videos\?//moved?}" &
pg_net_process=$!
suite_processes+=("$pg_net_process")
is "for the sweep of pg_cron, which posts again" "$(in_moved -c "SELECT auto_retry_stuck_thumbnails() ->> 'waitingCount'")" 10
is "and all are made" "$(until_moved 0 "video_url LIKE '%crash%'")" 0

# A wrong secret: nothing is lost, the hourly call of a cron service delivers, and the report says what is wrong.
in_moved -c "UPDATE system_config SET value = 'placeholder-wrong' WHERE key = 'webhook_secret'"
for n in $(seq 10); do finish "wrong$n" >/dev/null; done
for _ in $(seq 600); do [ "$(in_moved -c "SELECT count(*) FROM net._http_response WHERE status_code = 401")" = 0 ] || break; sleep 0.1; done
is "with a wrong secret nothing is delivered" "$(in_moved -c "SELECT count(*) FROM videos WHERE video_url LIKE '%wrong%' AND thumbnail_generation_status = 'pending'")" 10
is "the hourly call" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$moved_base/scheduled")" 200
is "delivers all the same" "$(until_moved 0 "video_url LIKE '%wrong%'")" 0
call -H "Authorization: Bearer $CRON_SECRET" "$moved_base/functions/v1/retry-stuck-thumbnails" >/dev/null
has "the report says that the secret is another one" "$(body)" 'webhook_secret is not the WEBHOOK_SECRET of the handlers'
has "and what pg_net got back" "$(body)" 'answered 401: the handlers do not know the secret'
in_moved -c "UPDATE system_config SET value = '$WEBHOOK_SECRET' WHERE key = 'webhook_secret'"

# What else the platform posts, while every worker is at a slow video: pg_net sends nothing until all of a batch is answered.
slow="video_url LIKE '%trickle%' AND thumbnail_generation_status = 'processing'"
for n in 1 2; do
  in_moved -c "INSERT INTO videos (status, video_url) VALUES ('completed', 'http://127.0.0.1:$origin/trickle.mp4?$n')"
  for _ in $(seq 600); do [ "$(in_moved -c "SELECT count(*) FROM videos WHERE $slow")" != "$n" ] || break; sleep 0.1; done
done
waiting=$(finish waiting)
own=$(in_moved -c "SELECT net.http_post('$moved_base/platform', '{}'::jsonb)")
for _ in $(seq 1800); do [ "$(in_moved -c "SELECT count(*) FROM net._http_response WHERE id = $own")" = 0 ] || break; sleep 0.1; done
is "the platform's own post is answered" "$(in_moved -c "SELECT status_code FROM net._http_response WHERE id = $own")" 404
is "while the workers are still at theirs" "$(in_moved -c "SELECT count(*) FROM videos WHERE $slow")" 2
in_moved -c "DELETE FROM videos WHERE video_url LIKE '%trickle%'"
is "and whose post was given up is made by those at work" "$(until_moved 0 "id = '$waiting'")" 0

# Who may do what, as Supabase's roles.
as_user() { in_moved -c "SET ROLE $1" -c "SET request.jwt.claims = '{\"sub\": \"$2\"}'" -c "$3" 2>&1 | head -n 1; }
mine=aaaaaaaa-0000-4000-8000-000000000001
is "a user writes their own videos" "$(as_user authenticated $mine "INSERT INTO videos (user_id, status, video_url) VALUES ('$mine', 'completed', 'http://127.0.0.1:$origin/video.mp4?mine') RETURNING status")" completed
is "which are made" "$(until_moved 0 "video_url LIKE '%mine'")" 0
is "but no state of a thumbnail" "$(as_user authenticated $mine "UPDATE videos SET thumbnail_generation_status = 'failed' WHERE video_url LIKE '%mine' RETURNING thumbnail_generation_status")" completed
has "nobody else looks into the queue" "$(as_user service_role '' "SELECT * FROM thumbnails.jobs")" 'permission denied for schema thumbnails'

# Step 4: what the original had in hand is taken over once its half hour is over.
is "not before" "$(call -X POST -H "Authorization: Bearer $SERVICE_ROLE_KEY" -d "{\"videoId\":\"$in_hand\"}" "$moved_base/functions/v1/auto-generate-thumbnail")" 409
in_moved -c "UPDATE videos SET thumbnail_generation_started_at = now() - interval '31 minutes', created_at = now() - interval '1 hour' WHERE id = '$in_hand'"
is "then by the sweep" "$(in_moved -c "SELECT (auto_retry_stuck_thumbnails() ->> 'retriedCount')::integer > 0")" t
is "which has it made" "$(until_moved 0 "id = '$in_hand'")" 0

# Step 5: the one-off, for what was left behind before.
has "fix-stuck-thumbnails.sql says how many" "$(psql -X "$owner" -f "$root/migrations/fix-stuck-thumbnails.sql" 2>&1)" "✅ 完成！共触发 [01] 个视频的缩略图生成"
is "and nothing is left" "$(until_moved 0 true)" 0

# The checklist: each command of its last column, with the placeholders filled in.
count=0
# shellcheck disable=SC2016
# (backticks of Markdown)
while IFS= read -r command; do
  command=${command//<video-uuid>/$other}
  case $command in
    SELECT*) is "the checklist's $command" "$(in_moved -c "$command" 2>&1 >/dev/null)" "" ;;
    curl*) is "the checklist's $command" "$(CRON_SECRET=$CRON_SECRET bash -c "${command/https:\/\/videos.example.com/$moved_base} -fsS" 2>&1 | grep -c '"success":true')" 1 ;;
    *' --check') is "the checklist's $command" "$("${as_moved[@]}" "$bin/${command% --check}" --check 2>&1 | grep -v -e '^ok ' -e '^WARN ' || true)" "" ;;
    systemctl*) is "the checklist's $command: of units there are" "$(missing_units "$command")" "" ;;
    *' '*) is "the checklist's $command" "no command this suite knows" "" ;;
    *) continue ;;
  esac
  count=$((count + 1))
done < <(sed -n '/^## The checklist/,$p' "$page" | grep '^|' | awk -F'|' '{print $(NF-1)}' | grep -o '`[^`]*`' | tr -d '`')
is "the checklist has its commands" "$([ "$count" -ge 10 ] && echo yes)" yes
is "nothing is missing in system_config" "$(in_moved -c "SELECT (thumbnails.readiness()).missing IS NULL")" t
while IFS= read -r -d '' command; do is "for a shell of root's: ${command%$'\n'}: units there are" "$(missing_units "$command")" ""; done < <(blocks_of sh; printf '\0')

# And back: the platform's function is called again.
guide 'DELETE FROM system_config'
is "all blocks of the page are done" "$done_blocks" "${#blocks[@]}"
before=$(asked_handlers)
"$root/Tests/Support/original-function" "$owner" "$SERVICE_ROLE_KEY" "${original##*:}" >/dev/null &
suite_processes+=("$!")
for _ in $(seq 600); do curl -s -o /dev/null "$original" && break; sleep 0.1; done
row=$(finish back)
is "gone back, the platform's function makes the next one" "$(until_moved 0 "id = '$row'") $(in_moved -c "SELECT thumbnail_url FROM videos WHERE id = '$row'")" "0 https://cdn.example/$row.jpg"
is "and nothing reaches the handlers" "$(asked_handlers)" "$before"
is "the column the original's guide named does not exist" "$(in_moved -c "SELECT routinename FROM pg_proc" 2>&1 | grep -c 'column "routinename" does not exist')" 1
end_running "${suite_processes[@]}"
suite_processes=()
psql -XAtq "$superuser" -c "DROP DATABASE moved WITH (FORCE)" -c "DROP ROLE sb_handlers" -c "REVOKE thumbnail_handlers FROM sb_owner" -c "DROP ROLE sb_owner" >/dev/null
