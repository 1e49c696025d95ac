"""One look at all that decides what may come next."""

from collections import namedtuple

VIDEO = "00000000-0000-4000-8000-0000000000aa"

State = namedtuple("State", "finished has_source state attempts releases token code url error live due unscheduled old_work old_wait "
                            "announced breaker")

LOOK = """SELECT v.status = 'completed', v.video_url IS NOT NULL, v.thumbnail_generation_status, v.thumbnail_generation_attempts,
    v.thumbnail_generation_releases, v.thumbnail_generation_claim_token, v.thumbnail_generation_error_code, v.thumbnail_url,
    v.thumbnail_generation_error, v.thumbnail_generation_lease_until > t.now, v.thumbnail_generation_next_attempt_at <= t.now,
    v.thumbnail_generation_next_attempt_at IS NULL,
    coalesce(v.thumbnail_generation_started_at, v.thumbnail_generation_last_attempt_at, v.created_at) <= t.now - interval '30 minutes',
    coalesce(greatest(v.thumbnail_generation_last_attempt_at, v.thumbnail_generated_at, v.created_at)) <= t.now - interval '10 minutes',
    EXISTS (SELECT FROM thumbnail_webhooks w WHERE w.video_id = v.id),
    (SELECT CASE WHEN b.open_until IS NULL THEN 'counting' WHEN b.open_until > t.now THEN 'open' WHEN b.probe_until > t.now THEN 'probing'
                 ELSE 'due' END FROM thumbnails.breakers b)
  FROM videos v, (SELECT clock_timestamp() AS now) t WHERE v.id = %s"""


def look(cursor, video=VIDEO):
    """The state of the video's row, its announcement and the breaker; None where there is no such row."""
    cursor.execute(LOOK, (video,))
    row = cursor.fetchone()
    return State(*row) if row else None
