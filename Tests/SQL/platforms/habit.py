"""What the habits are written with: a database as its platform, a worker and an onlooker see it."""

import collections
import contextlib
import json
import os
import subprocess

import psycopg2

# All that a habit needs comes from here.
from expectations import Unexpected, at_once, eventually, expect  # noqa: F401
from server import server  # noqa: F401
from session import HANDLERS, PLATFORM, ROLES, SUPERUSER, WORKER, Session  # noqa: F401

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
# All but the first, which makes the table where there is none.
MIGRATIONS = sorted(name for name in os.listdir(ROOT + "/migrations") if name[0].isdigit() and name.endswith(".sql"))[1:]
ORDINARY = HERE + "/ordinary/schema.sql"

Claim = collections.namedtuple("Claim", "outcome video token attempt url")


class Habit:
    """A database and what is done with it."""

    def __init__(self, name, host):
        self.name, self.host = name, host
        self.sessions, self.beside = [], []
        self.added = 0

    def create(self, encoding="UTF8"):
        with contextlib.closing(Session(self.host, "postgres", SUPERUSER)) as session:
            session(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            session(f"CREATE DATABASE \"{self.name}\" OWNER {PLATFORM} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"
                    if encoding != "UTF8" else f'CREATE DATABASE "{self.name}" OWNER {PLATFORM}')

    def drop(self):
        for session in self.sessions:
            session.close()
        for other in self.beside:
            other.drop()
        with contextlib.closing(Session(self.host, "postgres", SUPERUSER)) as session:
            session(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def other(self, name, migrated=False):
        """A second database, empty, or as one with the ordinary table that is migrated."""
        habit = Habit(f"{self.name}_{name}", self.host)
        habit.create()
        self.beside.append(habit)
        if migrated:
            habit.script(ORDINARY)
            habit.migrate()
            habit.connect()
        return habit

    def connect(self):
        self.platform, self.worker, self.root = (self.session(user) for user in (PLATFORM, WORKER, SUPERUSER))
        return self

    def session(self, user=PLATFORM, **settings):
        self.sessions.append(Session(self.host, self.name, user, **settings))
        return self.sessions[-1]

    # Programs.

    def run(self, *command, user=PLATFORM, text=None, fails=False):
        """What it says; `fails`: it must not succeed."""
        done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False,
                              env=dict(os.environ, PGHOST=self.host, PGDATABASE=self.name, PGUSER=user))
        if (done.returncode != 0) != fails:
            raise Unexpected(f"{command[0]} ended with {done.returncode}: {done.stderr}{done.stdout}"[:3000])
        return done.stdout + done.stderr

    def paste(self, sql, user=PLATFORM, fails=False):
        """Sends it as one query string; gives what the server says."""
        with contextlib.closing(Session(self.host, self.name, user)) as session:
            try:
                session(sql)
            except psycopg2.Error as problem:
                if fails:
                    return str(problem)
                raise
            if fails:
                raise Unexpected("it works")
            return "".join(session.connection.notices)

    def script(self, path, user=PLATFORM):
        return self.run("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", path, user=user)

    def migrate(self, user=PLATFORM, anew=False, fails=False):
        if anew:
            self.paste("DELETE FROM thumbnails.applied_migrations", SUPERUSER)
        return self.run("scripts/migrate", user=user, fails=fails)

    def configure(self):
        self.platform("INSERT INTO public.system_config (key, value) "
                      "VALUES ('supabase_url', 'http://127.0.0.1'), ('service_role_key', 'placeholder')")

    # The platform.

    def add(self, status="completed", **columns):
        """A row of `videos`; gives its id."""
        self.added += 1
        columns = {"status": status, "video_url": f"http://x/{self.added}.mp4", **columns}
        columns = {name: value for name, value in columns.items() if value is not ...}
        return self.platform(f"INSERT INTO public.videos ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) RETURNING id",
                             *columns.values())

    def finish(self, video):
        self.platform("UPDATE public.videos SET status = 'completed' WHERE id = %s", video)

    # The relay and the workers.

    def merge(self, session=None):
        while (session or self.worker)("SELECT thumbnails.merge(1000)") > 0:
            pass

    def look_after(self):
        self.worker("SELECT thumbnails.look_after(100)")

    def sweep(self):
        return self.worker("SELECT public.auto_retry_stuck_thumbnails()")

    def claim(self, video, session=None, more=""):
        return Claim(*(session or self.worker)(f"SELECT outcome, %s, token, attempt, video_url FROM thumbnails.claim(%s, 30{more})", video, video))

    def next(self, session=None):
        return Claim(*(session or self.worker)("SELECT outcome, video_id, token, attempt, video_url FROM thumbnails.claim_next(30)"))

    def complete(self, claim, session=None):
        return (session or self.worker)("SELECT thumbnails.complete(%s, %s, %s, %s, '{\"method\": \"keyframe\", \"width\": 1280, \"bytesFetched\": 9}')",
                                        claim.video, claim.token, *picture(claim))

    def fail(self, claim, retryable=True, kind="source"):
        return self.worker("SELECT outcome FROM thumbnails.fail(%s, %s, %s, 'the origin answered 503', %s)",
                           claim.video, claim.token, kind, retryable)

    def make(self, video):
        """From the claim by id to the picture."""
        claim = self.claim(video)
        expect("a claim", claim.outcome, "claimed")
        expect("its result", self.complete(claim), "ok")
        expect("the row", self.state(video), ("completed", None, claim.attempt))
        expect("the picture", self.picture(video), picture(claim)[0])
        return claim

    def work_off(self):
        """Makes what is due, until nothing is; gives the videos in their order."""
        made = []
        self.merge()
        while (claim := self.next()).outcome == "claimed":
            expect("a result", self.complete(claim), "ok")
            made.append(claim.video)
        expect("the end of the queue", claim.outcome, "none")
        return made

    # The onlooker.

    def state(self, video):
        return self.root("SELECT thumbnail_generation_status, thumbnail_generation_error_code, thumbnail_generation_attempts "
                         "FROM public.videos WHERE id = %s", video)

    def picture(self, video):
        return self.root("SELECT thumbnail_url FROM public.videos WHERE id = %s", video)

    def error(self, video):
        return self.root("SELECT thumbnail_generation_error FROM public.videos WHERE id = %s", video)

    def job(self, video):
        """(lane, attempts, whether a claim holds it, whether a result is kept), or None."""
        return self.root("SELECT lane, attempts, token IS NOT NULL AND due_at > now(), result IS NOT NULL "
                         "FROM thumbnails.jobs WHERE video_id = %s", video)

    def history(self, video):
        return self.root("SELECT string_agg(concat(coalesce(from_status, '-'), '>', to_status, ' ' || class), ', ' ORDER BY id) "
                         "FROM thumbnails.events WHERE video_id = %s", video)

    def put_down(self):
        return sorted(self.root.all("SELECT key FROM thumbnails.object_deletions"))

    def time_passes(self, video=None):
        """What waits for its time is due."""
        self.root("UPDATE thumbnails.jobs SET due_at = clock_timestamp() - interval '1 s' "
                  "WHERE due_at < 'infinity' AND video_id = coalesce(%s, video_id)", video)

    def hour_passes(self):
        """What rows say of the time is an hour older; no trigger fires."""
        self.root("SET session_replication_role = replica")
        self.root("UPDATE public.videos SET " + ", ".join(f"{name} = {name} - interval '1 h'" for name in (
            "created_at", "thumbnail_generation_started_at", "thumbnail_generation_last_attempt_at", "thumbnail_generated_at")))
        self.root("RESET session_replication_role")

    def collected(self):
        """Keys of the objects that may be deleted, when the time of all has come."""
        self.root("UPDATE thumbnails.object_deletions SET not_before = now()")
        return sorted(self.worker.all("SELECT thumbnails.take_deletions(1000)"))

    def platforms_triggers(self):
        return self.root.all("SELECT tgname::text FROM pg_trigger WHERE tgrelid = 'public.videos'::regclass AND NOT tgisinternal "
                             "AND tgname NOT LIKE 'zz\\_thumbnails\\_%' ORDER BY 1")

    def expect_quiet(self):
        """The platform has refused nothing, and no hint was put aside."""
        expect("refusals", self.root.all("SELECT text FROM thumbnails.events WHERE class = 'platform'"), [])
        expect("hints put aside", self.root.all("SELECT text FROM thumbnails.set_aside"), [])

    def expect_idle(self):
        self.merge()
        expect("hints and jobs", self.root("SELECT (SELECT count(*) FROM thumbnails.inbox), (SELECT count(*) FROM thumbnails.jobs)"), (0, 0))

    def expect_reports(self):
        """Everything people look at can be looked at."""
        filters = [{}, *({"state": state} for state in ("completed", "failed", "dismissed", "processing", "pending")), {"text": "a", "class": "media", "reason": "x", "host": "h",
                   "tenant": "00000000-0000-4000-9000-000000000001", "since": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z", "ids": []}]
        for sql in ("SELECT thumbnails.report(thumbnails.look(), 50)", "SELECT thumbnails.history(24)",
                    *(f"SELECT thumbnails.find_videos('{json.dumps(chosen)}', 'newest', NULL, NULL, 50)" for chosen in filters),
                    *(f"SELECT thumbnails.act('{action}', '{{}}', 0, NULL, NULL)" for action in ("retry", "dismiss", "restore", "cancel"))):
            self.worker(sql)
        for video in self.root.all("SELECT id FROM public.videos LIMIT 10"):
            self.worker("SELECT thumbnails.timeline(%s)", video)
        for view in ("thumbnail_generation_health", "thumbnail_generation_failures", "videos_need_thumbnail_generation"):
            self.root.all(f"SELECT shown::text FROM public.{view} AS shown")

    def expect_life(self, shows_state_at_once=True, quiet=True, **columns):
        """A video goes all its ways: finished, claimed, failed, made, failed for good, started by hand, deleted."""
        video = self.add("processing", **columns)
        self.finish(video)
        expect("a finished video", self.state(video), ("pending", None, 0) if shows_state_at_once else (None, None, 0))
        self.merge()
        expect("waits", self.job(video), (0, 0, False, False))
        claim = self.next()
        expect("the next claim", claim[:4], ("claimed", video, claim.token, 1))
        expect("at work", self.state(video), ("processing", None, 1))
        expect("of others", self.claim(video).outcome, "busy")
        expect("a failure", self.fail(claim), "ok")
        expect("after it", self.state(video), ("failed", "source", 1))
        expect("too early", self.claim(video).outcome, "not_due")
        self.time_passes(video)
        expect("the second attempt", self.make(video).attempt, 2)
        expect("no error is left", self.error(video), None)
        self.merge()
        expect("no job is left", self.job(video), None)

        lost = self.add(**columns)
        expect("a permanent failure", self.fail(self.claim(lost), False, "media"), "ok")
        expect("is final", (self.state(lost), self.job(lost)), (("failed", "media", 1), None))
        expect("asked again", self.claim(lost).outcome, "exhausted")
        expect("by hand", self.platform("SELECT public.manually_trigger_thumbnail_generation(%s) ->> 'success'", lost), "true")
        expect("makes it", self.make(lost).attempt, 1)
        expect("the sweep", self.sweep()["success"], True)
        self.expect_reports()
        key = picture(claim._replace(token=self.picture(video).rsplit("-", 1)[1].split(".")[0]))[1]
        self.platform("DELETE FROM public.videos WHERE id IN (%s, %s)", video, lost)
        self.merge()
        expect("the object of a deleted video is put down", key in self.put_down(), True)
        if quiet:
            self.expect_quiet()


def picture(claim):
    """URL and key of what a claim makes."""
    key = f"thumbnails/{claim.video}/0123456789abcdef-{claim.token}.jpg"
    return "https://cdn.example/" + key, key
