# shellcheck shell=bash disable=SC2154,SC2034
# docs/supabase.md: moving over from the original's functions without a gap, step by step, in a database of its own. pg_net's queue is
# played by a stand-in with its signature (Debian has no pg_net) and by this suite, which posts what the queue holds.
moved=${DATABASE_URL/\/videos\?//moved?}
handlers_moved=${HANDLERS_DATABASE_URL/\/videos\?//moved?}
sql "CREATE DATABASE moved" >/dev/null
in_moved() { psql -XAtq -v ON_ERROR_STOP=1 "$moved" "$@"; }
state_moved() { in_moved -c "SELECT thumbnail_generation_status FROM videos WHERE id = '$1'"; }
handler() { # name body: one of the handlers, on that database
  HANDLERS_DATABASE_URL=$handlers_moved as_stack cgi "$1" "$2" WEBHOOK_SECRET="$WEBHOOK_SECRET" THUMBNAILS_DIRECTORY="$work/state/public"
}
finish() { in_moved -c "INSERT INTO videos (status, video_url) VALUES ('completed', 'http://127.0.0.1:$origin/video.mp4?$1') RETURNING id"; }

# The platform as it is: its own table and settings, pg_net, the original's trigger, and a video the original has in hand.
in_moved <<SQL
CREATE SCHEMA net;
CREATE TABLE net.posts (url text, body jsonb, headers jsonb);
CREATE FUNCTION net.http_post(url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}', headers jsonb DEFAULT '{}', timeout_milliseconds integer DEFAULT 5000)
  RETURNS bigint LANGUAGE sql AS 'INSERT INTO net.posts VALUES (url, body, headers); SELECT 1::bigint';
CREATE TABLE videos (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id uuid, title text, status text, video_url text, thumbnail_url text,
  created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(), thumbnail_generation_status text);
CREATE TABLE system_config (key text PRIMARY KEY, value text NOT NULL);
INSERT INTO system_config VALUES ('supabase_url', 'https://platform.example'), ('service_role_key', '$SERVICE_ROLE_KEY'), ('webhook_secret', '$WEBHOOK_SECRET');
CREATE FUNCTION trigger_auto_thumbnail() RETURNS trigger LANGUAGE plpgsql AS
  \$\$ BEGIN PERFORM net.http_post('https://platform.example/functions/v1/auto-generate-thumbnail', '{}'::jsonb); RETURN NEW; END \$\$;
CREATE TRIGGER trigger_auto_thumbnail AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION trigger_auto_thumbnail();
INSERT INTO videos (title, status, video_url) VALUES ('left behind', 'completed', 'http://127.0.0.1:$origin/video.mp4?left');
SQL
in_hand=$(in_moved -c "INSERT INTO videos (status, video_url, thumbnail_generation_status) VALUES ('completed', 'http://127.0.0.1:$origin/video.mp4?hand', 'processing') RETURNING id")

# Step 2: the migrations; the platform's own function goes on.
is "the migrations apply to the platform's table" "$(DATABASE_URL=$moved "$root/scripts/migrate" >"$work/migrate" 2>&1; echo $?)" 0
is "only our triggers are left" "$(in_moved -c "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'videos'::regclass AND tgname = 'trigger_auto_thumbnail'")" 0
row=$(finish 1)
is "pg_net still posts to the platform's function" "$(in_moved -c "SELECT url FROM net.posts WHERE body ->> 'videoId' = '$row'")" https://platform.example/functions/v1/auto-generate-thumbnail
in_moved -c "UPDATE videos SET thumbnail_generation_status = 'processing' WHERE id = '$row'" -c "UPDATE videos SET thumbnail_generation_status = 'completed', thumbnail_url = 'https://cdn.example/1.jpg' WHERE id = '$row'"
is "whose result is accepted" "$(state_moved "$row")" completed
row=$(finish 2)
is "what it loses is in the queue" "$(in_moved -c "SELECT thumbnails.merge(1000) > 0" -c "SELECT count(*) FROM thumbnails.jobs WHERE video_id = '$row' AND due_at <= now()" | paste -sd' ')" "t 1"

# Step 3: the handlers are called.
in_moved -c "INSERT INTO system_config VALUES ('thumbnail_handlers_url', '$base')"
other=$(finish 3)
is "pg_net posts to the handlers" "$(in_moved -c "SELECT url || ' ' || (headers ->> 'Authorization' = 'Bearer $WEBHOOK_SECRET') FROM net.posts WHERE body ->> 'videoId' = '$other'")" "$base/functions/v1/auto-generate-thumbnail true"
is "with what its queue holds they make the thumbnail" "$(handler auto-generate-thumbnail "$(in_moved -c "SELECT body FROM net.posts WHERE body ->> 'videoId' = '$other'")")" 200
is "and write it down" "$(state_moved "$other")" completed
is "what the platform's function lost, too" "$(handler auto-generate-thumbnail "{\"videoId\":\"$row\"}") $(state_moved "$row")" "200 completed"

# Step 4: what the original had in hand is taken over once its half hour is over.
is "not before" "$(handler auto-generate-thumbnail "{\"videoId\":\"$in_hand\"}")" 409
in_moved -c "UPDATE videos SET thumbnail_generation_started_at = now() - interval '31 minutes', created_at = now() - interval '1 hour' WHERE id = '$in_hand'"
is "then by the sweep" "$(in_moved -c "SELECT (auto_retry_stuck_thumbnails() ->> 'retriedCount')::integer > 0")" t
is "and the next claim" "$(handler auto-generate-thumbnail "{\"videoId\":\"$in_hand\"}") $(state_moved "$in_hand")" "200 completed"

# Step 5: the one-off, for what was left behind before.
has "fix-stuck-thumbnails.sql says how many" "$(psql -X "$moved" -f "$root/migrations/fix-stuck-thumbnails.sql" 2>&1)" "✅ 完成！共触发 1 个视频的缩略图生成"

# The checklist: each command of its last column, with the placeholders filled in.
export SUPABASE_URL
count=0
# shellcheck disable=SC2016
# (backticks of Markdown)
while IFS= read -r command; do
  command=${command//<video-uuid>/$other}
  case $command in
    SELECT*) is "the checklist's $command" "$(in_moved -c "$command" 2>&1 >/dev/null)" "" ;;
    curl*) is "the checklist's $command" "$(CRON_SECRET=$CRON_SECRET bash -c "$command -fsS" 2>&1 | grep -c '"success":true')" 1 ;;
    *) continue ;;
  esac
  count=$((count + 1))
done < <(sed -n '/^## The checklist/,$p' "$root/docs/supabase.md" | grep '^|' | awk -F'|' '{print $(NF-1)}' | grep -o '`[^`]*`' | tr -d '`')
is "the checklist has its commands" "$([ "$count" -ge 11 ] && echo yes)" yes
is "nothing is missing in system_config" "$(in_moved -c "SELECT thumbnails.missing_configuration() IS NULL")" t
is "the column the original's guide named does not exist" "$(in_moved -c "SELECT routinename FROM pg_proc" 2>&1 | grep -c 'column "routinename" does not exist')" 1
sql "DROP DATABASE moved WITH (FORCE)" >/dev/null
