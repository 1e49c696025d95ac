"""One look at all that decides what may come next."""

from collections import namedtuple

VIDEOS = tuple(f"00000000-0000-4000-8000-0000000000a{n}" for n in range(4))
VIDEO = VIDEOS[0]
#: That a video has.
MOST_ATTEMPTS = 3

# `is_newer`: its picture was made after all the changes that the hints tell of.
# `platform` says what the platform's own trigger makes of our writes; `aside` counts hints whose merge raised,
# `unwritten` rows whose state could not be written, to which the sweep comes back.
World = namedtuple("World", "videos breaker platform enabled aside unwritten")
Video = namedtuple("Video", "there finished source picture state attempts code error old_work old_wait job story hints put_down is_newer board")
# `again`: what restarts a failed video came while this one was being tried.
Job = namedtuple("Job", "lane due attempts releases token source picture regenerate result refused tenant earned again")
Story = namedtuple("Story", "due attempts token source")
# The storyboard the row has: by which claim it was made, and its object.
Board = namedtuple("Board", "token key")
# `key`: of our object that the row showed before.
Hint = namedtuple("Hint", "reason source key state")

DUE = """CASE WHEN {0}.due_at = 'infinity' THEN 'parked' WHEN {0}.due_at <= t.now THEN 'now'
    WHEN {0}.due_at <= t.now + interval '1 minute' THEN 'soon' WHEN {0}.due_at IS NOT NULL THEN 'later' END"""
# Prepared, for it is asked more often than anything else and takes longer to plan than to answer.
PREPARE = f"""SET plan_cache_mode = force_generic_plan;
    PREPARE look (uuid[]) AS SELECT v.id IS NOT NULL, coalesce(v.status = 'completed', false), v.video_url, v.thumbnail_url, v.thumbnail_generation_status,
    v.thumbnail_generation_attempts, v.thumbnail_generation_error_code, v.thumbnail_generation_error,
    coalesce(v.thumbnail_generation_started_at, v.thumbnail_generation_last_attempt_at, v.created_at) <= t.now - interval '30 minutes',
    greatest(v.thumbnail_generation_last_attempt_at, v.thumbnail_generated_at, v.created_at) <= t.now - interval '10 minutes',
    j.lane, {DUE.format('j')}, j.attempts, j.releases, j.token, j.source_url, j.old_thumbnail, j.request ? 'regenerate', j.result - 'refused',
    j.result ? 'refused', j.tenant, j.is_earned, j.request ? 'again', {DUE.format('s')}, s.attempts, s.token, s.source_url,
    (SELECT json_agg(json_build_array(i.reason, i.old_source, i.old_key, i.old_state) ORDER BY i.id)
       FROM thumbnails.inbox i WHERE i.video_id = n.id),
    (SELECT array_agg(d.key) FROM thumbnails.object_deletions d WHERE d.video_id = n.id),
    coalesce(v.thumbnail_generated_at > (SELECT max(i.at) FROM thumbnails.inbox i WHERE i.video_id = n.id), false), b.token, b.key,
    (SELECT CASE WHEN b.open_until IS NULL THEN 'counting' WHEN b.open_until > t.now THEN 'open' WHEN b.probe_until > t.now THEN 'probing'
                 ELSE 'due' END FROM thumbnails.breakers b),
    (SELECT p.mode FROM platform_mode p), (SELECT c.value = 'on' FROM system_config c WHERE c.key = 'auto_thumbnail_enabled'),
    (SELECT count(*) FROM thumbnails.set_aside WHERE sqlstate <> ''), (SELECT count(*) > 0 FROM thumbnails.set_aside WHERE sqlstate = '')
  FROM (SELECT clock_timestamp() AS now) t CROSS JOIN unnest($1) WITH ORDINALITY AS n (id, number)
  LEFT JOIN videos v ON v.id = n.id
  LEFT JOIN thumbnails.jobs j ON j.video_id = n.id AND j.kind = 'thumbnail'
  LEFT JOIN thumbnails.jobs s ON s.video_id = n.id AND s.kind = 'storyboard'
  LEFT JOIN thumbnails.storyboards b ON b.video_id = n.id AND b.token IS NOT NULL
 ORDER BY n.number"""


def look(cursor, videos=VIDEOS):
    """The videos' rows, jobs and hints, and what stands around them."""
    cursor.execute("EXECUTE look (%s::uuid[])", (list(videos),))
    rows = cursor.fetchall()
    return World(tuple(_video(row) for row in rows), *rows[0][32:])


def _video(row):
    return Video(*row[:10], Job(*row[10:23]) if row[10] is not None else None, Story(*row[23:27]) if row[23] is not None else None,
                 tuple(Hint(*hint) for hint in row[27] or ()), frozenset(row[28] or ()), row[29], Board(*row[30:32]) if row[30] is not None else None)


def lacks(url):
    """Whether a row with this URL has no thumbnail."""
    return not url or url.startswith("data:image/svg")


def object_key(url):
    """The key inside a URL of ours, or None."""
    return url[url.index("thumbnails/"):].split("?")[0] if url and "/thumbnails/" in url else None


def is_same_source(a, b):
    return a == b or a is not None and b is not None and a.split("?")[0] == b.split("?")[0]


def is_same_picture(a, b):
    return a == b or object_key(a) is not None and object_key(a) == object_key(b)


def is_live(job):
    """Whether a worker holds the job, its lease not over."""
    return job is not None and job.token is not None and job.due != "now"


def is_final(video):
    """Whether it is failed for good: by its class, or because its attempts are used up."""
    return video.state == "failed" and (video.code in ("media", "forbidden", "request") or (video.attempts or 0) >= MOST_ATTEMPTS)
