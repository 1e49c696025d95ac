"""The platform, and its hold on our tables."""

import time

import psycopg2

from fault import Repeated, fault
from machine import eventually

REFUSAL = "the archive is being moved"


def give_platform_a_trigger(w):
    """Of the platform's own, which has nothing against a thumbnail unless its table says until when it has."""
    connection = w.database.connect()
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE platform_says (word text, until timestamptz)")
    cursor.execute("""CREATE FUNCTION platform_says() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE said text := (SELECT word FROM public.platform_says WHERE until > clock_timestamp() LIMIT 1);
        BEGIN
          IF said IS NOT NULL THEN RAISE EXCEPTION '%', said; END IF;
          RETURN NEW;
        END $$""")
    cursor.execute("CREATE TRIGGER platform_says BEFORE UPDATE OF thumbnail_url ON videos FOR EACH ROW EXECUTE FUNCTION platform_says()")
    connection.close()


@fault("platform")
def platform_refuses(w, random):
    """A trigger of the platform's raises at every thumbnail: the results are kept, and written once it takes them."""
    begin = time.time()
    # It ends by itself, for the database may be away by then.
    w.database.ask(f"INSERT INTO platform_says VALUES ('{REFUSAL}', clock_timestamp() + interval '6 s')")
    yield 6
    if w.is_alone:
        w.is_mended()
        refused = w.database.ask("SELECT count(DISTINCT video_id) FROM thumbnails.events WHERE class = 'platform' AND to_status = 'pending' "
                                 f"AND at >= to_timestamp({begin}) AND strpos(text, '{REFUSAL}') > 0")
        w.note("results the platform refused, which were kept", refused)
        # Eight videos a second come.
        w.check(f"the platform refused results, and they were kept ({refused})", refused >= 10)


def table_locked(name, table):
    def plays(w, random):
        connection = w.database.connect()
        connection.autocommit = False
        cursor = connection.cursor()
        # The server ends it by itself, whatever becomes of this process.
        cursor.execute("SET idle_in_transaction_session_timeout = '3s'")
        cursor.execute("SET lock_timeout = '20s'")
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        try:
            yield 3.2
        finally:
            connection.close()
        if w.is_alone and w.is_long:
            w.is_mended()
            w.check_rate(f"from 5 s after {table} was locked", time.time() + 5, 10)
    plays.__name__ = name
    plays.__doc__ = f"A session locks all of {table} for three seconds, as whoever vacuums it full or changes it does."
    fault("queue")(plays)


table_locked("inbox_locked", "thumbnails.inbox")
table_locked("jobs_locked", "thumbnails.jobs")


@fault("rows")
def hints_lost(w, random):
    """Eight videos are finished, and their hints are deleted before anybody can see them: the next sweep finds them, or pg_net's webhook does."""
    connection = w.database.connect()
    connection.autocommit = False
    cursor = connection.cursor()
    try:
        # The sweep leaves alone for ten minutes what is new.
        cursor.execute("INSERT INTO videos (title, status, video_url, created_at) SELECT 'lost', 'completed', %s || n, now() - interval '11 minutes' "
                       "FROM generate_series(1, 8) AS n RETURNING id::text", (f"{w.origin}/one.mp4?lost{random.random()}-",))
        lost = [video for (video,) in cursor.fetchall()]
        cursor.execute("DELETE FROM thumbnails.inbox WHERE video_id = ANY (%s::uuid[])", (lost,))
        taken = cursor.rowcount
        # Before: the answer to the commit may be lost.
        w.lost_hints |= set(lost)
        connection.commit()
    finally:
        connection.close()
    w.check(f"each of the videos had a hint ({taken} of {len(lost)})", taken == len(lost))
    yield 0
    if w.is_alone:
        w.is_mended()
        eventually("a sweep is answered", w.sweep, 60, 0.2)
        finders = {"found by the sweep"} | ({"found by a claim"} if "pg_net" in w.wakes_by else set())
        found = w.wait_for(lambda: w.database.ask("SELECT count(DISTINCT video_id) FROM thumbnails.events WHERE text IN ('" + "', '".join(finders) + "') "
                                                  "AND video_id = ANY ('{" + ",".join(lost) + "}')"), lambda count: count == len(lost), 2)
        w.check(f"hints were lost, and their videos were found ({found} of {len(lost)})", found == len(lost))


@fault("rows")
def mass_update(w, random):
    """The titles of the newest 500 videos are changed, again and again, by transactions that stay open for most of a second."""
    def change():
        try:
            connection = w.database.connect()
        except psycopg2.Error:
            # Something else has taken the database away.
            return
        try:
            connection.autocommit = False
            cursor = connection.cursor()
            cursor.execute("UPDATE videos SET title = 'changed' WHERE id IN (SELECT id FROM videos ORDER BY created_at DESC LIMIT 500)")
            time.sleep(0.7)
            connection.commit()
            committed.append(cursor.rowcount)
        except psycopg2.Error:
            if w.is_alone:
                raise
        finally:
            connection.close()
    committed = []
    with Repeated(0.3, change):
        yield 8
    if w.is_alone:
        w.check(f"the platform's updates come through ({committed})", len(committed) >= 5)


@fault("wire")
def wire_cut_after_commit(w, random):
    """The database commits a result and the answer is lost: the worker must find out that it counted."""
    begin = time.time()
    w.cut_wire(10)
    try:
        yield 0 if w.is_alone else 10
        if not w.is_alone:
            return
        eventually("ten answers are lost", lambda: w.wire_cuts_left() == 0, 60)
        w.is_mended()
        found = w.wait_for(lambda: w.logs.moments("auto-generate-thumbnail", '"outcome":"already"', begin), lambda lines: len(lines) >= 10)
        w.check(f"each unknown COMMIT is resolved ({len(found)} of 10)", len(found) >= 10)
    finally:
        w.cut_wire(0)
