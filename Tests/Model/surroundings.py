"""What happens to videos from outside: time, the relay, sweeps, people, the platform's own writes, other programs, the store's weather."""

import os

from look import MOST_ATTEMPTS, VIDEOS

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

TENANT = "00000000-0000-4000-9000-000000000001"
PAST = "clock_timestamp() - interval '1 s'"
AN_HOUR = "interval '1 h'"
# Whole rows, as an object-relational mapper saves them.
COLUMNS = ("status, video_url, thumbnail_url, user_id, created_at, thumbnail_generation_status, thumbnail_generation_attempts, "
           "thumbnail_generation_error_code, thumbnail_generation_error, thumbnail_generation_started_at, "
           "thumbnail_generation_last_attempt_at, thumbnail_generated_at, thumbnail_metadata")


def _video(assignments, condition="true"):
    return f"UPDATE videos SET {assignments} WHERE id = '{{id}}' AND {condition}"


def _quietly(statement):
    return f"SET LOCAL session_replication_role = replica; {statement}; SET LOCAL session_replication_role = origin"


# Done to one video. `{id}` is the video's, `{user}` its uploader's.
TO_ONE = {
    # Time.
    "expire": f"UPDATE thumbnails.jobs SET due_at = {PAST} WHERE video_id = '{{id}}' AND token IS NOT NULL AND due_at > clock_timestamp()",
    "wait": f"UPDATE thumbnails.jobs SET due_at = {PAST} WHERE video_id = '{{id}}' AND token IS NULL AND due_at > clock_timestamp() "
            "AND due_at < 'infinity'",
    # Hints in the order in which a merge locks them: two ways of locking are no fault of what is tried here.
    "age": f"UPDATE thumbnails.inbox SET at = at - {AN_HOUR} WHERE id IN (SELECT i.id FROM thumbnails.inbox i WHERE video_id = '{{id}}' ORDER BY i.id FOR UPDATE); "
           + _video(f"created_at = created_at - {AN_HOUR}, thumbnail_generated_at = thumbnail_generated_at - {AN_HOUR}, "
                  f"thumbnail_generation_started_at = thumbnail_generation_started_at - {AN_HOUR}, "
                  f"thumbnail_generation_last_attempt_at = thumbnail_generation_last_attempt_at - {AN_HOUR}"),
    # The ninth release stands for all before it: the tenth may count.
    "many_releases": "UPDATE thumbnails.jobs SET releases = 9 WHERE video_id = '{id}' AND releases > 0",
    # What looks after the videos.
    "merge_one": "SELECT thumbnails.merge(100, '{id}')",
    # Stands for a write of the platform's while triggers were switched off. In the order in which merges take them: nobody else deletes any.
    "lose_hints": "DELETE FROM thumbnails.inbox WHERE ctid = ANY (ARRAY(SELECT ctid FROM thumbnails.inbox WHERE video_id = '{id}' ORDER BY id FOR UPDATE))",
    # People.
    "manual": "SELECT manually_trigger_thumbnail_generation('{id}')",
    "ask_storyboard": "SELECT thumbnails.request_storyboard('{id}')",
    # The platform.
    "own_picture": _video("thumbnail_url = CASE thumbnail_url WHEN 'http://x/own.jpg' THEN 'http://x/own2.jpg' ELSE 'http://x/own.jpg' END"),
    "no_picture": _video("thumbnail_url = NULL"),
    "placeholder": _video("thumbnail_url = 'data:image/svg+xml,<svg/>'"),
    "rehost": _video("thumbnail_url = CASE WHEN thumbnail_url LIKE 'http://p/%' THEN replace(thumbnail_url, 'http://p/', 'http://q/') "
                     "ELSE replace(thumbnail_url, 'http://q/', 'http://p/') END", "thumbnail_url LIKE '%/thumbnails/%'"),
    "new_video": _video("video_url = CASE WHEN video_url LIKE 'http://x/a%' THEN 'http://x/b.mp4' ELSE 'http://x/a.mp4' END"),
    "signed_anew": _video("video_url = CASE WHEN video_url LIKE '%?token=1' THEN replace(video_url, '?token=1', '') ELSE video_url || '?token=1' END"),
    "no_video": _video("video_url = NULL"),
    "unfinish": _video("status = 'processing'"),
    "finish": _video("status = 'completed'"),
    "delete": "DELETE FROM videos WHERE id = '{id}'",
    "insert": "INSERT INTO videos (id, status, video_url, user_id) VALUES ('{id}', 'completed', 'http://x/a.mp4', {user}) ON CONFLICT DO NOTHING",
    "recreate": "DELETE FROM videos WHERE id = '{id}'; "
                "INSERT INTO videos (id, status, video_url, user_id) VALUES ('{id}', 'completed', 'http://x/a.mp4', {user})",
    # Read whole, and saved whole later, over whatever stands there by then.
    "read_row": f"DELETE FROM read_rows WHERE id = '{{id}}'; INSERT INTO read_rows SELECT * FROM videos WHERE id = '{{id}}'",
    "save_row": f"UPDATE videos SET ({COLUMNS}) = (SELECT {COLUMNS} FROM read_rows r WHERE r.id = videos.id) "
                "WHERE id = '{id}' AND EXISTS (SELECT FROM read_rows r WHERE r.id = videos.id)",
    "save_first_row": _video("status = 'completed', video_url = 'http://x/a.mp4', thumbnail_url = NULL, thumbnail_generation_status = 'pending', "
                             "thumbnail_generation_attempts = 0, thumbnail_generation_error_code = NULL, thumbnail_generation_error = NULL, "
                             "thumbnail_generation_started_at = NULL, thumbnail_generation_last_attempt_at = NULL, thumbnail_generated_at = NULL, "
                             "thumbnail_metadata = '{{}}'"),
    # Somebody who wants it made again.
    "write_pending": _video("thumbnail_generation_status = 'pending'"),
    # The original's edge function, which knows neither jobs nor tokens.
    "old_claim": _video("thumbnail_generation_status = 'processing', thumbnail_generation_started_at = clock_timestamp(), "
                        f"thumbnail_generation_attempts = least(coalesce(thumbnail_generation_attempts, 0) + 1, {MOST_ATTEMPTS})",
                        "thumbnail_generation_status IS DISTINCT FROM 'completed'"),
    "old_complete": _video("thumbnail_generation_status = 'completed', thumbnail_url = 'http://x/old.jpg'", "thumbnail_generation_status = 'processing'"),
    "old_fail": _video("thumbnail_generation_status = 'failed', thumbnail_generation_error = 'boom'", "thumbnail_generation_status = 'processing'"),
    # While triggers are switched off.
    "quiet_finish": _quietly(_video("status = 'completed'")),
    "quiet_no_picture": _quietly(_video("thumbnail_url = NULL")),
    "quiet_new_video": _quietly(_video("video_url = CASE WHEN video_url LIKE 'http://x/a%' THEN 'http://x/b.mp4' ELSE 'http://x/a.mp4' END")),
    "quiet_delete": _quietly("DELETE FROM videos WHERE id = '{id}'"),
}

# Done once for all.
TO_ALL = {
    "merge": "SELECT thumbnails.merge(1000)",
    "look_after": "SELECT thumbnails.look_after(100)",
    "sweep": "SELECT auto_retry_stuck_thumbnails()",
    "batch": "SELECT batch_trigger_thumbnail_generation(10)",
    "retry_failed": "SELECT thumbnails.act('retry', '{}', 10, NULL, NULL)",
    "repair": open(f"{ROOT}/migrations/fix-stuck-thumbnails.sql", encoding="utf-8").read(),
    "switch_off": "UPDATE system_config SET value = 'off' WHERE key = 'auto_thumbnail_enabled'",
    "switch_on": "UPDATE system_config SET value = 'on' WHERE key = 'auto_thumbnail_enabled'",
    # The store, as the other videos find it.
    "store_down": f"""INSERT INTO thumbnails.breakers (class, host, consecutive, video_ids, open_until, last_error)
        VALUES ('storage', '', 5, ARRAY['{VIDEOS[0]}', '{VIDEOS[3]}']::uuid[], clock_timestamp() + interval '1 h', 'the store answered 503')
        ON CONFLICT (class, host) DO UPDATE SET consecutive = 5, video_ids = excluded.video_ids, open_until = excluded.open_until, probe_until = NULL""",
    "store_up": "DELETE FROM thumbnails.breakers",
    "breaker_over": f"UPDATE thumbnails.breakers SET open_until = {PAST}, probe_until = NULL WHERE open_until IS NOT NULL",
    # What a trigger of the platform's makes of our writes: it raises or keeps the row where a picture is written, or whatever is written.
    "platform_takes": "UPDATE platform_mode SET mode = 'takes'",
    "platform_refuses": "UPDATE platform_mode SET mode = 'refuses'",
    "platform_keeps": "UPDATE platform_mode SET mode = 'keeps'",
    "platform_breaks": "UPDATE platform_mode SET mode = 'breaks'",
    "platform_freezes": "UPDATE platform_mode SET mode = 'freezes'",
}

# What takes hints out of the inbox, whatever else it does.
MERGING = {"merge", "merge_one", "sweep", "claim", "claim_shaped", "claim_next", "go_on", "regenerate"}
# After these something may be unknown to the queue: nothing in the inbox tells of it.
SECRET = {"lose_hints", "quiet_finish", "quiet_no_picture", "quiet_new_video", "quiet_delete"}


def statement(name, video, has_user):
    """The SQL of a step; `video` is its number, None where it is done once for all."""
    if video is None:
        return TO_ALL[name]
    return TO_ONE[name].format(id=VIDEOS[video], user=f"'{TENANT}'" if has_user else "NULL")
