"""Videos, their workers and their surroundings, driven step by step through the real SQL functions of the state machine."""

import look as looking
from look import MOST_ATTEMPTS, VIDEOS, is_final, is_live, is_same_picture, is_same_source, lacks, look, object_key
from surroundings import MERGING, SECRET, TENANT, TO_ALL, TO_ONE, statement
from workers import MEANINGS, TAKES_PICTURES, TAKES_STATES, Workers, board_key, expect, held, holds, is_outside, starts_again, url

# Who may start the attempts of a video anew, hints and other videos apart.
BY_HAND = {"manual", "batch", "retry_failed", "repair", "regenerate"}
# Hints that restart a video that has failed.
RESTARTS = {"finished", "source", "picture", "asked"}
# What only looks and takes: it never makes a job of a video nobody has hinted at.
FINISHED = {"complete", "fail", "refuse", "give_back", "store_refuses"}


class Machine:
    def __init__(self, connection, workers, videos=1, has_user=False, is_finished=True):
        self.db = connection.cursor()
        self.workers = Workers(workers)
        self.videos, self.has_user, self.is_finished = VIDEOS[:videos], has_user, is_finished

    def query(self, sql, *parameters):
        self.db.execute(sql, parameters or None)
        return self.db.fetchone() if self.db.description else None

    def look(self):
        return look(self.db, self.videos)

    def reset(self):
        """The videos are finished in one transaction, or are there and not finished yet; nothing else is there."""
        self.query("""DELETE FROM videos; DELETE FROM thumbnails.jobs; DELETE FROM thumbnails.inbox; DELETE FROM thumbnails.events;
            DELETE FROM thumbnails.breakers; DELETE FROM thumbnails.object_deletions; DELETE FROM thumbnails.set_aside; DELETE FROM thumbnails.storyboards;
            DELETE FROM read_rows;
            UPDATE platform_mode SET mode = 'takes'; UPDATE thumbnails.positions SET swept_to = NULL;
            UPDATE system_config SET value = 'on' WHERE key = 'auto_thumbnail_enabled';
            SELECT set_config('thumbnails.merge_marks', '', false), set_config('thumbnails.claim_marks', '', false)""")
        self.query("INSERT INTO videos (id, status, video_url, user_id) SELECT n, %s, 'http://x/a.mp4', %s FROM unnest(%s::uuid[]) AS n",
                   "completed" if self.is_finished else "processing", TENANT if self.has_user else None, list(self.videos))
        workers = Workers(len(self.workers.claims))
        workers.highest, workers.accepted = self.workers.highest, self.workers.accepted
        self.workers = workers
        return self.look()

    def statement(self, action):
        """The SQL of an action and its parameters, or None where there is nothing to do."""
        name, number = action
        if name in MEANINGS:
            return getattr(self.workers, name)(number)
        return statement(name, number, self.has_user), ()

    def step(self, action, before):
        """Does one action and checks what must hold whatever came before; the state it leaves."""
        name, number = action
        sql = self.statement(action)
        if sql is None:
            return before
        claim = self.workers.claims[number] if name in MEANINGS and name not in ("claim", "claim_next") else None
        answer = self.query(sql[0], *sql[1])
        after = self.look()
        check(after)
        check_step(name, claim, before, after)
        if name in MEANINGS:
            getattr(self.workers, MEANINGS[name])(number, answer, before, after, name)
        return after


def check(world):
    """What holds at every moment."""
    expect(not world.aside, "a hint was put aside: its merge raised")
    for video in world.videos:
        job = video.job
        expect(video.attempts is None or 0 <= video.attempts <= MOST_ATTEMPTS, f"{video.attempts} attempts in the row")
        expect(video.state != "failed" or video.error is not None, "failed without a reason")
        if job is not None:
            expect(0 <= job.attempts <= MOST_ATTEMPTS, f"{job.attempts} attempts in the job")
            expect(job.token is not None or job.result is not None or job.attempts < MOST_ATTEMPTS, "a job with no attempt left waits for the next")
            expect(job.due != "parked" or job.token is None and job.tenant != "", "parked, and at work or of nobody")
            expect((job.result is not None) == (job.lane == 9), "a kept result in another lane, or none in its own")
            expect(job.result is None or job.token is None, "a kept result is held by a worker")
            expect(job.tenant == "" or sum(other.job is not None and other.job.tenant == job.tenant and other.job.token is not None
                                           and not other.job.earned for other in world.videos) <= 2,
                   "more than two of a tenant's that did not earn it are at work")


def check_step(name, claim, before, after):
    """What holds of every step, whoever takes it."""
    for number, (video, now) in enumerate(zip(before.videos, after.videos)):
        check_video(name, claim if claim is not None and claim.video == number else None, before, video, now)
    if name in ("look_after", "sweep", "merge") or name in MEANINGS:
        for tenant in {v.job.tenant for v in after.videos if v.job and v.job.due == "parked"}:
            expect(admitted(after, tenant) or name not in ("look_after", "sweep", "merge") and not admitted(before, tenant),
                   f"{name} left jobs parked and none of their tenant admitted")


def admitted(world, tenant):
    return any(v.job and v.job.tenant == tenant and (v.job.token is not None or v.job.due == "now") and v.job.lane < 9 for v in world.videos)


def check_video(name, claim, before, video, now):
    job, new = video.job, now.job
    merges = name in MERGING and (video.hints or name in ("sweep", "repair"))
    if name in ("merge", "merge_one", "sweep"):
        expect(not now.hints or name == "sweep" and not before.enabled or name == "merge_one" and now.hints == video.hints, f"{name} left hints")
    # The state shown.
    # (Where it was taken away without a word, whoever merges comes to it.)
    if now.finished and now.state == "completed" and name not in SECRET and video[:8] != now[:8] and not (video.state == "completed" and lacks(video.picture)):
        expect(not lacks(now.picture) and now.error is None, "completed without a URL, or with an error text")
    if video.state == "completed" and not lacks(video.picture) and now.state != "completed" and now.there and name in FINISHED:
        expect(claim is not None and holds(before, claim) and not is_outside(video), f"{name} started a completed video again")
    # Jobs that come.
    if job is None and new is not None:
        if not lacks(now.picture):
            # (A new picture that failed is tried again as the first one is.)
            expect(name == "regenerate" or merges and object_key(now.picture) is not None or name in BY_HAND and video.state == "failed",
                   f"{name} started a video again that has its picture")
            expect(name == "regenerate" or not video.is_newer or shows_another(now) or video.state in ("pending", "failed"),
                   f"{name} makes the picture of the same video again")
        elif is_final(video) and name not in BY_HAND:
            expect(merges, f"{name} started a video again that was failed for good")
    # Jobs that go.
    if job is not None and new is None and now.there and now.finished and now.source is not None:
        is_last = job.attempts == MOST_ATTEMPTS or name == "refuse" or (job.result or {}).get("state") == "failed"
        if lacks(now.picture) or is_same_picture(now.picture, job.picture):
            expect(is_last and not job.again and now.state == "failed" and now.error is not None, f"{name} lost a video that lacks its picture")
    # Jobs that stay.
    if job is not None and new is not None:
        restarts = name in BY_HAND or merges or job.again or not is_same_source(job.source, video.source)
        if new.attempts < job.attempts and not restarts:
            expect(name in ("give_back", "store_refuses") and claim is not None and new.attempts == job.attempts - 1, f"{name} gave attempts back")
        if new.attempts > job.attempts:
            expect(name in ("claim", "claim_shaped", "claim_next", "go_on", "regenerate", "manual", "batch", "retry_failed"), f"{name} took attempts")
        expect(new.token in (None, job.token) or name in MEANINGS, f"{name} gave a token")
        if merges and not now.hints and now.there and now.finished and lacks(now.picture) and is_same_source(job.source, now.source) \
                and RESTARTS & {h.reason for h in video.hints} and (is_live(job) and new.token == job.token or job.result is not None and new.result is not None):
            expect(new.again, f"{name} forgot what restarts a video")
        if job.result is not None and is_same_source(job.source, now.source) and name not in ("regenerate", "recreate") \
                and not (job.result["state"] == "failed" and (job.again or name in BY_HAND)):
            expect(new.result is not None or now.picture == job.result.get("url"), f"{name} threw a kept result away")
    # Leases.
    if is_live(job) and (new is None or new.token != job.token) and not (claim and claim.kind == "thumbnail" and claim.token == job.token) and name != "expire":
        # (The sweep merges what it has found or put aside itself.)
        expect(name in MERGING and (video.hints or name == "sweep") and (not now.there or not is_same_source(now.source, job.source) or now.source is None
                                                    or is_outside(video)), f"{name} took a job away from a worker that has it")
    # Results that are kept.
    if job is not None and job.result is not None and job.due == "now" and name in ("look_after", "sweep") and now.there \
            and not (video.hints and name == "sweep"):
        kind = job.result["state"]
        if not is_same_source(job.source, video.source) or is_outside(video):
            expect(now.picture == video.picture and (new is None or new.result is None), "a kept result was written over another one")
        elif kind == "failed" and job.again:
            expect(starts_again(new), "a kept failure was not dropped, though what restarts the video has come since")
        elif before.platform in (TAKES_PICTURES if kind == "completed" else TAKES_STATES):
            expect(new is None and now.state == kind and now.attempts == job.attempts, "a kept result was not written when the platform took it")
            expect(now.picture == (job.result["url"] if kind == "completed" else video.picture), "a kept result was written with another picture")
        else:
            expect(new is not None and new.result is not None and new.attempts == job.attempts and new.due in ("soon", "later"),
                   "a result that was refused once more is not kept")
    # Storyboards.
    if video.story is not None:
        # (That of another video starts anew with it.)
        is_over = not now.there or now.source is None
        if now.story is None:
            expect(is_over or video.story.attempts == MOST_ATTEMPTS or claim is not None and claim.kind == "storyboard" and holds(before, claim),
                   f"{name} ended a storyboard that is wanted")
    # Objects. What the row of a video that is not finished lets go of is left to the collector's walk through the store.
    if name not in SECRET and video.finished:
        keys = {object_key(video.picture), object_key((job.result or {}).get("url")) if job else None, *(h.key for h in video.hints)}
        if name in ("complete", "go_on") and claim and claim.ended is None:
            keys.add(object_key(url(claim)))
        if video.board is not None:
            keys.add(video.board.key)
        if name == "complete_storyboard" and claim and claim.ended is None:
            keys.add(board_key(claim))
        known = {object_key(now.picture), object_key((new.result or {}).get("url")) if new else None, *(h.key for h in now.hints), None,
                 now.board.key if now.board else None}
        expect(keys <= known | now.put_down, f"{name} lost an object: {sorted(k for k in keys - known - now.put_down)}")


def shows_another(video):
    """Whether its picture was made of the other of the two videos."""
    return video.source is not None and video.picture.endswith("?of=a") != ("/a" in video.source)


def actions(workers, videos, names=None):
    """All there is to do, or what of it is named."""
    known = [(name, w) for w in range(workers) for name in MEANINGS] + [(name, v) for v in range(videos) for name in TO_ONE] + [(n, None) for n in TO_ALL]
    return [(name, number) for name, number in known if names is None or name in names]


PREPARE = """
    INSERT INTO system_config (key, value) VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder'), ('auto_thumbnail_enabled', 'on')
    ON CONFLICT (key) DO NOTHING;
    CREATE TABLE platform_mode (mode text);
    INSERT INTO platform_mode VALUES ('takes');
    CREATE TABLE read_rows (LIKE videos);
    -- A trigger of the platform's that refuses what we write (never what others write): `refuses` and `keeps` pictures, `breaks` and `freezes`
    -- whatever it is.
    CREATE FUNCTION platform_decides() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      mode text := (SELECT p.mode FROM public.platform_mode p);
    BEGIN
      IF mode = 'takes' OR coalesce(current_setting('thumbnails.writing', true), '') = ''
         OR mode IN ('refuses', 'keeps') AND NEW.thumbnail_url IS NOT DISTINCT FROM OLD.thumbnail_url THEN
        RETURN NEW;
      ELSIF mode IN ('refuses', 'breaks') THEN
        RAISE EXCEPTION 'the platform refuses it';
      END IF;
      RETURN NULL;
    END
    $$;
    CREATE TRIGGER platform_decides BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION platform_decides()"""


def prepare(connection):
    """What a world needs beside the migrations."""
    connection.cursor().execute(PREPARE)
    connection.cursor().execute(looking.PREPARE)


def forget_tokens(connection):
    """Takes the token out of every guarded write: the checks must notice."""
    cursor = connection.cursor()
    for name in ("complete", "fail"):
        cursor.execute("SELECT pg_get_functiondef(p.oid) FROM pg_proc p WHERE p.pronamespace = 'thumbnails'::regnamespace AND p.proname = %s", (name,))
        text = cursor.fetchone()[0]
        expect(text.count("AND j.token = p_token") == 1, f"{name} is not guarded by its token as it was")
        cursor.execute(text.replace("AND j.token = p_token", ""))
