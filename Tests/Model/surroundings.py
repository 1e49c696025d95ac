"""What happens to a video from outside: time, sweeps, people, the platform's own writes, other programs, the store's weather."""

from look import VIDEO

OTHER = "00000000-0000-4000-8000-0000000000bb"
PAST = "clock_timestamp() - interval '1 s'"


def _video(assignments, condition="true"):
    return f"UPDATE videos SET {assignments} WHERE id = '{VIDEO}' AND {condition}"


STATEMENTS = {
    # Time.
    "expire": _video(f"thumbnail_generation_lease_until = {PAST}", "thumbnail_generation_claim_token IS NOT NULL"),
    "wait": _video(f"thumbnail_generation_next_attempt_at = {PAST}", "thumbnail_generation_next_attempt_at IS NOT NULL"),
    "age": _video("created_at = created_at - interval '1 h', thumbnail_generated_at = thumbnail_generated_at - interval '1 h', "
                  "thumbnail_generation_started_at = thumbnail_generation_started_at - interval '1 h', "
                  "thumbnail_generation_last_attempt_at = thumbnail_generation_last_attempt_at - interval '1 h'"),
    # What looks after the videos.
    "sweep": "SELECT auto_retry_stuck_thumbnails()",
    "poll": "SELECT thumbnails.recover_due(10)",
    "lose_webhook": f"DELETE FROM thumbnail_webhooks WHERE video_id = '{VIDEO}'",
    # People.
    "manual": f"SELECT manually_trigger_thumbnail_generation('{VIDEO}')",
    "batch": "SELECT batch_trigger_thumbnail_generation(10)",
    # The platform.
    "own_picture": _video("thumbnail_url = 'http://x/own.jpg'"),
    "no_picture": _video("thumbnail_url = NULL"),
    "new_video": _video("video_url = CASE video_url WHEN 'http://x/a.mp4' THEN 'http://x/b.mp4' ELSE 'http://x/a.mp4' END"),
    "no_video": _video("video_url = NULL"),
    "unfinish": _video("status = 'processing'"),
    "finish": _video("status = 'completed'"),
    "recreate": f"DELETE FROM videos WHERE id = '{VIDEO}'; INSERT INTO videos (id, status, video_url) VALUES ('{VIDEO}', 'completed', 'http://x/a.mp4')",
    # The original's edge function, which knows no tokens.
    "old_claim": _video("thumbnail_generation_status = 'processing', thumbnail_generation_started_at = clock_timestamp(), "
                        "thumbnail_generation_attempts = least(coalesce(thumbnail_generation_attempts, 0) + 1, 3)",
                        "thumbnail_generation_claim_token IS NULL AND thumbnail_generation_status IS DISTINCT FROM 'completed'"),
    "old_complete": _video("thumbnail_generation_status = 'completed', thumbnail_url = 'http://x/old.jpg'",
                           "thumbnail_generation_claim_token IS NULL AND thumbnail_generation_status = 'processing'"),
    "old_fail": _video("thumbnail_generation_status = 'failed', thumbnail_generation_error = 'boom'",
                       "thumbnail_generation_claim_token IS NULL AND thumbnail_generation_status = 'processing'"),
    # The store, as the other videos find it.
    "store_down": f"""INSERT INTO thumbnails.breakers (class, consecutive, video_ids, open_until, last_error)
        VALUES ('storage', 5, ARRAY['{OTHER}', '{VIDEO}']::uuid[], clock_timestamp() + interval '1 h', 'the store answered 503')
        ON CONFLICT (class) DO UPDATE SET consecutive = 5, video_ids = excluded.video_ids, open_until = excluded.open_until, probe_until = NULL""",
    "store_up": "DELETE FROM thumbnails.breakers",
    "breaker_over": f"UPDATE thumbnails.breakers SET open_until = {PAST}, probe_until = NULL WHERE open_until IS NOT NULL",
    # The ninth release stands for all before it: the tenth counts.
    "many_releases": _video("thumbnail_generation_releases = 9", "thumbnail_generation_releases > 0"),
}

# What may take a video out of `completed`.
RESTARTS = {"regenerate", "manual", "batch", "no_picture", "new_video", "recreate"}
