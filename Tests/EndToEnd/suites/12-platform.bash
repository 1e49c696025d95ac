# shellcheck shell=bash disable=SC2154
# The platform's own triggers on its own table: what they need, and what they refuse.
retry=$base/functions/v1/retry-stuck-thumbnails
report() { curl -fsS -H "Authorization: Bearer $CRON_SECRET" "$retry?limit=100" >"$work/report"; }
# A figure of the report, once it is as wanted: what is shown may be ten seconds old.
reported() { # name want
  local got
  for _ in $(seq 300); do
    report
    got=$(python3 -c 'import json, sys
value = json.load(open(sys.argv[1]))["data"]
for name in sys.argv[2].split("."): value = value.get(name) if isinstance(value, dict) else value
print("" if value is None else value)' "$work/report" "$1")
    grep -q -e "$2" <<<"$got" && break
    sleep 0.2
  done
  printf %s "$got"
}

# A trigger whose function names its tables without a schema, as most do. It works for the platform, and for each write of ours.
sql "CREATE TABLE profiles (id uuid PRIMARY KEY, videos_changed integer NOT NULL DEFAULT 0)"
sql "CREATE FUNCTION count_video_changes() RETURNS trigger LANGUAGE plpgsql AS
  \$\$ BEGIN UPDATE profiles SET videos_changed = videos_changed + 1 WHERE id = NEW.user_id; RETURN NEW; END \$\$"
sql "CREATE TRIGGER count_video_changes AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION count_video_changes()"
mkdir -p "$work/trial"
check() { env DATABASE_URL="$HANDLERS_DATABASE_URL" THUMBNAILS_DIRECTORY="$work/trial" "$bin/auto-generate-thumbnail" --check 2>&1 | grep ' a video: '; }
changes() { sql "SELECT videos_changed FROM profiles"; }
user=$(sql "INSERT INTO profiles (id) VALUES (gen_random_uuid()) RETURNING id")
insert "$base/videos/demo.mp4" >/dev/null # starts the relay where it was stopped
row=$(sql "INSERT INTO videos (user_id, status, video_url) VALUES ('$user', 'processing', '$base/videos/demo.mp4') RETURNING id")
is "names without a schema: the platform's own update" "$(sql "UPDATE videos SET status = 'completed' WHERE id = '$row' RETURNING thumbnail_generation_status")" pending
is "the video gets its thumbnail" "$(wait_for "$row" completed failed)" completed
is "in one attempt" "$(events_of "$row" processing) $(events_of "$row" completed)" "1 1"
is "and the trigger was there: finished, in work, completed" "$(changes)" 3
is "nothing was refused on the way" "$(sql "SELECT count(*) FROM thumbnails.events WHERE video_id = '$row' AND class = 'platform'")" 0
is "made anew" "$(generate -d "{\"videoId\":\"$row\",\"regenerate\":true}")" 200
row=$(quiet_row "$base/videos/none.mp4")
sql "UPDATE videos SET user_id = '$user' WHERE id = '$row'"
before=$(changes)
is "a failure" "$(generate -d "{\"videoId\":\"$row\"}")" 502
is "is on the row" "$(state_of "$row")" "failed source"
is "past the trigger" "$(changes)" $((before + 2))
row=$(quiet_row "$base/videos/demo.mp4")
sql "UPDATE videos SET user_id = '$user' WHERE id = '$row'"
leave_behind "$row"
before=$(changes)
is "the sweep" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$retry")" 200
is "finds one that was left behind" "$(wait_for "$row" completed failed)" completed
is "and the trigger sees it: waiting, in work, completed" "$(changes)" $((before + 3))
sql "UPDATE videos SET thumbnail_url = NULL WHERE id = '$row'"
is "in SQL, by hand" "$(sql "SELECT manually_trigger_thumbnail_generation('$row') ->> 'success'")" true
insert "$base/videos/demo.mp4" >/dev/null
is "as well" "$(wait_for "$row" completed failed)" completed
before=$(changes)
has "--check tries it" "$(check)" '^ok '
is "and leaves nothing behind" "$(changes)" "$before"
handlers=$(psql -XAtq "$HANDLERS_DATABASE_URL" -c 'SELECT current_user')
sql "ALTER ROLE $handlers SET restrict_nonsystem_relation_kind = 'view, foreign-table'"
has "where no view may be read, ours is" "$(check)" '^ok '
sql "ALTER ROLE $handlers RESET restrict_nonsystem_relation_kind"
sql "DROP TRIGGER count_video_changes ON videos"

# A rule of the platform's refuses the result for a while: the finished picture is kept, and written when the rule is gone.
sql "CREATE FUNCTION bad_deploy() RETURNS trigger LANGUAGE plpgsql AS
  \$\$ BEGIN IF NEW.video_url LIKE '%?refused' OR NEW.thumbnail_url LIKE '%/0000000000000000-0.jpg' THEN RAISE EXCEPTION 'column \"foo\" does not exist'; END IF; RETURN NEW; END \$\$"
sql "CREATE TRIGGER bad_deploy BEFORE UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION bad_deploy()"
row=$(quiet_row "http://127.0.0.1:$origin/video.mp4?refused")
is "a result the platform refuses: the work was done" "$(generate -d "{\"videoId\":\"$row\"}")" 200
has "which is said" "$(body)" '"kept":true'
url=$(sed -n 's/.*"thumbnailUrl":"\([^"]*\)".*/\1/p' "$work/body" | sed 's#\\/#/#g')
is "the row waits" "$(state_of "$row")" "pending platform"
has "and says why" "$(sql "SELECT thumbnail_generation_error FROM videos WHERE id = '$row'")" 'the platform refuses the result, which is kept: column "foo" does not exist (P0001)'
is "with its one attempt" "$(sql "SELECT thumbnail_generation_attempts FROM videos WHERE id = '$row'")" 1
has "a worker's log says it loudly" "$(grep -h "$row" "$work"/state/log/auto-generate-thumbnail*.log | grep '"level":"error"')" 'the platform refuses the result, which is kept'
is "asked again" "$(generate -d "{\"videoId\":\"$row\"}")" 200
has "there is nothing to work on" "$(body)" '"reason":".*column .*foo.* does not exist.*"skipped":true'
is "the report counts it" "$(reported queue.kept '^1$')" 1
has "with what the platform said" "$(reported platform.lastRefusal foo)" 'column "foo" does not exist'
is "and how often" "$([ "$(reported platform.refusals '^[1-9]')" -ge 1 ] && echo yes)" yes
is "and that it is no fault of the video's" "$(reported held.platform '^1$')" 1
for _ in $(seq 300); do
  call -H "Authorization: Bearer $CRON_SECRET" "$base/metrics" >/dev/null
  ! grep -q 'thumbnails_jobs{state="kept"} 1' "$work/body" || break
  sleep 0.2
done
has "so do the metrics" "$(body)" 'thumbnails_jobs{state="kept"} 1'
has "by class" "$(body)" 'thumbnails_held_videos{class="platform"} 1'
has "and refusals" "$(body)" '^thumbnails_platform_refusals [1-9]'
has "--check says it, too" "$(check)" '^FAIL .*column "foo" does not exist'
# The others go on meanwhile.
is "another video" "$(settled "http://127.0.0.1:$origin/video.mp4?beside")" completed
sql "UPDATE thumbnails.jobs SET due_at = now() WHERE video_id = '$row'"
for _ in $(seq 600); do [ "$(sql "SELECT due_at > now() FROM thumbnails.jobs WHERE video_id = '$row'")" = t ] && break; sleep 0.1; done
is "refused again, it goes on waiting" "$(state_of "$row") $(sql "SELECT releases >= 2 FROM thumbnails.jobs WHERE video_id = '$row'")" "pending platform t"
sql "DROP TRIGGER bad_deploy ON videos"
is "when the rule is gone it is written" "$(wait_for "$row" completed failed)" completed
is "the same picture" "$(url_of "$row")" "$url"
is "which is served" "$([ "$(served "$url")" -gt 1000 ] && echo yes)" yes
is "nothing was decoded again" "$(sql "SELECT thumbnail_generation_attempts FROM videos WHERE id = '$row'") $(events_of "$row" processing) $(events_of "$row" completed)" "1 1 1"
is "no error is left on the row" "$(sql "SELECT thumbnail_generation_error IS NULL AND thumbnail_generation_error_code IS NULL FROM videos WHERE id = '$row'")" t
is "nor anything in the queue" "$(queued "$row")" 0
is "nor an object for the collector" "$(sql "SELECT count(*) FROM thumbnails.object_deletions WHERE video_id = '$row'")" 0
is "then the report counts none" "$(reported queue.kept '^0$')" 0

# The same where nobody but the sweep is there to write it.
sql "CREATE TRIGGER bad_deploy BEFORE UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION bad_deploy()"
row=$(quiet_row "http://127.0.0.1:$origin/video.mp4?refused")
is "refused without a relay" "$(generate -d "{\"videoId\":\"$row\"}")" 200
sql "DROP TRIGGER bad_deploy ON videos"
sql "UPDATE thumbnails.jobs SET due_at = now() WHERE video_id = '$row'"
is "the sweep writes it" "$(call -X POST -H "Authorization: Bearer $CRON_SECRET" "$retry" && state_of "$row")" 200completed
is "in one attempt, too" "$(events_of "$row" processing)" 1
sql "DROP FUNCTION bad_deploy()"

# What a role has set for other programs. URLs have letters that its encoding has not.
row=$(quiet_row "http://127.0.0.1:$origin/video.mp4?视频")
sql "ALTER ROLE handlers SET client_encoding = 'LATIN1'"
is "an encoding that is set for the role" "$(as_stack cgi auto-generate-thumbnail "{\"videoId\":\"$row\"}" THUMBNAILS_DIRECTORY="$work/state/public")" 200
sql "ALTER ROLE handlers RESET client_encoding"
sql "DROP FUNCTION count_video_changes()"
sql "DROP TABLE profiles"
end_quiet
